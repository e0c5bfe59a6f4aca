"""Every kind of what people confirm, from the line that proposes it to each way it can end."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import pytest

from bot.core.chat.cards import Button, ButtonStyle, Card
from bot.core.proposal_states import ProposalState
from bot.features.catalogue import PROPOSAL_KINDS
from bot.features.draw.kinds import DRAW_RUN
from bot.features.extract.kinds import EXTRACTION_CANCEL, EXTRACTION_RUN
from bot.features.shared.listing_kinds import LISTING_FILE
from bot.features.shared.tweet_kinds import DELETE, LIKE, POST, THREAD
from bot.proposals.charges import charge_words, price_words
from bot.proposals.kinds import Leaves, ProposalKind, ProposalKinds
from bot.proposals.performer import performers
from bot.xquik.write_kinds import WRITES, WriteName
from tests.features.edge import Screen, ref_of, words
from tests.features.examples import begun
from tests.features.extractions import later
from tests.features.harness import ADMIN, HERE, TWEET, BotHarness

COMMUNITY = "https://x.com/i/communities/1490000000000000001"
LINES = {
    "tweet.create": 'tweet post "Hello from the moon {n}"',
    "tweet.delete": "tweet delete {own}",
    "tweet.like": f"tweet like {TWEET}",
    "tweet.retweet": f"tweet repost {TWEET}",
    "tweet.unlike": f"tweet unlike {TWEET}",
    "tweet.unrepost": f"tweet unrepost {TWEET}",
    "tweet.thread": 'tweet thread-post "First {n}. --- Second {n}."',
    "user.follow": "user follow @nasa",
    "user.unfollow": "user unfollow @nasa",
    "user.removefollower": "user remove-follower @nasa",
    "media.upload": "media upload https://images.example.com/media/moon-{n}.png",
    "profile.avatar": "profile avatar https://images.example.com/media/face-{n}.png",
    "profile.banner": "profile banner https://images.example.com/media/sky-{n}.png",
    "profile.edit": "profile edit location:Orbit",
    "dm.send": 'dm send @nasa "Hello from the moon {n}"',
    "dm.delete": "dm delete @nasa message:1894004347502793426",
    "community.create": 'community create "Tea at five {n}"',
    "community.delete": 'community delete {own} name:"Tea at noon"',
    "community.join": f"community join {COMMUNITY}",
    "community.leave": f"community leave {COMMUNITY}",
    "draw.run": f"draw run {TWEET}",
    "monitor.start": "monitor keyword rocket{n}",
    "listing.file": "user followers @cafe_luna",
    "extraction.run": "extract run followers target:@cafe_luna limit:{n}",
    "extraction.cancel": "extract cancel {job}",
    "support.open": 'support open "No events since noon" subject:Nothing{n}',
    "support.reply": "support reply Thanks ticket:{ticket}",
    "support.close": "support close {ticket}",
    "account.disconnect": "account disconnect {leaver}",
    "credits.topup": "credits topup {n}0",
    "subscribe.link": "subscribe link pro",
}
"""What is typed. n: another number each time; own: the address of what was just made; ticket: an open one;
leaver: an account that is connected beside the one that acts."""
TICKET = {"subject": "Nothing arrives", "messages": [{"body": "No events since noon"}]}
FIRST = {
    "tweet.delete": 'tweet post "To be deleted {n}"',
    "community.delete": 'community create "Tea at noon"',
}
"""What has to be done before."""
REQUESTS = {
    "tweet.thread": ("POST", "/x/tweets"),
    "draw.run": ("POST", "/draws"),
    "monitor.start": ("POST", "/monitors/keywords"),
    "listing.file": ("GET", "/x/users/*/followers"),
    "extraction.run": ("POST", "/extractions"),
    "extraction.cancel": ("DELETE", "/extractions/*"),
    "support.open": ("POST", "/support/tickets"),
    "support.reply": ("POST", "/support/tickets/*/messages"),
    "support.close": ("PATCH", "/support/tickets/*"),
    "account.disconnect": ("DELETE", "/x/accounts/*"),
    "credits.topup": ("POST", "/credits/topup"),
    "subscribe.link": ("POST", "/subscribe"),
}
"""The request of the kinds that are no keyed write."""
COUNTED = {
    "draw.run": "draws",
    "support.open": "tickets",
    "support.reply": "ticket_replies",
    "support.close": "closed_tickets",
    "credits.topup": "topups",
}
"""What the sandbox counts of some of them."""
ALL = sorted(PROPOSAL_KINDS.names)
KEYED = sorted(kind.name for kind in PROPOSAL_KINDS if kind.write is not None)
_numbers = itertools.count(1)


async def _proposed(house: BotHarness, kind: ProposalKind) -> Screen:
    """The line of a kind, typed."""
    line, own, job, ticket, leaver = LINES[kind.name], "", "", "", "esa"
    if kind.name in FIRST:
        made = await house.done(FIRST[kind.name].format(n=next(_numbers)))
        own = next(button.url or "" for button in made.card.buttons if button.url)
    if "{job}" in line:
        job = await begun(house)
    if "{ticket}" in line:
        ticket = str((await house.control("tickets", body=TICKET))["id"])
    if "{leaver}" in line:
        await house.control("accounts", body={"username": leaver})
    given = {"own": own, "job": job, "ticket": ticket, "leaver": leaver}
    shown = await house.say(line.format(n=next(_numbers), **given))
    if kind is LISTING_FILE:
        return await house.submit(await house.press(shown, "All as a file…"), format="csv")
    return shown


def _request(kind: ProposalKind) -> dict[str, Any]:
    """Where it goes, as the sandbox's faults name it."""
    if kind.write is None:
        method, path = REQUESTS[kind.name]
    else:
        write = WRITES[kind.write]
        method, path = write.method, write.path.format_map(dict.fromkeys(write.in_path, "*"))
    return {"method": method, "path": path}


