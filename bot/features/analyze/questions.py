"""Questions of one's own, as people write them.

Is it a complaint?                 yes or no
What is it about? bug / praise     one of these
How angry is it? calm < furious    how much, the least first
"""

from __future__ import annotations

import re
from typing import Final

from bot.core.errors import UsageError
from bot.core.messages.message import msg
from bot.core.text.shortening import cut
from bot.xquik.resources.analyses import AnalysisQuestion

MOST_QUESTIONS: Final = 8
EXAMPLE: Final = 'analyze classify user:nasa questions:"Is it a question?","What is it? news / fun"'
_NOT_IN_NAMES: Final = re.compile(r"[^a-z0-9]+")
_MARK: Final = re.compile("[?？؟]")


def questions_of(given: tuple[str, ...]) -> tuple[AnalysisQuestion, ...]:
    """The questions, each with an id of its own. UsageError for one that cannot be read."""
    return tuple(_question(number, text) for number, text in enumerate(given, start=1))


def _question(number: int, text: str) -> AnalysisQuestion:
    mark = _MARK.search(text)
    if mark is None or not text[: mark.start()].strip():
        raise _unreadable(text)
    name, said, rest = f"q{number}", text[: mark.end()].strip(), text[mark.end() :].strip()
    if not rest:
        return AnalysisQuestion(id=name, text=said)
    if "<" in rest:
        levels = _parts(rest, "<")
        if len(levels) < 2:
            raise _unreadable(text)
        return AnalysisQuestion(id=name, text=said, levels=levels)
    categories = {_name(at, part): part for at, part in enumerate(_parts(rest, "/"), start=1)}
    if len(categories) < 2:
        raise _unreadable(text)
    return AnalysisQuestion(id=name, text=said, categories=tuple(categories.items()))


def _parts(text: str, by: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(by) if part.strip())


def _name(number: int, text: str) -> str:
    """Xquik takes names of categories in lower case without hyphens; what is none stands beside it."""
    name = _NOT_IN_NAMES.sub("_", text.lower()).strip("_")[:60] if text.isascii() else ""
    return name if name[:1].isalpha() else f"category_{number}"


def _unreadable(text: str) -> UsageError:
    return UsageError(
        msg(
            "{question} is no question that can be asked: it ends with ?, and behind that may stand two or "
            "more answers parted by /, or degrees parted by <.",
            question=repr(cut(text, 60)),
        ),
        option="questions",
        example=EXAMPLE,
    )
