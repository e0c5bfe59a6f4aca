"""Lists as people write them, by the one reader of lines, forms, values and files."""

from __future__ import annotations

import contextlib
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.commands.binding import bind
from bot.core.commands.grammar import Parsed, parse
from bot.core.errors import UsageError
from bot.core.text.invisible import blank
from bot.core.text.lists import ListError, as_list, items_of, open_item
from bot.core.text.quoting import straightened
from bot.features.catalogue import catalogue

ALL = catalogue()
LISTS = [
    ('"launch window","landing"', ["launch window", "landing"]),
    ("“launch window”,“landing”", ["launch window", "landing"]),
    ("«окно запуска»,«посадка»", ["окно запуска", "посадка"]),
    ("„Startfenster heute“,Landung", ["Startfenster heute", "Landung"]),
    ("”avfärd nu”,landning", ["avfärd nu", "landning"]),
    ("'launch window','landing'", ["launch window", "landing"]),
    ('"moon, landing",launch', ["moon, landing", "launch"]),
    ('"son dakika","deprem"', ["son dakika", "deprem"]),
    ("عاجل،إطلاق", ["عاجل", "إطلاق"]),
    ("“आज रात”,लॉन्च", ["आज रात", "लॉन्च"]),
    ("発売、新製品，速報", ["発売", "新製品", "速報"]),
    ("don't,rock’n’roll,’tis", ["don't", "rock’n’roll", "’tis"]),
    ("https://x.com/a,b,https://x.com/c", ["https://x.com/a,b", "https://x.com/c"]),
    ('צה"ל,ארה"ב', ['צה"ל', 'ארה"ב']),
    ("'12\"',13", ['12"', "13"]),
    ("a,,b,a", ["a", "b"]),
]


def contains(line: str) -> tuple[str, ...]:
    parsed = parse(ALL, line)
    assert isinstance(parsed, Parsed)
    args: Any = bind(parsed.command, parsed.values)
    return args.contains  # type: ignore[no-any-return]


@pytest.mark.parametrize(("text", "items"), LISTS)
def test_a_list_is_read_alike_in_a_line_and_as_a_value(text: str, items: list[str]) -> None:
    command = ALL.command(("relay", "filter"))
    assert command is not None
    assert contains(f"relay filter alerts contains:{text}") == tuple(items)
    assert contains(f"relay filter alerts --contains {text} replies:no") == tuple(items)
    assert bind(command, {"route": ("r",), "contains": (text,)}).contains == tuple(items)
    assert bind(command, {"route": ("r",), "contains": (f" {text}\n",)}).contains == tuple(items)


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("moon, landing", ("moon", "landing")),
        ("moon , landing , lift", ("moon", "landing", "lift")),
        ('"lift off", "moon, base", x', ("lift off", "moon, base", "x")),
        ("https://a.example/1 https://a.example/2,3", ("https://a.example/1", "https://a.example/2,3")),
        ("ay, güneş", ("ay", "güneş")),
        ("قمر، شمس", ("قمر", "شمس")),
    ],
)
def test_a_list_goes_on_behind_a_comma_with_a_space(text: str, items: tuple[str, ...]) -> None:
    assert contains(f"relay filter alerts contains:{text} replies:no") == items
    assert contains(f"relay filter contains:{text} route:alerts") == items


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('"launch window,landing', '"launch'),
        ("“launch,landing", "“launch"),
        ("launch,landing”", "landing”"),
        ('launch",landing', 'launch"'),
        ("«пуск,посадка", "«пуск"),
        ('"ay tutulması', '"ay'),
        ("“إطلاق,قمر", "“إطلاق"),
        ('발사",달', '발사"'),
        ('12",13"', '12"'),
        ('"a b"c,d', '"a'),
    ],
)
def test_a_stray_quote_is_named_and_never_stored(text: str, says: str) -> None:
    command = ALL.command(("relay", "filter"))
    assert command is not None
    for values in (text, f"x,{text}"):
        with pytest.raises(UsageError) as caught:
            bind(command, {"route": ("r",), "contains": (values,)})
        assert caught.value.option == "contains" and says in caught.value.detail
    with pytest.raises(UsageError) as typed:
        contains(f"relay filter alerts contains:{text}")
    assert typed.value.option == "contains" and typed.value.example