async def _stored(house: BotHarness, screen: Screen) -> tuple[ProposalState, dict[str, Any]]:
    key = ref_of(screen.card, "Confirm").key
    stored = await house.app.services.proposals.get(HERE, key)
    assert stored is not None
    return stored.state, dict(stored.result or {})


async def _payload(house: BotHarness, screen: Screen) -> Mapping[str, Any]:
    stored = await house.app.services.proposals.get(HERE, ref_of(screen.card, "Confirm").key)
    assert stored is not None
    return stored.payload


def _button(card: Card, label: str) -> Button | None:
    return next((one for one in card.buttons if one.label == label), None)


def test_every_kind_is_tried_here() -> None:
    assert set(LINES) == PROPOSAL_KINDS.names
    assert set(REQUESTS) == PROPOSAL_KINDS.names - set(KEYED)
    assert set(WRITES) == set(get_args(WriteName))


# What an edited text has to go on with, to be one of its kind.
MORE = {"tweet.thread": " --- And more."}


@pytest.mark.parametrize("name", ALL)
async def test_the_preview_asks_with_the_words_and_the_price_of_its_kind(
    house: BotHarness, name: str
) -> None:
    kind = PROPOSAL_KINDS[name]
    screen = await _proposed(house, kind)
    payload = (await house.app.services.proposals.get(HERE, ref_of(screen.card, "Confirm").key)).payload  # type: ignore[union-attr]  # it was just made
    if kind.write is not None:
        assert screen.card.title == kind.words(payload).question
    confirm = _button(screen.card, "Confirm")
    assert confirm is not None
    assert (confirm.style is ButtonStyle.DANGER) == kind.danger
    assert (_button(screen.card, "Edit") is not None) == (kind.edit is not None)
    if not kind.prices:
        assert kind.estimate is not None and price_words(kind.estimate(payload)) in str(screen.card)
    if kind.edit is not None:
        form = await house.press(screen, "Edit")
        changed = await house.submit(form, **{kind.edit.fields[0][0]: f"Changed 🚀{MORE.get(name, '')}"})
        assert "Changed 🚀" in str(changed.card.blocks) and changed.card.title == screen.card.title
        assert (await _stored(house, screen))[0] is ProposalState.CANCELLED


