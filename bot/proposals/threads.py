"""Posting a thread: part by part, each once, and on from the part that failed.

The payload: account, account_id, parts (texts, in order), and reply_to_tweet_id where the first part answers
a tweet, as the rest of a thread does whose beginning stands already. Of such a rest also `begun`: what stands
(`tweets`, `texts`, `writes`, each in order), what it cost (`charged`), and what its first part `answers`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from bot.core.errors import BotError
from bot.core.messages.enumerations import sentences
from bot.core.messages.message import Message, msg, nmsg
from bot.proposals.attempts import (
    Accepted,
    AttemptDone,
    AttemptFailed,
    AttemptProblem,
    AttemptResult,
    AttemptUnknown,
    NoAnswer,
)
from bot.proposals.performer import KeyedPerformer
from bot.proposals.ports import XquikClients
from bot.proposals.uploads import Uploads
from bot.storage.writes.posted import BEFORE, POSTED, WRITES, standing_of
from bot.storage.writes.proposal_rows import StoredProposal
from bot.storage.writes.thread_parts import ThreadPart, ThreadParts


class ThreadPerformer:
    """Posts `tweet.thread`: one keyed write a part, the next only once the one before stands on X."""

    def __init__(self, clients: XquikClients, parts: ThreadParts, uploads: Uploads) -> None:
        self._each = KeyedPerformer(clients, "create_tweet", uploads)
        self._parts = parts

    async def perform(self, proposal: StoredProposal, *, again: bool) -> AttemptResult:
        """Post what is not posted yet. Repeating it is always right: the key of each part is stored."""
        texts = [str(one) for one in proposal.payload.get("parts") or ()]
        if not texts:
            return AttemptFailed(_NOTHING, {"charged": 0})
        found = await self._parts.begin(proposal.tenant, proposal.id, len(texts))
        posted: list[ThreadPart] = []
        tale = _Tale(proposal.payload, posted, len(texts))
        last = str(proposal.payload.get("reply_to_tweet_id") or "")
        for part, text in zip(found, texts, strict=True):
            if part.tweet is not None:
                posted.append(part)
                last = part.tweet
                continue
            try:
                outcome = await self._post(proposal, part, text, last, again=again)
                if not isinstance(outcome, AttemptDone):
                    return tale.ended(outcome)
                tweet = str(outcome.result.get("tweet_id") or "")
                charged = int(outcome.result.get("charged") or 0)
                write = str(outcome.result.get("write_action") or "") or part.action
                if not tweet:
                    # Nothing can be hung on to it, and as a tweet of its own the next would stand alone.
                    return tale.ended(AttemptUnknown(_UNNAMED))
                await self._parts.posted(
                    proposal.tenant, proposal.id, part.number, tweet, charged, action=write
                )
            except BotError as error:
                # What stands is told of, whatever it is that keeps the rest from going on.
                problem = AttemptProblem.of(error)
                return tale.ended(NoAnswer(problem, maybe_sent=True, after=error.retry_after))
            posted.append(replace(part, tweet=tweet, charged=charged, action=write))
            last, again = tweet, False
        return AttemptDone(tale.result())

    async def poll(self, proposal: StoredProposal) -> AttemptResult:
        """Look at the part that Xquik has, and go on behind it."""
        return await self.perform(proposal, again=True)

    async def _post(
        self, proposal: StoredProposal, part: ThreadPart, text: str, last: str, *, again: bool
    ) -> AttemptResult:
        payload = {
            name: proposal.payload[name] for name in ("account", "account_id") if name in proposal.payload
        }
        payload |= {"text": text} | ({"reply_to_tweet_id": last} if last else {})
        one = replace(proposal, payload=payload, idempotency_key=part.key, write_action=part.action)
        if part.action is not None:
            return await self._each.poll(one)
        outcome = await self._each.perform(one, again=again)
        if isinstance(outcome, Accepted):
            await self._parts.accepted(proposal.tenant, proposal.id, part.number, outcome.write_action)
        return outcome


def rest_of(payload: Mapping[str, Any], result: Mapping[str, Any]) -> dict[str, Any]:
    """What is left to post of a thread that ended early: the payload without the parts that stand on X."""
    stands = standing_of(result)
    begun = _begun(payload)
    texts = texts_of(payload)
    answers = begun["answers"] if begun["tweets"] else str(payload.get("reply_to_tweet_id") or "")
    rest = {name: value for name, value in payload.items() if name not in ("begun", "reply_to_tweet_id")}
    rest["parts"] = texts[len(stands) :]
    if not stands:
        return rest | ({"reply_to_tweet_id": answers} if answers else {})
    rest["reply_to_tweet_id"] = stands[-1]
    rest["begun"] = {
        "tweets": list(stands),
        "texts": texts[: len(stands)],
        "writes": [str(one) for one in result.get(WRITES) or ()],
        "charged": begun["charged"] + int(result.get("charged") or 0),
        "answers": answers,
    }
    return rest


def texts_of(payload: Mapping[str, Any]) -> list[str]:
    """Of all parts of a thread, with those that stood before this attempt."""
    return [*map(str, _begun(payload)["texts"]), *map(str, payload["parts"])]


def _begun(payload: Mapping[str, Any]) -> dict[str, Any]:
    """What stood before this attempt; empty where it is the first."""
    known = payload.get("begun") or {}
    return {"tweets": (), "texts": (), "writes": (), "charged": 0, "answers": ""} | known


class _Tale(msgspec.Struct, frozen=True):
    """What is told of a thread, however a part of it ends. posted: the parts of this attempt that stand, as
    they come to; count: the parts of this attempt."""

    payload: Mapping[str, Any]
    posted: Sequence[ThreadPart]
    count: int

    def result(self) -> dict[str, Any]:
        """What is known of it, as it is stored."""
        begun = _begun(self.payload)
        tweets = [*begun["tweets"], *(part.tweet for part in self.posted if part.tweet)]
        result = {
            "charged": sum(part.charged for part in self.posted),
            POSTED: tweets,
            WRITES: [*begun["writes"], *(part.action for part in self.posted if part.action)],
        }
        if tweets:
            result["tweet_id"] = tweets[0]
        if begun["charged"]:
            result[BEFORE] = begun["charged"]
        return result

    def ended(self, outcome: AttemptResult) -> AttemptResult:
        """How a part ended, or stands, told of the whole thread."""
        known = self.result()
        if isinstance(outcome, Accepted | AttemptDone) or not known[POSTED]:
            return outcome
        told = outcome.result.get("charged")
        result = {**outcome.result, **known}
        write = outcome.result.get("write_action")
        if write and write not in result[WRITES]:
            result[WRITES] = [*result[WRITES], write]
        # An answer that never came leaves the part in doubt only where the request may have arrived.
        in_doubt = isinstance(outcome, AttemptUnknown) or (
            isinstance(outcome, NoAnswer) and outcome.maybe_sent
        )
        stands = (_stand_at_least if in_doubt else _stand)(
            len(known[POSTED]), len(_begun(self.payload)["tweets"]) + self.count
        )
        problem = replace(outcome.problem, detail=sentences(stands, outcome.problem.detail))
        if isinstance(outcome, NoAnswer):
            remedy = _BEHIND_THE_LAST if outcome.maybe_sent else _GOES_ON
            return replace(outcome, problem=replace(problem, remedy=remedy), result=result)
        result["charged"] = known["charged"] + int(told or 0)
        if isinstance(outcome, AttemptUnknown):
            if told is None:
                # The part in doubt may have cost something: budgets count what was reserved.
                result["charged"] = None
            return AttemptUnknown(replace(problem, remedy=_BEHIND_THE_LAST), result)
        return AttemptFailed(replace(problem, remedy=_GOES_ON if problem.again else _ANSWER_IT), result)


def _stand(posted: int, count: int) -> Message:
    """What stands of a thread whose next part failed."""
    return nmsg(
        "{n} part of {count} stands on X; the next did not go through.",
        "{n} parts of {count} stand on X; the next did not go through.",
        n=posted,
        count=count,
    )


def _stand_at_least(posted: int, count: int) -> Message:
    """What stands of a thread of whose next part nobody knows."""
    return nmsg(
        "{n} part of {count} stands on X; of the next it is not known.",
        "{n} parts of {count} stand on X; of the next it is not known.",
        n=posted,
        count=count,
    )


_GOES_ON: Final = msg("Try again goes on with the part that failed; it is asked once more.")
_ANSWER_IT: Final = msg(
    "Reply goes on behind what stands, with other words. "
    "Running the command again would post those parts twice."
)
_BEHIND_THE_LAST: Final = msg(
    "Look at the account on X which part is the last that stands there, and go on behind it with "
    "`tweet reply`. Running the command again would post the parts that stand twice."
)
_UNNAMED: Final = AttemptProblem(
    msg("A part of the thread cannot be found"),
    msg("Xquik says that it was posted, and not as which tweet; so nothing was hung on to it."),
    msg("Look at the account on X before you post the rest."),
)
_NOTHING: Final = AttemptProblem(
    msg("This cannot be posted"), msg("There is no part in it."), msg("Run the command again.")
)
