"""What people press and see, for every kind of proposal, every way it can end, and every platform."""

from __future__ import annotations

import pytest

from bot.core.commands.dispatch import InvocationOutcome
from bot.core.proposal_states import ProposalState
from bot.features.catalogue import PROPOSAL_KINDS
from bot.proposals.kinds import Leaves, ProposalKind
from tests.contracts.kinds.conftest import SIDES, WAYS, Outcomes
from tests.contracts.kinds.trials import ALL, EDITED, KEYED, MADE_ANEW, Trial

pytestmark = pytest.mark.asyncio(loop_scope="module")
ON_ALL = pytest.mark.parametrize("side", SIDES)
EVERY = pytest.mark.parametrize("name", ALL)
KEPT = "terminal"  # what is printed stays as it was printed
# How Xquik's "x_target_not_found" is told.
REFUSAL = "Not found"


def _left(kind: ProposalKind) -> tuple[str, ...]:
    """The buttons below an outcome."""
    match kind.leaves:
        case Leaves.POST:
            # Of a thread the last part is answered, and taken away.
            away = "Delete the last part" if kind.name == "tweet.thread" else "Delete"
            return ("Open on X", "Reply", away)
        case Leaves.TWEET | Leaves.PERSON | Leaves.PROFILE | Leaves.COMMUNITY:
            return ("Open on X",)
        case Leaves.MEDIA:
            return ("Open",)
        case Leaves.DELETION:
            return ()
        case Leaves.NOTHING:
            own = {
                "draw.run": ("Export winners",),
                "extraction.run": ("Show", "Export"),
                "credits.topup": ("Open the checkout",),
                "subscribe.link": ("Open Xquik's page",),
            }
            return own.get(kind.name, ())


def _over(side: str, trial: Trial) -> None:
    """Its message tells how it ended, nothing can be confirmed any more, and the channel has no other."""
    assert trial.title in trial.end.text
    if side == KEPT:
        return
    assert trial.end.alone == trial.kind.private
    assert not {"Confirm", "Edit", "Cancel"} & set(trial.end.buttons)
    assert trial.posts == 0
    assert trial.kind.words({}).running not in trial.end.text


@ON_ALL
@EVERY
async def test_a_preview_asks_whoever_may_see_it(outcomes: Outcomes, side: str, name: str) -> None:
    for way in WAYS:
        if way == "accepted" and name not in KEYED:
            continue
        trial = await outcomes.of(side, way, name)
        if trial.kind.write is not None:
            assert trial.kind.words({}).question in trial.preview.text
        if side == KEPT:
            assert "--yes" in trial.preview.text
            continue
        edit = ("Edit",) if trial.kind.edit is not None else ()
        offered = tuple(label for label in trial.preview.buttons if label != "Add its rules")
        assert offered == ("Confirm", *edit, "Cancel")
        assert trial.preview.alone == trial.kind.private


@ON_ALL
@EVERY
async def test_an_edited_preview_takes_the_place_of_the_first(
    outcomes: Outcomes, side: str, name: str
) -> None:
    trial = await outcomes.of(side, "done", name)
    if side == KEPT or trial.kind.edit is None:
        assert trial.edited is None
        return
    assert trial.edited is not None
    assert trial.edited.buttons == trial.preview.buttons
    assert EDITED in trial.edited.text and EDITED in trial.end.text
    assert trial.stored is not None
    changed = trial.stored.payload.get(trial.kind.edit.fields[0][0]) or trial.stored.payload["parts"][0]
    assert changed == EDITED


@ON_ALL
@EVERY
async def test_two_presses_of_confirm_do_it_once_and_the_second_is_told_alone(
    outcomes: Outcomes, side: str, name: str
) -> None:
    trial = await outcomes.of(side, "done", name)
    _over(side, trial)
    assert trial.stored is not None and trial.stored.state is ProposalState.DONE
    assert trial.happened == 1
    if side == KEPT:
        assert trial.message.outcome is InvocationOutcome.OK
        return
    assert trial.end.buttons == _left(trial.kind)
    under_way, over, changed = trial.late
    if not any(over in told for told in trial.told):
        assert sum(under_way in told or changed in told for told in trial.told) == 1, trial.told


@ON_ALL
@pytest.mark.parametrize("name", KEYED)
async def test_what_xquik_has_accepted_is_under_way_until_it_is_done(
    outcomes: Outcomes, side: str, name: str
) -> None:
    trial = await outcomes.of(side, "accepted", name)
    words = trial.kind.words({})
    if side == KEPT:
        assert trial.end.text.index(words.running) < trial.end.text.index(words.done)
    else:
        assert trial.meanwhile is not None
        assert words.running in trial.meanwhile.text and trial.meanwhile.buttons == ()
        assert trial.end.buttons == _left(trial.kind)
    _over(side, trial)
    assert trial.stored is not None and trial.stored.write_action is not None
    assert (trial.stored.state, trial.happened) == (ProposalState.DONE, 1)


@ON_ALL
@EVERY
async def test_a_refusal_stands_where_the_preview_stood(outcomes: Outcomes, side: str, name: str) -> None:
    trial = await outcomes.of(side, "refused", name)
    _over(side, trial)
    assert trial.title == trial.kind.words({}).failed and REFUSAL in trial.end.text
    assert trial.stored is not None and trial.stored.state is ProposalState.FAILED
    assert trial.happened == 0
    if side == KEPT:
        assert trial.message.outcome is InvocationOutcome.FAILED


@ON_ALL
@EVERY
async def test_a_lost_answer_is_asked_for_again_and_nothing_happens_twice(
    outcomes: Outcomes, side: str, name: str
) -> None:
    trial = await outcomes.of(side, "lost", name)
    assert trial.stored is not None and trial.stored.state is ProposalState.DONE
    assert trial.happened == (2 if name in MADE_ANEW else 1)
    _over(side, trial)
    assert trial.among(trial.direct) == [], "it stands in the message, and is told once"


async def test_kinds_without_a_key_are_never_answered_202() -> None:
    """Those have performers of their own, which wait for no record of a write."""
    alone = {one.name for one in PROPOSAL_KINDS if one.write is None and not one.stops}
    assert alone == set(ALL) - set(KEYED)
