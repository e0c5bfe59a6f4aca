"""Help, made from the declarations."""

from __future__ import annotations

from typing import Any

from bot.cards.figures import plural
from bot.core.chat.cards import Block, Bold, Card, Code, Field, Fields, Inline, Line, Table, Text, Tone, line
from bot.core.commands.declaring import Catalogue, Command, Group, OptionKind, Parameter

_KIND_WORDS = {
    OptionKind.STRING: "text",
    OptionKind.INTEGER: "number",
    OptionKind.BOOLEAN: "yes or no",
    OptionKind.TWEET: "tweet link or id",
    OptionKind.USERNAME: "X username",
    OptionKind.CHANNEL: "#channel",
    OptionKind.DURATION: "like 15m, 2h, 1d",
    OptionKind.SUBJECT: "a mention, or role:ID",
    OptionKind.TIMEZONE: "like Tokyo, Europe/Berlin or UTC+3",
    OptionKind.SECRET: "asked for in a form",
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
    return Card(
        "What this bot can do",
        (
            Text(line("A command is two words and its options. Start with one of these:")),
            Table(("First word", "Second word", "What for"), tuple(rows)),
            Text(
                line(
                    Code(f"{prefix}help draw"),
                    " explains one of them. Values are written ",
                    Code("name:value"),
                    " or ",
                    Code('name:"two words"'),
                    "; the main value needs no name.",
                ),
                subtle=True,
            ),
            *_left_out(catalogue.left_out),
        ),
        Tone.INFO,
    )


def group_card(group: Group, prefix: str = "") -> Card:
    """The commands of a group with an example, and their options where there are not too many."""
    blocks: list[Block] = [Text(line(group.summary))]
    if group.under is not None:
        where = Code(f"/{group.under.name} {group.name}")
        blocks.append(Text(line("In Discord these commands are found under ", where, "."), subtle=True))
    whole = sum(len(command.parameters) for command in group.commands) <= _MOST_OPTIONS
    for command in group.commands:
        blocks.append(Text(_signature(command, group, prefix)))
        if whole and command.parameters:
            blocks.append(_options(command))
        if command.examples:
            blocks.append(Text(line("Example: ", Code(prefix + command.examples[0])), subtle=True))
    if not whole:
        wanted = max(group.commands, key=lambda command: len(command.parameters))
        asked = Code(f"{prefix}help {wanted.name}")
        blocks.insert(1, Text(line(asked, " shows the options of one command."), subtle=True))
    return Card(f"Help: {group.name}", (*blocks, *_left_out(group.left_out)), Tone.INFO)


def _left_out(number: int) -> tuple[Text, ...]:
    if not number:
        return ()
    words = f"{plural(number, 'command is', 'commands are')} not shown because you may not run them here. "
    said = line(words, Code("policy grant"), " changes that; ask somebody who manages the bot.")
    return (Text(said, subtle=True),)


def command_card(command: Command[Any], prefix: str = "") -> Card:
    """One command with every option and example."""
    blocks: list[Block] = [Text(line(command.described))]
    if command.parameters:
        blocks.append(_options(command))
    blocks.extend(Text(line("Example: ", Code(prefix + one)), subtle=True) for one in command.examples)
    return Card(f"Help: {command.name}", tuple(blocks), Tone.INFO)


def _options(command: Command[Any]) -> Fields:
    return Fields(tuple(Field(_label(p), (_describe(p),), short=False) for p in command.parameters))


def _signature(command: Command[Any], group: Group, prefix: str) -> Line:
    parts: list[Inline] = [Bold(prefix + command.name), f" – {command.described}"]
    if group.default == command.path[-1] and len(command.path) > 1:
        parts.append(f" ({group.name} alone does this too)")
    return tuple(parts)


def _label(parameter: Parameter) -> str:
    return f"{parameter.name} (required)" if parameter.required else parameter.name


def _describe(parameter: Parameter) -> str:
    kind = kind_words(parameter)
    default = default_words(parameter)
    return f"{parameter.description} [{kind}{'; ' + default if default else ''}]"


def kind_words(parameter: Parameter) -> str:
    """What the option takes, in words: "number from 1 to 100", "one of US, GB"."""
    if parameter.kind is OptionKind.CHOICE:
        words = "one of " + ", ".join(choice.label for choice in parameter.choices)
    else:
        words = _KIND_WORDS[parameter.kind]
    if parameter.kind is OptionKind.INTEGER and parameter.ge is not None and parameter.le is not None:
        words += f" from {parameter.ge:,} to {parameter.le:,}"
    if parameter.many:
        words = f"list: {words}"
    return words


def default_words(parameter: Parameter) -> str:
    """ "3 if left out", or nothing where there is no default to tell."""
    if parameter.required or parameter.default in (None, (), ""):
        return ""
    if isinstance(parameter.default, bool):
        return f"{'yes' if parameter.default else 'no'} if left out"
    return f"{parameter.default} if left out"