def test_every_list_of_every_command_reads_quoted_items() -> None:
    """No option has a way of its own."""
    for command in ALL:
        for parameter in command.parameters:
            if parameter.many:
                assert parameter.items('"aaaaa","bbbbb", “ccccc”') == ["aaaaa", "bbbbb", "ccccc"]
                with pytest.raises(ListError):
                    parameter.items('"aaaaa')


@pytest.mark.parametrize(
    "text", ["en, de", "en de", '"en, de"', '"en","de"', "“en”,“de”", "en、de", "en،de", "en\nde"]
)
def test_items_without_spaces_are_parted_by_them(text: str) -> None:
    assert items_of(text, "words") == ["en", "de"]
    assert items_of(text, "names") == ["en", "de"]


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("https://a.example/1,2 https://b.example", ["https://a.example/1,2", "https://b.example"]),
        ("https://a.example/1, https://b.example", ["https://a.example/1", "https://b.example"]),
        ("https://a.example/1,https://b.example,", ["https://a.example/1", "https://b.example"]),
        ("<https://a.example/1,2>,<https://b.example>", ["<https://a.example/1,2>", "<https://b.example>"]),
        (
            "https://örnek.example/ş,ğ\nhttps://例え.example",
            ["https://örnek.example/ş,ğ", "https://例え.example"],
        ),
        ('"https://a.example/1,2"', ["https://a.example/1,2"]),
    ],
)
def test_addresses_keep_their_commas_and_are_parted_by_spaces(text: str, items: list[str]) -> None:
    assert items_of(text, "words") == items


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ('from:nasa "new horizons", moon', ['from:nasa "new horizons"', "moon"]),
        ("“space x” launch,esa", ["“space x” launch", "esa"]),
        ('"a, b" c,d', ['"a, b" c', "d"]),
        ('"son dakika" deprem', ['"son dakika" deprem']),
        ("«полёт на Луну» сегодня", ["«полёт на Луну» сегодня"]),
    ],
)
def test_quotes_inside_a_search_are_its_own(text: str, items: list[str]) -> None:
    assert items_of(text, code="query") == items


@given(st.lists(st.text(max_size=20).map(str.strip).filter(lambda item: not blank(item)), max_size=5))
def test_a_written_list_is_read_back(items: list[str]) -> None:
    assert items_of(as_list(items)) == items


@given(st.text(max_size=100))
def test_no_list_breaks_the_reader(text: str) -> None:
    for items in ("phrases", "words", "names"):
        try:
            found = items_of(text, items)
        except ListError as error:
            assert str(error)
        else:
            assert not any(blank(item) for item in found)


@pytest.mark.parametrize("piece", ['"a ', '"a,', "“a,", "'a,", "<", "<https:", "https://a,", '" "', "« "])
def test_a_hostile_list_takes_no_longer_than_its_length_allows(piece: str) -> None:
    text = (piece * 15_000)[:15_000]
    started = time.process_time()
    for code in (None, "query"):
        with contextlib.suppress(ListError):
            items_of(text, code=code)
        with contextlib.suppress(UsageError):
            parse(ALL, f"relay filter alerts contains:{text}")
    assert time.process_time() - started < 2.0


