"""Whatever the bot knows is offered while it is typed: in time, to who may see it, of this place alone."""

from __future__ import annotations

import asyncio
import itertools
import time
from pathlib import Path

import pytest
import pytest_asyncio

from bot.core.access import Actor
from bot.core.chat.cards import Choice
from bot.core.chat.ids import TenantId
from bot.core.chat.places import PlaceFacts, PlaceKind
from bot.core.commands import dispatch
from bot.core.commands.declaring import OptionKind, Parameter
from bot.core.commands.outcomes import InvocationOutcome
from bot.core.errors import StorageUnavailable
from bot.features import known
from bot.features.seen_folders import KEPT
from bot.storage.places.cached_answers import CachedAnswer, CachedAnswers
from tests.features.harness import ADMIN, ELSEWHERE, HERE, MEMBER, TEAM, TWEET, BotHarness, open_house

MANAGER = Actor("mia", "Mia")

# What only the person knows, by option, or by command and option where others of that name are known.
FREE = {
    "what is judged, or kept as a style": (
        *("replies", "quotes", "search", "about", "questions"),
        *("texts", "label"),
    ),
    "any post on X": ("tweets",),
    "a Space, broadcast or story on X": ("space", "broadcast", "story"),
    "any account on X": ("style",),
    "a text": (
        "text",
        "message",
        "subject",
        "template",
        "name",
        "description",
        "location",
        "tone",
        "call_to_action",
        "context",
        "tweet compose topic",
    ),
    "words of a text": ("keywords", "hashtags", "contains", "matches", "relay add quiet", "draft save topic"),
    "a search on X": ("query",),
    "addresses": ("media", "links", "url"),
    "the session of a checkout": ("session",),
    "an id of Xquik's": ("file",),
    "parts of a search": ("phrase", "without", "advanced"),
    "a time, a number of things": ("since", "until", "every"),
}
_FREE = {name for names in FREE.values() for name in names} | {
    "tweet refine topic",
    "relay filter quiet",
    "relay preview quiet",
}
# Options of these names are known everywhere else.
KNOWN: dict[str, set[str | None]] = {
    "account": {"accounts", "watched", "muted", "people"},
    "author": {"people"},
    "channel": set(),
    "country": {"countries"},
    "draft": {"drafts"},
    "draw": {"draws"},
    "extraction": {"extractions", "extractions_running", "extractions_over"},
    "events": {"events", "post_events", "any_events"},
    "group": {"groups"},
    "ping": {"pings"},
    "keyword": {"searches"},
    "language": {"languages", None},  # ours are choices
    "monitor": {"monitors"},
    "region": {"regions", None},
    "place": {"x_places"},
    "list": {"x_lists"},
    "community": {"x_communities"},
    "route": {"routes"},
    "tags": {"tags"},
    "timezone": {"timezones"},
    "what": {"seen", "deeds"},
    "user": {"people", "others"},
    "folder": {"folders"},
    "tweet": {"tweets", "posted", "watched_tweets"},
    "action": {"writes"},
}
# Platforms have pickers of their own for these, or there is nothing to pick.
NATIVE = {OptionKind.BOOLEAN, OptionKind.CHANNEL, OptionKind.INTEGER, OptionKind.SECRET, OptionKind.SUBJECT}


def _offered(parameter: Parameter) -> bool:
    return bool(parameter.suggest or parameter.menu or parameter.choices)


def test_every_option_whose_values_are_known_offers_them(house: BotHarness) -> None:
    catalogue = house.app.dispatcher.catalogue
    bare = [
        f"{command.name} {one.name}"
        for command in catalogue
        for one in command.parameters
        if one.kind not in NATIVE and not _offered(one)
        if one.name not in _FREE and f"{command.name} {one.name}" not in _FREE
    ]
    assert bare == []
    named = [
        (command.name, one.name, one.suggest)
        for command in catalogue
        for one in command.parameters
        if one.name in KNOWN and one.kind not in NATIVE and f"{command.name} {one.name}" not in _FREE
        if one.suggest not in KNOWN[one.name]
    ]
    assert named == []


def test_every_source_is_there_and_every_one_is_used(house: BotHarness) -> None:
    catalogue = house.app.dispatcher.catalogue
    named = {one.suggest for command in catalogue for one in command.parameters if one.suggest}
    assert named == set(catalogue.suggestions)
    menus = {one.menu for command in catalogue for one in command.parameters if one.menu}
    assert menus == set(catalogue.menus)


