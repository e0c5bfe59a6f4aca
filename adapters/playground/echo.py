"""What of a typed line is kept and shown: everything but secrets.

Secrets belong into forms, and the dispatcher refuses them in a line; but a line that was typed is
stored before it is understood, and must not carry a key into the database.
"""

from __future__ import annotations

import re

from bot.core.commands.declaring import Catalogue, OptionKind

HIDDEN = "•••"
_KEY = re.compile(r"xq_[0-9A-Za-z_-]{6,}", re.ASCII)


def shown(catalogue: Catalogue, text: str) -> str:
    """The line without keys, and without any value of a command that takes a secret."""
    words = text.split()
    for command in catalogue:
        if not any(p.kind is OptionKind.SECRET for p in command.parameters):
            continue
        count = len(command.path)
        if tuple(word.lower() for word in words[:count]) == command.path and len(words) > count:
            return f"{command.name} {HIDDEN}"
    return _KEY.sub(f"xq_{HIDDEN}", text)
