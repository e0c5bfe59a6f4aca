"""Cards: what the bot says, as data.

A card is built by a presenter and drawn by each adapter with that platform's own means, its messages
(`bot.core.messages`) in the reader's language. Every string in a card is plain text: renderers escape all of
it, so text from X, names and option values can never become markup, links or mentions. Emphasis, links and
mentions are the inline types (`bot.core.messages.inlines`) and exist only where our own code put them.

The union types are matched with `assert_never`: a new block breaks every renderer at type-check.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias

from bot.core.chat.actions import ActionRef
from bot.core.messages.inlines import (
    Bold,
    ChannelMention,
    Code,
    Inline,
    Line,
    Link,
    Timestamp,
    UserMention,
    line,
)
from bot.core.messages.message import msg

__all__ = [
    "ONE_LINE",
    "PICKED",
    "Block",
    "Bold",
    "Button",
    "ButtonStyle",
    "Buttons",
    "Card",
    "ChannelMention",
    "Choice",
    "Code",
    "Field",
    "Fields",
    "File",
    "Form",
    "Gallery",
    "Inline",
    "Input",
    "InputKind",
    "Line",
    "Link",
    "Media",
    "Picker",
    "Picture",
    "Priority",
    "Progress",
    "Quote",
    "Shape",
    "Suggested",
    "Table",
    "Text",
    "Timestamp",
    "Tone",
    "UserMention",
    "line",
    "priority_of",
]


class Tone(StrEnum):
    """The mood of a card; adapters turn it into a colour or an icon."""

    NEUTRAL = "neutral"
    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"
    DANGER = "danger"


# --- blocks ----------------------------------------------------------------------------------


class Priority(StrEnum):
    """Which parts keep their room where a message does not hold the whole card: the first of these
    before the second, and so on (`bot.core.chat.room`).

    ESSENTIAL: what a decision rests on, as account, cost, expiry and warnings. OWN: the text it is about.
    QUOTED: what only stands beside it. Of a card that has any of them, what is cut comes as a file too.
    """

    ESSENTIAL = "essential"
    OWN = "own"
    ORDINARY = "ordinary"
    QUOTED = "quoted"


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph of ours. `subtle` is for side remarks."""

    line: Line
    subtle: bool = False
    priority: Priority = Priority.ORDINARY


@dataclass(frozen=True, slots=True)
class Quote:
    """Text that is not ours: a tweet, a bio, a draft. Always escaped, never parsed.

    author: shown above it ("NASA · @nasa"); author_url, avatar_url, url: absolute http(s) or None.
    at: epoch seconds when it was written; zone: as of `Timestamp`.
    """

    text: str
    author: str = ""
    author_url: str | None = None
    avatar_url: str | None = None
    url: str | None = None
    at: float | None = None
    priority: Priority = Priority.ORDINARY
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A name and its value. `short` fields may share a row."""

    name: str
    value: Line
    short: bool = True


@dataclass(frozen=True, slots=True)
class Fields:
    """Several names and values."""

    items: tuple[Field, ...]
    priority: Priority = Priority.ORDINARY


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under column names. `total` is how many rows exist where fewer are given."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or video by its address. kind: photo, video or gif. alt: for those who cannot see."""

    url: str
    alt: str
    kind: str = "photo"
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Gallery:
    """One or more pictures. more_url: where all of them are."""

    items: tuple[Media, ...]
    more_url: str | None = None
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """One large picture."""

    url: str
    alt: str


@dataclass(frozen=True, slots=True)
class Progress:
    """A bar: done of total, with a label."""

    done: int
    total: int
    label: str = ""


class ButtonStyle(StrEnum):
    """How a button looks. Links look the same everywhere and carry no style."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Button:
    """A button: exactly one of `action` and `url` is given."""

    label: str
    action: ActionRef | None = None
    url: str | None = None
    style: ButtonStyle = ButtonStyle.SECONDARY
    disabled: bool = False

    def __post_init__(self) -> None:
        if (self.action is None) == (self.url is None):
            msg = f"button {self.label!r} needs either an action or a url"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Buttons:
    """A row of buttons inside a card; renderers wrap them at their own limit."""

    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One value to choose: what people see and what is sent."""

    label: str
    value: str


