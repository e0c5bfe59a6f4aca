"""Further cards of the contract, and any card at all, as hypothesis makes them."""

from __future__ import annotations

from hypothesis import strategies as st

from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import (
    Block,
    Bold,
    Button,
    Buttons,
    Card,
    ChannelMention,
    Choice,
    Code,
    Field,
    Fields,
    Gallery,
    Inline,
    Link,
    Media,
    Picker,
    Picture,
    Progress,
    Quote,
    Shape,
    Table,
    Text,
    Timestamp,
    Tone,
    UserMention,
    line,
)
from tests.contracts import cards as contract

PICTURE = "https://pbs.example.com/media/a.jpg"
POST = "https://x.com/nasa/status/1893456789012345678"

HOSTILE_TEXTS: tuple[str, ...] = (
    *contract.HOSTILE_TEXTS,
    "<@1234567890123456789> <@&1234567890123456789> <#1234567890123456789> </draw run:1234567890123456789>",
    "\\*already escaped\\* \\\\ \\` \\@everyone",
    "moc.x@\u202eevil\u202c and \u2066isolated\u2069 and a\u200bb\u2060c\ufeff",
    "@\u200beveryone *\u200b*bold*\u200b*",
    "\x00\x1b[31mred\x1b[0m\x07\r\nnext\u2028line",
    "{{ template }} %s {0} $HOME `rm -rf /`",
    "\U0001f469\u200d\U0001f680 e\u0301 क्षि مرحبا שלום 日本語 ﷽",
)


def button(label: str, key: str = "k", *, name: str = "card.press", disabled: bool = False) -> Button:
    """A button that does something."""
    return Button(label, action=ActionRef(name, key), disabled=disabled)


def everything() -> Card:
    """One of each block and inline, with ids as Discord makes them."""
    return Card(
        "A card with everything",
        (
            Text(line("Plain, ", Bold("bold"), ", ", Code("code"), ", ", Link("a link", POST), ".")),
            Text(
                line(
                    UserMention("1234567890123456789", "Ada"),
                    " in ",
                    ChannelMention("1234567890123456788", "alerts"),
                    " ",
                    Timestamp(1_700_000_000.0),
                    " ",
                    Timestamp(1_700_000_000.0, relative=True),
                ),
                subtle=True,
            ),
            Quote(
                "We are going back.\nSee you there.",
                author="NASA · @nasa",
                author_url="https://x.com/nasa",
                avatar_url=PICTURE,
                url=POST,
                at=1_700_000_000.0,
            ),
            Fields((Field("Likes", line("1,234")), Field("Note", line("A longer value"), short=False))),
            Table(
                ("Rank", "Trend", "Posts"),
                ((line("1"), line("Artemis"), line("12,345")), (line("2"), line("Moon"), line("999"))),
                total=5,
            ),
            Gallery(
                (Media(PICTURE, "A rocket", width=1200, height=800), Media(PICTURE, "Its flame")),
                more_url="https://gallery.example.com/1",
            ),
            Picture(PICTURE, "A chart"),
            Progress(3, 10, "Fetched"),
            Buttons((button("Next", "page-2", name="page.next"), Button("Open on X", url=POST))),
            Picker(ActionRef("card.pick", "p"), "Act as", (Choice("@acme", "acme"), Choice("@b", "b")), "b"),
        ),
        Tone.INFO,
        (button("Confirm", "k0"), button("Cancel", "k1"), button("Later", "k2", disabled=True)),
    )


def hostile(text: str) -> Card:
    """A card with the text in every place that takes one, its title too."""
    return Card(
        text,
        (
            Text(line(text)),
            Text(line(Bold(text), Code(text), Link(text, POST)), subtle=True),
            Quote(text, author=text),
            Fields((Field(text, line(text)),)),
            Table((text,), ((line(text),),)),
            Gallery((Media(PICTURE, text),)),
            Progress(1, 2, text),
            Picker(ActionRef("card.pick", "p"), text, (Choice(text, "a"), Choice("b", text)), "a"),
            Text(line(UserMention(text, text), ChannelMention(text, text))),
        ),
        buttons=(button(text),),
    )


