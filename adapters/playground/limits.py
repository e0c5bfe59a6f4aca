"""What the page takes and shows, in one table."""

from __future__ import annotations

from typing import Final

# Fields of a form: the page scrolls, so there is no need of fewer.
FORM_INPUTS: Final = 100
# Characters of a command; a long tweet is 25,000.
COMMAND: Final = 40_000
# Bytes of a request, of all that are held at once, and of those of one client.
BODY: Final = 64 * 1024
BODIES: Final = 64 * BODY
CLIENT_BODIES: Final = 16 * BODY
# The same of a picture or video, which is more than any that is taken by a few bytes.
UPLOAD: Final = 15 * 1024 * 1024 + 1024
UPLOADS: Final = 8 * UPLOAD
CLIENT_UPLOADS: Final = 4 * UPLOAD
# Messages of a channel that are read at a time.
PAGE: Final = 50
# A page that missed more messages than this reads the channel again instead.
REPLAY: Final = 200
# A page that is this many events behind is dropped; it reconnects and reads the log.
BACKLOG: Final = 500
