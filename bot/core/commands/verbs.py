"""Which command a line names; what is unknown is answered by what it means. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from unicodedata import normalize

from bot.core.commands.declaring import Catalogue, Command, Effect, Group, OptionKind, Parameter
from bot.core.commands.meanings import Note, Path
from bot.core.commands.phrases import found_by
from bot.core.commands.tokens import example_of, looks_like_option
from bot.core.errors import UsageError
from bot.core.messages.enumerations import sentences
from bot.core.messages.message import Joined, JoinedBy, Message, msg
from bot.core.text.nearest import names_close_to
from bot.core.text.quoting import DOUBLE

_WORD = re.compile(r"(\S+)\s*")
DASHED_HELP = frozenset({"--help", "-h", "-?", "—help"})
HELP = DASHED_HELP | {"help", "?"}
_QUOTES = "".join(DOUBLE) + "'‘’"
# What people say before they say what they want.
_COURTESY = frozenset(["please", "pls", "plz", "kindly", "just", "lütfen", "bitte", "कृपया", "どうか", "请"])
_SHOWN = 40
_LONGEST_EXAMPLE = 120
_MOST = 5  # commands that one word is said to mean


def command_of(
    catalogue: Catalogue, group: Group, text: str, position: int
) -> tuple[Command[Any] | None, int]:
    """The command of the group that the text at `position` names, None for its help, and where its
    arguments start. UsageError for a word that is neither a verb nor an argument of the default one."""
    verbs = {command.path[-1]: command for command in group.commands if len(command.path) > 1}
    if not verbs:
        return group.commands[0], position
    match = _WORD.match(text, position)
    if match is None:
        return (verbs[group.default], position) if group.default else (None, position)
    word = normalize("NFKC", match[1]).lower()
    if word in verbs:
        return verbs[word], match.end()
    if word in HELP:
        return None, position
    if group.default is not None and _argument(catalogue, verbs, group.default, match[1], text[position:]):
        return verbs[group.default], position
    raise unknown_verb(catalogue, group, match[1], text[match.end() :])


def unknown_command(catalogue: Catalogue, word: str, rest: str) -> UsageError:
    """What to say of a first word that is no command. rest: what stands behind it."""
    if word[0] in _QUOTES and len(word) > 1:  # all of the line stood in quotes
        word, rest = word[1:].rstrip(_QUOTES) or word, _unquoted(rest)
    if word.lower() in _COURTESY and (asked := _WORD.match(rest)) is not None:
        word, rest = asked[1], rest[asked.end() :]
        if (group := catalogue.group(word.lower())) is not None:
            line = f"{group.name} {rest}".rstrip()
            example = line if _sayable(line) and not _has_secret(group.commands) else f"help {group.name}"
            return UsageError(
                msg("Begin with the command: {command}.", command=repr(group.name)), example=example
            )
    found = meant_by(catalogue, word)
    if isinstance(found, Note):
        return UsageError(found.said, example="help", remedy=found.instead)
    none = msg("There is no command {word}.", word=_quoted_word(word))
    if not found and rest.strip():
        found = tuple(one.path for one in found_by(catalogue, f"{word} {rest}"))
        rest = ""
    if not found:
        groups = Joined(tuple(group.name for group in catalogue.groups), JoinedBy.COMMA)
        return UsageError(sentences(none, msg("There are: {commands}.", commands=groups)), example="help")
    meant = Joined(tuple(repr(" ".join(path)) for path in found[:_MOST]), JoinedBy.OR)
    said = sentences(none, msg("Did you mean {near}?", near=meant))
    return UsageError(said, example=_example_at(catalogue, found[0], rest))


def meant_by(catalogue: Catalogue, word: str) -> tuple[Path, ...] | Note:
    """The commands or groups that a word can mean, the likeliest first; a note where it means something
    that no command does; nothing where nobody knows."""
    meanings, folded = catalogue.meanings, word.lower().lstrip("/!")
    if folded in meanings.notes:
        return meanings.notes[folded]
    if (paths := meanings.of(folded)) is not None:
        return paths
    if same := tuple(command.path for command in catalogue if command.path[-1] == folded):
        return same
    groups = [group.name for group in catalogue.groups]
    if close := names_close_to(folded, groups):
        return ((close[0],),)
    if len(folded) > 3 and (close := names_close_to(folded, [*meanings.words, *meanings.notes])):
        return meant_by(catalogue, close[0])
    return ()


def unknown_verb(catalogue: Catalogue, group: Group, word: str, rest: str = "") -> UsageError:
    """What to say of a word that is no verb of the group. rest: what stands behind it."""
    verbs = {command.path[-1]: command for command in group.commands if len(command.path) > 1}
    folded = word.lower()
    none = msg("{group} has no command {word}.", group=repr(group.name), word=_quoted_word(word))
    if _has_secret(group.commands):
        # It may be the secret itself, which is never said back.
        rest = ""
        if not (word.isalpha() and len(word) <= 20):
            none = msg("{group} has no command like that.", group=repr(group.name))
    if folded in _COURTESY and (asked := _WORD.match(rest)) is not None:
        named = (
            asked[1].lower() if asked[1].lower() in verbs else meaning_in(catalogue, group, asked[1].lower())
        )
        if named is not None:
            example = _example(verbs[named], rest[asked.end() :])
            return UsageError(sentences(none, _meant(verbs[named])), example=example)
    meant = meaning_in(catalogue, group, folded)
    if meant is not None:
        said = sentences(none, _meant(verbs[meant]))
        return UsageError(said, example=_example(verbs[meant], rest))
    note = catalogue.meanings.notes.get(folded)
    names = Joined(tuple(f"{group.name} {verb}" for verb in verbs), JoinedBy.COMMA)
    listed = msg("There are: {commands}.", commands=names)
    if note is not None:
        return UsageError(sentences(none, note.said), example=f"help {group.name}", remedy=note.instead)
    if catalogue.meanings.acts(folded) or not group.instead:
        return UsageError(sentences(none, listed), example=f"help {group.name}")
    numbered = word.lstrip("#").isdecimal() and "show" in verbs
    likely = verbs["show" if numbered else group.instead]
    text = any(p.main and p.running for p in likely.parameters)
    example = _example(likely, f"{word} {rest}".rstrip() if text else word)
    return UsageError(sentences(none, _meant(likely), listed), example=example)


def _meant(command: Command[Any]) -> Message:
    return msg("Did you mean {near}?", near=repr(command.name))


def meaning_in(catalogue: Catalogue, group: Group, word: str) -> str | None:
    """The verb of the group that a word means or is a misspelling of."""
    verbs = [command.path[-1] for command in group.commands if len(command.path) > 1]
    meant = catalogue.meanings.verb(word, verbs)
    if meant is not None or len(word) < 2:
        return meant
    return next(iter(names_close_to(word, verbs)), None)


def _argument(
    catalogue: Catalogue, verbs: Mapping[str, Command[Any]], default: str, word: str, bare: str
) -> bool:
    """Whether a word can be meant for the default command rather than be a verb."""
    if looks_like_option(word):
        return True
    main = next((p for p in verbs[default].parameters if p.main), None)
    if main is None:
        return False
    folded = word.lower()
    acts = catalogue.meanings.acts(folded) or catalogue.meanings.verb(folded, list(verbs)) is not None
    if main.kind is OptionKind.CHOICE:
        return _begins_choice(main, bare) or not (acts or names_close_to(folded, list(verbs)))
    if main.kind is OptionKind.STRING:
        return not acts
    # A post or a person: a link, an id or a name; not letters alone.
    return word[0] in DOUBLE or word[0] in "<'‘" or any(char.isdigit() or char in "/.:@" for char in word)


def _begins_choice(parameter: Parameter, bare: str) -> bool:
    folded = " ".join(bare.split()).casefold()
    names = (name.casefold() for choice in parameter.choices for name in (choice.label, choice.value))
    return any(folded == name or folded.startswith(f"{name} ") for name in names)


def _quoted_word(word: str) -> str:
    return repr(word if len(word) <= _SHOWN else word[: _SHOWN - 1] + "…")


def _example_at(catalogue: Catalogue, path: Path, rest: str) -> str:
    command = catalogue.command(path)
    if command is not None:
        return _example(command, rest)
    group = catalogue.group(path[0])
    verb = _WORD.match(rest.strip())
    named = _verb_of(catalogue, group, verb[1].lower()) if group and verb else None
    if named is not None and verb is not None:
        return _example(named, rest.strip()[verb.end() :])
    line = f"{path[0]} {rest.strip()}"
    if group is None or not rest.strip() or not _sayable(line) or _has_secret(group.commands):
        return example_of(group.commands[0]) if group else path[0]
    return line


def _verb_of(catalogue: Catalogue, group: Group, word: str) -> Command[Any] | None:
    """The command of the group that the word names or means."""
    meant = catalogue.command((group.name, word))
    verb = None if meant else meaning_in(catalogue, group, word)
    return catalogue.command((group.name, verb)) if verb else meant


def _example(command: Command[Any], rest: str) -> str:
    """The line as it was meant, where it is short and posts nothing; else an example of the command."""
    line = f"{command.name} {rest.strip()}"
    fits = rest.strip() and command.parameters and _sayable(line) and not _has_secret((command,))
    if command.effect is Effect.PUBLISH:  # a link or a number, but never a text that was not meant as one
        text = any(parameter.main and parameter.running for parameter in command.parameters)
        fits = fits and not text and len(rest.split()) == 1
    return line if fits else example_of(command)


def _sayable(line: str) -> bool:
    whole = sum(char in DOUBLE for char in line) % 2 == 0
    return len(line) <= _LONGEST_EXAMPLE and line.isprintable() and "`" not in line and whole


def _unquoted(rest: str) -> str:
    """What stands behind the first word of a line in quotes, without the quote at its end."""
    said = rest.rstrip()
    return said[:-1] if said[-1:] in _QUOTES and said else said


def _has_secret(commands: Sequence[Command[Any]]) -> bool:
    return any(p.kind is OptionKind.SECRET or p.unkept for command in commands for p in command.parameters)
