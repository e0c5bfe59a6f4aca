"""Grants and rules: who may do what where. Random policies agree with a second, plain implementation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.access import Actor, Denied, Grant, Permission, permissions_of
from bot.core.policy import ByBeingAdmin, ByGrants, ByRule, Deed, Policy, PolicyRule, Standing

USE, VIEW, PRIVATE, SPEND, PUBLISH, MANAGE = Permission
BEN = Actor("ben", "Ben", roles=frozenset({"mods"}))
ADA = Actor("ada", "Ada", is_admin=True)
DRAW = Deed(SPEND, "draw run")
GENERAL = frozenset({"general"})
IN_THREAD = frozenset({"general", "t1"})


def deny(what: str, kind: str = "everyone", subject: str = "", channel: str = "") -> PolicyRule:
    return PolicyRule(what, kind, subject, channel, allow=False)


def allow(what: str, kind: str = "everyone", subject: str = "", channel: str = "") -> PolicyRule:
    return PolicyRule(what, kind, subject, channel, allow=True)


@pytest.mark.parametrize(
    ("rules", "may"),
    [
        ([], False),  # nobody granted it
        ([allow("draw run")], True),
        ([allow("draw")], True),
        ([allow("spend")], True),
        ([allow("use")], False),  # to use the bot is not to spend
        ([allow("draw list"), allow("trends")], False),
        # whom: a person before a role before everyone
        ([deny("draw run"), allow("draw run", "role", "mods")], True),
        ([allow("draw run", "role", "mods"), deny("draw run", "user", "ben")], False),
        ([deny("draw run", "role", "mods"), allow("draw run", "user", "ben")], True),
        ([allow("draw run"), deny("draw run", "role", "others")], True),
        # where: in a channel before everywhere
        ([allow("draw run"), deny("draw run", channel="general")], False),
        ([deny("draw run"), allow("draw run", channel="general")], True),
        ([allow("draw run"), deny("draw run", channel="elsewhere")], True),
        # what: a command before its group before a permission
        ([allow("spend"), deny("draw")], False),
        ([deny("draw"), allow("draw run")], True),
        ([deny("spend"), allow("draw")], True),
        # each more specific in something: the one that denies
        ([allow("draw run", "user", "ben"), deny("draw run", channel="general")], False),
        ([deny("draw run", "user", "ben"), allow("draw run", channel="general")], False),
        ([allow("spend", "user", "ben"), deny("draw run")], False),
        ([deny("spend", "user", "ben"), allow("draw run")], False),
        # an exception says both
        ([deny("draw run", channel="general"), allow("draw run", "role", "mods", "general")], True),
        # of others it says nothing
        ([allow("draw run", "role", "mods"), deny("draw run", "members")], True),
        # a closed bot is closed for everything
        ([allow("spend"), deny("use", channel="general")], False),
        ([deny("use"), allow("draw run")], True),
    ],
)
def test_the_most_specific_rule_decides(rules: list[PolicyRule], may: bool) -> None:
    for order in (rules, rules[::-1]):
        assert Standing(BEN, GENERAL, Policy((), tuple(order))).may(DRAW) is may


def test_of_two_roles_the_one_that_denies() -> None:
    both = Actor("ben", "Ben", roles=frozenset({"mods", "interns"}))
    rules = (allow("draw run", "role", "mods"), deny("draw run", "role", "interns"))
    assert not Standing(both, GENERAL, Policy((), rules)).may(DRAW)


def test_a_thread_counts_as_its_channel_and_may_have_rules_of_its_own() -> None:
    granted = (Grant("user", "ben", SPEND),)
    assert not Standing(BEN, IN_THREAD, Policy(granted, (deny("draw", channel="general"),))).may(DRAW)
    assert not Standing(BEN, IN_THREAD, Policy(granted, (deny("draw", channel="t1"),))).may(DRAW)
    assert Standing(BEN, GENERAL, Policy(granted, (deny("draw", channel="t1"),))).may(DRAW)
    assert Standing(BEN, frozenset(), Policy(granted, (deny("draw", channel="general"),))).may(DRAW)


@pytest.mark.parametrize("what", ["manage", "use", "policy", "policy deny", "relay add", "help"])
@pytest.mark.parametrize("who", [("everyone", ""), ("admins", ""), ("user", "ada")])
def test_nothing_locks_an_admin_of_the_platform_out(what: str, who: tuple[str, str]) -> None:
    policy = Policy((Grant("admins", "", Permission(0)),), (deny(what, *who), deny(what, *who, "general")))
    here = Standing(ADA, GENERAL, policy)
    for command in ("policy allow", "policy reset", "policy show", "policy list", "relay add", "help"):
        needs = VIEW if command in ("policy show", "policy list") else USE if command == "help" else MANAGE
        assert here.may(Deed(needs, command))
    assert MANAGE in here.held and USE in here.held


def test_what_costs_or_publishes_may_be_denied_to_an_admin_too() -> None:
    here = Standing(ADA, GENERAL, Policy((), (deny("draw run"), deny("publish", "admins"))))
    assert not here.may(DRAW)
    assert not here.may(Deed(PUBLISH, "tweet post"))
    assert PUBLISH not in here.held and SPEND in here.held


def test_a_ruling_names_the_rule_that_decided_and_those_that_gave_way() -> None:
    wide, narrow = deny("spend"), allow("draw run", "role", "mods")
    [ruling] = Standing(BEN, GENERAL, Policy((), (wide, narrow))).rulings(DRAW)
    assert ruling.allowed and ruling.because == ByRule(narrow, (wide,))
    [ruling] = Standing(BEN, GENERAL, Policy()).rulings(DRAW)
    assert not ruling.allowed and ruling.because == ByGrants()
    [ruling] = Standing(ADA, GENERAL, Policy((), (deny("manage"),))).rulings(Deed(MANAGE, "relay add"))
    assert ruling.allowed and ruling.because == ByBeingAdmin((deny("manage"),))


def test_a_refusal_by_a_rule_says_so_and_one_by_the_grants_names_the_permission() -> None:
    ruled = Standing(BEN, GENERAL, Policy((), (deny("draw", channel="general"),))).verdict(DRAW)
    assert isinstance(ruled, Denied) and "in this channel" in ruled.reason
    assert "deny draw" in ruled.reason and "`policy reset`" in ruled.remedy
    plain = Standing(BEN, GENERAL, Policy()).verdict(DRAW)
    assert isinstance(plain, Denied) and "policy grant spend" in plain.remedy


# --- against a second implementation -------------------------------------------------------------

COMMANDS = ["draw run", "draw list", "trends show", "policy deny", "help", ""]
PEOPLE = st.builds(
    Actor,
    st.sampled_from(["ada", "ben"]),
    st.just("x"),
    st.frozensets(st.sampled_from(["mods", "interns"])),
    st.booleans(),
    st.booleans(),
)
SUBJECTS = st.sampled_from(
    [("everyone", ""), ("members", ""), ("admins", "")]
    + [("role", name) for name in ("mods", "interns")]
    + [("user", name) for name in ("ada", "ben")]
)
WHAT = st.sampled_from(["draw run", "draw list", "draw", "trends", "policy", "help", *Permission.__members__])
RULES = st.builds(
    lambda what, who, channel, allows: PolicyRule(what.lower(), who[0], who[1], channel, allow=allows),
    WHAT,
    SUBJECTS,
    st.sampled_from(["", "general", "t1"]),
    st.booleans(),
)
GRANTS = st.builds(
    lambda who, held: Grant(who[0], who[1], Permission(held)), SUBJECTS, st.sampled_from(range(64))
)


def plainly(actor: Actor, places: frozenset[str], policy: Policy, needs: Permission, command: str) -> bool:
    """The same in the plainest words: for each permission, every pair of rules is compared."""
    if needs & (VIEW | PRIVATE):
        needs |= USE
    for permission in needs:
        name = str(permission.name).lower()
        if actor.is_admin and (permission in (USE, MANAGE) or command.split(" ")[0] == "policy"):
            continue
        spoken = []
        for rule in policy.rules:
            people = {"everyone": True, "members": actor.is_member, "admins": actor.is_admin}
            people |= {"role": rule.subject in actor.roles, "user": rule.subject == actor.id}
            if not people[rule.kind] or (rule.channel and rule.channel not in places):
                continue
            if command and rule.what == command:
                what = 3
            elif command and rule.what == command.split(" ")[0]:
                what = 2
            elif rule.what == name or (rule.what == "use" and not rule.allow):
                what = 1
            else:
                continue
            whom = ["everyone", "members", "role", "user"].index(rule.kind.replace("admins", "members"))
            spoken.append((rule.allow, (whom, bool(rule.channel), what)))
        if not spoken:
            if permission not in permissions_of(actor, policy.grants):
                return False
            continue
        standing = []
        for one in spoken:
            beaten = False
            for other in spoken:
                no_less = all(b >= a for a, b in zip(one[1], other[1], strict=True))
                if no_less and other[1] != one[1]:
                    beaten = True
            if not beaten:
                standing.append(one)
        if any(not allows for allows, _ in standing):
            return False
    return True


@given(
    PEOPLE,
    st.frozensets(st.sampled_from(["general", "t1"])),
    st.lists(GRANTS, max_size=4),
    st.lists(RULES, max_size=8, unique_by=lambda rule: rule.key),
    st.sampled_from(range(1, 64)),
    st.sampled_from(COMMANDS),
)
def test_it_agrees_with_a_plain_implementation(
    actor: Actor,
    places: frozenset[str],
    grants: list[Grant],
    rules: list[PolicyRule],
    needs: int,
    command: str,
) -> None:
    policy = Policy(tuple(grants), tuple(rules))
    here = Standing(actor, places, policy)
    may = here.may(Deed(Permission(needs), command))
    assert may is plainly(actor, places, policy, Permission(needs), command)
    assert isinstance(here.verdict(Deed(Permission(needs), command)), Denied) is not may
    assert (
        Standing(actor, places, Policy(tuple(grants), tuple(rules[::-1]))).may(
            Deed(Permission(needs), command)
        )
        is may
    ), "the order in which they are stored decides nothing"
    for one in Permission:
        assert (one in here.held) is plainly(actor, places, policy, one, "") or one in (VIEW, PRIVATE)
