"""Cards that every adapter must draw: one with everything, hostile texts, edges, and any at all."""

from __future__ import annotations

from hypothesis import strategies as st

from bot.core.actions import ActionRef
from bot.core.cards import (
    Bold,
    Button,
    Buttons,
    ButtonStyle,
    Card,
    ChannelMention,
    Code,
    Field,
    Fields,
    Gallery,
    Link,
    Media,
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

PICTURE = "https://pbs.example.com/media/a.jpg"
TWEET = "https://x.com/nasa/status/1893456789012345678"

# Each would be a mention, a link, markup or a control somewhere, if it were not escaped.
HOSTILE_TEXTS = (
    "@everyone",
    "@here and @channel",
    "<@1234567890123456789> <@!1234567890123456789> <@&1234567890123456789> <#1234567890123456788>",
    "<!channel> <!here> <!everyone> <!subteam^S1> <@U1> <#C1|general>",
    "[free money](https://evil.example/a) <https://evil.example/b|https://bank.example>",
    "**bold** __under__ ~~strike~~ ||spoiler|| *b* _i_ ~s~ `code` ```block```",
    "# head\n> quote\n- item\n-# small\n>>> rest\n1. one",
    "&lt;!channel&gt; &amp;lt;@U1&amp;gt;",
    "<t:0:R> <!date^0^{date}^https://evil.example/c|now> <:e:1> :tada: <id:guide> </draw:1>",
    "\u202eevil\u202c \u0000 \u200b@\u200beveryone \\` \\* <script>alert(1)</script>",
    "javascript:alert(1) data:text/html,x https://evil.example",
)


def button(label: str, key: str = "k1") -> Button:
    """A button that acts."""
    return Button(label, action=ActionRef("card.press", key))


def everything() -> Card:
    """One of every block and inline."""
    mentions = line(
        UserMention("1234567890123456789", "Ada"), " in ",
        ChannelMention("1234567890123456788", "alerts"), " ",
        Timestamp(1_700_000_000), " ", Timestamp(1_700_000_000, relative=True),
    )  # fmt: skip
    words = "We are going back.\nSee you there."
    return Card(
        "A card with everything",
        (
            Text(line("Plain, ", Bold("bold"), ", ", Code("code"), " and ", Link("a link", TWEET), ".")),
            Text(mentions, subtle=True),
            Quote(words, "NASA · @nasa", "https://x.com/nasa", PICTURE, TWEET, 1_700_000_000),
            Fields((Field("Likes", line("1,234")), Field("Source", line(Link("X", TWEET)), short=False))),
            Table(
                ("Rank", "Trend", "Posts"),
                ((line(Bold("1")), line("Artemis"), line("12,345")), (line("2"), line("Moon"), line("9"))),
                total=5,
            ),
            Gallery((Media(PICTURE, "A rocket"), Media(PICTURE, "Its launch", "video")), more_url=TWEET),
            Picture(PICTURE, "A chart"),
            Progress(3, 10, "Fetched"),
            Buttons((button("Next", "k0"), Button("Open on X", url=TWEET))),
        ),
        Tone.INFO,
        (
            Button("Confirm", ActionRef("card.press", "k1"), style=ButtonStyle.PRIMARY),
            Button("Cancel", ActionRef("card.cancel", "k1"), style=ButtonStyle.DANGER),
            Button("Later", ActionRef("card.press", "k2"), disabled=True),
        ),
    )


def hostile(words: str) -> Card:
    """The same text wherever a card takes text."""
    return Card(
        words,
        (
            Text(line(words, Bold(words), Code(words), Link(words, TWEET))),
            Text(line(UserMention("U1", words), ChannelMention("alerts", words), words), subtle=True),
            Quote(words, words, "https://x.com/nasa", None, TWEET),
            Fields((Field(words, line(words)),)),
            Table((words, words), ((line(words), line(words)),)),
            Gallery((Media(PICTURE, words),)),
            Picture(PICTURE, words),
            Progress(1, 2, words),
        ),
        buttons=(button(words or "x"),),
    )


def _long_note_tweet() -> Card:
    return Card(
        "Post this?",
        (Quote("Long. " * 4_000, "Acme · @acme"), Fields((Field("Costs", line("30 credits")),))),
        buttons=(button("Confirm"), button("Cancel", "k2")),
    )


def _rows(count: int) -> Table:
    return Table(("Name", "What"), tuple((line(f"row {n}"), line("x" * 40)) for n in range(count)), count * 2)


CARDS: dict[str, Card] = {
    "everything": everything(),
    "a title alone": Card("T"),
    "no title": Card("", (Text(line("words")),)),
    "empty parts": Card("T", (Text(()), Quote(""), Fields(()), Table((), ()), Gallery(()), Buttons(()))),
    "a long title": Card("t" * 5_000),
    "a long text": Card("T", (Text(line("w" * 30_000)),)),
    "a long side remark": Card("T", (Text(line("w" * 9_000), subtle=True),)),
    "a long note tweet": _long_note_tweet(),
    "a long table": Card("T", (_rows(500),)),
    "many blocks": Card("T", tuple(Text(line(f"Line {n}.")) for n in range(150))),
    "many fields": Card("T", (Fields(tuple(Field(f"n{n}", line("v" * 90)) for n in range(99))),)),
    "many pictures": Card("T", (Gallery(tuple(Media(PICTURE, f"p{n}") for n in range(57)), TWEET),)),
    "many buttons": Card("T", buttons=tuple(button(f"B{n}", f"k{n}") for n in range(60))),
    "a long label": Card("T", buttons=(button("b" * 300), Button("o" * 300, url=TWEET))),
    "progress beyond its ends": Card("T", (Progress(12, 10), Progress(-1, 10), Progress(1, 0))),
    "bad addresses": Card(
        "T",
        (Text(line(Link("a link", "javascript:alert(1)"))), Quote("q", "a", "data:x", "x", "//x")),
        buttons=(Button("Open", url="ftp://x.example"),),
    ),
    **{f"hostile {n}": hostile(words) for n, words in enumerate(HOSTILE_TEXTS)},
}

_words = st.one_of(st.sampled_from(HOSTILE_TEXTS), st.text(max_size=200))
_urls = st.sampled_from([TWEET, PICTURE, "javascript:alert(1)", "", "https://x.example/a)b"])
_times = st.integers(0, 4_000_000_000).map(float)
_inlines = st.one_of(
    _words,
    st.builds(Bold, _words),
    st.builds(Code, _words),
    st.builds(Link, _words, _urls),
    st.builds(UserMention, _words, _words),
    st.builds(ChannelMention, _words, _words),
    st.builds(Timestamp, _times, st.booleans()),
)
_lines = st.lists(_inlines, max_size=4).map(tuple)
_buttons = st.lists(
    st.builds(button, _words, st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True)), max_size=8
).map(tuple)
_media = st.builds(Media, _urls, _words, st.sampled_from(["photo", "video", "gif"]))
_tables = st.builds(
    Table,
    st.tuples(_words, _words),
    st.lists(st.tuples(_lines, _lines), max_size=5).map(tuple),
    st.none() | st.integers(0, 9_999),
)
_blocks = st.one_of(
    st.builds(Text, _lines, st.booleans()),
    st.builds(
        Quote, _words, _words, st.none() | _urls, st.none() | _urls, st.none() | _urls, st.none() | _times
    ),
    st.builds(Fields, st.lists(st.builds(Field, _words, _lines, st.booleans()), max_size=6).map(tuple)),
    _tables,
    st.builds(Gallery, st.lists(_media, max_size=12).map(tuple), st.none() | _urls, st.booleans()),
    st.builds(Picture, _urls, _words),
    st.builds(Progress, st.integers(-2, 20), st.integers(-2, 20), _words),
    st.builds(Buttons, _buttons),
)
cards = st.builds(
    Card, _words, st.lists(_blocks, max_size=8).map(tuple), st.sampled_from(list(Tone)), _buttons
)
