"""What Xquik, the requests to it and the database refuse is said whole in another language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import SecretStr

from bot.core.chat.asker import OURSELVES, Asker
from bot.core.chat.ids import Destination
from bot.core.errors import BotError
from bot.core.messages.message import msg
from bot.core.routes.filters import Contains
from bot.core.routes.route import Route
from bot.core.x.default_accounts import DefaultAccount, Scope
from bot.storage.places import button_states, default_accounts, own_values
from bot.storage.relay import mutes, route_room
from bot.storage.relay.route_rows import UNREADABLE
from bot.storage.relay.routes import Routes
from bot.storage.secrets.vault import Vault, new_key
from bot.xquik.limits import RateLimiter, RateLimits, Window
from bot.xquik.models import parse
from bot.xquik.models.draws import Draw
from bot.xquik.models.relay import CreatedWebhook
from bot.xquik.resources.regions import REGIONS, find_region
from bot.xquik.transport.answers import Answer, Lost, finish
from bot.xquik.transport.wire import segment
from bot.xquik.write_kinds import WRITES, FileContent, WriteName, check
from tests.features.harness import HERE, BotHarness
from tests.i18n.driven import NAMES, left_on
from tests.i18n.left_over import english_in

CODES = " ".join(one.code for one in REGIONS)
FIELDS = " ".join(name for one in WRITES.values() for name in (one.name, *one.in_path, *one.needs, *one.may))
VALUES = f"""{NAMES} {CODES} {FIELDS} {" ".join(FIELDS.split("_"))}
bot vault keys new xquik US https global Draw ConnectError Link image jpeg png gif webp mp4 CJK cx xyz
bearer_token"""


def left(error: BotError) -> set[str]:
    return english_in(error.detail, VALUES) | english_in(error.remedy, VALUES)


def write(kind: WriteName, file: FileContent | None = None, /, **payload: Any) -> Callable[[], object]:
    return lambda: check(WRITES[kind], payload, file)


@pytest.mark.parametrize(
    "make",
    [
        lambda: find_region("xyz"),
        lambda: segment(""),
        lambda: parse(Draw, 7),
        lambda: CreatedWebhook.from_body({}),
        *(
            lambda kind=kind, lost=lost: finish(lost, kind)
            for kind in ("read", "write")
            for lost in (Lost(False, "ConnectError"), Lost(True, msg("the answer is too large")))
        ),
        lambda: finish(Answer(502, {}, {}), "write"),
        write("create_tweet", cx=1),
        write("create_tweet", media_ids=["1"]),
        write("create_tweet"),
        write("create_tweet", account="nasa"),
        write("create_tweet", account="nasa", text="x" * 300),
        write("create_tweet", account="nasa", text="\ud800"),
        write("create_tweet", account="nasa", media=[]),
        write("create_tweet", account="nasa", media=["x"]),
        write("create_tweet", account="nasa", text="x", is_note_tweet="x"),
        write("create_tweet", account="nasa", text="x", community_id="1", reply_to_tweet_id="2"),
        write("create_tweet", account="nasa", media=["https://cx/a.mp4", "https://cx/b.mp4"]),
        write("update_profile", account="nasa"),
        write("update_profile", FileContent("x", "image/png", b""), account="nasa", name="x"),
        write("update_banner", account="nasa"),
        write("update_banner", account="nasa", url="http://cx"),
        write("update_banner", FileContent("x", "image/png", b"x" * 3_000_000), account="nasa"),
        write("update_banner", FileContent("x", "xyz/xyz", b"x"), account="nasa"),
        lambda: Vault(()),
        lambda: Vault((SecretStr("cx"),)),
        lambda: Vault((new_key(),)).open("cx", "bearer_token", b"cx"),
    ],
)
def test_a_refusal_is_said_whole(make: Callable[[], object]) -> None:
    with pytest.raises(BotError) as raised:
        make()
    assert left(raised.value) == set()


def test_a_secret_that_was_moved_is_told_of_whole() -> None:
    vault = Vault((new_key(),))
    sealed = vault.seal("cx", "bearer_token", SecretStr("xyz"))
    with pytest.raises(BotError) as raised:
        vault.open("xyz", "bearer_token", sealed)
    assert left(raised.value) == set()


def test_regions_are_messages() -> None:
    assert english_in(UNREADABLE) == set()
    for region in REGIONS:
        assert english_in(region.name) == set()


async def test_what_the_database_has_no_room_for_is_told_whole(
    house: BotHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (mutes, own_values, default_accounts):
        monkeypatch.setattr(module, "MOST", 0)
    default = DefaultAccount(Scope.PLACE, "", "acme", "7", "700", "ann", 1.0)
    with pytest.raises(BotError) as raised:
        await default_accounts.DefaultAccounts(house.app.database).put(HERE, default)
    assert left(raised.value) == set()
    for line in ("relay mute nasa", "me timezone Asia/Tokyo"):
        screen = await house.say(line)
        assert screen.failure.title == "The limit is reached"
        assert left_on(screen, f"{NAMES} {line} channel") == set()


async def test_what_no_route_can_be_is_told_whole(house: BotHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    routes = Routes(house.app.database, most=1)
    first = Route("1", "cx", Destination(HERE, "C1"))
    await routes.add(first, 1.0)
    monkeypatch.setattr(route_room, "SEARCHES", 0)
    for make in (
        routes.add(Route("2", "xyz", Destination(HERE, "C2")), 1.0),
        Routes(house.app.database).add(Route("3", "cx", Destination(HERE, "C3")), 1.0),
        routes.change(Route("1", "cx", Destination(HERE, "C1"), changed_at=7.0), 2.0),
        routes.change(Route("1", "cx", Destination(HERE, "C1"), filters=(Contains(("xyz",)),)), 2.0),
    ):
        with pytest.raises(BotError) as raised:
            await make
        assert english_in(raised.value.detail, f"cx xyz routes_per_tenant {NAMES}") == set()
        assert english_in(raised.value.remedy, f"cx xyz routes_per_tenant {NAMES}") == set()


async def test_what_a_form_cannot_keep_is_told_whole(house: BotHarness) -> None:
    with pytest.raises(BotError) as raised:
        await house.app.states.keep(HERE, "cx", {"a": "x" * button_states.LARGEST}, lifetime=1.0)
    assert left(raised.value) == set()


@pytest.mark.parametrize("seconds", [50.0, 600.0, 40_000.0])
@pytest.mark.parametrize("person", ["", "ada"])
async def test_what_the_requests_left_do_not_allow_is_told_whole(seconds: float, person: str) -> None:
    window = (Window(1 if not person else 8, seconds),)
    limiter = RateLimiter(RateLimits(read=window, longest_wait=0.0), clock=lambda: 1.0)
    asker = Asker(person) if person else OURSELVES
    with pytest.raises(BotError) as raised:
        for _ in range(9):
            await limiter.acquire("cx", "read", asker)
    assert left(raised.value) == set()