async def typed(
    house: BotHarness,
    line: str,
    text: str = "",
    actor: Actor = ADMIN,
    tenant: TenantId = HERE,
    **given: str,
) -> list[Choice]:
    """What is offered for the last word of a line, which names an option. given: the other options."""
    *path, option = line.split()
    invocation = house.invocation(actor, tenant)
    others = {name: (one,) for name, one in given.items()}
    return list(await house.app.dispatcher.suggest(invocation, tuple(path), option, text, others))


def values(choices: list[Choice]) -> list[str]:
    return [choice.value for choice in choices]


@pytest_asyncio.fixture
async def full(house: BotHarness) -> BotHarness:
    """A place with two draws, drafts in three scripts by two people, monitors, routes and a mute."""
    for number in (1, 2):
        await house.confirm(await house.say(f"draw run {TWEET} winners:{number}"))
    for text, actor in (("İstanbul açılışı", ADMIN), ("लॉन्च शुक्रवार", MEMBER), ("発売は金曜日", ADMIN)):
        await house.say(f'draft save "{text}"', actor)
    for line in (
        "monitor add nasa",
        "monitor add esa",
        "monitor pause esa",
        'monitor keyword "artemis launch" lang:en',
        "monitor keyword uzay, ay",
        "relay add channel:#alerts account:spacex keyword:moon name:space watch:no",
        "relay mute nasa channel:#social",
    ):
        await house.done(line)
    return house


async def test_draws_are_offered_by_number(full: BotHarness) -> None:
    offered = await typed(full, "draw show draw")
    assert values(offered) == ["#2", "#1"] == values(await typed(full, "draw export draw"))
    assert offered[0].label.startswith("#2 · @xquik · ") and " UTC" in offered[0].label
    assert values(await typed(full, "draw show draw", "#1")) == ["#1"]
    assert values(await typed(full, "draw show draw", "1"))[0] == "#1"
    assert "@xquik" in words_of(await typed(full, "draw show draw", "XQUIK"))
    assert await typed(full, "draw show draw", "nothing like it") == []
    assert (await full.say("draw show #2")).card.title == "Draw result"


def words_of(choices: list[Choice]) -> str:
    return "\n".join(choice.label for choice in choices)


@pytest.mark.parametrize("verb", ["show", "delete", "post"])
async def test_drafts_are_offered_by_number_and_text(full: BotHarness, verb: str) -> None:
    offered = await typed(full, f"draft {verb} draft")
    assert values(offered) == ["#3", "#2", "#1"]
    assert offered[1].label == "#2 · लॉन्च शुक्रवार"
    for text, found in (("istanbul", "#1"), ("AÇILIŞI", "#1"), ("लॉन्च", "#2"), ("発売", "#3"), ("#2", "#2")):
        assert values(await typed(full, f"draft {verb} draft", text)) == [found], text


async def test_a_draft_is_offered_from_the_next_keystroke_on_and_a_deleted_one_no_more(
    full: BotHarness,
) -> None:
    assert len(await typed(full, "draft show draft")) == 3
    await full.say('draft save "Brand new"')
    assert values(await typed(full, "draft show draft", "brand")) == ["#4"]
    await full.say("draft delete #1")
    assert "#1" not in values(await typed(full, "draft show draft"))


async def test_one_is_offered_ones_own_drafts_alone(full: BotHarness) -> None:
    assert values(await typed(full, "draft show draft", actor=MEMBER)) == ["#2"]
    assert await typed(full, "draft show draft", actor=Actor("eve", "Eve")) == []
    assert values(await typed(full, "draft show draft", actor=TEAM)) == ["#3", "#2", "#1"]


async def test_what_is_watched_is_offered_by_name_and_search(full: BotHarness) -> None:
    offered = await typed(full, "monitor remove monitor")
    assert {c.label for c in offered} == {
        "@nasa",
        "@esa – paused",
        '"artemis launch" lang:en',
        "uzay, ay",
    }
    assert values(await typed(full, "monitor pause monitor", "@na")) == ["nasa"]
    (search,) = values(await typed(full, "monitor pause monitor", "ARTEMIS"))
    paused = await full.say(f"monitor pause {search}")
    assert paused.card.title == "Monitor paused"


