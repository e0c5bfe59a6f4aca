"""Routes in the file of `apply`: every setting is written, read and refused by name."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from bot.app.apply_file import Document, WantedTenant, read_document
from bot.app.apply_route import LookPart, RoutePart, TimingPart
from bot.app.applying import changes
from bot.app.export_route import route_table, table
from bot.app.exporting import exported
from bot.app.wiring import App
from bot.core.chat.ids import Destination, TenantId
from bot.core.routes.appearance import Appearance, Layout, Threading
from bot.core.routes.filters import (
    PARTS,
    Contains,
    Filter,
    Has,
    Lacks,
    Languages,
    Matches,
    MinFollowers,
    NoReplies,
    OfTweets,
    Quiet,
)
from bot.core.routes.route import CatchUpPolicy, Deleted, LostPlace, MissedPolicy, Route, Sensitive
from bot.core.routes.schedule import Burst, QuietHours, Schedule
from bot.core.text.invisible import blank, unseen
from bot.core.text.shortening import printable
from bot.core.times.zone_words import kept_zone
from bot.settings import Settings, SettingsError, StorageSection, VaultSection
from bot.storage.secrets.vault import new_key

ROOT = Path(__file__).resolve().parents[2]
HERE = TenantId("discord", "900")
HEAD = '[[tenant]]\nplatform = "discord"\nworkspace = "900"\n'

# --- every setting, written and read again ---------------------------------------------------

_odd = st.sampled_from(("it's", 'say "so"', "back\\slash", "new\nline", "\ttab", "naïve 🚀", "#c", "a, b"))
_text = st.text("ab c'\"\\#=é\n\r\x7f\u2028", min_size=1, max_size=12) | _odd
_word = _text.map(lambda text: " ".join(text.split())).filter(
    lambda text: 0 < len(text) <= 60 and not blank(text)
)
_name = _text.map(printable).filter(lambda name: not blank(name) and not unseen(name))
_words = st.lists(_word, min_size=1, max_size=3, unique=True).map(tuple)
_zones = st.sampled_from(("UTC", "Europe/Berlin", "Asia/Kolkata", "EST", "CET", "Etc/GMT-2", "Asia/Calcutta"))
_minutes = st.integers(0, 1439)
_filters: list[st.SearchStrategy[Filter]] = [
    st.builds(Contains, _words),
    st.builds(Quiet, _words),
    st.builds(Matches, st.sampled_from((r"(?i)\bartemis [iv]+", "it's", 'say "so"', "a|b", r"'\d'"))),
    st.just(Languages(("en", "und"))),
    st.builds(MinFollowers, st.integers(1, 10**12)),
    st.just(NoReplies()),
    st.just(OfTweets(("20", "21"))),
]
_parts = st.sets(st.sampled_from(PARTS)).flatmap(
    lambda wanted: st.just(
        tuple(
            made
            for kind, parts in ((Has, wanted), (Lacks, set(PARTS) - wanted))
            if (made := kind(tuple(sorted(parts)))).parts
        )
    )
)
_schedules = st.builds(
    Schedule,
    timezone=_zones,
    quiet=st.none() | st.builds(QuietHours, _minutes, _minutes).filter(lambda q: q.begins != q.ends),
    digest=st.sampled_from(("", "0 * * * *", "0 18 * * *", "30 7 * * *", "0 9 * * 1-5", "*/15 8-18 * * *")),
    burst=st.none() | st.builds(Burst, st.integers(1, 1000), st.integers(1, 86_400)),
    per_hour=st.none() | st.integers(1, 1000),
    per_day=st.none() | st.integers(1, 10_000),
)
_templates = st.sampled_from(
    ("{{ text }}", '{% if late %}"Late": {% endif %}{{ text }}\n\n{{ url }}\n', "it's \\ {{ id }}\t")
)


def _look(pings: tuple[str, ...]) -> st.SearchStrategy[Appearance]:
    usual: dict[str, Any] = {
        "pings": st.sampled_from(((), pings)),
        "threading": st.sampled_from(Threading),
        "tags": st.sampled_from(((), ("news", "it's"))),
        "publish": st.booleans(),
        "timezone": _zones,
    }
    plain = st.sampled_from([one for one in Layout if one is not Layout.TEMPLATE])
    return st.builds(Appearance, layout=plain, template=st.just("") | _templates, **usual) | st.builds(
        Appearance, layout=st.just(Layout.TEMPLATE), template=_templates, **usual
    )


@st.composite
def _routes(draw: st.DrawFn) -> Route:
    tenant, pings = draw(st.sampled_from(((HERE, ("1", "77")), (TenantId("slack", "T1"), ("S1", "SA9")))))
    places = draw(
        st.lists(
            st.builds(
                Destination,
                st.just(tenant),
                st.sampled_from(("C1", "C2", "alerts")),
                st.none() | st.just("17.5"),
            ),
            min_size=1,
            max_size=4,
            unique=True,
        )
    )
    filters = [*draw(st.lists(st.one_of(_filters), max_size=4)), *draw(_parts)]
    return Route(
        id="1",
        name=draw(_name),
        destination=places[0],
        also=tuple(places[1:]),
        accounts=draw(st.sampled_from(((), ("nasa", "esa")))),
        keywords=draw(st.lists(_text, max_size=2).map(tuple)),
        events=draw(st.sampled_from(((), ("tweet.new", "tweet.deleted")))),
        filters=tuple(draw(st.permutations(filters))),
        quoted=draw(st.booleans()),
        sensitive=draw(st.sampled_from(Sensitive)),
        appearance=draw(_look(pings)),
        schedule=draw(_schedules),
        catch_up=draw(st.builds(CatchUpPolicy, st.sampled_from(MissedPolicy), st.integers(1, 500))),
        deleted=draw(st.sampled_from(Deleted)),
        paused_reason=draw(st.none() | st.just("paused by Ada")),
        created_by="ada",
        changed_at=5.0,
        lost=draw(st.sampled_from(((), (LostPlace(places[0], "it is gone"),)))),
    )


@given(_routes())
def test_a_route_is_read_back_as_it_was_written(route: Route) -> None:
    tenant = route.destination.tenant
    routes = tomlkit.aot()
    routes.append(route_table(route))
    head = {"platform": tenant.platform, "workspace": tenant.workspace}
    text = tomlkit.dumps({"tenant": [{**head, "route": routes}]})
    (part,) = Document.model_validate(tomllib.loads(text)).tenant[0].route
    assert part.made(tenant, route, lambda: "new") == route


@pytest.mark.parametrize("word", ["\r\n", "a\r\nb", "a\nb", "a\rb", "'a'\r\n\"b\""])
def test_line_ends_are_exported_as_they_are(word: str) -> None:
    text = tomlkit.dumps({"route": table({"name": word, "keywords": (word,)})})
    assert tomllib.loads(text)["route"] == {"name": word, "keywords": [word]}


@pytest.mark.parametrize(
    ("written", "contains"),
    [
        ('"launch, landing"', ("launch", "landing")),
        ("""'"moon, base",launch'""", ("moon, base", "launch")),
        ("'“son dakika”,deprem'", ("son dakika", "deprem")),
        ('"عاجل، إطلاق"', ("عاجل", "إطلاق")),
        ('"発売、速報"', ("発売", "速報")),
        ('["moon, base"]', ("moon, base",)),
    ],
)
def test_a_list_written_as_one_text_is_read_as_in_a_command(written: str, contains: tuple[str, ...]) -> None:
    head = '[[tenant]]\nplatform = "slack"\nworkspace = "T1"\n[[tenant.route]]\nname = "r"\nchannel = "C1"\n'
    lists = """accounts = "nasa, @esa"\nkeywords = '“space x” launch, esa'\n"""
    text = f"{head}{lists}[[tenant.route.filter]]\ncontains = {written}\n"
    (part,) = Document.model_validate(tomllib.loads(text)).tenant[0].route
    route = part.made(HERE, None, lambda: "new")
    assert route.filters == (Contains(contains),)
    assert (route.accounts, route.keywords) == (("nasa", "esa"), ('"space x" launch', "esa"))


def test_a_stray_quote_in_a_file_is_refused() -> None:
    head = '[[tenant]]\nplatform = "slack"\nworkspace = "T1"\n[[tenant.route]]\nname = "r"\nchannel = "C1"\n'
    text = f"{head}[[tenant.route.filter]]\ncontains = '\"launch,landing'\n"
    with pytest.raises(ValueError, match="is never closed"):
        Document.model_validate(tomllib.loads(text))


def test_the_file_in_the_documentation_is_read() -> None:
    text = (ROOT / "docs" / "admin" / "apply.md").read_text(encoding="utf-8")
    block = text.partition("```toml\n")[2].partition("```")[0]
    whole = block.replace('hook_id = "…"', f'hook_id = "{"a" * 22}"')
    (route,) = Document.model_validate(tomllib.loads(whole)).tenant[0].route
    assert len(route.filter) == 3
    assert route.model_fields_set == set(RoutePart.model_fields) - {"keywords", "thread"}
    assert route.look.model_fields_set == set(LookPart.model_fields) - {"template"}
    assert route.timing.model_fields_set == set(TimingPart.model_fields) - {"last"}


# --- against the database --------------------------------------------------------------------

WHOLE = (
    HEAD
    + """
