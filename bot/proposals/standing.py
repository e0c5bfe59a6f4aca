"""What stands on X of a thread, in its outcome, however it ended: the way to each part, and what can be done
with the last one. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Button, ButtonStyle, Code, Line, Priority, Text
from bot.core.messages.message import Joined, JoinedBy, msg, nmsg
from bot.proposals.contents import stands_words, tweet_url
from bot.storage.writes.posted import BEFORE, POSTED, WRITES, made_by, standing_of


class StandingThread(msgspec.Struct, frozen=True):
    """tweets: number (from 1) and id of each part that stands, in order. writes: Xquik's records of them.
    before: credits that the parts before this attempt cost. reply, delete: what can be done with the last."""

    tweets: tuple[tuple[int, str], ...]
    writes: tuple[str, ...]
    before: int
    reply: ActionRef
    delete: ActionRef

    @property
    def url(self) -> str | None:
        """Where it begins; None where nothing of it stands any more."""
        return tweet_url(self.tweets[0][1]) if self.tweets else None

    def buttons(self) -> tuple[Button, ...]:
        """To it, on from its end, and its end away; none where nothing stands."""
        if not self.tweets:
            return ()
        away = msg("Delete the last part") if len(self.tweets) > 1 else msg("Delete")
        return (
            Button(msg("Open on X"), url=self.url),
            Button(msg("Reply"), self.reply),
            Button(away, self.delete, style=ButtonStyle.DANGER),
        )

    def links(self) -> tuple[Text, ...]:
        """The way to each part."""
        said = stands_words(self.tweets)
        return (Text((said,), priority=Priority.ESSENTIAL),) if self.tweets else ()

    def costs(self) -> Line:
        """What the parts before this attempt cost; nothing where there were none."""
        if not self.before:
            return ()
        told = nmsg("The parts before it: {n} credit.", "The parts before it: {n} credits.", n=self.before)
        return (" ", told)

    def records(self) -> Line:
        """By which ids Xquik's records of its parts are looked up."""
        if not self.writes:
            return ()
        ids = Joined(tuple(Code(one) for one in self.writes), JoinedBy.COMMA)
        single = len(self.writes) == 1
        return (" ", msg("Write: {id}.", id=ids) if single else msg("Writes: {ids}.", ids=ids))


def standing(result: Mapping[str, Any], *, reply: ActionRef, delete: ActionRef) -> StandingThread | None:
    """That of a thread, from the result of its proposal; None for what is none, or left nothing."""
    if not result.get(POSTED):
        return None
    still = set(standing_of(result))
    tweets = tuple((number, one) for number, one in enumerate(made_by(result), 1) if one in still)
    writes = tuple(str(one) for one in result.get(WRITES) or ())
    return StandingThread(tweets, writes, int(result.get(BEFORE) or 0), reply, delete)