async def test_draws_are_offered_who_is_connected_and_who_is_watched(full: BotHarness) -> None:
    for option in ("must_follow", "mentions"):
        assert {"nasa", "esa", "spacex", "xquik_demo"} <= set(values(await typed(full, f"draw run {option}")))
    assert values(await typed(full, "draw run must_follow", "@NAS")) == ["nasa"]


async def test_ones_own_tweets_are_offered_to_be_deleted(full: BotHarness) -> None:
    assert await typed(full, "tweet delete tweet") == []
    for text in ("İlk gönderi", "पहली पोस्ट", "最初の投稿"):
        await full.confirm(await full.say(f"tweet post {text}"))
    offered = await typed(full, "tweet delete tweet")
    assert [one.label for one in offered] == [
        "@xquik_demo: 最初の投稿",
        "@xquik_demo: पहली पोस्ट",
        "@xquik_demo: İlk gönderi",
    ]
    assert await typed(full, "tweet delete tweet", actor=TEAM) == []
    assert await typed(full, "tweet delete tweet", tenant=ELSEWHERE) == []
    (first,) = await typed(full, "tweet delete tweet", "ilk")
    await full.confirm(await full.say(f"tweet delete {first.value}"))
    assert len(await typed(full, "tweet delete tweet")) == 2


async def test_routes_are_offered_what_is_watched_and_what_routes_name(full: BotHarness) -> None:
    for command in ("relay add", "relay edit", "relay preview"):
        assert values(await typed(full, f"{command} account")) == ["esa", "nasa", "spacex"]
    assert values(await typed(full, "relay mute account", "sp")) == ["spacex"]
    assert values(await typed(full, "relay why what", "nas")) == ["@nasa"]
    assert values(await typed(full, "relay unmute account")) == ["nasa"]
    assert len(await typed(full, "relay edit keyword")) == 3


async def test_the_searches_that_are_offered_are_read_back_as_items_of_a_list(full: BotHarness) -> None:
    command = full.app.dispatcher.catalogue.command(("relay", "add"))
    assert command is not None
    keyword = next(one for one in command.parameters if one.name == "keyword")
    offered = values(await typed(full, "relay add keyword"))
    assert set(keyword.items(", ".join(offered))) == {'"artemis launch" lang:en', "uzay, ay", "moon"}


@pytest.mark.parametrize("command", ["draw run", "relay add", "relay filter", "relay preview"])
@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("tür", "tr"),
        ("Almanca", "de"),
        ("日本", "ja"),
        ("हिन्दी", "hi"),
        ("العرب", "ar"),
        ("ไทย", "th"),
        ("en", "en"),
    ],
)
async def test_languages_are_offered_by_code_and_by_what_people_call_them(
    house: BotHarness, command: str, text: str, first: str
) -> None:
    offered = await typed(house, f"{command} language", text)
    assert offered[0].value == first and f"({first})" in offered[0].label


async def test_words_that_mean_something_are_offered(house: BotHarness) -> None:
    assert values(await typed(house, "relay timing digest")) == ["hourly", "daily", "weekly", "off"]
    assert values(await typed(house, "relay resume missed", "no")) == ["none"]


# --- who sees what ---------------------------------------------------------------------------

INSIDE = (
    "draw show draw",
    "draw export draw",
    "monitor pause monitor",
    "relay add account",
    "relay add keyword",
    "relay mute account",
    "relay unmute account",
    "relay why what",
)


@pytest.mark.parametrize("line", INSIDE)
async def test_the_inside_is_offered_to_who_may_see_it(full: BotHarness, line: str) -> None:
    assert await typed(full, line, actor=MEMBER) == []
    await full.say("policy grant manage to:user:mia")
    assert await typed(full, line, actor=MANAGER) == [], "who may manage does not see the inside by that"
    await full.say("policy grant view to:user:mia")
    assert await typed(full, line, actor=MANAGER)


@pytest.mark.parametrize("line", [*INSIDE, "draft show draft", "relay show route"])
async def test_nothing_is_offered_to_another_place(full: BotHarness, line: str) -> None:
    assert await typed(full, line, tenant=ELSEWHERE) == [], "without a key"
    full.sandbox.sandbox.admit("xq_another0123456789")
    await full.give_key(ELSEWHERE, "xq_another0123456789")
    assert await typed(full, line, tenant=ELSEWHERE) == [], "with one of another account"


