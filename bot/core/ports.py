"""What the core and the adapters need from the outside; what they need of storage: `bot.core.stores`.

Several implementations; those of the platforms pass the suites in `tests/contracts`:

    Responder       DiscordResponder, PlaygroundResponder, SlackResponder, TerminalResponder
    Messenger       DiscordMessenger, PlaygroundMessenger, SlackMessenger, TerminalMessenger
    RelayMessenger  DiscordMessenger, PlaygroundMessenger, SlackMessenger, TerminalMessenger
    Channels        DiscordChannels, PlaygroundMessenger, SlackChannels, TerminalMessenger
    Groups          DiscordNames, SlackNames
    Platform        DiscordPlatform, PlaygroundPlatform, SlackPlatform
    Scheduler       AsyncioScheduler, Relay, SharedScheduler
    Observer        InvocationLog, InvocationObservers, Traces
    Remember        KnownSecrets.remember, not_remembered

One, which stands above the core, so that it cannot be imported here:

    Recovering      Recovery
    Attachments     ListingParts
    Attaching       FilesTakenIn
    Access          Grants
    Timezones       StoredTimezones
    ReaderLanguages StoredLanguages
    Spending        StoredSpending
    Keys            TenantKeys
    ButtonStates    StoredButtonStates
    Proposals       PendingProposals
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias, TypeVar

from bot.core.access import Actor, BotRemoved
from bot.core.chat.answers import Audience, Later, Proposal, Reply
from bot.core.chat.cards import Card, Choice, File, Form
from bot.core.chat.delivery_results import DeliveryResult, Lookup
from bot.core.chat.ids import Destination, MessageRef, TenantId
from bot.core.chat.invocation import Invocation
from bot.core.chat.languages import ChosenLanguages
from bot.core.chat.moments import ChosenZones
from bot.core.chat.places import ANYWHERE, ChannelRef, PlaceFacts, Placement
from bot.core.errors import BotError
from bot.core.policy import Policy

RouteT_co = TypeVar("RouteT_co", covariant=True)


class Responder(Protocol):
    """Answers one invocation on the platform it came from.

    Order: at most one of `ask` and `acknowledge` first, then any `progress`, then exactly one of
    `answer` and `fail`. After `ask` nothing more is called: the submitted form is a new invocation. After an
    answer in place of a pressed message one more may come in the same place, minutes later.

    `ask`, `acknowledge` and `answer` raise AnswerLost for whatever the platform does about it, and log one
    line; any other error is a mistake of ours.

    form_inputs: how many fields a form of the platform has. presses: whether buttons of an answer can be
    pressed; where not, a list is given in the longest pages that there are. confidential: whether an answer
    can be given now that the person alone sees and that is kept nowhere.
    """

    form_inputs: int
    presses: bool

    @property
    def confidential(self) -> bool:
        """See the class."""

    async def ask(self, form: Form) -> None:
        """Open a form. Only as the first answer: platforms open none after an acknowledgement."""

    async def acknowledge(self, audience: Audience) -> None:
        """Tell the platform within its 3 s that an answer will come, and who will see it."""

    async def progress(self, card: Card) -> None:
        """Show how far a long command is. Never raises."""

    async def answer(self, reply: Reply) -> MessageRef | None:
        """Give the answer: to the person alone, or to the channel, as acknowledged. What is confidential is
        shown to the person on the spot or, with AnswerLost, not at all.

        For a channel the acknowledgement stays private and the answer is posted as a message of
        the bot; where the bot cannot post there, the person gets it privately, with a word why.
        Returns the message when it can be edited later, None when it is private.
        """

    async def fail(self, card: Card) -> None:
        """Tell the person, privately, leaving nothing in the channel."""


class Messenger(Protocol):
    """Posts to one platform as the bot. Never raises for what a platform can answer."""

    async def post(
        self,
        to: Destination,
        card: Card,
        key: str,
        files: Sequence[File] = (),
        *,
        placement: Placement = ANYWHERE,
    ) -> DeliveryResult:
        """Post a card. key: stable, at most 25 characters of [a-z0-9]; the same key is the same
        message, and the platform's own de-duplication is used where it has one.

        In a forum the card becomes a post of its own: `Delivered` then names its first message, whose
        id is also the id of its thread.
        """

    async def edit(self, ref: MessageRef, card: Card) -> DeliveryResult:
        """Replace the content of our message."""

    async def delete(self, ref: MessageRef) -> DeliveryResult:
        """Delete our message; `Delivered` also when it was gone already."""

    async def thread(self, ref: MessageRef, title: str) -> DeliveryResult:
        """The thread below our message, begun when there is none yet: `Delivered` names it, for
        `Destination.thread`. May be asked any number of times. `Refused` where there are no threads."""

    async def publish(self, ref: MessageRef) -> DeliveryResult:
        """Publish our message to the channels that follow its announcement channel; `Delivered` also
        when it was published already. `Refused` where there is nothing of the kind."""

    async def facts(self, to: Destination) -> PlaceFacts | None:
        """What the place is; None when it cannot be asked now. May be as old as a minute."""

    async def tell(
        self, tenant: TenantId, person: str, card: Card, key: str, files: Sequence[File] = ()
    ) -> DeliveryResult:
        """Send a person a direct message."""

    async def owner(self, tenant: TenantId) -> DeliveryResult:
        """Who owns the server or workspace: `Delivered` names the person, for `tell`. `Refused` where the
        platform does not say."""

    async def actor(self, tenant: TenantId, person: str) -> Actor | BotRemoved | None:
        """Who a person is there now, as when they use a command: somebody without any privilege where they
        are there no more. None when it cannot be asked now."""

    async def check(self, to: Destination) -> DeliveryResult:
        """Whether we could post there now; posts nothing. `Delivered("")` when we could."""

    async def find(self, to: Destination, key: str, after: float) -> Lookup:
        """Look for our message with that key among those posted since `after` (epoch seconds)."""


class RelayMessenger(Messenger, Protocol):
    """A messenger that the relay can send through.

    idempotent_window: seconds for which the platform recognises a repeated key and does not post
    again (Discord's enforced nonce: about 180; Slack: 0).
    """

    @property
    def idempotent_window(self) -> float:
        """See the class."""


class Attachments(Protocol):
    """Makes the files that go with queued messages, when those are sent: they are stored nowhere else."""

    async def files(self, tenant: TenantId, attachment: str) -> tuple[File, ...]:
        """The files of that name, which whoever queued the message gave; none that are not stored any more.
        The same name is the same bytes. StorageUnavailable while they cannot be read."""


class Attaching(Protocol):
    """Takes in files that people hand in with a form: `bot.proposals.attaching.FilesTakenIn`."""

    async def permit(self, invocation: Invocation) -> None:
        """NotPermitted for whoever may not hand any in; asked before the first byte is read."""

    async def keep(self, invocation: Invocation, name: str, data: bytes) -> str:
        """The value of an option for a file, which only this person can use, for half an hour. Rejected for
        what cannot be used; LimitReached where the place has too many."""


class Channels(Protocol):
    """Finds a channel of a tenant."""

    async def channel(self, tenant: TenantId, wanted: ChannelRef) -> ChannelRef | None:
        """The channel by id, or by name without #; None when there is none we can see."""


class Groups(Protocol):
    """Lists what a tenant's platform has of groups that can be mentioned."""

    async def groups(self, tenant: TenantId) -> tuple[Choice, ...]:
        """Roles or user groups: their names with @, and as values the mentions. As they were a minute ago;
        none where the platform does not tell."""


class Platform(Protocol[RouteT_co]):
    """One platform as a process is connected to it.

    Order: `open` or `start`, `quiet`, `stop`. `stop` may be called at any time, and more than once. What was
    stopped is not started again: another try takes another one. RouteT_co: a route of whatever web framework
    serves it; the core knows none.
    """

    @property
    def messenger(self) -> RelayMessenger:
        """Posts there once it is open."""

    @property
    def channels(self) -> Channels:
        """Finds its channels."""

    @property
    def groups(self) -> Groups | None:
        """Lists whom a message can notify; None where there are no groups."""

    @property
    def routes(self) -> Sequence[RouteT_co]:
        """What the web server is to serve for it, from before it is started until it is stopped."""

    @property
    def ready(self) -> bool:
        """Whether commands arrive now."""

    async def open(self) -> None:
        """Be able to post, and no more.

        UpstreamUnavailable where nobody answers and a later try may succeed; any other BotError where the
        platform does not let the bot in as it is set up.
        """

    async def start(self) -> None:
        """`open`, and take commands. What connects in the background tries again by itself."""

    async def ended(self) -> BotError | None:
        """Waits until it takes commands no more: why, if the platform shut the bot out; None after `stop`."""

    async def quiet(self) -> None:
        """Take up no further command, and let those that run finish. Posting goes on."""

    async def stop(self) -> None:
        """`quiet`, and disconnect."""


class Remember(Protocol):
    """Is told of every secret that this process comes to hold, so that its log leaves it out by value."""

    def __call__(self, secret: str, *, passing: bool = False) -> None:
        """passing: it holds for minutes, like what answers one interaction."""


def not_remembered(secret: str, *, passing: bool = False) -> None:
    """A `Remember` for where nothing is logged."""


class Scheduler(Protocol):
    """Decides when a lane (a destination) is drained."""

    def wake(self, lane: str) -> None:
        """The lane has, or may have, something to send. Cheap; may be called for a busy lane."""


Wake: TypeAlias = Callable[[str], None]
"""Told that something may be sent in a lane: `Scheduler.wake`."""

LookSoon: TypeAlias = Callable[[TenantId], None]
"""Told that a tenant is to be looked at before its turn: a monitor was started, or an event came of it."""


class Recovering(Protocol):
    """Is told when the bot may be able to post where it could not: `bot.relay.recovering.Recovery`.

    Both only have it looked at soon; they are cheap where nothing is lost, and raise StorageUnavailable.
    """

    async def look_again(self, tenant: TenantId, channel: str = "") -> None:
        """Something changed in a channel (or thread), or in the whole tenant."""

    async def look_everywhere(self, platform: str) -> None:
        """Something may have changed in any tenant of a platform."""


class Access(Protocol):
    """The stored policy of tenants."""

    async def policy(self, tenant: TenantId) -> Policy:
        """The stored grants and rules; none for a tenant nobody configured."""


class Timezones(Protocol):
    """The zones that people chose."""

    async def chosen(self, tenant: TenantId, person: str) -> ChosenZones:
        """A person's, and that of the place."""


class Spending(Protocol):
    """What places say of spending credits."""

    async def threshold(self, tenant: TenantId) -> int:
        """Credits above which it is asked before they are spent."""


class ReaderLanguages(Protocol):
    """The languages that people chose, and that platforms tell of their servers."""

    async def chosen(self, tenant: TenantId, person: str) -> ChosenLanguages:
        """A person's, "" for nobody's, and those of the place."""

    async def told(self, tenant: TenantId, language: str) -> None:
        """The platform says in which language a place is."""


class Keys(Protocol):
    """Whether a tenant has an Xquik key."""

    async def has_key(self, tenant: TenantId) -> bool:
        """True when `setup key` or `apply` stored one."""


class ButtonStates(Protocol):
    """The durable state behind buttons and forms, found again by an opaque key."""

    async def keep(
        self, tenant: TenantId, name: str, state: Mapping[str, Any], *, lifetime: float, person: str = ""
    ) -> str:
        """Store JSON state for an action; returns the opaque key. lifetime: seconds. person: the id of whose
        it is; their oldest makes room for their newest. LimitReached when it is too large."""

    async def recall(self, tenant: TenantId, name: str, key: str) -> Mapping[str, Any] | None:
        """The state, or None when it is unknown, of another tenant or action, or expired."""

    async def consume(self, tenant: TenantId, name: str, key: str) -> Mapping[str, Any] | None:
        """As `recall`, once: of those who press at the same time, one gets it."""


class Proposals(Protocol):
    """Holds what people must confirm before it is done."""

    async def open(self, invocation: Invocation, proposal: Proposal, command: str) -> Card:
        """Store the proposal and return its preview with the buttons that decide it. command: the words of
        the one that it came of, "" for none: its rules hold for who decides it."""

    async def shown(self, card: Card, ref: MessageRef | None) -> Later | None:
        """Where the preview returned by `open` stands, so that the outcome can replace it. What waits for
        something to take its place, where it can be changed by its interaction alone."""


class Observer(Protocol):
    """Is told what happens, for logs and figures. Never raises; never given values or secrets."""

    def invoked(self, invocation: Invocation, command: str, outcome: str, seconds: float) -> None:
        """A command or button ended. outcome: "ok", "form", or the class of the error."""

    def failed(self, invocation: Invocation, command: str, error: BaseException) -> None:
        """A command raised what it should not have; the person got a generic card."""
