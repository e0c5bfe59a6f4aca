"""Listings: a page of what is at hand, and Next and Back over a dispatcher and its stored buttons."""

from __future__ import annotations

import itertools
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.core.access import Actor, Permission
from bot.core.chat.actions import ActionRef
from bot.core.chat.answers import Audience, Reply
from bot.core.chat.cards import Block, Button, Card, Text, Tone, line
from bot.core.chat.ids import Destination, TenantId
from bot.core.chat.invocation import Call, Invocation
from bot.core.commands import pager
from bot.core.commands.cost import Cost, Unit
from bot.core.commands.declaring import Catalogue, Command, Effect, Group, Option
from bot.core.commands.dispatch import InvocationOutcome
from bot.core.commands.listing import Column, Listing, PageFrame, PageRows, page_of
from bot.core.commands.pager import BACK, NEXT, PAGE_LIFETIME, PageShown
from bot.core.commands.presets import FREE, LOCAL, SHOWN, SPENDING, listing_command
from bot.core.errors import Expired, Rejected
from bot.core.messages.message import msg, nmsg
from bot.storage.engine.database import Database
from bot.storage.places.button_states import StoredButtonStates
from bot.storage.places.grants import Grants
from tests.adapters import around
from tests.adapters.around import Noted
from tests.conftest import ManualClock
from tests.features.edge import Screen, buttons, ref_of, words

HERE = TenantId("playground", "main")
OTHER = TenantId("playground", "other")
ADA = Actor("ada", "Ada", is_admin=True)
BEN = Actor("ben", "Ben")

