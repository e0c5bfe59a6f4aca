"""Who may do what, as a card."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.access import EVERYTHING, Grant
from bot.core.chat.cards import Bold, Card, Code, Inline, Line, Table, Text, Tone, UserMention, line
from bot.core.messages.message import Joined, JoinedBy, Message, msg, pmsg


def policy_card(grants: Sequence[Grant]) -> Card:
    """Every grant in force, with what the words mean."""
    meaning = msg(
        "{use}: harmless commands and your own drafts · {view}: all drafts, the balance, accounts, monitors, "
        "routes and draw entries (needs {use} too) · {private}: bookmarks, home timeline, notifications and "
        "messages of the connected accounts (needs {spend} too) · {spend}: what costs credits · {publish}: "
        "what changes X · {manage}: settings. Admins can always manage.",
        **{name: name for name in EVERYTHING.names()},
    )
    columns = (msg("Who"), pmsg("what somebody is allowed", "May"))
    blocks = (Table(columns, _rows(grants)), Text(line(meaning), subtle=True))
    return Card(msg("Who may do what"), blocks, Tone.INFO)


def policy_words(grants: Sequence[Grant]) -> Line:
    """Every grant in force in one line, with where to change it."""
    parts: list[Inline] = [Bold(msg("Who may do what:")), " "]
    for place, (who, may) in enumerate(_rows(grants)):
        parts += ["; " if place else "", *who, ": ", *may]
    change = msg("`policy` explains these words, `policy grant spend to:@role` changes it.")
    return (*parts, ". ", change)


def _rows(grants: Sequence[Grant]) -> tuple[tuple[Line, Line], ...]:
    order = {"everyone": 0, "members": 1, "admins": 2, "role": 3, "user": 4}
    sorted_ = sorted(grants, key=lambda g: (order.get(g.kind, 9), g.subject))
    return tuple(((_subject(one),), (_may(one),)) for one in sorted_)


def _may(grant: Grant) -> Message:
    names = grant.permissions.names()
    return msg("{items}", items=Joined(names, JoinedBy.COMMA)) if names else msg("nothing")


def _subject(grant: Grant) -> Inline:
    match grant.kind:
        case "everyone":
            return msg("everyone")
        case "admins":
            return msg("admins")
        case "members":
            return msg("members (no guests)")
        case "user":
            return UserMention(grant.subject)
        case _:
            return Code(f"{grant.kind}:{grant.subject}")
