"""Giveaway draws: what was drawn, on what evidence, and whom backups replaced since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.cards.draws import entrants, tweet_url
from bot.cards.figures import count, epoch, plural
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
from bot.core.messages.message import nmsg
from bot.core.text.shortening import shorten
from bot.core.x.draw_moves import Move
from bot.features.draw.cards.succession import PrizeHolder, backup_standings, person_at, winner_standings
from bot.xquik.models import Draw, DrawDetail, Winner

_MOVES_TOLD = 10


@dataclass(frozen=True, slots=True)
class Evidence:
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
        blocks.append(Text(line(Bold(plural(len(winners), "winner")))))
        blocks.append(_people(winners, winner_standings(detail, moves)))
    else:
        blocks.append(Text(_without_winners(detail), priority=Priority.ESSENTIAL))
    if backups:
        up = f", {len(moves):,} moved up" if moves else ""
        blocks.append(Text(line(Bold(plural(len(backups), "backup") + up))))
        blocks.append(_people(backups, backup_standings(detail, moves)))
    if moves:
        blocks.append(Text(_told(detail, moves), subtle=True, priority=Priority.ESSENTIAL))
    blocks.append(Fields((*_coverage(draw, number), *_asked(evidence)), Priority.ESSENTIAL))
    if draw.tweet_reply_count and draw.total_entries < draw.tweet_reply_count:
        missing = draw.tweet_reply_count - draw.total_entries
        partial = line(
            Bold("Not every reply was inspected: "),
            f"at least {plural(missing, 'reply', 'replies')} could not win, because credits ran out "
            "or X did not show them.",
        )
        blocks.append(Text(partial, priority=Priority.ESSENTIAL))
    blocks.append(Text(_whose(evidence), subtle=True, priority=Priority.ESSENTIAL))
    title = "Draw result" if draw.status == "completed" else f"Draw ({shorten(draw.status, 30)})"
    tone = Tone.SUCCESS if winners else Tone.WARNING
    return Card(title, tuple(blocks), tone, buttons)


def _whose(evidence: Evidence | None) -> Line:
    if evidence is None:
        return line(
            "This draw was not run by this bot here, so its rules and who asked for it are not known."
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
    wanted = plural(evidence.winners, "winner")
    if evidence.backups:
        wanted += f", {plural(evidence.backups, 'backup')}"
    times = [Field("Requested", (Timestamp(evidence.asked_at),))]
    if evidence.confirmed_at is not None:
        times.append(Field("Confirmed", (Timestamp(evidence.confirmed_at),)))
    return (
        Field("Asked for", (wanted,)),
        *times,
        Field("Who could win", (entrants(evidence.filters),), short=False),
    )


def _told(detail: DrawDetail, moves: Sequence[Move]) -> Line:
    """Whom each backup replaced, by whom, and when; the newest last."""
    told: list[Inline] = ["Moved up: "]
    for number, move in enumerate(moves[-_MOVES_TOLD:]):
        up, before = person_at(detail, f"b{move.position}"), person_at(detail, move.replaces)
        name = f"@{up.author_username}" if up else f"backup {move.position}"
        of = f" in place of @{before.author_username}" if before else ""
        by = f"by {move.by_name}, " if move.by_name else ""
        told += ["; " if number else "", f"{name}{of} ({by}", Timestamp(move.at), ")"]
    rest = len(moves) - _MOVES_TOLD
    told.append(f"; and {rest:,} before them." if rest > 0 else ".")
    return tuple(part for part in told if part)


def _without_winners(detail: DrawDetail) -> Line:
    """Why there is nobody to show, as far as the answer tells it."""
    draw = detail.draw
    again = (
        " Do not draw again yet, as that costs credits again: ",
        Code(f"draw show {draw.id}"),
        " asks once more.",
    )
    if draw.valid_entries:
        entries = plural(draw.valid_entries, "valid entry", "valid entries")
        said = "names no winner" if detail.winners is not None else "did not say who won"
        rest = ", only backups" if detail.backups else ""
        return line(
            f"There {'is' if draw.valid_entries == 1 else 'are'} {entries}, and Xquik {said}{rest}.", *again
        )
    if draw.status != "completed":
        return line("The draw has not finished, so nobody has won yet.", *again)
    if not draw.total_entries:
        return line(
            "No reply was inspected, so nobody could win: there were none, X did not show them, or the "
            "credits ran out."
        )
    return line("No reply passed every filter, so nobody won. Relax a filter and draw again.")


def _people(people: tuple[Winner, ...], standings: tuple[str, ...] = ()) -> Table:
    """A row each. standings: how each stands since; shown where any says something."""
    told = any(standings)
    rows: list[tuple[Line, ...]] = []
    for number, one in enumerate(people):
        name = f"@{one.author_username}"
        profile: Inline = Link(name, f"https://x.com/{one.author_username}") if one.author_username else name
        reply: Inline = (
            Link("reply", f"https://x.com/{one.author_username or 'i'}/status/{one.tweet_id}")
            if one.tweet_id and one.tweet_id.isdigit()
            else "–"
        )
        now: tuple[Line, ...] = ((standings[number] or "–",),) if told else ()
        rows.append(((str(one.position),), (profile,), (reply,), *now))
    columns = ("#", "Account", "Entry", *(("Now",) if told else ()))
    return Table(columns, tuple(rows))


def _tweet(draw: Draw) -> Quote | None:
    """The tweet of a draw, where the answer tells its text."""
    if not draw.tweet_text:
        return None
    author = f"@{draw.tweet_author_username}" if draw.tweet_author_username else ""
    return Quote(shorten(draw.tweet_text, 280), author=author, url=tweet_url(draw))


def _coverage(draw: Draw, number: int | None) -> tuple[Field, ...]:
    fields = [
        Field("Inspected", (_inspected(draw),)),
        Field("Valid entries", (count(draw.valid_entries),)),
        Field("Draw id", (draw.id,)),
    ]
    if number is not None:
        fields.insert(2, Field("Draw", (Code(written(number)),)))
    drawn = epoch(draw.drawn_at or draw.created_at)
    if drawn:
        fields.append(Field("Drawn", (Timestamp(drawn),)))
    return tuple(fields)


def _inspected(draw: Draw) -> str:
    """How many entries, of how many replies; where there are more, reposters were among them."""
    entries, replies = count(draw.total_entries), draw.tweet_reply_count or 0
    if not replies:
        return entries
    of = plural(replies, "reply", "replies")
    return f"{entries} of {of}" if draw.total_entries <= replies else f"{entries}: {of}, and reposters"


def next_backup_card(draw: str, backup: Winner, before: PrizeHolder | None, moved: int, left: int) -> Card:
    """A backup moves up. draw: what the place calls it; before: whose place it takes; moved: how many backups
    have moved up now; left: how many remain."""
    place = (
        f"@{backup.author_username} takes the place of @{before.username}."
        if before
        else f"@{backup.author_username} moves up; no winner was drawn before."
    )
    standing = f"{plural(left, 'backup')} left · draw {draw} · moved up so far: {moved}"
    blocks = (Text(line(place)), _people((backup,)), Text(line(standing), subtle=True))
    return Card("The next backup moves up", blocks, Tone.SUCCESS)
