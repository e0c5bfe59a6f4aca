"""Help, made from the declarations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.core.chat.cards import Block, Bold, Card, Code, Field, Fields, Line, Table, Text, Tone, line
from bot.core.commands.declaring import Catalogue, Command, Group, OptionKind, Parameter
from bot.core.messages.message import Joined, JoinedBy, Message, msg, nmsg
from bot.core.text.shortening import shorten

_KIND_WORDS = {
    OptionKind.STRING: msg("text"),
    OptionKind.INTEGER: msg("number"),
    OptionKind.BOOLEAN: msg("yes or no"),
    OptionKind.TWEET: msg("tweet link or id"),
    OptionKind.USERNAME: msg("X username"),
    OptionKind.LIST: msg("list link or id"),
    OptionKind.COMMUNITY: msg("community link or id"),
    OptionKind.SPACE: msg("Space link or id"),
    OptionKind.BROADCAST: msg("broadcast link or id"),
    OptionKind.CHANNEL: msg("#channel"),
    OptionKind.DURATION: msg("like 15m, 2h, 1d"),
    OptionKind.SUBJECT: msg("a mention, or role:ID"),
    OptionKind.TIMEZONE: msg("like Tokyo, Europe/Berlin or UTC+3"),
    OptionKind.MEDIA: msg("link, or attached"),
    OptionKind.SECRET: msg("asked for in a form"),
}
# Options of a group that one message can show.
_MOST_OPTIONS = 40


def help_card(catalogue: Catalogue, group: Group | None = None, prefix: str = "") -> Card:
    """All commands in one card, or one group with its options; and how many are left out, for what the
    person may not do. prefix: "/" or "/xquik "."""
    return _overview(catalogue, prefix) if group is None else group_card(group, prefix)


def _overview(catalogue: Catalogue, prefix: str) -> Card:
    rows: list[tuple[Line, ...]] = []
    for group in catalogue.groups:
        verbs = ", ".join(command.path[-1] for command in group.commands if len(command.path) > 1)
        rows.append(((Code(prefix + group.name),), (verbs or "–",), (group.summary,)))
    explains = msg("`{prefix}help draw` explains one of them.", prefix=prefix)
    written = msg('Values are written `name:value` or `name:"two words"`; the main value needs no name.')
    return Card(
        msg("What this bot can do"),
        (
            Text(line(msg("A command is two words and its options. Start with one of these:"))),
            Table((msg("First word"), msg("Second word"), msg("What for")), tuple(rows)),
            Text(line(explains, " ", written), subtle=True),
            *_left_out(catalogue.left_out),
        ),
        Tone.INFO,
    )


def group_card(group: Group, prefix: str = "") -> Card:
    """The commands of a group with an example, and their options where there are not too many."""
    blocks: list[Block] = [Text(line(group.summary))]
    if group.under is not None:
        where = Code(f"/{group.under.name} {group.name}")
        said = msg("In Discord these commands are found under {where}.", where=where)
        blocks.append(Text(line(said), subtle=True))
    whole = sum(len(command.parameters) for command in group.commands) <= _MOST_OPTIONS
    for command in group.commands:
        blocks.append(Text(_signature(command, group, prefix)))
        if whole and command.parameters:
            blocks.append(_options(command))
        if command.examples:
            blocks.append(_example(prefix + command.examples[0]))
    if not whole:
        wanted = max(group.commands, key=lambda command: len(command.parameters))
        asked = msg("`{asked}` shows the options of one command.", asked=f"{prefix}help {wanted.name}")
        blocks.insert(1, Text(line(asked), subtle=True))
    return Card(msg("Help: {name}", name=group.name), (*blocks, *_left_out(group.left_out)), Tone.INFO)


def _left_out(number: int) -> tuple[Text, ...]:
    if not number:
        return ()
    hidden = nmsg(
        "{n} command is not shown because you may not run it here.",
        "{n} commands are not shown because you may not run them here.",
        n=number,
    )
    changed = msg("`policy grant` changes that; ask somebody who manages the bot.")
    return (Text(line(hidden, " ", changed), subtle=True),)


def _example(text: str) -> Text:
    return Text(line(msg("Example: {command}", command=Code(text))), subtle=True)


def command_card(command: Command[Any], prefix: str = "", *, menu: str = "") -> Card:
    """One command with every option and example. menu: what the menus of messages call it, "" for one that is
    not in them."""
    blocks: list[Block] = [Text(line(command.described))]
    if command.parameters:
        blocks.append(_options(command))
    blocks.extend(Text(line(note)) for note in command.notes)
    blocks.extend(_example(prefix + one) for one in command.examples)
    if menu:
        said = msg("A message that links to a tweet has this in its menu: {name}.", name=Bold(menu))
        blocks.append(Text(line(said), subtle=True))
    return Card(msg("Help: {name}", name=command.name), tuple(blocks), Tone.INFO)


def found_card(asked: str, commands: Sequence[Command[Any]], prefix: str = "") -> Card:
    """Commands that may do what was asked, the likeliest first. asked: as it was written."""
    blocks: list[Block] = [Text(line(msg("These commands may do that; the first fits best.")))]
    for command in commands:
        said = msg("{name} – {described}", name=Bold(prefix + command.name), described=command.described)
        blocks.append(Text(line(said)))
        if command.examples:
            blocks.append(_example(prefix + command.examples[0]))
    more = msg("`{asked}` shows the options of one command.", asked=f"{prefix}help {commands[0].name}")
    blocks.append(Text(line(more), subtle=True))
    return Card(msg("Help: {name}", name=shorten(asked, 60)), tuple(blocks), Tone.INFO)


def _options(command: Command[Any]) -> Fields:
    return Fields(tuple(Field(_label(p), (_describe(p),), short=False) for p in command.parameters))


def _signature(command: Command[Any], group: Group, prefix: str) -> Line:
    name = Bold(prefix + command.name)
    if group.default != command.path[-1] or len(command.path) == 1:
        return line(msg("{name} – {described}", name=name, described=command.described))
    if command.cost.free:
        return line(
            msg(
                "{name} – {summary} ({group} alone does this too)",
                name=name,
                summary=command.summary,
                group=group.name,
            )
        )
    return line(
        msg(
            "{name} – {summary} ({cost}; {group} alone does this too)",
            name=name,
            summary=command.summary,
            cost=command.cost.words,
            group=group.name,
        )
    )


def _label(parameter: Parameter) -> str:
    return msg("{name} (required)", name=parameter.name) if parameter.required else parameter.name


def _describe(parameter: Parameter) -> Message:
    said, kind = parameter.description, kind_words(parameter)
    if default := default_words(parameter):
        return msg("{description} [{kind}; {default}]", description=said, kind=kind, default=default)
    return msg("{description} [{kind}]", description=said, kind=kind)


def kind_words(parameter: Parameter) -> Message:
    """What the option takes, in words: "number from 1 to 100", "one of US, GB"."""
    if parameter.kind is OptionKind.CHOICE:
        said = Joined(parameter.said, JoinedBy.COMMA)
        # What is written as it stands is no word of a language.
        words = (
            msg("one of `{choices}`", choices=said)
            if parameter.typed
            else msg("one of {choices}", choices=said)
        )
    elif parameter.kind is OptionKind.INTEGER and parameter.ge is not None and parameter.le is not None:
        words = msg("number from {least} to {most}", least=parameter.ge, most=parameter.le)
    else:
        words = _KIND_WORDS[parameter.kind]
    return msg("list: {entries}", entries=words) if parameter.many else words


def default_words(parameter: Parameter) -> str:
    """ "3 if left out", or nothing where there is no default to tell."""
    default = parameter.default
    if parameter.required or default in (None, (), ""):
        return ""
    if isinstance(default, bool):
        return msg("yes if left out") if default else msg("no if left out")
    # By the name under which it stands among the choices.
    said = next((one.label for one in parameter.choices if one.value == default), str(default))
    if parameter.typed:
        said = str(default)
    return msg("{value} if left out", value=said)
