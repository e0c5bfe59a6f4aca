"""Posting a thread: part by part, each once, and on from the part that failed.

The payload: account, account_id, parts (texts, in order), and reply_to_tweet_id where the first part answers
a tweet, as the rest of a thread does whose beginning stands already.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

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
from bot.storage.writes.proposal_rows import StoredProposal
from bot.storage.writes.thread_parts import ThreadPart, ThreadParts

POSTED: Final = "posted"
"""In the result of a thread that ended early: the ids of the tweets that stand on X, in order."""


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
        last = str(proposal.payload.get("reply_to_tweet_id") or "")
        for part, text in zip(found, texts, strict=True):
            if part.tweet is not None:
                posted.append(part)
                last = part.tweet
                continue
            outcome = await self._post(proposal, part, text, last, again=again)
            if not isinstance(outcome, AttemptDone):
                return _ended(outcome, posted, len(texts))
            tweet = str(outcome.result.get("tweet_id") or "")
            charged = int(outcome.result.get("charged") or 0)
            if not tweet:
                # Nothing can be hung on to it, and as a tweet of its own the next would stand alone.
                return _ended(AttemptUnknown(_UNNAMED), posted, len(texts))
            await self._parts.posted(proposal.tenant, proposal.id, part.number, tweet, charged)
            posted.append(replace(part, tweet=tweet, charged=charged))
            last, again = tweet, False
        total = sum(part.charged for part in posted)
        return AttemptDone({"tweet_id": posted[0].tweet, "charged": total, POSTED: _ids(posted)})

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
    posted = [str(one) for one in result.get(POSTED) or ()]
    if not posted:
        return dict(payload)
    return {**payload, "parts": list(payload["parts"])[len(posted) :], "reply_to_tweet_id": posted[-1]}


def _ids(posted: Sequence[ThreadPart]) -> list[str]:
    return [part.tweet for part in posted if part.tweet]


def _ended(outcome: AttemptResult, posted: Sequence[ThreadPart], count: int) -> AttemptResult:
    """How a part ended, or stands, told of the whole thread."""
    if isinstance(outcome, Accepted | NoAnswer | AttemptDone) or not posted:
        return outcome
    unknown = isinstance(outcome, AttemptUnknown)
    stands = (_stand_at_least if unknown else _stand)(len(posted), count)
    told = outcome.result.get("charged")
    charged = sum(part.charged for part in posted) + int(told or 0)
    result = {**outcome.result, POSTED: _ids(posted), "charged": charged, "tweet_id": posted[0].tweet}
    if told is None and unknown:
        # The part in doubt may have cost something: budgets count what was reserved.
        result["charged"] = None
    problem = replace(outcome.problem, detail=sentences(stands, outcome.problem.detail))
    if isinstance(outcome, AttemptUnknown):
        return AttemptUnknown(problem, result)
    if problem.again:
        problem = replace(
            problem, remedy=msg("Try again goes on with the part that failed; it is asked once more.")
        )
    return AttemptFailed(problem, result)


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


_UNNAMED: Final = AttemptProblem(
    msg("A part of the thread cannot be found"),
    msg("Xquik says that it was posted, and not as which tweet; so nothing was hung on to it."),
    msg("Look at the account on X before you post the rest."),
)
_NOTHING: Final = AttemptProblem(
    msg("This cannot be posted"), msg("There is no part in it."), msg("Run the command again.")
)
