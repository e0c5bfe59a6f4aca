"""The next step that an error names fits what was done, not what most people do."""

from __future__ import annotations

import pytest

from bot.core.errors import OutOfCredits
from bot.features.catalogue import FEATURES
from bot.proposals.attempts import AttemptFailed, AttemptProblem
from bot.proposals.kinds import ProposalKind
from bot.proposals.outcomes import advised
from bot.xquik.advice import ADVICE
from bot.xquik.errors import error_from
from tests.features.edge import words
from tests.features.harness import HERE, TWEET, BotHarness

KINDS = [kind for feature in FEATURES for kind in feature.kinds if kind.write is not None]
WORDED = {"tweet.create", "dm.send", "profile.edit", "community.create"}


def _remedy(kind: ProposalKind, code: str) -> str:
    error = error_from(422, {"error": code, "message": "No."}, {})
    told = advised(kind, AttemptFailed(AttemptProblem.of(error)))
    assert isinstance(told, AttemptFailed)
    return str(told.problem.remedy)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_only_what_has_words_is_advised_to_change_them(kind: ProposalKind) -> None:
    assert ("Change the text" in _remedy(kind, "x_rejected")) == (kind.name in WORDED)
    posts = kind.name in {"tweet.create", "dm.send"}
    assert ("post the same words" in _remedy(kind, "x_duplicate_action")) == posts
    assert ("link" in _remedy(kind, "x_target_not_found")) == (not kind.name.startswith("dm."))


def test_a_reason_that_x_gives_is_not_called_none() -> None:
    said = str(error_from(422, {"error": "x_rejected", "message": "Only its creator can."}, {}).detail)
    assert said == "X refused this. It says: “Only its creator can.”"
    assert "without saying why" in str(error_from(422, {"error": "x_rejected"}, {}).detail)


@pytest.mark.parametrize("code", ["insufficient_credits", "no_credits", "no_subscription", "unheard_of"])
def test_who_has_no_credits_is_led_to_the_command_that_buys_some(code: str) -> None:
    remedy = str(error_from(402, {"error": code}, {}).remedy)
    assert "`credits topup`" in remedy and "`credits topup`" in str(OutOfCredits.default_remedy)


async def test_a_like_twice_is_not_told_to_change_its_words(house: BotHarness) -> None:
    await house.confirm(await house.say(f"tweet like {TWEET}"))
    told = words(await house.confirm(await house.say(f"tweet like {TWEET}")))
    assert "change them" not in told and str(ADVICE["x_duplicate_action"].remedy) in told


async def test_a_message_that_is_gone_leads_to_those_there_are(house: BotHarness) -> None:
    told = words(await house.confirm(await house.say("dm delete @nasa message:1")))
    assert "`dm history`" in told or "dm history" in told
    assert "tweet or user" not in told


@pytest.mark.parametrize(
    "line", ["profile show", "dm history @nasa", "account use nasa", f"tweet like {TWEET}"]
)
async def test_without_an_account_nothing_is_said_of_posting(house: BotHarness, line: str) -> None:
    for account in tuple(house.sandbox.sandbox.accounts):
        house.sandbox.sandbox.accounts.delete(account.id)
    told = words((await house.say(line)).failure)
    assert "posted" not in told and "connected" in told and "Connect one" in told


@pytest.mark.parametrize("stored", [True, False])
async def test_a_new_key_that_xquik_does_not_know_is_called_that(house: BotHarness, *, stored: bool) -> None:
    if not stored:
        await house.press(await house.say("setup forget"), "Forget the key")
    form = (await house.say("setup key")).form
    told = words((await house.press(form.action, values={"key": "xq_" + "0" * 64})).failure)
    assert "the key you entered" in told and "stored key" not in told
    assert ("that is stored here stays in use" in told) == stored
    assert (await house.app.services.keys.has_key(HERE)) == stored


async def test_a_message_with_media_that_is_refused_says_to_upload_it_again() -> None:
    kind = next(one for one in KINDS if one.name == "dm.send")
    error = error_from(422, {"error": "x_rejected", "message": "No."}, {})
    told = advised(kind, AttemptFailed(AttemptProblem.of(error)), {"text": "Hi", "media_ids": ["1"]})
    assert isinstance(told, AttemptFailed) and "media upload" in str(told.problem.remedy)