Pages: TypeAlias = Callable[[str, int], PageRows[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FruitArgs:
    """Which fruit."""

    name: Annotated[str, Option("Its name begins so", main=True)] = ""
    loud: Annotated[bool, Option("In capitals")] = False


@dataclass
class Orchard:
    """What there is to list, and how it is listed."""

    fruit: list[str] = field(default_factory=lambda: [f"apple {n:02}" for n in range(25)])
    pages: Pages | None = None
    frame: PageFrame | None = None
    fetched: list[tuple[str, int]] = field(default_factory=list)

    async def fetch(self, _call: Call[Any], args: FruitArgs, cursor: str, size: int) -> PageRows[str]:
        self.fetched.append((cursor, size))
        if self.pages is not None:
            return self.pages(cursor, size)
        found = [one.upper() if args.loud else one for one in self.fruit if one.startswith(args.name)]
        return page_of(found, lambda one: (one,), cursor, size)

    async def draw(self, _call: Call[Any], _args: FruitArgs, rows: PageRows[str]) -> tuple[Block, ...]:
        return tuple(Text((one,)) for one in rows.items)

    async def around(self, _call: Call[Any], _args: FruitArgs, _rows: PageRows[str]) -> PageFrame:
        return self.frame or PageFrame()

    def listing(self, **more: Any) -> Listing[FruitArgs, str]:
        declared: dict[str, Any] = {
            "title": lambda args: f"Fruit {args.name}".strip(),
            "fetch": self.fetch,
            "identity": lambda one: one,
            "draw": self.draw,
            "empty": lambda args: line(f"No fruit begins with {args.name}."),
            "frame": self.around,
        }
        return Listing(**{**declared, **more})


@dataclass
class Market:
    """A dispatcher over stored buttons, as one process has it."""

    database: Database
    clock: ManualClock
    orchard: Orchard
    commands: tuple[Command[Any], ...]
    further: Callable[[PageShown], Awaitable[tuple[Button, ...]]] = pager.no_further

    def __post_init__(self) -> None:
        catalogue = Catalogue((Group("fruit", "Fruit", self.commands, default="list"),))
        states = StoredButtonStates(self.database, self.clock, os.urandom)
        self.noted = Noted()
        self.dispatcher = around.dispatcher(
            self.database, catalogue, states, self.noted, further=self.further
        )

    def _invocation(self, actor: Actor, tenant: TenantId) -> Invocation:
        return Invocation("i1", actor, Destination(tenant, "general"), self.clock())

    async def say(self, text: str, actor: Actor = BEN, *, presses: bool = True) -> Screen:
        screen = Screen(Destination(HERE, "general"), presses=presses)
        screen.outcome = await self.dispatcher.run_text(self._invocation(actor, HERE), text, screen)
        return screen

    async def press(
        self, on: Screen | ActionRef, label: str = "", actor: Actor = BEN, tenant: TenantId = HERE
    ) -> Screen:
        shown = on if isinstance(on, ActionRef) else ref_of(on.card, label)
        screen = Screen(Destination(tenant, "general"))
        screen.outcome = await self.dispatcher.press(self._invocation(actor, tenant), shown, screen)
        return screen


def labels(screen: Screen) -> list[str]:
    return [one.label for one in buttons(screen.card)]


def shown(screen: Screen) -> list[str]:
    return [word for word in words(screen.card).splitlines() if word.startswith(("apple", "APPLE", "pear"))]


@pytest.fixture
def orchard() -> Orchard:
    return Orchard()


@pytest.fixture
def market(database: Database, clock: ManualClock, orchard: Orchard) -> Market:
    command = listing_command("fruit list", orchard.listing(), LOCAL, "List fruit", "fruit list apple")
    return Market(database, clock, orchard, (command,))


def again(market: Market, *commands: Command[Any]) -> Market:
    """Another process on the same database, perhaps of another version."""
    return replace(market, commands=commands or market.commands)


# --- declaring ---------------------------------------------------------------------------------


def test_a_listing_is_a_command_with_the_options_of_its_fetch(orchard: Orchard) -> None:
    paid = orchard.listing(cost=Cost(each=2, unit=Unit(msg("apple"), nmsg("{n} apple", "{n} apples", n=1))))
    made = listing_command("fruit list", paid, SPENDING, "List fruit", "fruit list")
    assert made.cost == paid.cost and made.estimate is not None and made.estimate(FruitArgs()) == 20
    assert made.args is FruitArgs and made.run is None and made.listing is not None
    assert (made.effect, made.needs, made.audience) == (Effect.SPEND, Permission.SPEND, Audience.CHANNEL)


def test_one_without_an_example_is_refused(orchard: Orchard) -> None:
    with pytest.raises(ValueError, match="`fruit list` has no example"):
        listing_command("fruit list", orchard.listing(), FREE, "List fruit")


def test_a_list_by_a_secret_is_refused(orchard: Orchard) -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class SecretArgs:
        token: Annotated[SecretStr, Option("A secret")]

    async def fetch(_call: Call[Any], _args: Any, _cursor: str, _size: int) -> PageRows[str]:
        raise AssertionError

    fetch.__annotations__["_args"] = SecretArgs
    with pytest.raises(ValueError, match="`fruit list` lists by a secret"):
        listing_command("fruit list", orchard.listing(fetch=fetch), FREE, "List fruit", "fruit list")


def test_a_command_is_a_handler_or_a_listing(orchard: Orchard) -> None:
    made = listing_command("fruit list", orchard.listing(), FREE, "List fruit", "fruit list")

    async def run(_call: Call[Any], _args: FruitArgs) -> Reply:
        return Reply(Card("x"))

    for wrong in ({"run": run}, {"listing": None}):
        with pytest.raises(ValueError, match="`fruit list` needs either a handler or a listing"):
            replace(made, **wrong)


# --- what is at hand whole ---------------------------------------------------------------------


@given(st.sets(st.text(max_size=3), max_size=40), st.integers(1, 7))
def test_its_pages_are_all_of_it_once_and_in_order(items: set[str], size: int) -> None:
    seen: list[str] = []
    cursor = ""
    while True:
        page = page_of(sorted(items, reverse=True), lambda one: (one,), cursor, size)
        assert page.start == len(seen) and page.total == len(items)
        seen += page.items
        if not page.after:
            break
        cursor = page.after
    assert seen == sorted(items)


def test_what_comes_or_goes_meanwhile_moves_no_row_to_another_page() -> None:
    first = page_of(["b", "c", "d", "e"], lambda one: (one,), "", 2)
    assert first.items == ("b", "c")
    second = page_of(["a", "d", "e"], lambda one: (one,), first.after, 2)
    assert second.items == ("d", "e"), "by number it would begin with e, or with c again"


# --- turning pages -----------------------------------------------------------------------------


async def test_pages_are_turned_in_place_there_and_back(market: Market) -> None:
    first = await market.say("fruit list apple")
    assert not first.reply.replace and labels(first) == ["Next"]
    assert shown(first) == market.orchard.fruit[:10] and "Rows 1–10 of 25." in words(first.card)
    second = await market.press(first, "Next")
    assert second.reply.replace and labels(second) == ["Back", "Next"]
    third = await market.press(second, "Next")
    assert shown(third) == market.orchard.fruit[20:] and labels(third) == ["Back"]
    assert "Rows 21–25 of 25." in words(third.card)
    back = await market.press(await market.press(third, "Back"), "Back")
    assert back.card.blocks == first.card.blocks and labels(back) == ["Next"]
    assert market.noted.outcomes[-1] == ("list.back", "ok")


async def test_a_list_of_one_page_has_no_button_and_no_number(market: Market) -> None:
    del market.orchard.fruit[10:]
    only = await market.say("fruit list")
    assert labels(only) == [] and "Rows" not in words(only.card) and "Page" not in words(only.card)


async def test_an_empty_list_says_so(market: Market) -> None:
    assert words((await market.say("fruit list kiwi")).card).endswith("No fruit begins with kiwi.")


async def test_the_buttons_outlive_the_process(market: Market) -> None:
    first = await market.say("fruit list apple loud:yes")
    second = await again(market).press(first, "Next")
    assert shown(second) == [one.upper() for one in market.orchard.fruit[10:20]], "and the options with them"


async def test_a_list_that_shrank_meanwhile_leads_back(market: Market) -> None:
    first = await market.say("fruit list")
    del market.orchard.fruit[10:]
    second = await market.press(first, "Next")
    assert "Nothing follows any more." in words(second.card) and labels(second) == ["Back"]
    assert shown(await market.press(second, "Back")) == market.orchard.fruit


async def test_where_no_button_can_be_pressed_the_pages_are_the_longest(market: Market) -> None:
    assert shown(await market.say("fruit list", presses=False)) == market.orchard.fruit


async def test_what_stands_around_the_rows_is_drawn(market: Market) -> None:
    market.orchard.frame = PageFrame(
        title="Today", above=(Text(("Above",)),), below=(Text(("Below",)),), tone=Tone.WARNING,
        buttons=(Button("Mend", ActionRef("mend", "k")),),
    )  # fmt: skip
    first = await market.say("fruit list")
    said = words(first.card)
    assert first.card.title == "Today" and first.card.tone is Tone.WARNING
    assert said.index("Above") < said.index("apple 00") < said.index("Below")
    assert labels(first) == ["Mend", "Next"]


async def test_more_can_be_done_with_a_page(database: Database, clock: ManualClock, orchard: Orchard) -> None:
    async def further(page: PageShown) -> tuple[Button, ...]:
        assert page.values == {"name": ("apple",)} and page.args == FruitArgs(name="apple")
        return (Button(f"File of {page.rows.total}, page {page.number}", ActionRef("file", "k")),)

    command = listing_command("fruit list", orchard.listing(), LOCAL, "List fruit", "fruit list apple")
    market = Market(database, clock, orchard, (command,), further)
    first = await market.say("fruit list apple")
    assert labels(first) == ["Next", "File of 25, page 1"]
    assert labels(await market.press(first, "Next")) == ["Back", "Next", "File of 25, page 2"]


# --- who may -----------------------------------------------------------------------------------


async def test_a_private_list_is_turned_by_who_opened_it(market: Market) -> None:
    first = await market.say("fruit list")
    refused = await market.press(first, "Next", actor=ADA)
    assert refused.outcome is InvocationOutcome.NOT_PERMITTED
    assert "Somebody else opened this list" in words(refused.failure)


async def test_a_list_in_the_channel_is_turned_by_whoever_may_run_it(market: Market) -> None:
    shared = listing_command("fruit list", market.orchard.listing(), SHOWN, "List fruit", "fruit list")
    channel = again(market, shared)
    second = await channel.press(await channel.say("fruit list"), "Next", actor=ADA)
    assert shown(second) == market.orchard.fruit[10:20]


async def test_the_right_is_looked_up_at_the_press(market: Market) -> None:
    first = await market.say("fruit list")
    await Grants(market.database).revoke(HERE, "everyone", "", Permission.USE)
    refused = await market.press(first, "Next")
    assert refused.outcome is InvocationOutcome.NOT_PERMITTED and len(market.orchard.fetched) == 1


async def test_what_a_list_needs_is_what_its_command_needs_now(market: Market) -> None:
    first = await market.say("fruit list")
    paid = market.orchard.listing(cost=Cost(fixed=1))
    dear = listing_command("fruit list", paid, SPENDING, "List fruit", "fruit list")
    assert (await again(market, dear).press(first, "Next")).outcome is InvocationOutcome.NOT_PERMITTED


async def test_a_page_of_another_place_is_not_there(market: Market) -> None:
    first = await market.say("fruit list")
    assert (await market.press(first, "Next", tenant=OTHER)).outcome is InvocationOutcome.FAILED


# --- what has gone -----------------------------------------------------------------------------


async def test_a_page_is_kept_for_a_day(market: Market) -> None:
    first = await market.say("fruit list")
    market.clock.advance(PAGE_LIFETIME + 1)
    over = await market.press(first, "Next")
    assert over.failure.title == "This has expired" and "for a day" in words(over.failure)


async def test_a_command_that_is_gone_says_so(market: Market) -> None:
    first = await market.say("fruit list")
    other = listing_command("fruit count", market.orchard.listing(), LOCAL, "Count fruit", "fruit count")
    gone = await again(market, other).press(first, "Next")
    assert gone.failure.title == "This has expired"
    assert "is no list of this version" in words(gone.failure) and "help" in words(gone.failure)


async def test_an_option_that_is_gone_says_so(market: Market) -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class FewerArgs:
        loud: Annotated[bool, Option("In capitals")] = False

    first = await market.say("fruit list apple")
    fewer = replace(market.commands[0], args=FewerArgs)
    gone = await again(market, fewer).press(first, "Next")
    assert gone.failure.title == "This has expired"
    assert "no name any more" in words(gone.failure) and "fruit list apple" in words(gone.failure)


@pytest.mark.parametrize(
    "error",
    [Expired("That page has expired."), Rejected("No such page.", code="invalid_cursor")],
    ids=["gone", "refused"],
)
async def test_a_cursor_that_was_forgotten_offers_the_first_page(market: Market, error: Exception) -> None:
    first = await market.say("fruit list")

    def forgotten(cursor: str, size: int) -> PageRows[str]:
        if cursor:
            raise error
        return PageRows(("pear",))

    market.orchard.pages = forgotten
    over = await market.press(first, "Next")
    assert [one.label for one in buttons(over.failure)] == ["First page"]
    begun = await market.press(ref_of(over.failure, "First page"))
    assert begun.reply.replace and shown(begun) == ["pear"]


async def test_what_else_goes_wrong_leaves_the_page_as_it_is(market: Market) -> None:
    first = await market.say("fruit list")

    def broken(_cursor: str, _size: int) -> PageRows[str]:
        raise Rejected("Not today.")

    market.orchard.pages = broken
    failed = await market.press(first, "Next")
    assert "Not today." in words(failed.failure) and buttons(failed.failure) == []
    market.orchard.pages = None
    assert shown(await market.press(first, "Next")) == market.orchard.fruit[10:20]


# --- what Xquik may do -------------------------------------------------------------------------


async def test_pages_without_a_total_are_numbered(market: Market) -> None:
    market.orchard.pages = lambda cursor, _size: PageRows((f"pear {cursor}",), f"{cursor}x")
    second = await market.press(await market.say("fruit list"), "Next")
    assert "Page 2." in words(second.card) and labels(second) == ["Back", "Next"]


async def test_rows_are_counted_where_only_the_total_is_known(market: Market) -> None:
    market.orchard.pages = lambda cursor, _size: PageRows(
        ("pear " + cursor, "apple " + cursor), cursor + "x", total=9
    )
    second = await market.press(await market.say("fruit list"), "Next")
    assert "Rows 3–4 of 9." in words(second.card)


async def test_a_list_that_ends_before_its_own_figure_says_so(market: Market) -> None:
    said = "The list ends here, though it is said to have 9."
    market.orchard.pages = lambda cursor, _: PageRows(("pear " + cursor,), "" if cursor else "x", total=9)
    first = await market.say("fruit list")
    assert said not in words(first.card)
    assert said in words((await market.press(first, "Next")).card)
    whole: tuple[PageRows[str], ...] = (
        PageRows(("pear",), total=1),
        PageRows(("pear",)),
        PageRows(("pear",), total=9, partial="Cut."),
    )
    for page in whole:
        market.orchard.pages = lambda _cursor, _size, page=page: page
        assert said not in words((await market.say("fruit list")).card)


@pytest.mark.parametrize("loop", ["", "x"])
async def test_a_cursor_that_comes_again_ends_the_list(market: Market, loop: str) -> None:
    nexts = {"": "x", "x": "y", "y": loop or "y"}
    market.orchard.pages = lambda cursor, _size: PageRows((f"pear {cursor}",), nexts[cursor])
    last = await market.say("fruit list")
    for _ in range(2):
        last = await market.press(last, "Next")
    assert shown(last) == ["pear y"] and labels(last) == ["Back"]
    assert "The list ends here" in words(last.card)


async def test_a_page_of_nothing_new_ends_the_list(market: Market) -> None:
    market.orchard.pages = lambda cursor, _size: PageRows(("pear", "apple"), f"{cursor}x")
    first = await market.say("fruit list")
    second = await market.press(first, "Next")
    assert shown(second) == [] and labels(second) == ["Back"]
    assert "The list ends here" in words(second.card)
    assert shown(await market.press(second, "Back")) == ["pear", "apple"], "Back is no repetition"


async def test_an_empty_page_before_the_end_leads_on(market: Market) -> None:
    pages = {"": PageRows[str]((), "x"), "x": PageRows(("pear",))}
    market.orchard.pages = lambda cursor, _size: pages[cursor]
    first = await market.say("fruit list")
    assert "Nothing is left of this page" in words(first.card)
    assert shown(await market.press(first, "Next")) == ["pear"]


async def test_part_of_a_list_says_why(market: Market) -> None:
    market.orchard.pages = lambda _cursor, _size: PageRows(("pear",), partial="X left out what is hidden.")
    assert "X left out what is hidden." in words((await market.say("fruit list")).card)


async def test_a_long_way_keeps_its_end_and_stays_small(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pager, "_MOST_PAGES", 3)
    monkeypatch.setattr(pager, "_MOST_SEEN", 4)
    market.orchard.pages = lambda cursor, _size: PageRows((f"pear {len(cursor)}",), f"{cursor}x")
    page = await market.say("fruit list")
    for _ in range(9):
        page = await market.press(page, "Next")
    assert shown(page) == ["pear 9"] and "Page 10." in words(page.card)
    for wanted in ("pear 8", "pear 7"):
        page = await market.press(page, "Back")
        assert shown(page) == [wanted]
    assert labels(page) == ["Next"], "the rest of the way back was not kept"


async def test_cursors_of_any_length_leave_room_for_the_page(market: Market) -> None:
    numbers = itertools.count(1)

    def far(_cursor: str, _size: int) -> PageRows[str]:
        number = next(numbers)
        return PageRows((f"pear {number}",), f"{number} {'x' * 30_000}")

    market.orchard.pages = far
    page = await market.say("fruit list")
    for number in range(2, 14):
        page = await market.press(page, "Next")
        assert shown(page) == [f"pear {number}"] and labels(page)[-1] == "Next"
    assert labels(await market.press(page, "Back")) == ["Next"], "two such cursors are kept"


# --- what a page costs -------------------------------------------------------------------------


async def test_a_button_says_what_the_page_behind_it_costs(market: Market) -> None:
    paid = market.orchard.listing(
        cost=Cost(each=2, unit=Unit(msg("apple"), nmsg("{n} apple", "{n} apples", n=1)))
    )
    dear = again(market, listing_command("fruit list", paid, SPENDING, "List fruit", "fruit list"))
    first = await dear.say("fruit list", ADA)
    assert labels(first) == ["Next (up to 20 credits)"]
    second = await dear.press(first, "Next (up to 20 credits)", ADA)
    assert labels(second) == ["Back (up to 20 credits)", "Next (up to 20 credits)"]


async def test_what_costs_is_not_made_longer_where_no_button_can_be_pressed(market: Market) -> None:
    paid = market.orchard.listing(cost=Cost(fixed=1))
    dear = again(market, listing_command("fruit list", paid, SPENDING, "List fruit", "fruit list"))
    assert len(shown(await dear.say("fruit list", ADA, presses=False))) == 10


def test_a_column_says_what_a_row_has_in_it() -> None:
    assert Column[str]("length", len).value("pear") == 4


async def test_a_made_up_button_does_nothing(market: Market) -> None:
    for name in (NEXT, BACK):
        assert (await market.press(ActionRef(name, "made-up"))).failure.title == "This has expired"
    assert market.orchard.fetched == []
