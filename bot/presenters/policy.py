"""Who may do what, as a card."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.access import Grant, Permission
from bot.core.cards import Card, Code, Inline, Line, Table, Text, Tone, UserMention, line

_WORDS = {
    Permission.USE: "use",
    Permission.SPEND: "spend",
    Permission.PUBLISH: "publish",
    Permission.MANAGE: "manage",
}


def policy_card(grants: Sequence[Grant]) -> Card:
    """Every grant in force, with what the words mean."""
    order = {"everyone": 0, "admins": 1, "role": 2, "user": 3}
    rows: list[tuple[Line, ...]] = []
    for grant in sorted(grants, key=lambda g: (order.get(g.kind, 9), g.subject)):
        words = ", ".join(word for permission, word in _WORDS.items() if permission in grant.permissions)
        rows.append(((_subject(grant),), (words or "nothing",)))
    meaning = Text(
        line(
            "use: free commands · spend: what costs credits · publish: what changes X · manage: settings. "
            "Admins of this place can always manage."
        ),
        subtle=True,
    )
    return Card("Who may do what", (Table(("Who", "May"), tuple(rows)), meaning), Tone.INFO)


def _subject(grant: Grant) -> Inline:
    match grant.kind:
        case "everyone" | "admins":
            return grant.kind
        case "user":
            return UserMention(grant.subject)
        case _:
            return Code(f"{grant.kind}:{grant.subject}")
