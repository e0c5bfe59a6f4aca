"""Cards that every adapter must be able to draw: one of everything, hostile texts, and the edges.

`CARDS` is what a renderer's test is parametrized over. What must hold for every one of them on every
platform: it is sent without breaking a rule of the platform, `TITLE` is visible, nobody is notified,
and every link on the screen is one of `links_of(card)`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import (
    Block,
    Bold,
    Button,
    Buttons,
    ButtonStyle,
    Card,
    ChannelMention,
    Choice,
    Code,
    Field,
    Fields,
    Gallery,
    Line,
    Link,
    Media,
    Picker,
    Picture,
    Progress,
    Quote,
    Table,
    Text,
    Timestamp,
    Tone,
    UserMention,
    line,
)
from bot.core.messages.inlines import Figure

TITLE = "A card of the contract"
X = "https://x.com/nasa/status/1893456789012345678"
PHOTO = "https://pbs.twimg.com/media/a.jpg"

# Each tries to become a mention, a link, markup, or a control on at least one platform.
HOSTILE_TEXTS = (
    "@everyone @here @channel <!everyone> <!here> <!channel> <!subteam^S1>",
    "<@U1> <@1> <@!1> <@&1> <#C1> <#C1|general> <@U1|ann>",
    "[free money](https://evil.example/a) <https://evil.example/b|https://bank.example>",
    "**bold** __under__ ~~strike~~ ||spoiler|| *b* _i_ ~s~ `code` ```block```",
    "# head\n> quote\n- item\n-# small\n>>> rest\n1. one",
    "&lt;!channel&gt; &amp;lt;@U1&amp;gt; &#60;!here&#62;",
    "<t:0:R> <!date^0^{date}^https://evil.example/c|now> <:e:1> :tada: <id:guide> </draw:1>",
    "\u202eevil\u202c \u0000 \u200b \\` \\* <script>alert(1)</script> ' onload=alert(1) \"",
    "javascript:alert(1) data:text/html,x mailto:a@evil.example slack://open discord://x",
)

BAD_URLS = ("javascript:alert(1)", "data:text/html,x", "//evil.example/x", "ftp://evil.example", "x", "")


def action(n: int = 1, name: str = "contract.press") -> ActionRef:
    """An action; n tells several apart."""
    return ActionRef(name, f"k{n}")


def _card(*blocks: Block, buttons: tuple[Button, ...] = (), tone: Tone = Tone.NEUTRAL) -> Card:
    return Card(TITLE, blocks, tone, buttons)


def _everything() -> Card:
    inline = line(
        "Plain, ", Bold("bold"), ", ", Code("code"), ", ", Link("a link", X), ", ", UserMention("U1", "ann"),
        ", ", ChannelMention("C0001", "alerts"), ", ", Timestamp(1_700_000_000.0), ", ",
        Timestamp(1_700_000_000.0, relative=True),
    )  # fmt: skip
    photo = Media(PHOTO, "A rocket")
    return _card(
        Text(inline),
        Text(inline, subtle=True),
        Quote("To the moon", "NASA · @nasa", "https://x.com/nasa", PHOTO, X, 1_700_000_000.0),
        Fields((Field("Likes", ("1,234",)), Field("Link", (Link("Open", X),), short=False))),
        Table(
            ("Name", "Score", "When"), ((("ann",), ("3",), (Timestamp(0.0),)), (("ben",), (), ())), total=9
        ),
        Gallery((photo, Media(PHOTO, "A film", "video")), more_url=X),
        Picture(PHOTO, "A chart"),
        Progress(3, 10, "Reading replies"),
        Buttons((Button("More", action(1)), Button("Open", url=X))),
        Picker(action(5), "Act as", (Choice("@acme", "acme"), Choice("@acme_news", "acme_news")), "acme"),
        buttons=(
            Button("Confirm", action(2), style=ButtonStyle.PRIMARY),
            Button("Delete", action(3), style=ButtonStyle.DANGER),
            Button("Later", action(4), disabled=True),
        ),
        tone=Tone.SUCCESS,
    )


def _hostile(text: str) -> Card:
    """The same text wherever text can stand."""
    media = Media(PHOTO, text)
    return Card(
        TITLE,
        (
            Text(line(text, Bold(text), Code(text), Link(text, X), UserMention("U1", text))),
            Text(line(text), subtle=True),
            Text(line(Code(text), Link(text, X), ChannelMention("nope", text)), subtle=True),
            Quote(text, text, "https://x.com/nasa", None, X),
            Fields((Field(text, (text,)),)),
            Table((text, text, text), (((text,), (text,), (text,)),)),
            Gallery((media,), sensitive=True),
            Picture(PHOTO, text),
            Progress(1, 2, text),
        ),
        Tone.WARNING,
        (Button(text, action()), Button(text, url=X)),
    )


def _bad_url(url: str) -> Card:
    """An address no platform may be given."""
    return _card(
        Text(line(Link("a link", url))),
        Text(line(Link("a link", url)), subtle=True),
        Quote("words", "someone", url, url, url, 0.0),
        Gallery((Media(url, "a picture"), Media(url, "a film", "video")), more_url=url),
        Picture(url, "a picture"),
        buttons=(Button("Open", url=url),),
    )


def _tables() -> Iterator[Table]:
    """What a platform may draw each in its own way."""

    def number(value: int) -> Line:
        return (Figure(f"{value:,}", value),)

    yield Table(("Likes of", "On average"), ((("replies",), number(1_234)), (("quotes",), ("–",))))
    person = (Link("@ann", X), Bold(" of "), "Ankara")
    yield Table(
        ("Account", "Followers", "Since"), ((person, number(97_412_003), (Timestamp(0.0),)),), total=7
    )
    scripts = (
        "漢字とかな",
        "مرحبا بالعالم",
        "हिन्दी",
        "e\u0301te\u0301",
        "👩‍🚀 🇹🇷",
        "two\nlines",
        "tick ` tick",
    )
    for script in scripts:
        yield Table((script, "Score"), (((script,), number(7)), ((Code(script),), number(-70_000))))
    yield Table(("Id", "", "Events"), ((("1",), ("✓",), ("tweet.new, tweet.reply, tweet.quote",)), (("2",),)))
    yield Table(("A", "B"), ((("a",), ("b",), ("a cell too many",)), ()))


def _edges() -> Iterator[tuple[str, Card]]:
    yield "nothing but a title", _card()
    empty = (Text(()), Quote(""), Fields(()), Table((), ()), Gallery(()), Progress(0, 0), Buttons(()))
    yield "empty parts", _card(*empty, Text(line("")), Text(line(Bold(""), Code("")), subtle=True))
    yield "a very long title", Card(f"{TITLE} " + "t" * 3_000)
    yield "a very long text", _card(Text(line("w" * 30_000)))
    yield "a very long side remark", _card(Text(line("w" * 5_000), subtle=True))
    yield "a very long quote", _card(Quote("q" * 25_000, "a" * 500, X, None, X, 0.0))
    yield "many long texts", _card(*(Text(line("w" * 2_900)) for _ in range(12)))
    yield "many parts", _card(*(Text(line(f"part {n}")) for n in range(120)))
    many = tuple(Field(f"name {n}", (f"value {n}",)) for n in range(60))
    yield "many fields", _card(Fields(many))
    yield "long fields", _card(Fields(tuple(Field("n" * 400, ("v" * 3_000,)) for _ in range(4))))
    rows = tuple(((f"row {n}",), ("x" * 40,), (str(n),)) for n in range(500))
    yield "a long table", _card(Table(("Name", "What", "Count"), rows, total=5_000))
    yield "a wide table", _card(Table(tuple("abcdefghijkl"), (tuple((c * 30,) for c in "abcdefghijkl"),) * 3))
    yield "tables of every kind", _card(*_tables())
    yield "many pictures", _card(Gallery(tuple(Media(PHOTO, f"picture {n}") for n in range(40)), more_url=X))
    yield "a picture without words", _card(Picture(PHOTO, ""), Gallery((Media(PHOTO, ""),)))
    yield "many buttons", _card(buttons=tuple(Button(f"Number {n}", action(n)) for n in range(60)))
    long = Button("l" * 200, ActionRef("a" * 32, "k" * 60))
    yield "long buttons", _card(Buttons((long, Button("o" * 200, url=f"{X}?{'q' * 400}"))), buttons=(long,))
    yield (
        "the same button twice",
        _card(Buttons((Button("One", action()),)), buttons=(Button("One", action()),)),
    )
    yield "more than done", _card(Progress(12, 10, "over"), Progress(-1, 10, "under"), Progress(5, 0, "none"))
    yield "times at the ends", _card(Text(line(Timestamp(0.0), Timestamp(-1.0), Timestamp(32_503_680_000.0))))


CARDS: dict[str, Card] = {
    "everything": _everything(),
    **{f"hostile text {n}": _hostile(text) for n, text in enumerate(HOSTILE_TEXTS)},
    **{f"bad address {n}": _bad_url(url) for n, url in enumerate(BAD_URLS)},
    **dict(_edges()),
}


def links_of(node: Any) -> set[str]:
    """Every web address in a card: what may be a link on the screen."""
    if isinstance(node, str):
        return {node} if node.startswith(("http://", "https://")) else set()
    if isinstance(node, tuple):
        return set().union(*(links_of(one) for one in node)) if node else set()
    if not hasattr(node, "__dataclass_fields__"):
        return set()
    names = [
        n for n in node.__dataclass_fields__ if not (n == "text" and isinstance(node, Quote | Link | Bold))
    ]
    return set().union(*(links_of(getattr(node, name)) for name in names)) if names else set()
