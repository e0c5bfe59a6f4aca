"""`media subtitles`: what is said in the videos of a tweet, as files that players and editors read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from bot.cards.figures import count
from bot.cards.tweets import OPEN_ON_X
from bot.core.chat.answers import Reply
from bot.core.chat.cards import Block, Button, Card, File, Quote, Table, Text, Tone, line
from bot.core.commands.declaring import Option
from bot.core.messages.message import msg, nmsg
from bot.core.text.shortening import shorten
from bot.core.x import prices
from bot.core.x.languages import code_in_tweets
from bot.core.x.references import TweetRef
from bot.features.services import CommandCall
from bot.features.shared.languages import InLanguage, asked_language
from bot.features.shared.tweet_args import TweetArgs
from bot.xquik.models import SubtitleTrack

MOST_FILES: Final = 8
"""Files of one answer: fewer than any platform takes with a message."""
_BEGINNING: Final = 500
_NAME: Final = 40
_CODE: Final = re.compile(r"[^a-z0-9-]+")
_HOUR: Final = 3_600_000
_MINUTE: Final = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SubtitlesArgs(TweetArgs):
    """Of which tweet, and as what."""

    language: InLanguage = None
    format: Annotated[str, Option("As which file", choices={"srt": "srt", "vtt": "vtt"})] = "srt"


async def subtitles(call: CommandCall, args: SubtitlesArgs) -> Reply:
    """A file for each language that was asked for."""
    wanted = asked_language(args.language, example=f"media subtitles {args.tweet.id} language:en")
    xquik = await call.xquik()
    tracks = (await xquik.tweets.subtitles(args.tweet.id)).tracks
    chosen = [one for one in tracks if wanted is None or _is_in(one, wanted)]
    charged = prices.LOOKUP if tracks else 0
    if not chosen:
        return Reply(_none_card(args.tweet, tracks), charged=charged)
    shown = chosen[:MOST_FILES]
    files = tuple(
        subtitle_file(args.tweet.id, number, one, args.format) for number, one in enumerate(shown, 1)
    )
    return Reply(subtitles_card(args.tweet, chosen), files=files, charged=charged)


def _is_in(track: SubtitleTrack, code: str) -> bool:
    own = (track.language or "").lower().partition("-")[0]
    return code_in_tweets(own) == code.partition("-")[0]


def subtitles_card(tweet: TweetRef, tracks: Sequence[SubtitleTrack]) -> Card:
    """Which there are, and how the first one begins. Pure."""
    rows = tuple(
        (
            (track.language or "–",),
            (shorten(track.name or "", _NAME) or "–",),
            (msg("heard by X") if track.auto_generated else msg("by the uploader"),),
            (count(len(track.cues)),),
        )
        for track in tracks
    )
    blocks: list[Block] = [Table((msg("Language"), msg("Name"), msg("Made"), msg("Lines")), rows)]
    if beginning := shorten(tracks[0].text, _BEGINNING):
        blocks.append(Quote(beginning, url=tweet.url))
    left = len(tracks) - MOST_FILES
    if left > 0:
        more = nmsg("{n} more comes with `language`.", "{n} more come with `language`.", n=left)
        blocks.append(Text(line(more), subtle=True))
    if any(track.truncated for track in tracks):
        blocks.append(
            Text(line(msg("The video is long: the subtitles go on, and X gave no more.")), subtle=True)
        )
    return Card(msg("Subtitles of tweet {id}", id=tweet.id), tuple(blocks), Tone.INFO, (_open(tweet),))


def _none_card(tweet: TweetRef, tracks: Sequence[SubtitleTrack]) -> Card:
    if tracks:
        codes = ", ".join(sorted({track.language or "?" for track in tracks}))
        said = msg("There are none in this language, but in: {languages}.", languages=codes)
    else:
        said = msg("This tweet has no video with subtitles. `media get {id}` saves what it has.", id=tweet.id)
    return Card(msg("No subtitles"), (Text(line(said)),), Tone.INFO, (_open(tweet),))


def subtitle_file(tweet_id: str, number: int, track: SubtitleTrack, form: str) -> File:
    """One track as SubRip or WebVTT. number: from 1, since two tracks may be in one language. Pure."""
    language = _CODE.sub("", (track.language or "").lower()) or "unknown"
    name = f"subtitles-{tweet_id}-{number}-{language}.{form}"
    if form == "vtt":
        cues = [
            f"{_clock(c.start_ms, '.')} --> {_clock(c.end_ms, '.')}\n{_lines(c.text)}\n" for c in track.cues
        ]
        text = "\n".join(("WEBVTT\n", *cues))
        return File(name, "text/vtt", text.encode("utf-8", "replace"))
    cues = [
        f"{at}\n{_clock(c.start_ms, ',')} --> {_clock(c.end_ms, ',')}\n{_lines(c.text)}\n"
        for at, c in enumerate(track.cues, 1)
    ]
    return File(name, "application/x-subrip", "\n".join(cues).encode("utf-8", "replace"))


def _lines(text: str) -> str:
    """The lines of a cue: an empty one, or an arrow, would end it."""
    kept = (one.strip() for one in text.replace("-->", "→").splitlines())
    return "\n".join(one for one in kept if one) or "…"


def _clock(milliseconds: int, mark: str) -> str:
    """ "01:02:03,004". mark: before the thousandths."""
    left = max(0, milliseconds)
    hours, left = divmod(left, _HOUR)
    minutes, left = divmod(left, _MINUTE)
    seconds, thousandths = divmod(left, 1_000)
    return f"{hours:02}:{minutes:02}:{seconds:02}{mark}{thousandths:03}"


def _open(tweet: TweetRef) -> Button:
    return Button(OPEN_ON_X, url=tweet.url)
