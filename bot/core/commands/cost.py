"""What a command costs, in credits, before anybody runs it.

It is a value, so that summaries, help, the reference, previews and the limit of a place say the same. What is
charged in the end is what Xquik answers. The costs of our commands: `bot.core.commands.price_list`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from bot.core.messages.message import COUNT, Message, msg, nmsg

ASK_ABOVE: Final = 100
"""Credits above which a place that set nothing is asked before they are spent: what one glance costs runs at
once, what fetches a whole list or many tweets does not."""
LEAST_ASK_ABOVE: Final = 1
"""What a place may set at the least: one look-up is never asked about."""
MOST_ASK_ABOVE: Final = 1_000_000
"""What a place may set at the most: more than anything costs, so that nothing is asked."""


class Unit(msgspec.Struct, frozen=True):
    """What a cost is counted by. one: as it stands behind "per"; many: a number of them, as `nmsg` makes it
    of any number."""

    one: Message
    many: Message

    def counted(self, number: int) -> Message:
        """ "1,200 replies inspected"."""
        return Message(self.many.id, {COUNT: number}, plural=self.many.plural)


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run costs, in credits.

    fixed: whatever comes of it; each: for each `unit`; at_most: it may be less. hourly: for each hour that
    what is started runs, as long as Xquik names no other price. confirmed: all of this after Confirm alone;
    look: what is charged before, for looking up what is shown. note: when it is free, or what comes on top.
    """

    fixed: int = 0
    each: int = 0
    unit: Unit | None = None
    at_most: bool = False
    hourly: int = 0
    confirmed: bool = False
    look: int = 0
    note: str = ""

    def __post_init__(self) -> None:
        if (self.each > 0) != (self.unit is not None):
            raise ValueError("a cost for each of something says of what")
        if self.look and not self.confirmed:
            raise ValueError("what is looked up before it is asked is confirmed afterwards")
        if self.hourly and (self.fixed or self.each):
            raise ValueError("a cost is either for something done or for the hours that it runs")

    @property
    def free(self) -> bool:
        """Whether it never costs anything."""
        return not (self.fixed or self.each or self.hourly or self.look)

    def of(self, units: int) -> int:
        """The estimate for that many of its units, without the look-up."""
        return self.fixed + self.each * units

    def said_afterwards(self, estimate: int, charged: int | None) -> Message:
        """What is said below an answer: "Charged: 5 credits.", or "up to 5" where nobody says how much.
        estimate, charged: credits."""
        if charged is not None:
            return charged_words(charged)
        exact = not (self.each or self.at_most)
        return msg("Charged: {credits}.", credits=_bounded(credit_words(estimate), at_most=not exact))

    def looked_up(self, credits: int) -> Cost:
        """The same after something was looked up for that many credits."""
        return replace(self, look=credits)

    @property
    def words(self) -> Message:
        """In a few words: "1 credit", "1 credit, then 10 on Confirm"; "free"."""
        if self.free:
            return msg("free")
        if self.look:
            said = msg(
                "{look}, then {amount} on Confirm", look=credit_words(self.look), amount=self._amount(_bare)
            )
        elif self.confirmed and not self.hourly:
            said = msg("{amount} on Confirm", amount=self._amount(credit_words))
        else:
            said = self._amount(credit_words)
        return msg("{cost}, {note}", cost=said, note=self.note) if self.note else said

    def _amount(self, said: Callable[[int], Message]) -> Message:
        """said: how credits are."""
        if self.hourly:
            return msg("about {credits} an hour", credits=said(self.hourly))
        if self.unit is None:
            return _bounded(said(self.fixed), at_most=self.at_most)
        if not self.fixed:
            each = msg("{price} per {unit}", price=said(self.each), unit=self.unit.one)
        else:
            each = msg(
                "{fixed} + {price} per {unit}",
                fixed=said(self.fixed),
                price=self.each,
                unit=self.unit.one,
            )
        return _bounded(each, at_most=self.at_most)


FREE_OF_CHARGE: Final = Cost()


def credit_words(credits: int) -> Message:
    """ "1 credit", "30 credits"."""
    return nmsg("{n} credit", "{n} credits", n=credits)


def charged_words(credits: int) -> Message:
    """What is said below an answer of which that is known."""
    return msg("Charged: {credits}.", credits=credit_words(credits))


def looked_up_words(credits: int) -> Message:
    """What is said in a preview of what was charged for looking up what it shows."""
    return nmsg("Looking it up cost {n} credit.", "Looking it up cost {n} credits.", n=credits)


def _bare(credits: int) -> Message:
    return msg("{number}", number=credits)


def _bounded(amount: Message, *, at_most: bool) -> Message:
    return msg("up to {amount}", amount=amount) if at_most else amount
