"""What may be known of templates without their language, which takes a twentieth of a start to load."""

from __future__ import annotations

# Characters of a template.
SOURCE_LIMIT = 2_000
