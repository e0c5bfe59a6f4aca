"""Personal data, as cards."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Block, Button, ButtonStyle, Card, Text, Tone, line
from bot.core.messages.message import Message, msg, nmsg


def question_card(
    deleted: int, blanked: int, stays: Sequence[Message], confirm: ActionRef, waiting: int = 0
) -> Card:
    """Whether what is stored of a person here is to be deleted: what goes, what stays and why. waiting: how
    many previews of theirs can still be confirmed."""
    blocks = [
        *_numbers(deleted, blanked),
        *_previews(waiting),
        *(Text(line(one)) for one in stays),
        Text(line(_ELSEWHERE), subtle=True),
        Text(line(_BACKUPS), subtle=True),
    ]
    button = Button(msg("Delete"), action=confirm, style=ButtonStyle.DANGER)
    return Card(msg("Delete what is stored about you here?"), tuple(blocks), Tone.WARNING, (button,))


def deleted_card(deleted: int, blanked: int, stays: Sequence[Message], void: int = 0) -> Card:
    """What was deleted of a person. void: how many of their previews cannot be confirmed any more."""
    said = (*_void(void), *(Text(line(one)) for one in stays), Text(line(_BACKUPS), subtle=True))
    blocks = (*_numbers(deleted, blanked), *said)
    return Card(msg("What was stored about you here is deleted"), blocks, Tone.SUCCESS)


def place_question_card(confirm: ActionRef, *, under_way: int, session: str | None) -> Card:
    """Whether everything of a place is to be deleted. under_way: how many writes were confirmed and have not
    ended; session: of a checkout that is not paid yet, None where there is none."""
    said = (
        msg("The Xquik key, routes, permissions, rules, records and events go."),
        msg("Monitors go on at Xquik and cost credits; pause them first with `monitor pause`."),
        msg("This cannot be undone. `privacy export of:place` gives a copy first."),
    )
    blocks: list[Block] = [
        *(Text(line(one)) for one in said),
        *_unfinished(under_way, session),
        Text(line(_BACKUPS), subtle=True),
    ]
    button = Button(msg("Delete everything"), action=confirm, style=ButtonStyle.DANGER)
    title = msg("Delete everything that is stored here?")
    return Card(title, tuple(blocks), Tone.WARNING, (button,))


def place_deleted_card(*, under_way: int, session: str | None) -> Card:
    """Everything of a place is gone. under_way, session: as of the question, when it was deleted."""
    said = line(msg("The bot stays, as on its first day: `setup key` begins anew."))
    blocks = (Text(said), *_unfinished(under_way, session), Text(line(_BACKUPS), subtle=True))
    return Card(msg("Everything here is deleted"), blocks, Tone.SUCCESS)


def _unfinished(under_way: int, session: str | None) -> tuple[Text, ...]:
    """What goes on elsewhere, and how it ends nobody is told here."""
    told = []
    if under_way:
        told.append(
            nmsg(
                "{n} write was confirmed and has not ended: it may still happen on X and cost credits, and "
                "nobody is told here how it ends. The Xquik dashboard shows it.",
                "{n} writes were confirmed and have not ended: they may still happen on X and cost credits, "
                "and nobody is told here how they end. The Xquik dashboard shows them.",
                n=under_way,
            )
        )
    if session is not None:
        told.append(
            msg(
                "A top-up was begun and is not paid yet: it can still be paid, and nobody is told here "
                "how it ends. Once a key is set up again, `credits status {session}` tells.",
                session=session,
            )
        )
    return tuple(Text(line(one)) for one in told)


def exported_card(rows: int, cut: Sequence[str], *, place: bool) -> Card:
    """What is stored goes with it as a file. cut: tables of which only the newest rows had room."""
    title = msg("What is stored here") if place else msg("What is stored about you here")
    blocks: list[Block] = [
        Text(line(nmsg("{n} row, as JSON.", "{n} rows, as JSON.", n=rows))),
        Text(line(_KEYS if place else _ELSEWHERE), subtle=True),
    ]
    blocks += [
        Text(line(msg("Of {table} a part alone: a file here has 10 MiB at most.", table=one))) for one in cut
    ]
    return Card(title, tuple(blocks), Tone.SUCCESS)


_ELSEWHERE = msg("What stands at Xquik, on X and in this chat is not here, nor are the bot's logs.")
_BACKUPS = msg("Copies of the database keep it until whoever runs this bot deletes them.")
_KEYS = msg("Keys and other secrets are not in it.")


def _previews(waiting: int) -> tuple[Text, ...]:
    if not waiting:
        return ()
    said = nmsg(
        "{n} open preview of yours goes too: it is void, and its message says so; one that only you see says "
        "so when you press it.",
        "{n} open previews of yours go too: they are void, and their messages say so; those that only you "
        "see say so when you press them.",
        n=waiting,
    )
    return (Text(line(said)),)


def _void(count: int) -> tuple[Text, ...]:
    if not count:
        return ()
    said = nmsg(
        "{n} open preview of yours is void. If only you see it, it may stand there until you close it; its "
        "buttons do nothing any more.",
        "{n} open previews of yours are void. Those that only you see may stand there until you close them; "
        "their buttons do nothing any more.",
        n=count,
    )
    return (Text(line(said)),)


def _numbers(deleted: int, blanked: int) -> tuple[Text, ...]:
    return (
        Text(line(nmsg("{n} row is deleted.", "{n} rows are deleted.", n=deleted))),
        Text(line(nmsg("{n} row stays without you.", "{n} rows stay without you.", n=blanked))),
    )
