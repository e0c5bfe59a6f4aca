"""What the playground is told when it is made."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

import msgspec

from bot.core.access import Actor
from bot.core.messages.message import msg

LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")
_SOURCE = re.compile(r"https?://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::\d{1,5})?", re.ASCII)


class Visitor(msgspec.Struct, frozen=True):
    """Someone a visitor of the page can be, so that permissions can be tried."""

    id: str
    name: str
    is_admin: bool = False
    roles: frozenset[str] = frozenset()

    @property
    def actor(self) -> Actor:
        """As commands are judged."""
        return Actor(self.id, self.name, self.roles, self.is_admin)


class ChannelSeed(msgspec.Struct, frozen=True):
    """A channel the playground starts with. id: also its name, without "#"; hint: what the empty command box
    says there; groups: the commands whose examples stand first there."""

    id: str
    topic: str
    hint: str = ""
    groups: tuple[str, ...] = ()


DEFAULT_PEOPLE = (Visitor("ada", "Ada", is_admin=True), Visitor("ben", "Ben"))  # no message: names
DEFAULT_CHANNELS = (
    ChannelSeed("general", msg("Try any command here"), msg("Type a command, or help")),
    ChannelSeed(
        "alerts",
        msg("Where routes deliver what monitors see"),
        msg("Try {line}", line="relay add account:nasa"),  # no message: a line
        ("monitor", "relay"),
    ),
    ChannelSeed(
        "giveaways",
        msg("Draws and their winners"),
        msg("Try {command} and a tweet's link", command="draw run"),  # no message: a command
        ("draw", "media"),
    ),
    ChannelSeed(
        "social",
        msg("Drafts, tweets and replies"),
        msg("Try {line}", line="tweet post Good morning"),  # no message: a line
        ("tweet", "draft"),
    ),
)


@dataclass(frozen=True, slots=True)
class PlaygroundSettings:
    """host, port: where the page is served. allowed_hosts: the names (without port) a browser may
    call it by; any other is refused, so that a foreign name pointed at this address gets nothing.
    image_sources: origins besides https that pictures may come from (a local gallery). x_pages: the address
    of pages that stand for those of x.com (the sandbox's); None where links lead to X itself.
    workspace: the tenant's id; name: what the page calls it.

    ValueError when a host other than loopback is to be served under the loopback names alone, or
    when an image source is no plain origin.
    """

    host: str = "127.0.0.1"
    port: int = 8750
    allowed_hosts: tuple[str, ...] = LOOPBACK_NAMES
    people: tuple[Visitor, ...] = DEFAULT_PEOPLE
    channels: tuple[ChannelSeed, ...] = DEFAULT_CHANNELS
    image_sources: tuple[str, ...] = ()
    x_pages: str | None = None
    workspace: str = "demo"
    name: str = "Playground"  # no message: a name
    bot_name: str = "Xquik Bot"  # no message: a name

    def __post_init__(self) -> None:
        if not self.people:
            raise ValueError("the playground needs at least one person")
        if not self.is_local and set(self.allowed_hosts) <= set(LOOPBACK_NAMES):
            msg = f"serving {self.host} needs allowed_hosts: the names people will open it by"
            raise ValueError(msg)
        for source in self.image_sources:
            if not _SOURCE.fullmatch(source):
                msg = f"{source!r} is not an origin like http://127.0.0.1:8751"
                raise ValueError(msg)

    @property
    def is_local(self) -> bool:
        """Whether only this machine is to be served."""
        return is_loopback(self.host)

    def person(self, person: str) -> Visitor | None:
        """The person of that id."""
        return next((p for p in self.people if p.id == person), None)


def is_loopback(host: str) -> bool:
    """Whether an address or name means this machine only."""
    name = host.strip("[]").lower()
    if name == "localhost":
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback
