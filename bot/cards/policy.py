"""Who may do what, as a card."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.access import Grant
from bot.core.chat.cards import Bold, Card, Code, Inline, Line, Table, Text, Tone, UserMention, line

_EXAMPLE = "policy grant spend to:@role"


def policy_card(grants: Sequence[Grant]) -> Card:
    """Every grant in force, with what the words mean."""
    meaning = Text(
        line(
            "use: harmless commands and your own drafts · view: all drafts, the balance, accounts, monitors, "
            "routes and draw entries (needs use too) · spend: what costs credits · publish: what changes X · "
            "manage: settings. Admins can always manage."
        ),
        subtle=True,
    )
    return Card("Who may do what", (Table(("Who", "May"), _rows(grants)), meaning), Tone.INFO)


def policy_words(grants: Sequence[Grant]) -> Line:
    """Every grant in force in one line, with where to change it."""
    parts: list[Inline] = [Bold("Who may do what: ")]
    for place, (who, may) in enumerate(_rows(grants)):
        parts += ["; " if place else "", *who, ": ", *may]
    return (*parts, ". ", Code("policy"), " explains these words, ", Code(_EXAMPLE), " changes it.")


def _rows(grants: Sequence[Grant]) -> tuple[tuple[Line, Line], ...]:
    order = {"everyone": 0, "members": 1, "admins": 2, "role": 3, "user": 4}
    sorted_ = sorted(grants, key=lambda g: (order.get(g.kind, 9), g.subject))
    return tuple(((_subject(one),), (", ".join(one.permissions.names()) or "nothing",)) for one in sorted_)


def _subject(grant: Grant) -> Inline:
    match grant.kind:
        case "everyone" | "admins":
            return grant.kind
        case "members":
            return "members (no guests)"
        case "user":
            return UserMention(grant.subject)
        case _:
            return Code(f"{grant.kind}:{grant.subject}")