async def test_what_looks_like_markup_or_is_unseen_in_a_draft_stays_on_one_line(house: BotHarness) -> None:
    for text in ("a\n@everyone\n<!channel>", "x\u202egnp.exe", "<@U1> " + "ü" * 300):
        await house.say(f'draft save "{text}"')
    for choice in await typed(house, "draft show draft"):
        assert "\n" not in choice.label and "\u202e" not in choice.label
        assert len(choice.label) <= 130


# --- in time ---------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [{"delay": 30}, {"status": 503}, {"cut": True}, {"status": 429}], ids=str)
async def test_while_xquik_is_slow_or_down_what_was_seen_is_offered(
    full: BotHarness, fault: dict[str, object]
) -> None:
    lines = ("draw show draw", "draft show draft", "monitor pause monitor", "relay add account")
    before = [await typed(full, line) for line in lines]
    assert all(before)
    full.clock.advance(known.FRESH + 1)
    await full.fault(path="*", **fault)
    begun = time.monotonic()
    offered = await asyncio.gather(*(typed(full, line) for line in lines))
    assert time.monotonic() - begun < 3.0
    assert dict(zip(lines, offered, strict=True)) == dict(zip(lines, before, strict=True))
    full.clock.advance(known.REMEMBERED)
    begun = time.monotonic()
    assert await typed(full, "draw show draw") == []
    assert time.monotonic() - begun < 3.0


@pytest.fixture(autouse=True)
def impatient() -> None:
    """Xquik is asked again after as long as ever: who types must not wait for that."""


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who types waits for Xquik, however busy this machine is."""
    monkeypatch.setattr(known, "WAIT", 60.0)
    monkeypatch.setattr(dispatch, "SUGGEST_SECONDS", 60.0)


@pytest.mark.usefixtures("patient")
async def test_those_who_type_at_once_ask_once(full: BotHarness) -> None:
    before = await full.requests("/draws")
    offered = await asyncio.gather(
        *(typed(full, "draw show draw", text) for text in ("", "#", "#1", "#2", "xq"))
    )
    assert [len(one) for one in offered] == [2, 2, 1, 1, 2]
    assert await full.requests("/draws") == before + 1


@pytest.mark.usefixtures("patient")
async def test_who_reads_what_is_kept_while_somebody_else_asks_does_not_ask_again(
    full: BotHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However late the database answers one of them."""
    before, kept = await full.requests("/draws"), CachedAnswers.get
    late = asyncio.Event()
    reads = itertools.count(1)

    async def answers_the_second_late(self: CachedAnswers, tenant: TenantId, key: str) -> CachedAnswer | None:
        answer = await kept(self, tenant, key)
        if key.startswith("known:draws") and next(reads) == 2:
            await late.wait()
        return answer

    monkeypatch.setattr(CachedAnswers, "get", answers_the_second_late)
    typing = [asyncio.create_task(typed(full, "draw show draw")) for _ in range(2)]
    await asyncio.wait(typing, return_when=asyncio.FIRST_COMPLETED)
    late.set()
    assert [len(one) for one in await asyncio.gather(*typing)] == [2, 2]
    assert await full.requests("/draws") == before + 1


