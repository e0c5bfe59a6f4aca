"""Who may do what, as a card."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

import msgspec

from bot.core.access import EVERYTHING, Grant
from bot.core.chat.cards import (
    Block,
    Bold,
    Card,
    ChannelMention,
    Code,
    Inline,
    Line,
    Table,
    Text,
    Tone,
    line,
)
from bot.core.messages.message import Joined, JoinedBy, Message, msg, nmsg, pmsg
from bot.core.policy import (
    ByBeingAdmin,
    ByGrants,
    ByRule,
    PolicyRule,
    Ruling,
    rule_parts,
    rule_words,
    subject_words,
)


def policy_card(grants: Sequence[Grant], rules: int = 0) -> Card:
    """Every grant in force, with what the words mean. rules: how many stand above them."""
    meaning = msg(
        "{use}: harmless commands and your own drafts · {view}: all drafts, the balance, accounts, monitors, "
        "routes and draw entries (needs {use} too) · {private}: bookmarks, home timeline, notifications and "
        "messages of the connected accounts (needs {spend} too) · {spend}: what costs credits · {publish}: "
        "what changes X · {manage}: settings. Admins can always manage.",
        **{name: name for name in EVERYTHING.names()},
    )
    columns = (msg("Who"), pmsg("what somebody is allowed", "May"))
    blocks: tuple[Block, ...] = (Table(columns, _rows(grants)), Text(line(meaning), subtle=True))
    if rules:
        above = nmsg("{n} rule stands above these:", "{n} rules stand above these:", n=rules)
        blocks = (*blocks, Text(line(above, " ", msg("`policy list` shows what is allowed or denied."))))
    return Card(msg("Who may do what"), blocks, Tone.INFO)


def policy_words(grants: Sequence[Grant]) -> Line:
    """Every grant in force in one line, with where to change it."""
    parts: list[Inline] = [Bold(msg("Who may do what:")), " "]
    for place, (who, may) in enumerate(_rows(grants)):
        parts += ["; " if place else "", *who, ": ", *may]
    change = msg("`policy` explains these words, `policy grant spend to:@role` changes it.")
    return (*parts, ". ", change)


def rules_table(rules: Sequence[PolicyRule]) -> Table:
    """What each rule says, for whom and where."""
    columns = (msg("Rule"), msg("Who"), msg("Where"))
    return Table(columns, tuple(((said,), (who,), (where,)) for said, who, where in map(rule_parts, rules)))


class Exempt(Enum):
    """Whom a rule that denies does not keep from what it speaks of: admins, from all of it or from a part; or
    all that it is for, since they are admins."""

    ADMINS = msg("Admins may do it all the same, so that nobody can lock everyone out.")
    IN_PART = msg(
        "Admins keep what of it needs only `use` or `manage`, so that nobody can lock everyone out."
    )
    ALL = msg(
        "It changes nothing for admins, who always may do this, so that nobody can lock everyone out. It "
        "holds once they are admins no more."
    )


def rule_set_card(rule: PolicyRule, *, turned: bool, exempt: Exempt | None = None) -> Card:
    """A rule that was stored. turned: it took the place of its opposite. exempt: whom it does not keep from
    it."""
    title = msg("Allowed") if rule.allow else msg("Denied")
    if exempt is Exempt.ALL:
        title = msg("Denied, without effect for now")
    below = [
        msg("Where a rule speaks of what somebody does, it decides, and no permission.")
        if rule.what not in EVERYTHING.names() or not rule.allow
        else msg("This is a rule; `policy grant` gives a permission that rules may still deny."),
        msg("`policy test {what}` says what holds, `policy reset {what}` takes it away.", what=rule.what),
    ]
    if turned:
        below.insert(0, msg("It takes the place of the opposite rule."))
    said = tuple(Text(line(one), subtle=True) for one in below)
    kept = (Text(line(exempt.value)),) if exempt is not None else ()
    tone = Tone.WARNING if exempt is Exempt.ALL else Tone.SUCCESS
    return Card(title, (rules_table((rule,)), *kept, *said), tone)


def rules_gone_card(gone: Sequence[PolicyRule], left: int) -> Card:
    """Rules that were taken away."""
    title = nmsg("{n} rule taken away", "{n} rules taken away", n=len(gone))
    stay = nmsg("{n} rule is left; permissions stay.", "{n} rules are left; permissions stay.", n=left)
    return Card(title, (rules_table(gone), Text(line(stay), subtle=True)), Tone.SUCCESS)


class TriedDeed(msgspec.Struct, frozen=True):
    """A command or permission, and what was decided of all that it takes."""

    name: str
    rulings: tuple[Ruling, ...]

    @property
    def allowed(self) -> bool:
        """Whether it may be done."""
        return all(one.allowed for one in self.rulings)


def tried_card(about: PolicyRule, tried: Sequence[TriedDeed], *, here: bool, oneself: bool) -> Card:
    """Whether somebody may, and why. about: whom and where it was asked of, and what; here: in the channel
    where it was asked."""
    who: Inline = msg("you") if oneself else subject_words(about.kind, about.subject)
    where: Inline = msg("here") if here else ChannelMention(about.channel)
    if len(tried) == 1:
        [one] = tried
        reasons = [Text(_because(ruling, lone=len(one.rulings) == 1)) for ruling in one.rulings]
        reasons = reasons or [Text(line(_OPEN_TO_ALL))]
        blocks: tuple[Block, ...] = (Text(line(msg("For {who}, {where}.", who=who, where=where))), *reasons)
        title = msg("Yes: {what}", what=one.name) if one.allowed else msg("No: {what}", what=one.name)
        return Card(title, blocks, Tone.SUCCESS if one.allowed else Tone.WARNING)
    rows = tuple(((Code(one.name),), (msg("yes") if one.allowed else msg("no"),), _why(one)) for one in tried)
    table = Table((msg("Command"), pmsg("what somebody is allowed", "May"), msg("Why")), rows)
    title = msg("What of {what} is allowed", what=about.what)
    return Card(title, (Text(line(msg("For {who}, {where}.", who=who, where=where))), table), Tone.INFO)


_OPEN_TO_ALL = msg(
    "It needs no permission, and no rule keeps anybody from it: what is stored of them is theirs."
)


def _why(one: TriedDeed) -> Line:
    return _because(_telling(one), lone=True) if one.rulings else line(_OPEN_TO_ALL)


def _telling(one: TriedDeed) -> Ruling:
    """The one that says why: that forbids, where there is such."""
    return next((ruling for ruling in one.rulings if not ruling.allowed), one.rulings[0])


def _because(ruling: Ruling, *, lone: bool) -> Line:
    """Why one permission of it was decided so. lone: it is the only one, so it needs no name."""
    name = ruling.permission.names()[0]
    parts: list[Inline] = [] if lone else [Bold(name), ": "]
    match ruling.because:
        case ByRule(rule, lost):
            parts.append(msg("This rule decides: {rule}.", rule=rule_words(rule)))
        case ByGrants():
            lost = ()
            parts.append(
                msg("No rule speaks of it, and the permission {name} was given.", name=Code(name))
                if ruling.allowed
                else msg("No rule speaks of it, and the permission {name} is missing.", name=Code(name))
            )
        case ByBeingAdmin(lost):
            parts.append(msg("An admin always may, so that nobody can lock everyone out."))
    if lost:
        parts += [" ", msg("These give way: {rules}.", rules=Joined(tuple(rule_words(one) for one in lost)))]
    return tuple(parts)


def _rows(grants: Sequence[Grant]) -> tuple[tuple[Line, Line], ...]:
    order = {"everyone": 0, "members": 1, "admins": 2, "role": 3, "user": 4}
    sorted_ = sorted(grants, key=lambda g: (order.get(g.kind, 9), g.subject))
    return tuple(((subject_words(one.kind, one.subject),), (_may(one),)) for one in sorted_)


def _may(grant: Grant) -> Message:
    names = grant.permissions.names()
    return msg("{items}", items=Joined(names, JoinedBy.COMMA)) if names else msg("nothing")
