"""How many steps a backtracking matcher takes: counted on the parsed pattern, so that no clock is needed.

The steps are those of CPython's own matcher without its shortcuts for literal beginnings: what grows faster
than its input here does so there, for some input that is long enough.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from re import _constants as code  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

# A bound above this counts as none: what is read up to 3,000 times from each place is slow as well.
LARGE_BOUND = 64
_NO_BOUND = 10**9

Position = int | None
Continue = Callable[[int], Position]


class TooManySteps(Exception):
    """The count has passed what the caller allows."""


@dataclass
class Counter:
    """A pattern as it is run on texts. steps: how many characters were looked at since the last `reset`."""

    pattern: re.Pattern[Any]
    most: int = 10**7
    steps: int = 0
    _groups: dict[int, tuple[int, int]] = field(default_factory=dict)
    _text: Sequence[int] = ()
    _sets: dict[tuple[int, int], bool] = field(default_factory=dict)

    @cached_property
    def tree(self) -> Any:
        return parser.parse(self.pattern.pattern, self.pattern.flags)

    def whole(self, text: Sequence[int]) -> int:
        """Steps of `fullmatch`."""
        with self._begun(text):
            self._run(self.tree, 0, 0, self.pattern.flags, lambda at: at if at == len(text) else None)
        return self.steps

    def beginning(self, text: Sequence[int]) -> int:
        """Steps of `match`."""
        with self._begun(text):
            self._run(self.tree, 0, 0, self.pattern.flags, lambda at: at)
        return self.steps

    def everywhere(self, text: Sequence[int]) -> int:
        """Steps of `finditer` (and of `sub`, `split`, and a `search` that finds nothing)."""
        with self._begun(text):
            at = 0
            while at <= len(text):
                self._groups = {}
                end = self._run(self.tree, 0, at, self.pattern.flags, lambda end: end)
                at = at + 1 if end is None or end == at else end
        return self.steps

    @contextmanager
    def _begun(self, text: Sequence[int]) -> Iterator[None]:
        self._text, self.steps, self._groups = text, 0, {}
        before = sys.getrecursionlimit()
        sys.setrecursionlimit(max(before, 200 * len(text)))
        try:
            yield
        finally:
            # What comes after in this process relies on the usual limit: deep JSON would end it by the stack.
            sys.setrecursionlimit(before)

    def _step(self) -> None:
        self.steps += 1
        if self.steps > self.most:
            raise TooManySteps

    def _run(self, nodes: Any, index: int, at: int, flags: int, go_on: Continue) -> Position:
        if index == len(nodes):
            return go_on(at)
        op, value = nodes[index]

        while is_single(op):
            self._step()
            if not self._fits(nodes[index], at, flags):
                return None
            index, at = index + 1, at + 1
            if index == len(nodes):
                return go_on(at)
            op, value = nodes[index]

        def then(end: int) -> Position:
            return self._run(nodes, index + 1, end, flags, go_on)

        return self._node(op, value, at, flags, then)

    def _node(self, op: Any, value: Any, at: int, flags: int, then: Continue) -> Position:
        self._step()
        if op is code.AT:
            return then(at) if self._stands(value, at, flags) else None
        if op is code.BRANCH:
            for branch in value[1]:
                if (
                    self._begins(branch, at, flags)
                    and (end := self._run(branch, 0, at, flags, then)) is not None
                ):
                    return end
            return None
        if op is code.SUBPATTERN:
            group, added, removed, body = value

            def closed(end: int) -> Position:
                before = self._groups.get(group)
                self._groups[group] = (at, end)
                if (final := then(end)) is None and before is not None:
                    self._groups[group] = before
                return final

            return self._run(body, 0, at, (flags | added) & ~removed, closed)
        if op in (code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT):
            return self._repeat(op, value, at, flags, then)
        if op is code.ATOMIC_GROUP:
            end = self._run(value, 0, at, flags, lambda end: end)
            return None if end is None else then(end)
        if op in (code.ASSERT, code.ASSERT_NOT):
            return then(at) if self._looks(value, at, flags) is (op is code.ASSERT) else None
        if op is code.GROUPREF:
            begin, end = self._groups.get(value, (0, 0))
            self.steps += end - begin
            same = self._text[begin:end] == self._text[at : at + end - begin]
            return then(at + end - begin) if same else None
        raise NotImplementedError(op)

    def _begins(self, body: Any, at: int, flags: int) -> bool:
        """False where a look at one character shows that the body does not match."""
        self._step()
        return not body or not is_single(body[0][0]) or self._fits(body[0], at, flags)

    def _looks(self, value: Any, at: int, flags: int) -> bool:
        direction, body = value
        if direction > 0:
            return self._run(body, 0, at, flags, lambda end: end) is not None
        begin = at - body.getwidth()[0]
        return (
            begin >= 0
            and self._run(body, 0, begin, flags, lambda end: end if end == at else None) is not None
        )

    def _repeat(self, op: Any, value: Any, at: int, flags: int, then: Continue) -> Position:
        least, most, body = value
        most = _NO_BOUND if most > LARGE_BOUND else most
        least = min(least, LARGE_BOUND)
        if len(body) == 1 and is_single(body[0][0]):
            return self._repeat_one(op, least, most, body[0], at, flags, then)
        if op is code.POSSESSIVE_REPEAT:
            count = 0
            while count < most:
                end = self._run(body, 0, at, flags, lambda end: end)
                if end is None or end == at:
                    break
                at, count = end, count + 1
            return then(at) if count >= least else None
        return self._again(op, (least, most, body), 0, at, flags, then)

    def _again(self, op: Any, value: Any, count: int, at: int, flags: int, then: Continue) -> Position:
        least, most, body = value

        def once_more() -> Position:
            if count >= most or not self._begins(body, at, flags):
                return None

            def repeated(end: int) -> Position:
                stuck = end == at and count >= least
                return None if stuck else self._again(op, value, count + 1, end, flags, then)

            return self._run(body, 0, at, flags, repeated)

        if count < least:
            return once_more()
        if op is code.MIN_REPEAT:
            return end if (end := then(at)) is not None else once_more()
        return end if (end := once_more()) is not None else then(at)

    def _repeat_one(
        self, op: Any, least: int, most: int, node: Any, at: int, flags: int, then: Continue
    ) -> Position:
        count = 0
        wanted = least if op is code.MIN_REPEAT else most
        while count < wanted and self._fits(node, at + count, flags):
            count += 1
            self._step()
        if count < least:
            return None
        if op is code.POSSESSIVE_REPEAT:
            return then(at + count)
        if op is code.MAX_REPEAT:
            for taken in range(count, least - 1, -1):
                self._step()
                if (end := then(at + taken)) is not None:
                    return end
            return None
        while True:
            self._step()
            if (end := then(at + count)) is not None:
                return end
            if count >= most or not self._fits(node, at + count, flags):
                return None
            count += 1

    def _fits(self, node: Any, at: int, flags: int) -> bool:
        if at >= len(self._text):
            return False
        key = (id(node), self._text[at])
        if key not in self._sets:
            self._sets[key] = fits(node, self._text[at], flags)
        return self._sets[key]

    def _stands(self, where: Any, at: int, flags: int) -> bool:
        text, last = self._text, len(self._text)
        if where in (code.AT_BEGINNING, code.AT_BEGINNING_STRING):
            in_lines = where is code.AT_BEGINNING and flags & re.MULTILINE
            return at == 0 or bool(in_lines and text[at - 1] == 10)
        if where in (code.AT_END, code.AT_END_STRING):
            if at == last:
                return True
            if where is code.AT_END_STRING or text[at] != 10:
                return False
            return at == last - 1 or bool(flags & re.MULTILINE)
        word = [0 <= one < last and _is_word(text[one]) for one in (at - 1, at)]
        return (word[0] != word[1]) is (where is code.AT_BOUNDARY)


def is_single(op: Any) -> bool:
    """Whether the node takes exactly one character."""
    return op in (code.LITERAL, code.NOT_LITERAL, code.ANY, code.IN)


def fits(node: Any, character: int, flags: int) -> bool:
    """Whether the character is one that the node takes."""
    op, value = node
    if op is code.ANY:
        return character != 10 or bool(flags & re.DOTALL)
    forms = {character}
    if flags & re.IGNORECASE:
        both = chr(character)
        forms |= {ord(one) for one in (both.lower(), both.upper()) if len(one) == 1}
    if op is code.LITERAL:
        return value in forms
    if op is code.NOT_LITERAL:
        return value not in forms
    negated = value[0][0] is code.NEGATE
    return any(_in(item, form, flags) for item in value for form in forms) is not negated


def _in(item: Any, character: int, flags: int) -> bool:
    op, value = item
    if op is code.LITERAL:
        return bool(character == value)
    if op is code.RANGE:
        return bool(value[0] <= character <= value[1])
    if op is code.CATEGORY:
        return _in_category(str(value), character, ascii_only=not flags & re.UNICODE)
    return False


def _in_category(name: str, character: int, *, ascii_only: bool) -> bool:
    text = chr(character)
    kind = name.rpartition("_")[2]
    found = {"DIGIT": text.isdecimal(), "SPACE": text.isspace(), "WORD": _is_word(character)}[kind]
    found = found and not (ascii_only and character > 127)
    return found is not ("_NOT_" in name)


def _is_word(character: int) -> bool:
    return chr(character).isalnum() or character == 95


def nodes_of(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Every node of a parsed pattern, outer before inner."""
    for node in tree:
        op, value = node
        yield node
        if op is code.BRANCH:
            for branch in value[1]:
                yield from nodes_of(branch)
        elif op is code.SUBPATTERN:
            yield from nodes_of(value[3])
        elif op is code.ATOMIC_GROUP:
            yield from nodes_of(value)
        elif op in (code.ASSERT, code.ASSERT_NOT):
            yield from nodes_of(value[1])
        elif is_repeat(op):
            yield from nodes_of(value[2])


def is_repeat(op: Any) -> bool:
    return op in (code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT)