CARDS: dict[str, Card] = {
    **contract.CARDS,
    "only a title": Card("Done"),
    "nothing at all": Card(""),
    "with ids": everything(),
    "odd parts": Card(
        "Odd parts",
        (
            Fields((Field("", ()),)),
            Table(("Only", "columns"), ()),
            Progress(20, 10),
            Text(line(Bold(""), Code(""), Code("   "))),
        ),
    ),
    "a long note tweet": Card(
        "Post this?",
        (
            Quote("word " * 5000, author="Acme · @acme"),
            Fields((Field("Costs", line("30 credits")), Field("Account", line("@acme")))),
        ),
        buttons=(button("Confirm"), button("Cancel", "k2")),
    ),
    "many long quotes": Card("Quotes", tuple(Quote(f"{n} " + "y*" * 2000) for n in range(20))),
    "many galleries": Card("Galleries", tuple(Gallery((Media(PICTURE, f"Nr {n}"),)) for n in range(60))),
    "many quotes with faces": Card(
        "Faces", tuple(Quote(f"Tweet {n}", author="a", avatar_url=PICTURE) for n in range(30))
    ),
    "buttons between": Card(
        "Rows",
        tuple(Buttons((button(f"Row {n}", f"r{n}"), button("Two", f"t{n}"))) for n in range(20)),
        buttons=(button("Confirm"),),
    ),
    "an empty button label": Card("Label", buttons=(button("", "k2"),)),
    "a long address": Card(
        "Address",
        (Text(line(Link("here", "https://x.example/" + "a" * 5000))),),
        buttons=(Button("Open", url="https://x.example/" + "a" * 1000),),
    ),
    "a moment out of range": Card("When", (Text(line(Timestamp(1e300), " ", Timestamp(-1e300))),)),
    **{f"hostile everywhere {n}": hostile(text) for n, text in enumerate(HOSTILE_TEXTS)},
}

# --- any card --------------------------------------------------------------------------------

_texts = st.one_of(
    st.sampled_from(HOSTILE_TEXTS),
    st.text(max_size=40),
    st.text(alphabet="ab *_`[]()<>@#-\n\\1.:/", max_size=60),
)
_long = st.builds(lambda text, times: (text + " ") * times, _texts, st.integers(1, 120))
_urls = st.sampled_from((POST, PICTURE, "https://x.example/a(b)c?d=[e]", "javascript:alert(1)", ""))
_inlines: st.SearchStrategy[Inline] = st.one_of(
    _texts,
    st.builds(Bold, _texts),
    st.builds(Code, _texts),
    st.builds(Link, _texts, _urls),
    st.builds(UserMention, st.sampled_from(("1234567890123456789", "U01", "@x")), _texts),
    st.builds(ChannelMention, st.sampled_from(("1234567890123456789", "C01", "#x")), _texts),
    st.builds(Timestamp, st.floats(0, 4e9), st.booleans()),
)
lines = st.lists(_inlines, max_size=6).map(tuple)
_keys = st.text(alphabet="abc123_-", min_size=1, max_size=60)
buttons = st.one_of(
    st.builds(button, _texts, _keys),
    st.builds(lambda label, url: Button(label, url=url), _texts, _urls),
)
_media = st.builds(Media, _urls, _texts)
blocks: st.SearchStrategy[Block] = st.one_of(
    st.builds(Text, lines, st.booleans()),
    st.builds(Quote, st.one_of(_texts, _long), author=_texts, author_url=_urls, avatar_url=_urls, url=_urls),
    st.builds(Fields, st.lists(st.builds(Field, _texts, lines), max_size=30).map(tuple)),
    st.builds(
        Table,
        st.lists(_texts, max_size=4).map(tuple),
        st.lists(st.lists(lines, min_size=1, max_size=4).map(tuple), max_size=40).map(tuple),
        st.one_of(st.none(), st.integers(0, 99)),
    ),
    st.builds(Gallery, st.lists(_media, max_size=14).map(tuple), _urls, st.booleans()),
    st.builds(Picture, _urls, _texts),
    st.builds(Progress, st.integers(-5, 50), st.integers(-5, 50), _texts),
    st.builds(Buttons, st.lists(buttons, max_size=12).map(tuple)),
    st.builds(
        Picker,
        st.builds(ActionRef, st.just("card.pick"), _keys),
        _texts,
        st.lists(st.builds(Choice, _texts, st.text(max_size=160)), max_size=110).map(tuple),
        st.sampled_from(("acme", "")),
    ),
)
cards = st.builds(
    Card,
    st.one_of(_texts, _long),
    st.lists(blocks, max_size=25).map(tuple),
    st.sampled_from(Tone),
    st.lists(buttons, max_size=30).map(tuple),
    shape=st.sampled_from(Shape),
)
