"""The small values of the core: access, references to actions, durations, identities, routes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.access import (
    EVERYTHING,
    NOTHING,
    Actor,
    Allowed,
    Denied,
    Grant,
    Permission,
    permissions_of,
)
from bot.core.chat.actions import ActionRef
from bot.core.chat.ids import PLATFORMS, Destination, TenantId
from bot.core.messages.inlines import Bold
from bot.core.messages.message import Joined, Message, msg
from bot.core.policy import Deed, Policy, Standing
from bot.core.proposal_states import NEXT, ProposalState
from bot.core.routes.events import Event
from bot.core.routes.route import Filtered, Matched, Route, match
from bot.core.text.shortening import shorten
from bot.core.times.durations import format_duration, parse_duration

HERE = TenantId("slack", "T1")
ADMIN = Actor("ada", "Ada", is_admin=True)
MEMBER = Actor("ben", "Ben", roles=frozenset({"R1"}))
TEAM = Actor("tim", "Tim", is_member=True)
USE, VIEW, PRIVATE, SPEND, PUBLISH, MANAGE = Permission


# --- access ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actor", "grants", "held"),
    [
        (MEMBER, (), USE),
        (ADMIN, (), EVERYTHING),
        (MEMBER, (Grant("user", "ben", SPEND),), USE | SPEND),
        (MEMBER, (Grant("user", "ada", SPEND),), USE),
        (MEMBER, (Grant("role", "R1", PUBLISH),), USE | PUBLISH),
        (MEMBER, (Grant("role", "R2", PUBLISH),), USE),
        (MEMBER, (Grant("everyone", "", NOTHING),), NOTHING),
        (MEMBER, (Grant("everyone", "", SPEND),), SPEND),
        (MEMBER, (Grant("admins", "", EVERYTHING),), USE),
        (ADMIN, (Grant("admins", "", NOTHING),), USE | MANAGE),
        (ADMIN, (Grant("admins", "", NOTHING), Grant("everyone", "", NOTHING)), USE | MANAGE),
        (MEMBER, (Grant("a kind of tomorrow", "ben", EVERYTHING),), USE),
        (MEMBER, (Grant("everyone", "", NOTHING), Grant("role", "R1", USE | SPEND)), USE | SPEND),
        (TEAM, (), USE | VIEW),
        (TEAM, (Grant("members", "", NOTHING),), USE),
        (MEMBER, (Grant("members", "", VIEW | SPEND),), USE),
        (MEMBER, (Grant("role", "R1", VIEW),), USE | VIEW),
        (ADMIN, (Grant("admins", "", USE | SPEND),), USE | SPEND | MANAGE),
    ],
)
def test_what_a_person_holds(actor: Actor, grants: tuple[Grant, ...], held: Permission) -> None:
    assert permissions_of(actor, grants) == held


@given(st.sampled_from(range(64)), st.sampled_from(range(64)))
def test_a_person_may_exactly_when_nothing_is_missing(needs: int, holds: int) -> None:
    grants = (Grant("everyone", "", Permission(holds)),)
    verdict = Standing(MEMBER, frozenset(), Policy(grants)).verdict(Deed(Permission(needs)))
    wanted = needs | (USE.value if needs & (VIEW | PRIVATE).value else 0)
    assert isinstance(verdict, Allowed) is (wanted & ~holds == 0)
    if isinstance(verdict, Denied):
        assert verdict.reason.startswith("This needs ")
        for name in Permission(wanted & ~holds).names():
            assert name in verdict.remedy and f"{name}, the permission " in verdict.reason
        assert "`policy grant " in verdict.remedy and " to:@role`" in verdict.remedy


@pytest.mark.parametrize(
    ("needs", "about"),
    [
        (VIEW, "draw exports"),
        (SPEND, "to run draws and whatever else costs Xquik credits"),
        (PUBLISH, "change anything on X"),
        (MANAGE, "this bot's settings"),
        (SPEND | PUBLISH, "; and publish, the permission to change"),
    ],
)
def test_a_refusal_names_the_permission_and_claims_no_more(needs: Permission, about: str) -> None:
    verdict = Standing(MEMBER, frozenset(), Policy()).verdict(Deed(needs))
    assert isinstance(verdict, Denied)
    assert verdict.reason.startswith(f"This needs {needs.names()[0]}, the permission ")
    assert about in verdict.reason


def test_a_bot_that_was_closed_is_closed_to_the_team_as_well() -> None:
    closed = Policy((Grant("everyone", "", NOTHING),))
    verdict = Standing(TEAM, frozenset(), closed).verdict(Deed(VIEW))
    assert isinstance(verdict, Denied) and "use this bot" in verdict.reason


def test_what_is_stored_keeps_its_meaning() -> None:
    assert [(one.name, one.value) for one in Permission] == [
        ("USE", 1),
        ("VIEW", 16),
        ("PRIVATE", 32),
        ("SPEND", 2),
        ("PUBLISH", 4),
        ("MANAGE", 8),
    ]


def test_permissions_are_named() -> None:
    assert (SPEND | USE).names() == ("use", "spend")
    assert Permission.named(" Publish ") is PUBLISH
    with pytest.raises(ValueError, match="use, view, private, spend, publish, manage"):
        Permission.named("rule")


# --- references to actions -------------------------------------------------------------------


@given(
    st.from_regex(r"[a-z][a-z_.]{0,31}", fullmatch=True),
    st.from_regex(r"[A-Za-z0-9_-]{1,60}", fullmatch=True),
)
def test_a_reference_comes_back_from_its_text(name: str, key: str) -> None:
    ref = ActionRef(name, key)
    assert ActionRef.parse(str(ref)) == ref
    assert len(str(ref)) <= 100, "Discord takes 100 characters"


@pytest.mark.parametrize(
    "text", ["", "x1::", "x1:a:", "x2:a:b", "x1:A:b", "x1:a:b:c", "x1:a:b\n", "x1:a:ü", "hello"]
)
def test_a_text_that_is_not_ours_is_no_reference(text: str) -> None:
    assert ActionRef.parse(text) is None


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    ref = ActionRef.parse(text)
    assert ref is None or str(ref) == text


# --- durations -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30s", 30),
        ("15m", 900),
        ("2h", 7200),
        ("1d", 86_400),
        ("1h30m", 5400),
        ("1h 30m", 5400),
        ("2 weeks", 1_209_600),
        ("1 hour 5 minutes", 3900),
        (" 3 HRS ", 10_800),
        ("1.5h", 5400),
    ],
)
def test_a_duration_is_read(text: str, seconds: int) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "5", "h", "5 parsecs", "1h and more", "-5m", "1.5s", "5month"])
def test_what_is_no_duration_says_how_to_write_one(text: str) -> None:
    with pytest.raises(ValueError, match="write 30s, 15m, 2h, 1d or 1h30m"):
        parse_duration(text)


def test_a_duration_that_is_too_long_for_a_clock_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="too long a time"):
        parse_duration("999999999w")


@given(st.integers(1, 10**7))
def test_two_units_are_kept_of_what_is_shown(seconds: int) -> None:
    shown = parse_duration(format_duration(timedelta(seconds=seconds)))
    assert shown <= timedelta(seconds=seconds) < shown + timedelta(hours=24)


# --- identities ------------------------------------------------------------------------------


@given(st.sampled_from(PLATFORMS), st.from_regex(r"[A-Za-z0-9_.:-]{1,20}", fullmatch=True))
def test_a_tenant_comes_back_from_its_text(platform: str, workspace: str) -> None:
    assert TenantId.parse(f"{platform}:{workspace}") == TenantId(platform, workspace)


@pytest.mark.parametrize("text", ["", "slack", "slack:", ":T1", "teams:T1"])
def test_what_names_no_tenant_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="PLATFORM:WORKSPACE"):
        TenantId.parse(text)


# --- routes ----------------------------------------------------------------------------------


def event(kind: str = "tweet.new", username: str | None = "NASA", query: str | None = None) -> Event:
    return Event(1, HERE, kind, username, query, 0.0, 0.0, {}, "e:1")


def route(**rules: object) -> Route:
    return Route("r", "r", Destination(HERE, "c"), **rules)  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize(
    ("rules", "happened", "taken"),
    [
        ({}, event(), True),
        ({}, event(username=None, query="x"), True),
        ({"accounts": ("nasa",)}, event(), True),
        ({"accounts": ("esa",)}, event(), False),
        ({"accounts": ("nasa",)}, event(username=None, query="nasa"), False),
        ({"keywords": ("New  Horizons",)}, event(username=None, query="new horizons"), True),
        ({"keywords": ("new horizons",)}, event(username=None, query="old horizons"), False),
        ({"keywords": ("new horizons",)}, event(), False),
        ({"accounts": ("esa",), "keywords": ("x",)}, event(username="esa", query=None), True),
        ({"accounts": ("esa",), "keywords": ("x",)}, event(username=None, query="X"), True),
        ({"events": ("tweet.new",)}, event(), True),
        ({"events": ("tweet.quote",)}, event(), False),
        ({"events": ("type.of.tomorrow",)}, event("type.of.tomorrow"), True),
        ({"paused_reason": ""}, event(), False),
        ({"accounts": ("nasa",)}, event(username=None), False),
    ],
)
def test_a_route_takes_what_its_rules_say(rules: dict[str, object], happened: Event, taken: bool) -> None:
    found = match(route(**rules), happened)
    assert isinstance(found, Matched) is taken
    if isinstance(found, Filtered):
        assert found.rule.startswith("the route ")


# --- proposals, text -------------------------------------------------------------------------


def test_a_settled_proposal_has_no_way_on() -> None:
    settled = {state for state in ProposalState if state.settled}
    assert settled == {
        ProposalState.DONE,
        ProposalState.FAILED,
        ProposalState.UNKNOWN,
        ProposalState.CANCELLED,
        ProposalState.EXPIRED,
    }
    assert set(NEXT) == set(ProposalState)


@given(st.text(), st.integers(1, 60))
def test_shortened_text_fits_on_one_line(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert len(short) <= limit
    assert "\n" not in short


@given(st.text(), st.text(), st.integers(40, 90))
def test_a_message_that_is_shortened_stays_one(one: str, other: str, limit: int) -> None:
    short = shorten(msg("It takes {one} of {others}", one=Bold(one), others=Joined((other,) * 3)), limit)
    assert isinstance(short, Message)
    assert len(short) <= limit
    assert "\n" not in short


def test_a_message_with_too_many_words_of_its_own_is_cut() -> None:
    assert shorten(msg("It takes {one} of others", one="x"), 10) == "It takes…"
