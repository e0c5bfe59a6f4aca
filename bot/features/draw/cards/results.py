"""Giveaway draws: what was drawn, on what evidence, and whom backups replaced since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from bot.cards.draws import entrants, tweet_url
from bot.cards.figures import count, epoch
from bot.cards.people import people
from bot.core.chat.cards import (
    Block,
    Bold,
    Button,
    Card,
    Code,
    Field,
    Fields,
    Inline,
    Line,
    Link,
    Priority,
    Quote,
    Table,
    Text,
    Timestamp,
    Tone,
    line,
)
from bot.core.commands.local_numbers import written
from bot.core.messages.message import Message, msg, nmsg
from bot.core.text.shortening import shorten
from bot.core.x.draw_moves import Move
from bot.features.draw.cards.succession import PrizeHolder, backup_standings, person_at, winner_standings
from bot.xquik.models import Draw, DrawDetail, Winner

_MOVES_TOLD = 10


class Evidence(msgspec.Struct, frozen=True):
    """What a result is judged by, besides the answer itself.

    tweet: as it was previewed. filters: in words. winners, backups: how many were asked for. requester,
    confirmer: their names; requester_id, confirmer_id: the platform's ids. asked_at, confirmed_at: epoch
    seconds. credits: an estimate of what was charged; the answer does not say.
    """

    tweet: Quote | None
    filters: tuple[str, ...]
    winners: int
    backups: int
    requester: str
    requester_id: str
    confirmer: str
    confirmer_id: str
    asked_at: float
    confirmed_at: float | None
    credits: int


def draw_card(
    detail: DrawDetail,
    buttons: tuple[Button, ...] = (),
    *,
    moves: Sequence[Move] = (),
    evidence: Evidence | None = None,
    number: int | None = None,
) -> Card:
    """The result: the tweet, winners, backups, the rules, who asked, and how many replies were inspected.

    moves: the backups that have moved up. evidence: of a draw that was asked for here. number: what the
    place calls it.
    """
    draw = detail.draw
    blocks: list[Block] = []
    tweet = _tweet(draw) or (evidence.tweet if evidence else None)
    if tweet is not None:
        blocks.append(replace(tweet, priority=Priority.QUOTED))
    winners, backups = detail.main_winners, detail.backups
    if winners:
        blocks.append(Text(line(Bold(_winners(len(winners))))))
        blocks.append(_people(winners, winner_standings(detail, moves)))
    else:
        blocks.append(Text(_without_winners(detail), priority=Priority.ESSENTIAL))
    if backups:
        blocks.append(Text(line(Bold(_backups(len(backups), len(moves))))))
        blocks.append(_people(backups, backup_standings(detail, moves)))
    if moves:
        blocks.append(Text(line(_told(detail, moves)), subtle=True, priority=Priority.ESSENTIAL))
    blocks.append(Fields((*_coverage(draw, number), *_asked(evidence)), Priority.ESSENTIAL))
    if draw.tweet_reply_count and draw.total_entries < draw.tweet_reply_count:
        partial = _partial(draw.tweet_reply_count - draw.total_entries)
        blocks.append(Text(partial, priority=Priority.ESSENTIAL))
    blocks.append(Text(_whose(evidence), subtle=True, priority=Priority.ESSENTIAL))
    tone = Tone.SUCCESS if winners else Tone.WARNING
    return Card(_title(draw), tuple(blocks), tone, buttons)


def _title(draw: Draw) -> Message:
    if draw.status == "completed":
        return msg("Draw result")
    return msg("Draw ({status})", status=shorten(draw.status, 30))


def _winners(count: int) -> Message:
    return nmsg("{n} winner", "{n} winners", n=count)


def _backups(count: int, moved: int = 0) -> Message:
    """moved: how many of them have moved up."""
    if not moved:
        return nmsg("{n} backup", "{n} backups", n=count)
    return nmsg("{n} backup, {moved} moved up", "{n} backups, {moved} moved up", n=count, moved=moved)


def _partial(missing: int) -> Line:
    """missing: replies that were not inspected."""
    could_not = nmsg(
        "at least {n} reply could not win, because credits ran out or X did not show them.",
        "at least {n} replies could not win, because credits ran out or X did not show them.",
        n=missing,
    )
    return line(Bold(msg("Not every reply was inspected:")), " ", could_not)


def _whose(evidence: Evidence | None) -> Line:
    if evidence is None:
        return line(
            msg("This draw was not run by this bot here, so its rules and who asked for it are not known.")
        )
    cost = nmsg(
        "Charged: about {n} credit (estimated from the entries inspected).",
        "Charged: about {n} credits (estimated from the entries inspected).",
        n=evidence.credits,
    )
    return line(people(evidence.requester, evidence.confirmer), " ", cost)


def _asked(evidence: Evidence | None) -> tuple[Field, ...]:
    """The rules and the times of what was confirmed."""
    if evidence is None:
        return ()
    wanted = _winners(evidence.winners)
    if evidence.backups:
        wanted = msg("{winners}, {backups}", winners=wanted, backups=_backups(evidence.backups))
    times = [Field(msg("Requested"), (Timestamp(evidence.asked_at),))]
    if evidence.confirmed_at is not None:
        times.append(Field(msg("Confirmed"), (Timestamp(evidence.confirmed_at),)))
    return (
        Field(msg("Asked for"), (wanted,)),
        *times,
        Field(msg("Who could win"), (entrants(evidence.filters),), short=False),
    )


def _told(detail: DrawDetail, moves: Sequence[Move]) -> Message:
    """Whom each backup replaced, by whom, and when; the newest last."""
    first, *others = (_moved(detail, move) for move in moves[-_MOVES_TOLD:])
    told = first
    for one in others:
        told = msg("{before}; {after}", before=told, after=one)
    rest = len(moves) - _MOVES_TOLD
    if rest <= 0:
        return msg("Moved up: {moves}.", moves=told)
    return nmsg(
        "Moved up: {moves}; and {n} before them.",
        "Moved up: {moves}; and {n} before them.",
        n=rest,
        moves=told,
    )


def _moved(detail: DrawDetail, move: Move) -> Message:
    up, before = person_at(detail, f"b{move.position}"), person_at(detail, move.replaces)
    who = f"@{up.author_username}" if up else msg("backup {number}", number=move.position)
    when = Timestamp(move.at)
    if before is None:
        if not move.by_name:
            return msg("{who} ({when})", who=who, when=when)
        return msg("{who} (by {by}, {when})", who=who, by=move.by_name, when=when)
    of = before.author_username
    if not move.by_name:
        return msg("{who} in place of @{before} ({when})", who=who, before=of, when=when)
    return msg(
        "{who} in place of @{before} (by {by}, {when})", who=who, before=of, by=move.by_name, when=when
    )


def _without_winners(detail: DrawDetail) -> Line:
    """Why there is nobody to show, as far as the answer tells it."""
    draw = detail.draw
    again = msg(
        "Do not draw again yet, as that costs credits again: `draw show {draw}` asks once more.", draw=draw.id
    )
    if draw.valid_entries:
        return line(_unnamed(detail), " ", again)
    if draw.status != "completed":
        return line(msg("The draw has not finished, so nobody has won yet."), " ", again)
    if not draw.total_entries:
        return line(
            msg(
                "No reply was inspected, so nobody could win: there were none, X did not show them, or the "
                "credits ran out."
            )
        )
    return line(msg("No reply passed every filter, so nobody won. Relax a filter and draw again."))


def _unnamed(detail: DrawDetail) -> Message:
    """There are valid entries, and no winner among the names."""
    entries = detail.draw.valid_entries
    if detail.winners is None:
        return nmsg(
            "There is {n} valid entry, and Xquik did not say who won.",
            "There are {n} valid entries, and Xquik did not say who won.",
            n=entries,
        )
    if detail.backups:
        return nmsg(
            "There is {n} valid entry, and Xquik names no winner, only backups.",
            "There are {n} valid entries, and Xquik names no winner, only backups.",
            n=entries,
        )
    return nmsg(
        "There is {n} valid entry, and Xquik names no winner.",
        "There are {n} valid entries, and Xquik names no winner.",
        n=entries,
    )


def _people(people: tuple[Winner, ...], standings: tuple[str, ...] = ()) -> Table:
    """A row each. standings: how each stands since; shown where any says something."""
    told = any(standings)
    rows: list[tuple[Line, ...]] = []
    for number, one in enumerate(people):
        name = f"@{one.author_username}"
        profile: Inline = Link(name, f"https://x.com/{one.author_username}") if one.author_username else name
        reply: Inline = (
            Link(msg("reply"), f"https://x.com/{one.author_username or 'i'}/status/{one.tweet_id}")
            if one.tweet_id and one.tweet_id.isdigit()
            else "–"
        )
        now: tuple[Line, ...] = ((standings[number] or "–",),) if told else ()
        rows.append(((count(one.position),), (profile,), (reply,), *now))
    columns = ("#", msg("Account"), msg("Entry"), *((msg("Now"),) if told else ()))
    return Table(columns, tuple(rows))


def _tweet(draw: Draw) -> Quote | None:
    """The tweet of a draw, where the answer tells its text."""
    if not draw.tweet_text:
        return None
    author = f"@{draw.tweet_author_username}" if draw.tweet_author_username else ""
    return Quote(shorten(draw.tweet_text, 280), author=author, url=tweet_url(draw))


def _coverage(draw: Draw, number: int | None) -> tuple[Field, ...]:
    fields = [
        Field(msg("Inspected"), (_inspected(draw),)),
        Field(msg("Valid entries"), (count(draw.valid_entries),)),
        Field(msg("Draw id"), (draw.id,)),
    ]
    if number is not None:
        fields.insert(2, Field(msg("Draw"), (Code(written(number)),)))
    drawn = epoch(draw.drawn_at or draw.created_at)
    if drawn:
        fields.append(Field(msg("Drawn"), (Timestamp(drawn),)))
    return tuple(fields)


def _inspected(draw: Draw) -> str:
    """How many entries, of how many replies; where there are more, reposters were among them."""
    entries, replies = draw.total_entries, draw.tweet_reply_count or 0
    if not replies:
        return count(entries)
    if entries <= replies:
        return nmsg("{entries} of {n} reply", "{entries} of {n} replies", n=replies, entries=entries)
    return nmsg(
        "{entries}: {n} reply, and reposters",
        "{entries}: {n} replies, and reposters",
        n=replies,
        entries=entries,
    )


def next_backup_card(draw: str, backup: Winner, before: PrizeHolder | None, moved: int, left: int) -> Card:
    """A backup moves up. draw: what the place calls it; before: whose place it takes; moved: how many backups
    have moved up now; left: how many remain."""
    name = backup.author_username
    if before is None:
        place = msg("@{name} moves up; no winner was drawn before.", name=name)
    else:
        place = msg("@{name} takes the place of @{before}.", name=name, before=before.username)
    standing = nmsg(
        "{n} backup left · draw {draw} · moved up so far: {moved}",
        "{n} backups left · draw {draw} · moved up so far: {moved}",
        n=left,
        draw=draw,
        moved=moved,
    )
    blocks = (Text(line(place)), _people((backup,)), Text(line(standing), subtle=True))
    return Card(msg("The next backup moves up"), blocks, Tone.SUCCESS)
