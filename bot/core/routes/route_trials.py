"""What a route would make of events that came already: which pass, and which rule stops the others. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import msgspec

from bot.core.messages.message import Message, msg
from bot.core.routes.conditions import NAMES
from bot.core.routes.events import Event
from bot.core.routes.filtering import refusal
from bot.core.routes.route import Filtered, Route, Sensitive, match


class Trial(msgspec.Struct, frozen=True):
    """passed: the events that the route takes, in the order they were given. refused: how many each rule
    stopped, the one that stopped most first; a filter is named by its number and kind."""

    passed: tuple[Event, ...]
    refused: tuple[tuple[str, int], ...]

    @property
    def tried(self) -> int:
        """How many events there were."""
        return len(self.passed) + sum(number for _, number in self.refused)


def tried(route: Route, events: Iterable[Event]) -> Trial:
    """The route's answer to each event, as if it were on."""
    on = replace(route, paused_reason=None)
    unfiltered = replace(on, filters=(), events=on.types, sensitive=Sensitive.ALWAYS)
    passed: list[Event] = []
    refused: Counter[str] = Counter()
    for event in events:
        answer = match(on, event)
        if not isinstance(answer, Filtered):
            passed.append(event)
            continue
        source = match(unfiltered, event)
        rule = source.rule if isinstance(source, Filtered) else _filter(on, event) or answer.rule
        refused[rule] += 1
    return Trial(tuple(passed), tuple(refused.most_common()))


def _filter(route: Route, event: Event) -> Message | None:
    """The first filter that stops the event: "filter 2 (contains)"; what it says differs by event."""
    for number, one in enumerate(route.filters, 1):
        if refusal((one,), event, quoted=route.quoted) is not None:
            return msg("filter {number} ({kind})", number=number, kind=NAMES[type(one)])
    return None
