"""Previews, outcomes and errors of proposals are messages, whole, in every state."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from msgspec import structs

from bot.core.chat.actions import ActionRef
from bot.core.chat.answers import Alternative, Proposal
from bot.core.chat.cards import Card
from bot.core.errors import BotError
from bot.core.messages.message import Message, msg
from bot.core.proposal_states import ProposalState
from bot.core.x.default_accounts import DefaultAccount, Scope
from bot.features.catalogue import PROPOSAL_KINDS
from bot.proposals import actions, draws, edits, executor, monitors
from bot.proposals.acting import choices, choose
from bot.proposals.attempts import AttemptFailed, AttemptProblem, as_result, said_in
from bot.proposals.previews import editors, open_card, write_preview
from bot.proposals.shortage import (
    PART_OF_A_DRAW,
    PART_OF_AN_EXTRACTION,
    PartWords,
    confirmed_partly_card,
    partly_card,
)
from bot.xquik.models import XAccount
from tests.contracts.decisions import ANSWERED, CASES, MEDIA, SHORT
from tests.i18n.left_over import english_in, english_in_card, english_in_form
from tests.proposals.harness import ANN, CARDS, KINDS, POST, ProposalsHarness

# Cards of `bot.cards`, which stand in other tests.
_OURS = [
    name
    for name in CASES
    if not name.startswith(("a dear command", "a draw, open", "a route with", "a search"))
]
_REF = ActionRef("pending.x", "k")
# Commands, names and settings that stay as they are.
NAMES = (
    "UTC https com status communities user newAtXquik"
    " Ada Bob Ann acme acme_inc acme2 other new draw list run monitor add account use mine emoji yes"
)
# What X and Xquik say in their own words, and what is quoted.
THEIRS = f"No X said no to this Look at the account NASA nasa status com {ANSWERED} {SHORT}"
_ILL = ("needsReauth", "locked", "suspended", "recovering", "temporaryIssue", "inactive", "newAtXquik")


@pytest.mark.parametrize("name", _OURS)
def test_every_card_in_every_state(name: str) -> None:
    case = CASES[name]
    assert (
        english_in_card(
            case.card, " ".join((NAMES, THEIRS, case.own, *(MEDIA if "media" in name else case.media)))
        )
        == set()
    )


def test_warnings_notes_and_choices_of_a_preview() -> None:
    (kind,) = (kind for kind in PROPOSAL_KINDS if kind.name == "tweet.create")
    many = (
        "".join(f"{chr(0x2060 + n)}a" for n in range(5))
        + "\u200b\u3164\u202e \u2800b :a_b: <@U1> "
        + " ".join(f":emoji_{n}x:" for n in range(9))
    )
    card = write_preview(kind, {**POST, "text": many}, None, msg("your own default"), length_note=msg("fits"))
    card = dataclasses.replace(card, blocks=(*card.blocks, *editors(("Ann", "Bob"))))
    assert english_in_card(card, NAMES) == set()
    for price in (0, 1, 30):
        shown = open_card(
            kind, card, requester="Ann", credits=price, expires_at=9.0, confirm=_REF, cancel=_REF
        )
        assert english_in_card(shown, NAMES) == set()


@pytest.mark.parametrize("words", [PART_OF_A_DRAW, PART_OF_AN_EXTRACTION], ids=lambda words: words.title)
def test_the_second_confirmation(words: PartWords) -> None:
    cards = (
        partly_card(words, 1, None, _REF, known=False),
        partly_card(words, 9, None, _REF),
        partly_card(words, 9, 4, _REF),
        confirmed_partly_card(words),
    )
    assert [english_in_card(card, NAMES) for card in cards] == [set()] * len(cards)


def english_in_error(error: BotError) -> set[str]:
    """What nobody could translate of an error."""
    return english_in(error.detail, NAMES) | english_in(error.remedy, NAMES)


def _account(name: str, health: str = "healthy") -> XAccount:
    return XAccount(id=name, username=name, health=health)


def _default(scope: Scope, name: str = "acme") -> DefaultAccount:
    return DefaultAccount(scope, "", name, None, None)


def _fails(run: Callable[[], object]) -> BotError:
    with pytest.raises(BotError) as caught:
        run()
    return caught.value


@pytest.mark.parametrize("health", _ILL)
@pytest.mark.parametrize("others", [0, 1])
def test_why_no_account_acts(health: str, others: int) -> None:
    accounts = [_account("acme", health), *[_account("other")][:others]]
    for run in (
        lambda: choose(accounts, "acme", (), ""),
        *(lambda scope=scope: choose(accounts, None, (_default(scope),), "") for scope in Scope),
    ):
        error = _fails(run)
        assert english_in(error.detail, NAMES) == set()
        assert others == 0 or english_in(error.remedy, NAMES) == set()
    assert all(isinstance(one.label, Message) for one in choices(accounts[:1]))


@pytest.mark.parametrize(
    "run",
    [
        lambda: choose((), None, (), ""),
        lambda: choose((_account("a"), _account("b")), None, (), "tweet post"),
        lambda: choose((_account("a"),), "b", (), ""),
        *(lambda scope=scope: choose((_account("a"),), None, (_default(scope),), "") for scope in Scope),
    ],
)
def test_which_account_is_not_known(run: Callable[[], object]) -> None:
    error = _fails(run)
    assert english_in_error(error) == set()


def test_a_default_that_was_renamed_says_so() -> None:
    found = choose((_account("acme2"),), None, (DefaultAccount(Scope.PLACE, "", "acme", "acme2", None),), "")
    assert english_in(found.why, NAMES) == set() and found.why == "the default here, called @acme before"


@pytest.mark.parametrize(
    "text",
    ["", "half \ud83d", "x" * 30_000, "\u200b\u2060"],
)
async def test_what_x_would_not_take(house: ProposalsHarness, text: str) -> None:
    stored = await house.row(await house.open())
    error = _fails(lambda: edits.revise(KINDS[stored.kind], stored, {"text": text}))
    assert english_in_error(error) == set()
    assert english_in_form(edits.form(KINDS[stored.kind], stored, _REF), NAMES) == set()


@pytest.mark.parametrize("state", ProposalState)
async def test_what_became_of_a_proposal(house: ProposalsHarness, state: ProposalState) -> None:
    stored = await house.row(await house.open())
    why = as_result(AttemptFailed(AttemptProblem(msg("T"), msg("D {x}", x="y"), msg("R"))))
    for result in (None, {"tweet_id": "9"}, {"replaced_by": "k"}, why):
        for name in (None, "Bob"):
            changed = structs.replace(stored, state=state, result=result, decided_by_name=name)
            error = actions._over(KINDS[stored.kind], changed)
            if result is not None or state is not ProposalState.FAILED:
                assert english_in_error(error) == set()


@pytest.mark.parametrize("module", [draws, executor, monitors])
def test_every_problem_is_made_of_messages(module: Any) -> None:
    problems = [one for one in vars(module).values() if isinstance(one, AttemptProblem)]
    assert problems
    for problem in problems:
        for text in (problem.title, problem.detail, problem.remedy):
            assert english_in(text, NAMES) == set()


async def test_what_is_stored_of_an_outcome_is_no_finished_text(house: ProposalsHarness) -> None:
    house.vendor.plan.append("accept")
    house.vendor.polls.append("failed")
    key = await house.open()
    await house.press("confirm", key)
    await house.finish()
    row = await house.row(key)
    assert row.result is not None
    title = said_in(row.result, "title")
    assert isinstance(title, Message) and title.id == "Xquik reports that it failed"
    assert said_in({"title": "of an older version"}, "title") == "of an older version"
    assert said_in({}, "title") == ""


async def test_what_is_offered_is_stored_as_messages(house: ProposalsHarness) -> None:
    ill = choices((_account("acme", "locked"), _account("other")))
    instead = Alternative(msg("Add the {n}", n=3), POST, Card(msg("Instead")))
    proposal = Proposal("tweet.create", POST, Card(msg("T")), 1, accounts=ill, alternative=instead)
    card = await house.pending.open(house.invocation(ANN, message=None), proposal, "tweet post")
    key = next(button.action.key for button in card.buttons if button.action)
    row = await house.row(key)
    assert row.accounts == ill and isinstance(row.accounts[1].label, Message)
    assert row.alternative == instead
    assert row.alternative is not None and isinstance(row.alternative.label, Message)
    assert english_in_card(CARDS.standing(row), NAMES) == set()
