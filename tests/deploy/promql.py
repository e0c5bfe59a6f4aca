"""Reads the names out of an expression of Prometheus: its metrics, their labels, and anything unknown."""

from __future__ import annotations

import re
from dataclasses import dataclass

from prometheus_client.metrics import MetricWrapperBase

from bot.observability.figures import BotMetrics

# What Prometheus itself adds to everything it scrapes.
TARGET_LABELS = {"job", "instance"}
FUNCTIONS = {
    "abs", "absent", "changes", "delta", "deriv", "histogram_quantile", "increase", "max", "min", "rate",
    "sum", "time",
}  # fmt: skip
WORDS = {"by", "and", "or", "unless", "without"}
# Variables of the dashboard stand where a name or a duration stands.
_TOKEN = re.compile(
    r'(?P<string>"[^"]*")'
    r"|(?P<range>\[[^\]]+\])"
    r"|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<name>[A-Za-z_:][A-Za-z0-9_:]*)"
    r"|(?P<sign>==|!=|>=|<=|=~|!~|[-+*/(){},<>=])"
    r"|(?P<space>\s+)"
)
_RANGE = re.compile(r"\[(\d+[smhd]|\$__rate_interval)\]")


@dataclass(frozen=True)
class Used:
    """A metric with the labels that are asked of it."""

    metric: str
    labels: frozenset[str]


def series() -> dict[str, set[str]]:
    """Every series that the bot shows, with its labels; and `up`, which Prometheus adds."""
    found: dict[str, set[str]] = {"up": set(TARGET_LABELS)}
    for metric in vars(BotMetrics()).values():
        if not isinstance(metric, MetricWrapperBase):
            continue
        labels = set(metric._labelnames) | TARGET_LABELS
        if metric._type == "histogram":
            found[f"{metric._name}_bucket"] = labels | {"le"}
            found[f"{metric._name}_sum"] = found[f"{metric._name}_count"] = labels
        else:
            found[metric._name + ("_total" if metric._type == "counter" else "")] = labels
    return found


def read(expression: str) -> tuple[list[Used], set[str]]:
    """The metrics of an expression with the labels in their braces, and the labels it groups by.

    AssertionError for what cannot be read, an unknown function, or parentheses that do not close.
    """
    tokens = _tokens(expression)
    used: list[Used] = []
    grouped: set[str] = set()
    depth = 0
    at = 0
    while at < len(tokens):
        kind, text = tokens[at]
        after = tokens[at + 1][1] if at + 1 < len(tokens) else ""
        if kind == "name" and text in WORDS:
            if text == "by":
                labels, at = _names(tokens, at + 1, ")")
                grouped |= labels
        elif kind == "name" and after in ("(", "by"):
            assert text in FUNCTIONS, f"{text} is no function that is known here"
        elif kind == "name" and after == "{":
            labels, at = _names(tokens, at + 1, "}")
            used.append(Used(text, frozenset(labels)))
        elif kind == "name":
            used.append(Used(text, frozenset()))
        elif kind == "range":
            assert _RANGE.fullmatch(text), text
        depth += (text == "(") - (text == ")")
        assert depth >= 0, expression
        at += 1
    # `by (…)` was read as a whole, with both of its parentheses.
    assert depth == 0, f"parentheses do not close: {expression}"
    return used, grouped


def _tokens(expression: str) -> list[tuple[str, str]]:
    found = []
    at = 0
    while at < len(expression):
        match = _TOKEN.match(expression, at)
        assert match, f"cannot read {expression[at:]!r}"
        if match.lastgroup != "space":
            found.append((str(match.lastgroup), match[0]))
        at = match.end()
    return found


def _names(tokens: list[tuple[str, str]], start: int, end: str) -> tuple[set[str], int]:
    """The names between a bracket and its end, and where that stands."""
    close = next(i for i in range(start, len(tokens)) if tokens[i][1] == end)
    return {text for kind, text in tokens[start:close] if kind == "name"}, close


def check(expression: str) -> list[Used]:
    """Assert that an expression asks only for what there is."""
    known = series()
    used, grouped = read(expression)
    assert used or "time()" in expression, f"no metric in {expression}"
    for one in used:
        assert one.metric in known, f"there is no metric {one.metric}: {expression}"
        assert one.labels <= known[one.metric], f"{one.metric} has no label {one.labels - known[one.metric]}"
    for label in grouped:
        assert all(label in known[one.metric] for one in used), f"not all have {label}: {expression}"
    return used
