"""Bad luck at Discord and Slack: which post meets which fault is drawn from the seed, by channel."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from tests.doubles.discord import faults as discord
from tests.doubles.slack import faults as slack

_POST = "chat.postMessage"
_READ = ("conversations.history", "conversations.info")

# The share of posts that meet each fault; the rest are well.
DISCORD = {
    "429": 0.02,
    "429 for all": 0.001,
    "500": 0.008,
    "502": 0.006,
    "503": 0.006,
    "slow": 0.06,
    "cut": 0.016,
    "answer lost": 0.024,
}
SLACK = {
    "429": 0.024,
    "500": 0.008,
    "503": 0.008,
    "slow": 0.06,
    "cut": 0.008,
    "answer lost": 0.016,
}


class _Chance:
    """One stream of chance for each place, so that no other place changes what happens there."""

    def __init__(self, seed: str, shares: Mapping[str, float], factor: float = 1.0) -> None:
        self._seed = seed
        self._shares = {name: share * factor for name, share in shares.items()}
        self._streams: dict[str, random.Random] = {}
        self.met: Counter[str] = Counter()

    def of(self, place: str) -> random.Random:
        """The stream of a place."""
        return self._streams.setdefault(place, random.Random(f"{self._seed}:{place}"))

    def draw(self, place: str) -> str:
        """What happens next there; "" for nothing."""
        number = self.of(place).random()
        for name, share in self._shares.items():
            number -= share
            if number < 0:
                self.met[name] += 1
                return name
        return ""


class DiscordFaults(discord.Faults):
    """The faults of a `DiscordServer`: ordered ones first, then chance. met: how often, by name."""

    def __init__(self, seed: int, factor: float = 1.0) -> None:
        super().__init__()
        self._chance = _Chance(f"{seed}:discord", DISCORD, factor)
        self.met = self._chance.met

    def take(self, method: str, path: str) -> discord.Fault | None:
        """The fault of a request, if it meets one."""
        ordered = super().take(method, path)
        if ordered is not None or method != "POST" or not path.endswith("/messages"):
            return ordered
        name = self._chance.draw(path)
        return _DISCORD[name](method, path, self._chance.of(path)) if name else None


class SlackFaults(slack.Faults):
    """The faults of a `SlackServer`, likewise."""

    def __init__(self, seed: int, factor: float = 1.0) -> None:
        super().__init__()
        self._chance = _Chance(f"{seed}:slack", SLACK, factor)
        self.met = self._chance.met

    def take(self, method: str, args: Mapping[str, Any]) -> slack.Fault | None:
        """The fault of a call, if it meets one."""
        ordered = super().take(method, args)
        if ordered is not None or method != _POST:
            return ordered
        place = str(args.get("channel", ""))
        name = self._chance.draw(place)
        return _SLACK[name](method, self._chance.of(place)) if name else None


_DiscordFault = Callable[[str, str, random.Random], discord.Fault]
_SlackFault = Callable[[str, random.Random], slack.Fault]


def _answered(status: int) -> _DiscordFault:
    answer = discord.Answer(status, {"message": f"{status}: trouble", "code": 0})
    return lambda method, path, _: discord.Fault(method, path, answer=answer)


_DISCORD: Mapping[str, _DiscordFault] = {
    "429": lambda m, p, r: discord.Fault(m, p, answer=discord.too_many(r.uniform(0.1, 1.0))),
    "429 for all": lambda m, p, r: discord.Fault(
        m, p, answer=discord.too_many(r.uniform(0.1, 0.5), everywhere=True)
    ),
    "500": _answered(500),
    "502": _answered(502),
    "503": _answered(503),
    "slow": lambda m, p, r: discord.Fault(m, p, delay=r.uniform(0.05, 0.6)),
    "cut": lambda m, p, _: discord.Fault(m, p, cut="before"),
    "answer lost": lambda m, p, r: discord.Fault(m, p, cut="after", delay=r.uniform(0.0, 0.1)),
}
_SLACK: Mapping[str, _SlackFault] = {
    "429": lambda m, r: slack.Fault(m, status=429, headers={"Retry-After": str(r.randint(1, 2))}),
    "500": lambda m, _: slack.Fault(m, status=500),
    "503": lambda m, _: slack.Fault(m, status=503),
    "slow": lambda m, r: slack.Fault(m, delay=r.uniform(0.05, 0.6)),
    "cut": lambda m, _: slack.Fault(m, cut=True),
    "answer lost": lambda m, r: slack.Fault(m, lost=True, delay=r.uniform(0.0, 0.1)),
}