@pytest.mark.parametrize("name", ALL)
async def test_it_is_done_once_and_says_so(house: BotHarness, name: str) -> None:
    kind = PROPOSAL_KINDS[name]
    screen = await _proposed(house, kind)
    outcome = await house.confirm(screen)
    state, result = await _stored(house, screen)
    assert state is ProposalState.DONE
    if kind.write is not None:
        assert outcome.title == kind.words({}).done
        assert (await house.state())["writes"].get(kind.write) == 1
        assert (_button(outcome, "Open on X") is not None) == (
            kind.leaves in (Leaves.POST, Leaves.TWEET, Leaves.PERSON, Leaves.PROFILE, Leaves.COMMUNITY)
        )
        assert (_button(outcome, "Delete") is not None) == (kind.leaves is Leaves.POST)
        assert (_button(outcome, "Reply") is not None) == (kind.leaves is Leaves.POST)
        if kind.leaves is Leaves.POST:
            # Where it stands, as whom, and for how much, by what Xquik answered.
            assert str(_button(outcome, "Open on X").url).endswith(f"/{result['tweet_id']}")  # type: ignore[union-attr]
            payload = await _payload(house, screen)
            assert f"@{payload['account']}" in words(outcome) and payload["account"]
            assert str(charge_words(int(result["charged"]))) in words(outcome)
    elif kind is THREAD:
        assert len(result["posted"]) == 2 and _button(outcome, "Open on X") is not None
    else:
        assert "card" in result, "a kind with a performer of its own shows its outcome itself"
    again = await house.press(screen, "Confirm")
    assert "already confirmed this, and it was done" in str(again.failure)


@pytest.mark.parametrize("name", ALL)
async def test_a_refusal_fails_it_with_what_xquik_said(house: BotHarness, name: str) -> None:
    kind = PROPOSAL_KINDS[name]
    screen = await _proposed(house, kind)
    await house.fault(**_request(kind), status=422, code="x_target_not_found", message="Not there.", times=1)
    outcome = await house.confirm(screen)
    assert (await _stored(house, screen))[0] is ProposalState.FAILED
    assert outcome.title == kind.words({}).failed


@pytest.mark.parametrize("safe", [True, False])
@pytest.mark.parametrize("name", KEYED)
async def test_a_new_attempt_is_offered_where_nothing_was_sent_and_nowhere_else(
    house: BotHarness, name: str, safe: bool
) -> None:
    kind = PROPOSAL_KINDS[name]
    screen = await _proposed(house, kind)
    await house.fault(
        **_request(kind), status=422, code="x_target_not_found", message="Not now.", safe_to_retry=safe
    )
    outcome = await house.confirm(screen)
    assert (await _stored(house, screen))[0] is ProposalState.FAILED
    again = _button(outcome, "Try again")
    # What was written to one person is erased by then: the command is run once more.
    assert (again is not None) is (safe and not kind.sealed)
    if again is not None:
        anew = await house.press(outcome, "Try again")
        assert ref_of(anew.card, "Confirm").key != ref_of(screen.card, "Confirm").key
        assert anew.card.title == screen.card.title, "it is previewed, and confirmed, once more"


# All of a list as a file only reads: a new attempt does nothing twice, and is always offered.
@pytest.mark.parametrize("name", sorted({*ALL} - {*KEYED, LISTING_FILE.name}))
async def test_without_a_key_no_new_attempt_is_offered_where_something_may_have_been_sent(
    house: BotHarness, name: str
) -> None:
    kind = PROPOSAL_KINDS[name]
    screen = await _proposed(house, kind)
    await house.fault(
        **_request(kind), status=422, code="x_target_not_found", message="Not now.", safe_to_retry=False
    )
    outcome = await house.confirm(screen)
    assert (await _stored(house, screen))[0] is ProposalState.FAILED
    assert _button(outcome, "Try again") is None


@pytest.mark.parametrize("name", ALL)
async def test_an_answer_that_is_lost_does_not_make_it_happen_twice(house: BotHarness, name: str) -> None:
    kind = PROPOSAL_KINDS[name]
    screen = await _proposed(house, kind)
    before = await _happened(house, kind)
    await house.fault(**_request(kind), answer_lost=True, times=1)
    await house.press(screen, "Confirm")
    house.clock.advance(60.0)
    await house.app.executor.sweep()
    await later(house, ref_of(screen.card, "Confirm").key)
    # What only reads has no key under which it could be repeated: a person decides whether to pay twice.
    done = kind is not LISTING_FILE
    if kind.name == "subscribe.link":
        before += 1  # which does no harm: a link is no payment
    assert (await _stored(house, screen))[0] is (ProposalState.DONE if done else ProposalState.FAILED)
    assert await _happened(house, kind) == before + done