@pytest.mark.parametrize(
    ("line", "query"),
    [
        ("monitor keyword “space x” launch", '"space x" launch'),
        ("monitor keyword from:nasa “new horizons” lang:en", 'from:nasa "new horizons" lang:en'),
        ("monitor keyword «полёт на Луну» сегодня", '"полёт на Луну" сегодня'),
        ("monitor keyword „Mond heute“ lang:de", '"Mond heute" lang:de'),
        ("monitor keyword “son dakika” lang:tr", '"son dakika" lang:tr'),
        ("monitor keyword ＂月 探査＂ lang:ja", '"月 探査" lang:ja'),
        ("monitor keyword don’t “look up”", 'don\'t "look up"'),
    ],
)
def test_curly_quotes_are_straight_in_a_search(line: str, query: str) -> None:
    parsed = parse(ALL, line)
    assert isinstance(parsed, Parsed)
    assert bind(parsed.command, parsed.values).query == query
    value = line.removeprefix("monitor keyword ")
    assert bind(parsed.command, {"query": (value,)}).query == query


@pytest.mark.parametrize("query", ['"space x', "space” x", "“son dakika deprem", 'قمر" الآن', 'a "b" "c'])
def test_a_search_with_half_a_pair_of_quotes_is_refused(query: str) -> None:
    parsed = parse(ALL, "monitor keyword x")
    assert isinstance(parsed, Parsed)
    with pytest.raises(UsageError, match="never closed"):
        bind(parsed.command, {"query": (query,)})


@pytest.mark.parametrize(
    ("template", "made"),
    [
        ("“{{ text | default: “x” }}”", '“{{ text | default: "x" }}”'),
        ("{% if query == ‘ay’ %}’tis{% endif %}", "{% if query == 'ay' %}’tis{% endif %}"),
        ("„{{ text }}“", "„{{ text }}“"),
        ("{{ text | append: “ で” }}「」", '{{ text | append: " で" }}「」'),
        ("don’t {{ text }}", "don’t {{ text }}"),
    ],
)
def test_in_a_template_only_the_quotes_of_its_tags_are_straight(template: str, made: str) -> None:
    assert straightened(template, "template") == made
    command = ALL.command(("relay", "look"))
    assert command is not None
    assert bind(command, {"route": ("r",), "template": (template,)}).template == made


def test_texts_keep_the_quotes_that_were_typed() -> None:
    for command in ALL:
        for parameter in command.parameters:
            if parameter.paragraph and parameter.code is None:
                assert parameter.running or parameter.many or parameter.name == "context"
    parsed = parse(ALL, "tweet post it’s “quoted” inside")
    assert isinstance(parsed, Parsed)
    assert bind(parsed.command, parsed.values).text == "it’s “quoted” inside"


@pytest.mark.parametrize(
    "template",
    [
        '{{ text | replace: "a", "b" }}',
        '{{ author.name | append: " says" }}: {{ text }}',
        '{% if query == "son dakika" %}!{% endif %}{{ text }}',
        '{{ text | default: "でした" }} {{ url }}',
        "{{ text | append: ' end' }}",
    ],
)
def test_quotes_inside_the_tags_of_a_quoted_template_do_not_end_it(template: str) -> None:
    parsed = parse(ALL, f'relay look alerts template:"{template}" thread:day')
    assert isinstance(parsed, Parsed)
    assert bind(parsed.command, parsed.values).template == template


@pytest.mark.parametrize(
    ("text", "kept", "last"),
    [
        ("", "", ""),
        ("na", "", "na"),
        ("nasa, es", "nasa,", "es"),
        ("nasa,esa,", "nasa,esa,", ""),
        ('"new horizons, moon", la', '"new horizons, moon",', "la"),
        ('"new horizons, mo', "", '"new horizons, mo'),
        ("“ay, güneş”، قمر، شم", "“ay, güneş”، قمر،", "شم"),
        ("月、火星，木", "月、火星，", "木"),
        ("चाँद, सूर", "चाँद,", "सूर"),
        ("don't, ca", "don't,", "ca"),
    ],
)
def test_of_a_list_that_is_still_typed_the_last_item_is_open(text: str, kept: str, last: str) -> None:
    assert open_item(text) == (kept, last)