async def test_a_database_that_fails_or_does_not_answer_offers_nothing_in_time(
    full: BotHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuses(*_: object) -> object:
        raise StorageUnavailable("The disk is full.")

    async def hangs(*_: object) -> object:
        await asyncio.sleep(60)
        return None

    lines = [*INSIDE, "draft show draft", "relay show route", "tweet post account"]
    for answer in (refuses, hangs):
        monkeypatch.setattr(full.app.database, "read", answer)
        begun = time.monotonic()
        offered = await asyncio.gather(*(typed(full, line) for line in lines))
        assert time.monotonic() - begun < 3.0
        assert dict(zip(lines, offered, strict=True)) == {line: [] for line in lines}
        monkeypatch.undo()


async def test_a_look_that_is_under_way_ends_with_the_bot(tmp_path: Path, empty_bot: Path) -> None:
    async with open_house(tmp_path, empty_bot) as house:
        await house.fault(path="/draws", delay=30)
        assert await typed(house, "draw show draw") == []
    assert not [task for task in asyncio.all_tasks() if "Known" in repr(task.get_coro())]


# --- what depends on the route that is named already -------------------------------------------


async def test_the_filters_of_the_named_route_are_offered_by_number(full: BotHarness) -> None:
    await full.say('relay filter space contains:launch,"ay tutulması" quiet:プレゼント,उपहार replies:no')
    offered = await typed(full, "relay filter remove", route="space")
    assert values(offered) == ["1", "2", "3"]
    assert "ay tutulması" in offered[0].label and "उपहार" in offered[1].label
    assert values(await typed(full, "relay filter remove", "プレ", route="SPACE ")) == ["2"]
    assert values(await typed(full, "relay filter remove", "AY TUTULMASI", route="space")) == ["1"]
    assert values(await typed(full, "relay filter remove", "3", route="space")) == ["3"]
    assert await typed(full, "relay filter remove") == []
    for other in (" ", "none"):
        assert await typed(full, "relay filter remove", route=other) == []
    assert await typed(full, "relay filter remove", actor=MEMBER, route="space") == []
    assert await typed(full, "relay filter remove", tenant=ELSEWHERE, route="space") == []


async def test_the_tags_of_the_forums_of_the_named_route_are_offered(full: BotHarness) -> None:
    await full.done("relay add channel:#general also:#social account:esa name:forum watch:no")
    tags = ("Launches", "ay, güneş", "発表", "लॉन्च")
    full.wall.places["c2"] = PlaceFacts(PlaceKind.FORUM, tags=tags)
    full.wall.places["c3"] = PlaceFacts(PlaceKind.FORUM, tags=("Launches", "Other"))
    offered = await typed(full, "relay look tags", route="forum")
    assert [one.label for one in offered] == [*tags, "Other"]
    assert values(offered)[1] == '"ay, güneş"', "one tag of a list"
    for text, tag in (("発", "発表"), ("GÜNEŞ", '"ay, güneş"'), ("लॉ", "लॉन्च"), ("oth", "Other")):
        assert values(await typed(full, "relay look tags", text, route="forum")) == [tag], text
    assert await typed(full, "relay look tags", route="space") == [], "no forum"
    assert await typed(full, "relay look tags") == []


async def test_who_is_written_to_is_somebody_else(house: BotHarness) -> None:
    await house.done("monitor add nasa")
    await house.done("style analyze esa")
    house.clock.advance(known.FRESH + 1)
    others = [one.value for one in await typed(house, "dm history user")]
    assert {"nasa", "esa"} <= set(others) and "xquik_demo" not in others
    people = {one.value for one in await typed(house, "user show user")}
    assert {"nasa", "esa", "xquik_demo"} <= people
    assert await typed(house, "dm history user", actor=MEMBER) == [], "who may not see the inside"


async def test_folders_are_offered_to_who_read_them_and_for_a_while(house: BotHarness) -> None:
    assert await typed(house, "bookmarks show folder") == [], "a look costs credits"
    await house.done("bookmarks folders")
    offered = await typed(house, "bookmarks show folder")
    assert offered and all(one.label != one.value for one in offered), "by their names"
    opened = await house.done(f"bookmarks show folder:{offered[0].value}")
    assert opened.card.title.startswith("Bookmarks of folder")
    part = offered[0].label[:3]
    assert offered[0].value in {one.value for one in await typed(house, "bookmarks show folder", part)}
    eve = Actor("eve", "Eve", is_admin=True)
    assert await typed(house, "bookmarks show folder", actor=eve) == [], "another admin"
    assert await typed(house, "bookmarks show folder", tenant=ELSEWHERE) == []
    house.clock.advance(KEPT)
    assert await typed(house, "bookmarks show folder") == []


async def test_tweets_of_ones_own_and_watched_ones_are_offered(house: BotHarness) -> None:
    await house.done('tweet post "Mine"')
    await house.done(f"monitor post {TWEET} name:launch")
    house.clock.advance(known.FRESH + 1)
    offered = {one.label: one.value for one in await typed(house, "tweet insights tweet")}
    assert any("Mine" in label for label in offered) and offered["launch"] == TWEET.rsplit("/", 1)[1]


@pytest.mark.parametrize(("option", "line"), [("quiet", "22:00-07:00"), ("burst", "5 in 10m")])
async def test_what_is_offered_for_timing_can_be_used(house: BotHarness, option: str, line: str) -> None:
    await house.done("relay add channel:#alerts name:all")
    for one in await typed(house, f"relay timing {option}"):
        screen = await house.say(f'relay timing all {option}:"{one.value}"')
        assert screen.outcome is InvocationOutcome.OK
    assert line in {one.value for one in await typed(house, f"relay timing {option}")}
