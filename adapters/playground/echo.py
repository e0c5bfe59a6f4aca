"""What of a typed line is kept and shown: everything but secrets, and what is written to one person alone.

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
    words = [word.lower() for word in text.split()]
    for command in catalogue:
        if not any(p.kind is OptionKind.SECRET or p.unkept for p in command.parameters):
            continue
        under = next((one.under for one in catalogue.groups if one.name == command.path[0]), None)
        typed = words[1:] if under is not None and words[:1] == [under.name] else words
        count = len(command.path)
        if tuple(typed[:count]) == command.path and len(typed) > count:
            return f"{command.name} {HIDDEN}"
        # A verb with a slip: what stands behind it may be meant for this command.
        if (
            typed[:1] == [command.path[0]]
            and len(typed) > count
            and not catalogue.command(tuple(typed[:count]))
        ):
            return f"{' '.join(typed[:1])} {HIDDEN}"
    return _KEY.sub(f"xq_{HIDDEN}", text)
