"""Kinds of proposals about support tickets: text of a person that leaves for Xquik's support."""

from __future__ import annotations

from typing import Any, Final

from bot.core.errors import UsageError
from bot.core.messages.message import msg
from bot.core.text.invisible import blank
from bot.core.x.tweet_text import half_characters
from bot.features.shared.small_writes import account_change
from bot.proposals.kinds import Edit, Wording

LONGEST_SUBJECT: Final = 500
"""Characters of a subject, as Xquik takes it."""
LONGEST_MESSAGE: Final = 10_000
"""Characters of a message, as Xquik takes it."""
_SUBJECT: Final = msg("Subject")
_MESSAGE: Final = msg("Message")


def check_words(payload: dict[str, Any]) -> dict[str, Any]:
    """The payload. UsageError where its subject, if it is to have one, or its message is none."""
    given = (("subject", _SUBJECT, LONGEST_SUBJECT), ("body", _MESSAGE, LONGEST_MESSAGE))
    for field, label, most in given:
        text = str(payload.get(field, ""))
        option = "message" if field == "body" else field
        if blank(text):
            raise UsageError(
                msg("{label} is empty.", label=label), option=option, remedy=msg("Write it once more.")
            )
        if len(text) > most:
            raise UsageError(
                msg("{label} has {length} characters; {most} fit.", label=label, length=len(text), most=most),
                option=option,
                remedy=msg("Shorten it."),
            )
        if half_characters(text):
            raise UsageError(
                msg("{label} contains half a character.", label=label),
                option=option,
                remedy=msg("Write it once more."),
            )
    return payload


OPEN: Final = account_change(
    "support.open",
    Wording(
        question=msg("Open this support ticket?"),
        running=msg("Opening the ticket…"),
        done=msg("Support ticket opened"),
        failed=msg("Support ticket not opened"),
        unknown=msg("It is not known whether the ticket was opened"),
        once=msg("It is opened at most once."),
        look=msg("`support list` shows it, if it was opened."),
    ),
    edit=Edit((("subject", _SUBJECT), ("body", _MESSAGE)), check_words),
)
"""A new ticket. The payload: subject, body."""
REPLY: Final = account_change(
    "support.reply",
    Wording(
        question=msg("Send this reply to Xquik support?"),
        running=msg("Sending the reply…"),
        done=msg("Reply sent to Xquik support"),
        failed=msg("Reply not sent"),
        unknown=msg("It is not known whether the reply was sent"),
        once=msg("It is sent at most once."),
        look=msg("`support show` shows the messages."),
    ),
    edit=Edit((("body", _MESSAGE),), check_words),
)
"""A message. The payload: ticket, its public id; subject, for people; body."""
CLOSE: Final = account_change(
    "support.close",
    Wording(
        question=msg("Close this support ticket?"),
        running=msg("Closing the ticket…"),
        done=msg("Support ticket closed"),
        failed=msg("Support ticket not closed"),
        unknown=msg("It is not known whether the ticket was closed"),
        once=msg("Closing it twice changes nothing."),
        nothing=msg("It stays open."),
        look=msg("`support show` shows how it stands."),
        cancelled=msg("Not closed"),
    ),
)
"""The payload: ticket, its public id; subject, for people."""
