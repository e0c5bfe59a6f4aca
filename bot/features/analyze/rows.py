"""Posts with their answers, a page at a time: where they come from, and what is said of those without."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from bot.core.commands.listing import PageRows
from bot.core.errors import Expired, NotFound, OutcomeUnknown, UsageError
from bot.core.messages.message import Joined, JoinedBy, Message, msg, nmsg
from bot.core.text.shortening import cut
from bot.features.analyze.args import SourceArgs
from bot.features.analyze.cards import Given, Judged
from bot.features.services import CommandCall
from bot.features.shared.own_drafts import draft_for, is_own
from bot.xquik.models import Analysis, AnalysisAnswer, AnalyzedPost, UnanalyzedPost
from bot.xquik.resources.analyses import AnalysisKind, AnalysisQuestion, AnalyzedSource

_REASONS: Final[Mapping[str, Message]] = {
    "post_unavailable": nmsg("{n} is not to be had on X", "{n} are not to be had on X", n=1),
    "missing_text": nmsg("{n} has no text", "{n} have no text", n=1),
    "insufficient_credits": nmsg("credits ran out before {n}", "credits ran out before {n}", n=1),
    "context_limit": nmsg("{n} is too long", "{n} are too long", n=1),
}
_FAILED: Final = nmsg("{n} failed; ask for it again", "{n} failed; ask for them again", n=1)


async def judged(
    call: CommandCall,
    kind: AnalysisKind,
    args: SourceArgs,
    cursor: str,
    size: int,
    *,
    questions: Sequence[AnalysisQuestion] = (),
    targets: Sequence[str] = (),
) -> PageRows[Judged]:
    """A page of them. What is given one by one is cut into pages here; of the rest Xquik has the cursor."""
    source, start = await _source(call, args, cursor, size)
    total = len(args.tweets) or len(args.drafts) or (1 if args.text else 0)
    xquik = await call.xquik()
    try:
        found = await xquik.analyses.ask(
            kind,
            source,
            questions=questions,
            targets=targets,
            cursor=None if total else cursor or None,
            limit=size,
        )
    except OutcomeUnknown as error:
        raise OutcomeUnknown(
            msg("Xquik's answer did not come through; it may have been charged."),
            remedy=msg("`credits` shows the balance. Asking again analyzes them anew."),
            code=error.code,
        ) from None
    asked = {one.id: one for one in questions}
    rows = tuple(_row(one, asked, start) for one in found.posts.items)
    after = found.posts.next_cursor or ""
    if total:
        after = str(start + size) if start + size < total else ""
    unread = found.posts.unreadable
    return PageRows(rows, after, partial=_partial(found.unanalyzed), unreadable=unread, note=_signals(found))


async def _source(call: CommandCall, args: SourceArgs, cursor: str, size: int) -> tuple[AnalyzedSource, int]:
    """What is asked for on this page, and how many stand before it of what is given one by one."""
    if args.order and args.search is None:
        raise UsageError(
            msg("`order` says which tweets of a search come first, and this is no search."),
            option="order",
            example='analyze sentiment "mars rover" order:top',
        )
    if not (args.tweets or args.drafts or args.text):
        return AnalyzedSource(
            query=args.search,
            query_type=args.order.capitalize() if args.order else None,
            username=str(args.user) if args.user else None,
            replies_to=args.replies.id if args.replies else None,
            quotes_of=args.quotes.id if args.quotes else None,
        ), 0
    if cursor and not cursor.isdecimal():
        raise Expired(msg("This page cannot be read any more."))
    start = int(cursor or 0)
    if args.tweets:
        return AnalyzedSource(tweet_ids=tuple(one.id for one in args.tweets[start : start + size])), start
    if args.text:
        return AnalyzedSource(texts=(args.text,)), 0
    return AnalyzedSource(texts=await _texts(call, args.drafts[start : start + size])), start


async def _texts(call: CommandCall, drafts: Sequence[str]) -> tuple[str, ...]:
    """Of one's own drafts alone: the answer is seen by the channel."""
    found = [await draft_for(call, one) for one in drafts]
    for given, draft in zip(drafts, found, strict=True):
        if not await is_own(call, draft.id):
            raise NotFound(
                msg("Draft {draft} is not yours.", draft=repr(cut(given, 40))),
                remedy=msg("`draft list` shows yours."),
            )
    return tuple(draft.text for draft in found)


def _row(post: AnalyzedPost, asked: Mapping[str, AnalysisQuestion], start: int) -> Judged:
    number = post.id.removeprefix("text:")
    own = number != post.id and number.isdecimal()
    if own:
        post = msgspec.structs.replace(post, id=f"text:{start + int(number)}")
    given = tuple(_given(one, asked.get(one.question_id)) for one in post.answers)
    return Judged(post.id, post, given)


def _given(answer: AnalysisAnswer, question: AnalysisQuestion | None) -> Given:
    words = question.text if question else answer.question_id.replace("_", " ").capitalize()
    return Given(words, answer, _value(answer, question))


def _value(answer: AnalysisAnswer, question: AnalysisQuestion | None) -> str:
    """What was chosen, in the words of the question where they are one's own; "" for a probability."""
    if isinstance(answer.value, str):
        meant = dict(question.categories) if question else {}
        return meant.get(answer.value, answer.value.replace("_", " "))
    if answer.value is None or not 0 <= (at := round(answer.value)) < len(answer.levels):
        return "" if answer.value is None else f"{answer.value:g}"
    return answer.levels[at]


def _partial(missing: Sequence[UnanalyzedPost]) -> str:
    if not missing:
        return ""
    counted = Counter(one.reason for one in missing)
    said = [_counted(_REASONS.get(reason, _FAILED), number) for reason, number in counted.items()]
    return nmsg(
        "{n} is not analyzed, and costs nothing: {reasons}.",
        "{n} are not analyzed, and cost nothing: {reasons}.",
        n=len(missing),
        reasons=Joined(tuple(said), JoinedBy.COMMA),
    )


def _counted(words: Message, number: int) -> Message:
    return Message(words.id, {"n": number}, plural=words.plural)


def _signals(found: Analysis) -> tuple[Message | str, ...]:
    """What is said for and against cashtags, as a line."""
    said: list[Message | str] = []
    for one in found.cashtags:
        if one.signal is not None:
            said += [" · "] if said else []
            said.append(
                msg(
                    "{cashtag}: {bullish} for, {bearish} against",
                    cashtag=one.cashtag,
                    bullish=one.signal.bullish,
                    bearish=one.signal.bearish,
                )
            )
    return tuple(said)