@pytest.mark.parametrize("name", ALL)
async def test_what_was_confirmed_before_a_crash_is_done_after_it(house: BotHarness, name: str) -> None:
    kind = PROPOSAL_KINDS[name]
    screen = await _proposed(house, kind)
    before = await _happened(house, kind)
    key = ref_of(screen.card, "Confirm").key
    assert await house.app.services.proposals.claim(HERE, key, ADMIN) is not None
    await house.reopen()
    await house.app.executor.recover()
    await house.app.executor.outcome(HERE, key)
    assert (await _stored(house, screen))[0] is ProposalState.DONE
    assert await _happened(house, kind) == before + 1


async def _happened(house: BotHarness, kind: ProposalKind) -> int:
    """How often the sandbox has done it."""
    state = await house.state()
    if kind.write is not None:
        return int(state["writes"].get(kind.write, 0))
    if kind is THREAD:
        return int(state["writes"].get("create_tweet", 0)) // 2
    if kind is LISTING_FILE:
        return len(await house.app.services.proposals.done_by(HERE, ADMIN.id, (kind.name,), 50))
    xquik = await house.app.services.xquik.of(HERE)
    if kind is EXTRACTION_RUN:
        return int(state["extractions"])
    if kind is EXTRACTION_CANCEL:
        return len((await xquik.extractions.list(status="canceled")).items)
    if kind.name in COUNTED:
        return int(state[COUNTED[kind.name]])
    if kind.name == "subscribe.link":
        return int(state["operations"].get("POST /subscribe", 0))
    if kind.name == "account.disconnect":
        return -int(state["accounts"])
    return len(await xquik.keyword_monitors.list())


# --- nothing can be forgotten ------------------------------------------------------------------------------


def test_every_kind_that_a_feature_declares_is_in_the_catalogue() -> None:
    declared: set[str] = set()
    for path in Path("bot/features").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.AnnAssign | ast.Assign) and _makes_a_kind(node.value):
                target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
                declared.add(f"{path.parent.name}/{path.stem}.{ast.unparse(target)}")
    assert len(declared) == len(PROPOSAL_KINDS.names), sorted(declared)


def _makes_a_kind(value: ast.expr | None) -> bool:
    made = {"ProposalKind", "small_write", "account_change"}
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in made


def test_no_part_of_the_bot_knows_a_kind_by_its_name() -> None:
    names = PROPOSAL_KINDS.names - {"tweet.retweet"}  # which is a type of events as well
    for path in (*Path("bot").rglob("*.py"), *Path("adapters").rglob("*.py")):
        if path.stem.endswith("kinds") or {"sandbox", "migrations"} & set(path.parts):
            continue
        literals = {
            node.value
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        assert not literals & names, (path, literals & names)


def test_two_kinds_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match=r"two kinds of proposals called tweet\.like"):
        ProposalKinds((LIKE, DELETE, LIKE))


def test_a_kind_without_a_performer_does_not_start() -> None:
    clients: Any = None
    with pytest.raises(ValueError, match="performer of their own"):
        performers(ProposalKinds((POST, DRAW_RUN)), clients, {}, clients)
    with pytest.raises(ValueError, match="performer of their own"):
        performers(ProposalKinds((POST,)), clients, {"draw.run": clients}, clients)


def test_the_cost_is_said_once_by_the_kind_or_by_the_command() -> None:
    card = Card("x")
    with pytest.raises(ValueError, match="from the payload"):
        POST.proposal({"text": "x"}, card, credits=3)
    with pytest.raises(ValueError, match="from the command"):
        DRAW_RUN.proposal({}, card)


@pytest.mark.parametrize("name", ALL)
def test_the_words_of_a_kind_are_all_its_own(name: str) -> None:
    words = PROPOSAL_KINDS[name].words({})
    said = (words.running, words.done, words.failed, words.unknown)
    assert len(set(said)) == len(said) and all(said)
