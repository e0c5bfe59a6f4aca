"""The templates beside this file: every value is escaped, and nothing may be missing.

Names, reasons and ids are written by strangers, so control and bidirectional characters are written out as
well. Jinja2 is loaded with the first page: most installations never open one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from bot.core.routes.tracing import trace_id
from bot.observability.cleaning import one_line

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).with_name("templates")


def rendered(name: str, values: Mapping[str, object]) -> str:
    """A page, of the template with this name."""
    return _environment().get_template(name).render(values)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_visible(StrictUndefined),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    made.filters |= {"grouped": grouped, "utc": utc}
    made.globals |= {"age": age, "counted": counted, "trace_id": trace_id}
    return made


def _visible(undefined: type[object]) -> Callable[[object], object]:
    def visible(value: object) -> object:
        """What a template shows, before it is escaped: HTML of our own stays, what is missing is an error."""
        return value if hasattr(value, "__html__") or isinstance(value, undefined) else one_line(str(value))

    return visible


def age(seconds: float) -> str:
    """Seconds in the two largest units that say something."""
    whole = max(0, round(seconds))
    units = (("d", 86_400), ("h", 3600), ("min", 60), ("s", 1))
    for (name, size), (smaller, small) in pairwise(units):
        if whole >= size:
            rest = whole % size // small
            return f"{whole // size} {name}" + (f" {rest} {smaller}" if rest else "")
    return f"{whole} s"


def counted(number: int, one: str, many: str, limit: int = 100_000) -> str:
    """A number with its noun; counting ends at a limit."""
    if number >= limit:
        return f"{limit:,} {many} or more"
    return f"{number:,} {one if number == 1 else many}"


def grouped(number: int) -> str:
    """As in 12,345."""
    return f"{number:,}"


def utc(at: float, form: str) -> str:
    """A moment in UTC. at: epoch seconds; form: as of strftime."""
    return datetime.fromtimestamp(at, UTC).strftime(form)
