"""`help`: every command, made from the declarations."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from bot.cards.help import command_card, found_card, help_card
from bot.core.chat.answers import Reply
from bot.core.commands.declaring import Catalogue, Command, Group, Option
from bot.core.commands.meanings import Note
from bot.core.commands.permits import require, standing
from bot.core.commands.phrases import found_by
from bot.core.commands.presets import LOCAL, command
from bot.core.commands.verbs import meant_by, unknown_command
from bot.core.errors import UsageError
from bot.core.messages.enumerations import sentences
from bot.core.messages.message import Joined, JoinedBy, Message, msg
from bot.core.text.nearest import names_close_to
from bot.core.text.shortening import cut
from bot.features.services import CommandCall

_ALL = msg("`help` lists every command.")


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpArgs:
    """topic: a group, one of its commands, or nothing for all."""

    topic: Annotated[str | None, Option("A command, or its first word", main=True, suggest="topics")] = None


def help_group(catalogue: Callable[[], Catalogue]) -> Group:
    """The group; `catalogue` gives the finished catalogue, which this group is itself part of."""

    async def run(call: CommandCall, args: HelpArgs) -> Reply:
        known, access = catalogue(), call.services.grants
        allowed = known.within((await standing(access, call.invocation)).may)
        if args.topic is None:
            return Reply(help_card(allowed))
        about = _about(known, allowed, args.topic)
        if isinstance(about, tuple):
            return Reply(found_card(args.topic, about))
        if isinstance(about, Command):
            await require(access, call.invocation, about.deed)
            entry = (action.name for action, offer in known.message_actions if offer.path == about.path)
            return Reply(command_card(about, menu=next(entry, "")))
        shown = allowed.group(about.name)
        if shown is None:
            await require(access, call.invocation, about.commands[0].deed)
        return Reply(help_card(allowed, shown))

    one = command(
        "help",
        run,
        LOCAL,
        "Show what this bot can do, and how each command is written",
        "help",
        "help draw",
        "help relay filter",
    )
    return Group("help", "What this bot can do", (one,))


def _about(
    known: Catalogue, allowed: Catalogue, topic: str
) -> Group | Command[Any] | tuple[Command[Any], ...]:
    """What a topic names, in our words or in others, else the commands that may do what it asks for, of those
    that the person may run, if there are any. UsageError for one that nobody knows, or that means several."""
    try:
        named = _named(known, topic)
    except UsageError:
        if len(topic.split()) == 1:
            raise
        if found := found_by(allowed, topic) or found_by(known, topic):
            return found[0] if len(found) == 1 else found
        note = next(
            (known.meanings.notes[word] for word in topic.lower().split() if word in known.meanings.notes),
            None,
        )
        if note is not None:
            raise UsageError(note.said, option="topic", example="help", remedy=note.instead) from None
        raise
    if not isinstance(named, tuple):
        return named
    # Those that the person may run, if there are any.
    return tuple(one for one in named if allowed.command(one.path) is not None) or named


def _named(known: Catalogue, topic: str) -> Group | Command[Any] | tuple[Command[Any], ...]:
    """What a topic names; UsageError where it names nothing."""
    name, *rest = topic.removeprefix("/").lower().split()
    below = known.below(name)
    if below and known.group(name) is None:
        if not rest:
            none = msg("{word} is not a command.", word=repr(name))
            raise UsageError(
                sentences(none, _there_are(f"{name} {one.name}" for one in below)),
                option="topic",
                example=f"help {below[0].name}",
            )
        name, *rest = rest
    group = known.group(name)
    if group is None:
        if len(rest) > 0:
            raise unknown_command(known, name, " ".join(rest))
        return _meant(known, name)
    if not rest:
        return group
    verb = rest[0]
    named = known.command((name, verb))
    verbs = [one.path[-1] for one in group.commands]
    meant = known.meanings.verb(verb, verbs)
    about = known.command((name, meant)) if named is None and meant else named
    if about is None:
        close = names_close_to(verb, verbs)
        hint = msg("Did you mean {near}?", near=repr(close[0])) if close else _there_are(verbs)
        none = msg("{group} has no command {word}.", group=repr(name), word=repr(cut(verb, 40)))
        raise UsageError(
            sentences(none, hint),
            option="topic",
            example=f"help {name}",
            remedy=_ALL,
        )
    return about


def _meant(known: Catalogue, word: str) -> Group | Command[Any] | tuple[Command[Any], ...]:
    """What one word means; several commands where it is a word of several."""
    found = meant_by(known, word)
    if isinstance(found, Note):
        raise UsageError(found.said, option="topic", example="help tweet delete", remedy=found.instead)
    several = tuple(one for path in found if (one := known.command(path)) is not None)
    if len(found) > 1 and len(several) == len(found):
        return several
    if not found and (asked := found_by(known, word)):
        return asked[0] if len(asked) == 1 else asked
    if len(found) != 1:
        error = unknown_command(known, word, "")
        topic = " ".join(found[0]) if found else "draw"
        raise UsageError(error.detail, option="topic", example=f"help {topic}", remedy=_ALL)
    (path,) = found
    about = known.command(path) or known.group(path[0])
    assert about is not None  # noqa: S101 - every meaning names what there is
    return about


def _there_are(commands: Iterable[str]) -> Message:
    return msg("There are: {commands}.", commands=Joined(tuple(commands), JoinedBy.COMMA))
