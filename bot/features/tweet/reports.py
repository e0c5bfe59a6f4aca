"""Cards of `tweet translate`, `tweet insights` and `tweet action`. Pure; texts of X stand in quotes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.cards.figures import count, credits_
from bot.cards.tweets import OPEN_ON_X
from bot.core.chat.cards import Block, Button, Card, Code, Field, Fields, Line, Quote, Text, Tone, line
from bot.core.messages.message import Duration, Message, msg
from bot.core.x.languages import language_said, same_but_for_region
from bot.core.x.references import TweetRef
from bot.xquik.models import TweetInsights, TweetTranslation, WriteAction

_HOUR: Final = 3_600


def translation_card(tweet: TweetRef, translation: TweetTranslation) -> Card:
    """What it says in another language."""
    language, source = language_said(translation.language), translation.source_language
    said = (
        msg("Into {language}, by X.", language=language)
        if not source
        else msg("It is in {language} already, says X, and gives it as it is.", language=language)
        if same_but_for_region(source, translation.language)
        else msg("From {source} into {language}, by X.", source=language_said(source), language=language)
    )
    return Card(
        msg("Translated tweet"),
        (Quote(translation.text, url=tweet.url), Text(line(said), subtle=True)),
        Tone.NEUTRAL,
        (Button(OPEN_ON_X, url=tweet.url),),
    )


def insights_card(tweet: TweetRef, insights: TweetInsights) -> Card:
    """How a tweet does, for its age and its author."""
    counts = insights.metrics
    fields = [
        Field(msg("Engagements"), (count(round(insights.engagements)),)),
        Field(msg("Per hour"), (_number(insights.engagements_per_hour),)),
        Field(msg("Share of views"), (_percent(insights.engagement_per_view),)),
        Field(msg("Share of followers"), (_percent(insights.engagement_rate),)),
        Field(msg("Reposts and quotes per like"), (_number(insights.amplification),)),
        Field(msg("Replies per like"), (_number(insights.conversation),)),
        Field(msg("Likes"), (count(round(counts.likes)),)),
        Field(msg("Reposts"), (count(round(counts.reposts)),)),
        Field(msg("Replies"), (count(round(counts.replies)),)),
        Field(msg("Quotes"), (count(round(counts.quotes)),)),
        Field(msg("Views"), (count(round(counts.views)),)),
        Field(msg("Bookmarks"), (count(round(counts.bookmarks)),)),
    ]
    blocks: list[Block] = [Fields(tuple(fields))]
    if insights.age_hours is not None and insights.age_hours >= 0:
        age = Duration(insights.age_hours * _HOUR)
        blocks.append(
            Text(line(msg("The tweet is {age} old. A dash: nothing to divide by.", age=age)), subtle=True)
        )
    title = (
        msg("Insights into a tweet by @{author}", author=insights.author)
        if insights.author
        else msg("Insights into a tweet")
    )
    return Card(title, tuple(blocks), Tone.INFO, (Button(OPEN_ON_X, url=tweet.url),))


def _number(value: float | None) -> str:
    return "–" if value is None else msg("{number}", number=round(value, 2))


def _percent(value: float | None) -> str:
    return "–" if value is None else msg("{number} %", number=round(value, 2))


_STATUS: Final[Mapping[str, tuple[Message, Tone]]] = {
    "accepted": (msg("accepted, not sent yet"), Tone.INFO),
    "dispatching": (msg("being sent to X"), Tone.INFO),
    "pending_confirmation": (msg("sent, not confirmed by X yet"), Tone.INFO),
    "success": (msg("done on X"), Tone.SUCCESS),
    "failed": (msg("failed"), Tone.DANGER),
    "expired": (msg("over, and its outcome is not known"), Tone.WARNING),
}


def action_card(action: WriteAction) -> Card:
    """How a write on X stands."""
    said, tone = _STATUS.get(action.status, (action.status, Tone.NEUTRAL))
    fields = [
        Field(msg("Action"), (Code(action.action or "–"),)),
        Field(msg("Status"), (said,)),
        Field(msg("Charged"), (credits_(action.charged_credits),)),
    ]
    if action.account:
        fields.insert(1, Field(msg("Account"), (f"@{action.account}",)))
    if action.code:
        fields.append(Field(msg("Code"), (Code(action.code),)))
    blocks: list[Block] = [Fields(tuple(fields))]
    if action.message:
        blocks.append(Quote(action.message))
    blocks.append(Text(_next(action), subtle=True))
    buttons = () if action.tweet_id is None else (Button(OPEN_ON_X, url=TweetRef(action.tweet_id).url),)
    return Card(msg("Write on X"), tuple(blocks), tone, buttons)


def _next(action: WriteAction) -> Line:
    if action.succeeded:
        return line(msg("Nothing is left to do."))
    if action.outcome_unknown:
        return line(msg("It may have happened. Look on X before you ask for it once more."))
    if action.failed and action.safe_to_retry:
        return line(msg("X was not reached: it can be asked for once more."))
    if action.failed:
        return line(msg("It did not happen. Change what the reason names, and ask for it once more."))
    return line(msg("It is not over yet. Look it up again in a moment."))