[[tenant.route]]
name = "launches"
channel = "100"
also = ["200", "300/17"]
accounts = ["@NASA", "esa"]
events = ["tweet.new"]
sensitive = "never"
[[tenant.route.filter]]
contains = ["launch", "lift off"]
[[tenant.route.filter]]
matches = '(?i)artemis [iv]+'
[[tenant.route.filter]]
replies = false
[tenant.route.look]
layout = "template"
template = '''
{{ author.name }}: {{ text }}
{{ url }}'''
ping = ["<@&77>"]
thread = "day"
timezone = "Europe/Berlin"
[tenant.route.timing]
timezone = "Europe/Berlin"
quiet = "22:00-07:00"
digest = "daily"
burst = "5 in 10m"
per_hour = 20
per_day = 100
missed = "last"
last = 5
deleted = "remove"
"""
)


def _document(path: Path, text: str) -> tuple[WantedTenant, ...]:
    path.write_text(text)
    return read_document(path)


async def _applied(app: App, path: Path, text: str) -> list[str]:
    said = []
    for wanted in _document(path, text):
        for change in await changes(app, wanted):
            said.append(change.text)
            assert change.do is not None
            await change.do()
    return said


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    url = f"sqlite:///{tmp_path / 'bot.db'}"
    return Settings(storage=StorageSection(url=url), vault=VaultSection(keys=(new_key(),)))


async def test_what_is_applied_is_exported_and_applying_that_changes_nothing(
    tmp_path: Path, settings: Settings
) -> None:
    app = await App.open(settings, migrating=True)
    try:
        path = tmp_path / "tenants.toml"
        first = await _applied(app, path, WHOLE)
        assert first[-1] == "+ route launches of discord:900 to 100, 200, 300"
        assert await _applied(app, path, WHOLE) == []
        route = await app.services.relay.routes.named(HERE, "launches")
        assert route is not None
        assert route.appearance.pings == ("77",)
        assert route.schedule.digest == "0 9 * * *"
        assert [type(one) for one in route.filters] == [Contains, Matches, NoReplies]
        assert await _applied(app, path, await exported(app)) == []
    finally:
        await app.close()


async def test_a_change_says_what_it_changes_and_leaves_a_pause_alone(
    tmp_path: Path, settings: Settings
) -> None:
    app = await App.open(settings, migrating=True)
    try:
        path = tmp_path / "tenants.toml"
        await _applied(app, path, WHOLE)
        route = await app.services.relay.routes.named(HERE, "launches")
        assert route is not None
        await app.services.relay.routes.pause(route, "paused by Ada")
        louder = WHOLE.replace("per_hour = 20", "per_hour = 30").replace('"lift off"', '"landing"')
        said = await _applied(app, path, louder)
        assert said == ["~ route launches of discord:900 to 100, 200, 300 (filters, timing)"]
        route = await app.services.relay.routes.named(HERE, "launches")
        assert route is not None
        assert route.schedule.per_hour == 30
        assert route.paused_reason == "paused by Ada"
        moved = louder.replace('channel = "100"', 'channel = "500"')
        assert await _applied(app, path, moved) == [
            "~ route launches of discord:900 to 500, 200, 300 (channels)"
        ]
        route = await app.services.relay.routes.named(HERE, "launches")
        assert route is not None
        assert route.paused_reason is None, "a pause for channels it leads to no more is over"
    finally:
        await app.close()


@pytest.mark.parametrize("stored", ["posixrules", "right/Europe/Berlin", "Factory", "localtime", "EST"])
async def test_a_route_with_a_name_of_a_machines_file_is_exported_as_what_counts(
    tmp_path: Path, settings: Settings, stored: str
) -> None:
    app = await App.open(settings, migrating=True)
    try:
        path = tmp_path / "tenants.toml"
        await _applied(app, path, WHOLE)
        route = await app.services.relay.routes.named(HERE, "launches")
        assert route is not None
        old = replace(route, schedule=structs.replace(route.schedule, timezone=stored))
        await app.services.relay.routes.change(
            replace(old, appearance=structs.replace(route.appearance, timezone=stored)), app.clock()
        )
        await _applied(app, path, await exported(app))
        assert await _applied(app, path, await exported(app)) == []
        route = await app.services.relay.routes.named(HERE, "launches")
        assert route is not None and route.schedule.timezone == kept_zone(stored)
    finally:
        await app.close()


@pytest.mark.parametrize(
    ("was", "wrong", "said"),
    [
        ('timezone = "Europe/Berlin"\nquiet', 'timezone = "Europe/Berln"\nquiet', "timing.timezone"),
        ('quiet = "22:00-07:00"', 'quiet = "ten"', "quiet: 'ten' is not a range of quiet hours"),
        ('digest = "daily"', 'digest = "0 9 * *"', "digest: '0 9 * *' is not a schedule"),
        ('digest = "daily"', 'digest = "* * * * * *"', "a cron expression has five"),
        ('burst = "5 in 10m"', 'burst = "many"', "burst: 'many' is not a burst"),
        ("per_hour = 20", "per_hour = 0", "timing.per_hour"),
        ('missed = "last"', 'missed = "some"', "timing.missed"),
        ("'(?i)artemis [iv]+'", "'(?=x)'", "matches: the pattern cannot be used"),
        ("replies = false", "replies = true", "filter.2.replies"),
        ("replies = false", 'has = ["sound"]', "'media', 'link' or 'poll'"),
        ("replies = false", "replies = false\nhas = ['media']", "each filter names one condition"),
        ('name = "launches"', 'name = "laun\\u200bches"', "U+200B"),
        ('name = "launches"', 'name = "\\u3164"', "only visible characters"),
        ("replies = false", 'langauge = ["en"]', "filter.2.langauge"),
        ("replies = false", 'language = ["Englsh"]', "did you mean English (en)"),
        ("{{ text }}", "{{ txt }}", "template: Line 1: there is no field 'txt'"),
        ("template = '''", "# '''", "Fix the TOML"),
        ('ping = ["<@&77>"]', 'ping = ["900"]', "that role is everybody"),
        ('ping = ["<@&77>"]', 'ping = ["@everyone"]', "never notifies everybody"),
        ('ping = ["<@&77>"]', 'tags = ["a", "b", "c", "d", "e", "f"]', "look.tags"),
        ('"300/17"', '"100"', "the route leads to 100 twice"),
        ('sensitive = "never"', 'sensitive = "no"', "route.0.sensitive"),
    ],
)
def test_what_is_wrong_is_named_before_anything_changes(
    tmp_path: Path, was: str, wrong: str, said: str
) -> None:
    assert was in WHOLE
    with pytest.raises(SettingsError) as caught:
        _document(tmp_path / "tenants.toml", WHOLE.replace(was, wrong, 1))
    assert said in f"{caught.value.detail} {caught.value.remedy}"