PICKED: Final = "picked"
"""The name of the value with which the action of a `Picker` is pressed."""


@dataclass(frozen=True, slots=True)
class Picker:
    """One of several values, to be chosen in the message itself.

    action: pressed at once by a choice, with the chosen value as `PICKED`. label: what is chosen;
    value: what counts now.
    """

    action: ActionRef
    label: str
    choices: tuple[Choice, ...]
    value: str = ""


Block: TypeAlias = Text | Quote | Fields | Table | Gallery | Picture | Progress | Buttons | Picker


def priority_of(block: Block) -> Priority:
    """The priority of any block; pictures, tables and buttons are ordinary, a choice is not: what it
    stands for could not be changed without it."""
    if isinstance(block, Picker):
        return Priority.ESSENTIAL
    return block.priority if isinstance(block, Text | Quote | Fields) else Priority.ORDINARY


class Shape(StrEnum):
    """How much of a frame a message gets.

    CARD: a heading and a frame. LINE: its blocks and buttons alone; the title serves only where a
    platform wants a summary of a message. BARE: its texts as plain text, and the platform may add its own
    preview of the links in them.
    """

    CARD = "card"
    LINE = "line"
    BARE = "bare"


@dataclass(frozen=True, slots=True)
class Card:
    """One message. title: a line; buttons: the card's own, below everything else.

    about: the option that an error is about, "" for everything else. It is never shown; an adapter
    whose form is still open marks that field with it.
    pings: ids of roles (Discord) or user groups (Slack) that the message notifies, shown before
    everything else. The only mentions in a card that ever ping.
    language: the tag of the one that its messages were said in, "" for English or while they are messages.
    """

    title: str
    blocks: tuple[Block, ...] = ()
    tone: Tone = Tone.NEUTRAL
    buttons: tuple[Button, ...] = ()
    about: str = ""
    shape: Shape = Shape.CARD
    pings: tuple[str, ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A file that goes with a card. content: the bytes, at most 10 MiB (the Discord default). seen: it is
    only there to be looked at, and of no use where nothing can be drawn."""

    name: str
    content_type: str
    content: bytes = field(repr=False)
    seen: bool = False


# --- forms -----------------------------------------------------------------------------------


class InputKind(StrEnum):
    """What a form field takes."""

    TEXT = "text"
    PARAGRAPH = "paragraph"
    SECRET = "secret"  # noqa: S105 - the kind of a field, not a secret
    INTEGER = "integer"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    CHANNEL = "channel"
    SUBJECT = "subject"
    MEDIA = "media"


ONE_LINE: Final = 150
"""Characters that a field of one line shows well enough."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """Where the values of a field are asked for while it is filled in: `Commands.suggest`."""

    path: tuple[str, ...]
    option: str


@dataclass(frozen=True, slots=True)
class Input:
    """A field of a form. name: the key its value comes back under. many: it takes a list; most: of so
    many. suggested: values are offered for what is typed; others are taken too, unless `choices` are all
    there are."""

    name: str
    label: str
    kind: InputKind = InputKind.TEXT
    required: bool = True
    value: str = ""
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    max_length: int | None = None
    many: bool = False
    suggested: Suggested | None = None
    most: int | None = None

    @property
    def tall(self) -> bool:
        """Whether it is typed on several lines. Line ends in a long text that is none are white space."""
        long = self.kind is InputKind.TEXT and (self.max_length or 0) > ONE_LINE
        return long or self.kind is InputKind.PARAGRAPH


@dataclass(frozen=True, slots=True)
class Form:
    """A form, sent back under `action`. It has as many fields as the platform takes that it was made for
    (`Responder.form_inputs`).

    about: the field that an error before it was about, "" for none: an adapter that cannot show all
    of its value shows what fits, and says so, where it would leave another field out.
    language: as of `Card`.
    """

    title: str
    action: ActionRef
    inputs: tuple[Input, ...]
    submit: str = msg("Submit")
    note: str = ""
    about: str = ""
    language: str = ""
