"""Reading an answer that was paid for: what of it cannot be read is left out, the rest is read.

One odd remark must not lose a page. A value of another type counts as not given; an element of a list, or an
object, without what it must have is left out whole. What was left out stands in the log by its place and
type, never by its content.
"""

from __future__ import annotations

import logging
import re
from typing import Any, Final, TypeVar

import msgspec

_LOG = logging.getLogger(__name__)
_MOST: Final = 200
"""Values of one thing that are left out; beyond, it is something else."""
_WHERE: Final = re.compile(r"`\$([^`]*)`$")
_STEP: Final = re.compile(r"\.([^.\[\]`]+)|\[(\d+)\]")
_TYPES: Final = re.compile(r"^Expected `[^`]{1,60}`, got `[^`]{1,60}`")
_NUMBER: Final = re.compile(r"\[\d+\]")
T = TypeVar("T")


def converted(kind: type[T], value: Any) -> T:
    """`value`, decoded JSON of which nobody else has a part, as a model.

    Raises as msgspec does where it cannot be read even so. The value is changed.
    """
    for _ in range(_MOST):
        try:
            return msgspec.convert(value, kind, strict=False)
        except msgspec.ValidationError as error:
            said = str(error)
            if not _left_out(value, _path(said)):
                raise
        _tell(kind, said)
    return msgspec.convert(value, kind, strict=False)


def _path(said: str) -> list[str | int]:
    """Where it is, as keys and indices; none for the whole value."""
    found = _WHERE.search(said)
    steps = _STEP.finditer(found[1]) if found else ()
    return [int(step[2]) if step[1] is None else step[1] for step in steps]


def _left_out(value: Any, path: list[str | int]) -> bool:
    """Take it out of what holds it; False where nothing does."""
    if not path:
        return False
    try:
        for step in path[:-1]:
            value = value[step]
        del value[path[-1]]
    except (KeyError, IndexError, TypeError):
        return False  # another way of saying where it is
    return True


def _tell(kind: type[Any], said: str) -> None:
    found = _WHERE.search(said)
    where = _NUMBER.sub("[]", found[1]) if found else ""
    types = _TYPES.match(said)
    why = types[0] if types else "something it must have is missing"  # no message: for the log
    _LOG.warning(
        "an answer of Xquik is read without a part: %s%s: %s", getattr(kind, "__name__", "list"), where, why
    )
