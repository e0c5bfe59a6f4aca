"""The edge of the bot in these tests: what a platform would show, as a list of what was called."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.core.access import Actor
from bot.core.chat.actions import ActionRef
from bot.core.chat.answers import Audience, Reply
from bot.core.chat.cards import Button, Buttons, Card, Fields, File, Form, Quote, Table, Text
from bot.core.chat.delivery_results import Absent, Delivered, DeliveryResult, Found, Gone, Lookup, Refused
from bot.core.chat.ids import Destination, MessageRef, TenantId
from bot.core.chat.places import ANYWHERE, ChannelRef, PlaceFacts, Placement
from bot.core.commands.dispatch import InvocationOutcome
from bot.i18n.translator import ENGLISH_TRANSLATOR


@dataclass
class Screen:
    """A `Responder` that keeps what a person saw. steps: the calls, in order, with what was shown.

    posts: whether a channel answer becomes a message that can be edited later. presses: as of a responder.
    """

    place: Destination
    posts: bool = True
    form_inputs: int = 5
    presses: bool = True
    confidential: bool = True
    steps: list[tuple[str, object]] = field(default_factory=list)
    outcome: InvocationOutcome | None = None

    async def ask(self, form: Form) -> None:
        self.steps.append(("ask", form))

    async def acknowledge(self, audience: Audience) -> None:
        self.steps.append(("acknowledge", audience))

    async def progress(self, card: Card) -> None:
        self.steps.append(("progress", card))

    async def answer(self, reply: Reply) -> MessageRef | None:
        self.steps.append(("answer", reply))
        public = ("acknowledge", Audience.CHANNEL) in self.steps
        return MessageRef(self.place, f"m{id(self)}") if self.posts and public else None

    async def fail(self, card: Card) -> None:
        self.steps.append(("fail", card))

    @property
    def names(self) -> list[str]:
        """The calls by name, in order."""
        return [name for name, _ in self.steps]

    def _last(self, name: str) -> object:
        assert self.steps, "nothing was shown"
        found, shown = self.steps[-1]
        assert found == name, f"{found}, not {name}: {shown}"
        return shown

    @property
    def reply(self) -> Reply:
        """The answer; fails the test when the last thing shown is something else."""
        shown = self._last("answer")
        assert isinstance(shown, Reply)
        return shown

    @property
    def card(self) -> Card:
        """The card of the answer."""
        return self.reply.card

    @property
    def failure(self) -> Card:
        """The private error card, which must be all that was shown."""
        shown = self._last("fail")
        assert isinstance(shown, Card)
        assert "answer" not in self.names
        return shown

    @property
    def form(self) -> Form:
        """The form that was opened, as the very first answer."""
        shown = self._last("ask")
        assert isinstance(shown, Form)
        assert self.names == ["ask"]
        return shown


@dataclass
class Wall:
    """The channels of a platform, as `Messenger` and `Channels`. trouble: by channel id."""

    channels: dict[str, str] = field(
        default_factory=lambda: {"c1": "alerts", "c2": "general", "c3": "social"}
    )
    trouble: dict[str, DeliveryResult] = field(default_factory=dict)
    posted: list[tuple[str, Card, str]] = field(default_factory=list)
    edited: dict[str, Card] = field(default_factory=dict)
    told: list[tuple[str, Card]] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    places: dict[str, PlaceFacts] = field(default_factory=dict)
    people: dict[str, Actor] = field(default_factory=dict)
    idempotent_window: float = 0.0

    async def post(
        self,
        to: Destination,
        card: Card,
        key: str,
        files: Sequence[File] = (),
        *,
        placement: Placement = ANYWHERE,
    ) -> DeliveryResult:
        trouble = await self.check(to)
        if not isinstance(trouble, Delivered):
            return trouble
        self.posted.append((to.channel, card, key))
        self.files.extend(files)
        return Delivered(str(len(self.posted)))

    async def edit(self, ref: MessageRef, card: Card) -> DeliveryResult:
        self.edited[ref.message] = card
        return Delivered(ref.message)

    async def delete(self, ref: MessageRef) -> DeliveryResult:
        self.deleted.append(ref.message)
        return Delivered(ref.message)

    async def thread(self, ref: MessageRef, title: str) -> DeliveryResult:
        return Delivered(f"thread-{ref.message}")

    async def publish(self, ref: MessageRef) -> DeliveryResult:
        return Refused("there is nothing to publish to here")

    async def facts(self, to: Destination) -> PlaceFacts | None:
        return self.places.get(to.channel, PlaceFacts())

    async def tell(
        self, tenant: TenantId, person: str, card: Card, key: str, files: Sequence[File] = ()
    ) -> DeliveryResult:
        self.told.append((person, card))
        self.files.extend(files)
        return Delivered("dm")

    async def owner(self, tenant: TenantId) -> DeliveryResult:
        return Delivered("OWNER")

    async def actor(self, tenant: TenantId, person: str) -> Actor | None:
        return self.people.get(person, Actor(person, person, is_admin=True))

    async def check(self, to: Destination) -> DeliveryResult:
        if to.channel not in self.channels:
            return Gone("The channel is gone.")
        return self.trouble.get(to.channel, Delivered(""))

    async def find(self, to: Destination, key: str, after: float) -> Lookup:
        found = next((i for i, (c, _, k) in enumerate(self.posted) if (c, k) == (to.channel, key)), None)
        return Absent() if found is None else Found(str(found + 1))

    async def channel(self, tenant: TenantId, wanted: ChannelRef) -> ChannelRef | None:
        for identity, name in self.channels.items():
            if wanted.id in (identity, name) or (wanted.name and wanted.name == name):
                return ChannelRef(identity, name)
        return None


def buttons(card: Card) -> list[Button]:
    """Every button of a card."""
    return [*card.buttons, *(b for block in card.blocks if isinstance(block, Buttons) for b in block.buttons)]


def ref_of(card: Card, label: str) -> ActionRef:
    """What the button of that label does."""
    found = next((b.action for b in buttons(card) if b.label == label), None)
    assert found is not None, f"no {label!r} among {[b.label for b in buttons(card)]}"
    return found


def words(card: Card) -> str:
    """Everything a card says, as one text."""
    return "\n".join(_words(ENGLISH_TRANSLATOR.card(card)))


def field_of(card: Card, name: str) -> str:
    """The value of a named field."""
    for block in ENGLISH_TRANSLATOR.card(card).blocks:
        if isinstance(block, Fields):
            for item in block.items:
                if item.name == name:
                    return "".join(_plain(part) for part in item.value)
    raise AssertionError(f"no field {name!r} in {words(card)}")


def rows_of(card: Card) -> list[list[str]]:
    """The cells of every table."""
    tables = [block for block in ENGLISH_TRANSLATOR.card(card).blocks if isinstance(block, Table)]
    return [["".join(map(_plain, cell)) for cell in row] for table in tables for row in table.rows]


def _words(card: Card) -> Iterator[str]:
    yield card.title
    for block in card.blocks:
        match block:
            case Text(line):
                yield "".join(map(_plain, line))
            case Quote():
                yield f"{block.author} {block.text}"
            case Fields(items):
                for item in items:
                    yield f"{item.name}: {''.join(map(_plain, item.value))}"
            case Table():
                for row in block.rows:
                    yield " | ".join("".join(map(_plain, cell)) for cell in row)
            case _:
                yield str(block)


def _plain(part: object) -> str:
    for name in ("text", "name", "channel", "user", "at"):
        value = getattr(part, name, None)
        if value:
            return str(value)
    return str(part)
