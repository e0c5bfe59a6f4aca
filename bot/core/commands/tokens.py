"""The pieces of a typed line: options with their values, flags and bare words. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from bot.core.commands.declaring import Command, OptionKind, Parameter
from bot.core.errors import UsageError
from bot.core.messages.enumerations import sentences
from bot.core.messages.message import Joined, JoinedBy, msg
from bot.core.text.lists import COMMAS, list_end
from bot.core.text.nearest import names_close_to, names_with_part
from bot.core.text.quoting import DOUBLE, Code, Quotes
from bot.core.text.shortening import cut
from bot.core.x.references import find_people, find_posts

# They begin where a word does, so that a long one is not looked at again from each of its characters.
_OPTION = re.compile(r"(?<!\S)(--|—|–)?([A-Za-z][A-Za-z0-9_-]*)([:=])")
# A word alone, and whether yes or no stands behind it.
_WORD = re.compile(
    r"(?<!\S)([A-Za-z][A-Za-z0-9_-]*)(?!\S)(?:\s+(yes|no|true|false|on|off)(?!\S))?", re.IGNORECASE
)
_FLAG = re.compile(r"(?<!\S)(--|—|–)([A-Za-z][A-Za-z0-9_-]*)(?!\S)")
# What Slack and Discord write for people, channels and addresses.
_ANGLED = re.compile(r"<[^<>\n]*>")
# People and roles: as chats write them, and by their ids.
_PERSON = re.compile(r"<[@!]|[@＠]\S|(?:user|role):\S", re.IGNORECASE)
_ADDRESS = re.compile(r"https?:", re.IGNORECASE)


class LineToken(msgspec.Struct, frozen=True):
    """A piece of the line.

    value: without its quotes, but for a list, whose items keep theirs; name: the option it is for ("" when
    bare); start, end: where it stands, so that bare text keeps its own spacing. flag: `--name` alone;
    empty: `name:` with nothing directly behind; dashed: `--` stands before the name; quoted: the value
    stood in quotes; equals: `=` stands behind the name and not `:`; begins: where the value does;
    running: it belongs to the running text; broken: it
    ended within quotes of its own.
    """

    value: str
    name: str
    start: int
    end: int
    flag: bool = False
    empty: bool = False
    dashed: bool = False
    quoted: bool = False
    equals: bool = False
    begins: int = 0
    running: bool = False
    broken: bool = False


def example_of(command: Command[Any]) -> str:
    """A line that runs it."""
    return command.examples[0] if command.examples else command.name


def looks_like_option(text: str) -> bool:
    """Whether a word is written as an option is: `name:…`, `--name`."""
    return _FLAG.match(text) is not None or (_OPTION.match(text) is not None and not _ADDRESS.match(text))


def tokens_of(
    text: str, start: int, known: Mapping[str, Parameter], command: Command[Any], *, free_text: bool
) -> list[LineToken]:
    """The pieces from `start` on. free_text: what looks like an option of another name is text; UsageError
    where it is not."""
    return _Reader(text, known, command, free_text=free_text).read(start)


class _Reader:
    """One reading of one line."""

    def __init__(
        self, text: str, known: Mapping[str, Parameter], command: Command[Any], *, free_text: bool
    ) -> None:
        self._text = text
        self._known = known
        self._command = command
        self._free_text = free_text
        self._running = command.running is not None
        self._main = command.main
        # A route, a draw: behind its name stand options, with a sign or without; or else a text.
        self._names_thing = self._main is not None and _names_thing(self._main) and not self._running
        self._named = ""  # that name, as far as it was read
        # A main value that is a list of texts is read as with its name: items in quotes, commas between them.
        main = self._main
        texts = (OptionKind.STRING, OptionKind.CHOICE)
        self._list = main if main is not None and main.many and main.kind in texts else None
        # Who is meant may stand without its name: no other option takes a person of the chat.
        self._subject = next((p for p in known.values() if p.kind is OptionKind.SUBJECT), None)
        self._quotes = Quotes(text)
        self._in_lists = Quotes(text, COMMAS)

    def read(self, position: int) -> list[LineToken]:
        found: list[LineToken] = []
        waiting: Parameter | None = None  # whose value comes next
        begun = False  # the main value was read: what is bare behind it may be running text
        while (position := self._skip(position)) < len(self._text):
            token = (
                self._person(position, waiting)
                or self._option(position)
                or (self._word(position) if waiting is None else None)
                or self._value("", position, position, waiting or (None if begun else self._list))
            )
            is_main = (
                waiting is None
                if not token.name
                else self._main is not None and token.name == self._main.name
            )
            begun = begun or (self._running and is_main)
            if self._names_thing and self._is_name(token, waiting):
                self._named = f"{self._named} {token.value}".strip()
            waiting = self._known[token.name] if token.name and (token.empty or token.flag) else None
            found.append(token)
            position = token.end
        return found

    def _skip(self, position: int) -> int:
        while position < len(self._text) and self._text[position].isspace():
            position += 1
        return position

    def _person(self, position: int, waiting: Parameter | None) -> LineToken | None:
        """The piece at `position` when it is who is meant, where a command asks for that."""
        if self._subject is None or _PERSON.match(self._text, position) is None:
            return None
        name = "" if waiting is not None else self._subject.name
        return self._value(name, position, position, self._subject)

    def _option(self, position: int) -> LineToken | None:
        """The piece at `position` when it names an option, None when it is bare."""
        match = _OPTION.match(self._text, position)
        if match is None:
            return self._flag(position)
        name = match[2].replace("-", "_").lower()
        follows = self._text[match.end() : match.end() + 2]
        if name in self._known and not self._typographic(match[1], match[2]):
            shape = {"dashed": bool(match[1]), "equals": match[3] == "="}
            if not follows or follows[0].isspace():
                return LineToken("", name, position, match.end(), empty=True, begins=match.end(), **shape)
            return self._value(name, position, match.end(), self._known[name], **shape)
        told = not match[1] and self._introduces(name, match.end())
        if not ((self._free_text and not self._named) or told or _ADDRESS.match(match[0])) and (
            match[1] or follows != "//"
        ):
            word = self._bare(position)[0] if self._named and self._free_text else ""
            raise unknown_option(self._command, match[2], self._known, self._behind(word))
        return None

    def _introduces(self, name: str, end: int) -> bool:
        """Whether a word with a colon says what is coming, as in "look at this: LINK"."""
        main = self._main
        begin = self._skip(end)
        if main is None or begin == end or names_close_to(name, list(self._known)):
            return False
        following, _ = self._bare(begin)
        match main.kind:
            case OptionKind.TWEET:
                return bool(find_posts(following))
            case OptionKind.USERNAME:
                return bool(find_people(following))
            case _:
                return False

    def _flag(self, position: int) -> LineToken | None:
        flag = _FLAG.match(self._text, position)
        if flag is None or self._typographic(flag[1], flag[2]):
            return None
        name = flag[2].replace("-", "_").lower()
        if name in self._known:
            return LineToken("", name, position, flag.end(), flag=True, dashed=True, begins=position)
        if self._free_text and (flag[1] != "--" or not names_close_to(name, list(self._known))):
            return None
        raise unknown_option(self._command, flag[2], self._known)

    def _behind(self, word: str) -> str:
        """What is said of a word behind the name of a thing of ours that is no option."""
        if self._main is None or not word:
            return ""
        return msg(
            "{word} after the {option} {name} is not an option of this command.",
            word=repr(cut(word, 60)),
            option=self._main.name,
            name=repr(cut(self._named, 40)),
        )

    def _is_name(self, token: LineToken, waiting: Parameter | None) -> bool:
        main = self._main
        return (
            waiting is main
            if waiting is not None and not token.name
            else not token.name or (main is not None and token.name == main.name and not token.empty)
        )

    def _word(self, position: int) -> LineToken | None:
        """The piece at `position` when it is the bare name of an option behind the name of a thing of ours:
        `relay filter alerts remove 2`."""
        match = _WORD.match(self._text, position) if self._named else None
        option = None if match is None else self._known.get(match[1].replace("-", "_").lower())
        if match is None or option is None or option is self._main:
            return None
        if option.kind is OptionKind.BOOLEAN and match[2]:
            return LineToken(match[2], option.name, position, match.end(), dashed=True, begins=match.start(2))
        return LineToken("", option.name, position, match.end(1), flag=True, dashed=True, begins=position)

    def _typographic(self, dash: str | None, name: str) -> bool:
        """Whether a dash belongs to running text, where dialogue begins with one."""
        return self._running and dash in ("—", "–") and name != name.lower()

    def _value(
        self,
        name: str,
        start: int,
        position: int,
        parameter: Parameter | None,
        *,
        dashed: bool = False,
        equals: bool = False,
    ) -> LineToken:
        """A value at `position`: in quotes, a list, or all up to the next space outside angle brackets."""
        if parameter is not None and parameter.many:
            options = self._known if parameter.pairs else None
            end = list_end(self._text, position, self._in_lists, options)
            value, quoted, broken = self._text[position:end], False, False
        else:
            code: Code | None = parameter.code if parameter is not None else None
            found = self._quotes.at(position, code)
            value, end = found or self._bare(position)
            quoted = found is not None
            broken = quoted and _breaks_off(self._text[position:end])
        return LineToken(
            value,
            name,
            start,
            end,
            dashed=dashed,
            equals=equals,
            quoted=quoted,
            begins=position,
            broken=broken,
        )

    def _bare(self, position: int) -> tuple[str, int]:
        text, end = self._text, position
        while end < len(text) and not text[end].isspace():
            angled = _ANGLED.match(text, end)
            end = angled.end() if angled else end + 1
        return text[position:end], end


def _names_thing(parameter: Parameter) -> bool:
    """Whether the value is the name of something that the bot knows, and no text or search."""
    if parameter.many or parameter.running or parameter.code is not None:
        return False
    return parameter.kind is OptionKind.STRING and parameter.suggest is not None


def unknown_option(
    command: Command[Any], name: str, known: Mapping[str, Parameter], said: str = ""
) -> UsageError:
    """The error for an option that the command has not got. said: what is said of it instead of that."""
    meant = name.replace("-", "_")
    close = names_close_to(meant, known) or names_with_part(meant.casefold(), known)
    said = said or msg(
        "{command} has no option {name}.", command=repr(command.name), name=repr(cut(name, 40))
    )
    listed = Joined(tuple(known), JoinedBy.COMMA)
    return UsageError(
        sentences(
            said,
            msg("Did you mean {near}?", near=repr(close[0])) if close else "",
            msg("It takes: {options}.", options=listed) if known else msg("It takes no options."),
        ),
        option=name[:40],
        example=example_of(command),
        remedy=msg("`help {command}` explains its options.", command=command.name) if known else None,
    )


def stray_quote(token: LineToken) -> str:
    """The quote with which a value begins and that never closes; "" when there is none."""
    return token.value[:1] if not token.quoted and token.value[:1] in DOUBLE and token.value else ""


def _breaks_off(raw: str) -> bool:
    """Whether what stands in straight quotes has half a pair of them inside."""
    inner = raw[1:-1].replace("\\\\", "").replace('\\"', "")
    return raw[0] == '"' and inner.count('"') % 2 == 1
