"""What is said of words that people type and no command does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.core.commands.meanings import Note
from bot.core.messages.message import msg

_UNDO = Note(
    msg("There is no undo."),
    msg(
        "`tweet delete` takes a tweet off X, `relay resume` and `monitor resume` start again what was "
        "paused, `relay unmute` undoes `relay mute`, and `policy revoke` undoes `policy grant`. A draft, "
        "route or monitor that was removed has to be added again."
    ),
)
_CANCEL = Note(
    msg("A preview is cancelled with its own button, and nothing happens until it is confirmed."),
    msg("`relay pause` and `monitor pause` stop what is running."),
)
_SCHEDULE = Note(
    msg("Tweets cannot be scheduled."),
    msg("`draft save` keeps a tweet for later, and `relay timing` sets when a route posts."),
)
_REROLL = Note(
    msg("A winner is replaced with the button Next backup."),
    msg("`draw show` shows that button; `draw run LINK backups:2` draws backups from the start."),
)
_MENU = Note(
    msg(
        "A message that links to a tweet has these in its menu: Show tweet, Run a draw, Download media, "
        "Draft a reply, Translate tweet, Watch tweet."
    ),
    msg(
        "In Discord right-click the message and choose Apps; in Slack open its More actions (⋮). "
        "`help tweet show` says of a command what it is called there."
    ),
)
NOTES: Final[Mapping[str, Note]] = {
    **dict.fromkeys(("reroll", "re-roll", "redraw", "replace"), _REROLL),
    "schedule": _SCHEDULE,
    **dict.fromkeys(("shortcut", "shortcuts", "right-click", "rightclick"), _MENU),
    **dict.fromkeys(("undo", "revert", "restore", "rollback", "undelete", "redo", "back"), _UNDO),
    **dict.fromkeys(("cancel", "abort", "quit", "exit", "nevermind"), _CANCEL),
}
