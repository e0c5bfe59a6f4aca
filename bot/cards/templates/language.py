"""The language of templates: Liquid with few tags, our own filters, and a bound for everything.

There is no loader, no include, no range and no clock; what is not listed here does not exist. Rendering
is synchronous, so its time is bounded by counting: an iteration of a loop costs as many steps as the
whole template has parts, a filter as much as the text it is given, and what passes `STEPS` is stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from typing import Any, ClassVar

from liquid import BoundTemplate, Environment, RenderContext, StrictUndefined
from liquid.ast import Node
from liquid.builtin.content import Literal
from liquid.builtin.expressions.filtered import FilteredExpression
from liquid.builtin.expressions.logical import EqExpression, NeExpression
from liquid.builtin.expressions.primitive import Blank, Empty, RangeLiteral
from liquid.builtin.illegal import Illegal
from liquid.builtin.output import Output
from liquid.builtin.tags import assign_tag, capture_tag, case_tag, comment_tag, for_tag, if_tag, unless_tag
from liquid.exceptions import LiquidSyntaxError, LoopIterationLimitError
from liquid.expression import Expression
from liquid.output import LimitedStringIO
from liquid.token import Token
from liquid.undefined import UNDEFINED
from liquid.utils import ReadOnlyChainMap

from bot.cards.templates.filters import FILTERS
from bot.core.messages.message import msg
from bot.core.text.invisible import blank

# Bytes, before the text is cut to what fits a message.
OUTPUT_LIMIT = 16_000
# Parts of a template that may be worked off in all, at about a microsecond each.
STEPS = 20_000
_FILTER_STEPS = 10
# So many characters cost a filter one step more.
_CHARACTERS = 20
_NAMESPACE = 64_000
_DEPTH = 12
_TAGS = (
    Literal,
    Output,
    Illegal,
    assign_tag.AssignTag,
    capture_tag.CaptureTag,
    case_tag.CaseTag,
    comment_tag.CommentTag,
    for_tag.ForTag,
    for_tag.BreakTag,
    for_tag.ContinueTag,
    if_tag.IfTag,
    unless_tag.UnlessTag,
)
TAGS = ("assign", "break", "capture", "case", "comment", "continue", "for", "if", "raw", "unless")


class _Equal(EqExpression):
    """`==` where a side is `blank` or `empty`, with which Liquid compares otherwise than it documents."""

    __slots__ = ()

    def evaluate(self, context: RenderContext) -> object:
        """Whether both sides are the same."""
        return _same(self.left.evaluate(context), self.right.evaluate(context))


class _Unequal(NeExpression):
    """`!=` likewise."""

    __slots__ = ()

    def evaluate(self, context: RenderContext) -> object:
        """Whether the sides differ."""
        return not _same(self.left.evaluate(context), self.right.evaluate(context))


def _mended(part: Node | Expression) -> None:
    """Let a comparison with `blank` or `empty` be one of ours."""
    if isinstance(part, EqExpression | NeExpression) and any(
        isinstance(side, Blank | Empty) for side in (part.left, part.right)
    ):
        part.__class__ = _Equal if isinstance(part, EqExpression) else _Unequal


def _same(left: object, right: object) -> bool:
    if not isinstance(left, Blank | Empty):
        left, right = right, left
    if isinstance(right, Blank | Empty):
        return True
    if isinstance(left, Blank) and (right is False or (isinstance(right, str) and blank(right))):
        return True
    # What X does not tell is nil here, and stands for an empty text.
    if isinstance(right, dict):
        return all(value is None for value in right.values())
    return right is None or (isinstance(right, str | list) and not right)


class _Context(RenderContext):
    """One rendering: what it may still spend, and names without the clock that Liquid brings."""

    __slots__ = ("spent", "weight")

    def __init__(self, template: BoundTemplate, *, weight: int, **options: Any) -> None:
        super().__init__(template, **options)
        self.scope = ReadOnlyChainMap(self.locals, self.globals)
        self.weight = weight
        self.spent = 0

    def spend(self, steps: int) -> None:
        """Count work before it is done."""
        self.spent += steps
        if self.spent > STEPS:
            raise LoopIterationLimitError("steps", token=None)

    def get(self, path: list[object], *, token: Token | None, default: object = UNDEFINED) -> object:
        """A value. What a list has not got is nil, as everywhere in Liquid; a name must exist."""
        found = super().get(path, token=token, default=default)
        if isinstance(found, StrictUndefined) and found.hint == "index out of range":
            return None
        return found

    def raise_for_loop_limit(self, length: int = 1) -> None:
        """Called before a loop of so many iterations."""
        self.spend(length * self.weight)

    def filter(self, name: str, token: Token | None) -> Callable[..., object]:
        """A filter that pays for what it is given."""
        return partial(self._filtered, super().filter(name, token))

    def _filtered(self, apply: Callable[..., object], *values: object) -> object:
        self.spend(_FILTER_STEPS + sum(map(_length, values)) // _CHARACTERS)
        return apply(*values)


def _length(value: object) -> int:
    return sum(map(_length, value)) + len(value) if isinstance(value, list) else len(str(value))


class _Language(Environment):
    context_depth_limit: ClassVar[int] = _DEPTH
    block_nesting_limit: ClassVar[int] = _DEPTH
    local_namespace_limit: ClassVar[int | None] = _NAMESPACE
    output_stream_limit: ClassVar[int | None] = OUTPUT_LIMIT

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:  # noqa: ARG002 - Liquid's signature
        """Those of this module and no others."""
        for tag in _TAGS:
            self.add_tag(tag)
        self.filters.update(FILTERS)


_LANGUAGE = _Language(undefined=StrictUndefined, autoescape=False)


class Compiled:
    """A template ready to be rendered. names: the fields it reads, as paths, with the line of each."""

    def __init__(self, source: str) -> None:
        """LiquidError when it is not of the language."""
        self._template = _LANGUAGE.from_string(source)
        parts = list(_parts(self._template.nodes, RenderContext(self._template)))
        for part in parts:
            _refuse_foreign(part)
            _mended(part)
        self._weight = len(parts) + 1
        found = self._template.analyze(include_partials=False).globals
        self.names = tuple(
            (tuple(map(str, variable.segments)), source.count("\n", 0, variable.span.index) + 1)
            for variables in found.values()
            for variable in variables
        )

    def render(self, values: dict[str, object]) -> str:
        """The text; LiquidError when a limit is passed or something is not there."""
        context = _Context(self._template, weight=self._weight, globals=values)
        out = LimitedStringIO(limit=OUTPUT_LIMIT)
        self._template.render_with_context(context, out)
        return out.getvalue()


def _refuse_foreign(part: Node | Expression) -> None:
    if isinstance(part, RangeLiteral):
        raise LiquidSyntaxError(msg("ranges cannot be used in templates"), token=part.token)
    if isinstance(part, FilteredExpression):
        for one in part.filters or ():
            one.validate_filter_arguments(_LANGUAGE)


@lru_cache(maxsize=256)
def compiled(source: str) -> Compiled:
    """`Compiled`, kept while it is used."""
    return Compiled(source)


def _parts(nodes: Iterable[Node], context: RenderContext) -> Iterator[Node | Expression]:
    for node in nodes:
        yield node
        for expression in node.expressions():
            yield from _expressions(expression)
        yield from _parts(node.children(context, include_partials=False), context)


def _expressions(expression: Expression) -> Iterator[Expression]:
    yield expression
    for inner in expression.children():
        yield from _expressions(inner)
