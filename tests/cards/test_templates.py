"""Templates: what they may name and do, what they are told when they may not, and that none runs away."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.relayed import relayed_card
from bot.cards.templates.fields import FIELDS
from bot.cards.templates.filters import EXAMPLES, FILTERS
from bot.cards.templates.limits import SOURCE_LIMIT
from bot.cards.templates.samples import samples
from bot.cards.templates.templates import TEXT_LIMIT, TemplateError, check, render
from bot.core.chat.cards import Card, Link, Shape, Text
from bot.core.routes.appearance import Appearance, Layout
from tests.cards.test_events import TWEET, event
from tests.features.edge import words

FIRST = samples()[0]
URL = "https://x.com/nasa/status/1893456789012345678"


def shown(source: str, **more: Any) -> str:
    return render(source, FIRST, **more)


def look(source: str, data: Any = TWEET, **more: Any) -> Card:
    wanted = Appearance(Layout.TEMPLATE, template=source, pings=("1",), **more)
    return relayed_card(event("tweet.new", data), wanted, late=False)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ author.name }} (@{{ author }})", "Example Observatory (@example)"),
        ("{{ author.followers | delimited }}", "12,345"),
        ("{{ text | truncate: 12 }}", "First light…"),
        ("{{ text | truncatewords: 2, '' }}", "First light!"),
        ("{{ kind | downcase }} {{ type }}", "new tweet tweet.new"),
        ("{% if media_count > 0 %}{{ media_count }} {{ media | first }}{% endif %}", "1 photo"),
        ("{% for l in links %}<{{ l }}>{% endfor %}", "<https://example.com/first-light>"),
        ("{{ hashtags | join: ', ' | upcase }}", "ASTRONOMY"),
        ("{{ query | default: account }}", "example"),
        ("{% assign n = likes | plus: reposts | times: 2 %}{{ n | minus: 8 | divided_by: 3 }}", "100"),
        ("{% capture who %}@{{ author }}{% endcapture %}{{ who | append: '!' }}", "@example!"),
        ("{% case lang %}{% when 'en', 'de' %}yes{% else %}no{% endcase %}", "yes"),
        ("{% unless late %}in time{% endunless %}", "in time"),
        ("{{ links[5] }}{{ media[0] }}", "photo"),
        ("{% if query %}found{% else %}watched{% endif %}{% if quoted.text %}!{% endif %}", "watched"),
        ("{{ 'a,b,c' | split: ',' | last }}", "c"),
        ("{{ text | remove: 'First ' | replace: 'light', 'day' | one_line | slice }}", None),
    ],
)
def test_what_a_template_says(source: str, text: str | None) -> None:
    if text is None:
        with pytest.raises(TemplateError, match="unknown filter 'slice'"):
            check(source)
    else:
        check(source)
        assert shown(source) == text


@pytest.mark.parametrize(
    "field", ["query", "in_reply_to", "quoted", "quoted.text", "before", "mentions", "poll"]
)
@pytest.mark.parametrize("word", ["blank", "empty"])
def test_what_x_does_not_tell_is_blank_and_empty(field: str, word: str) -> None:
    for same in ("==", "!="):
        for left, right in ((field, word), (word, field)):
            source = f"{{% if {left} {same} {right} %}}yes{{% else %}}no{{% endif %}}"
            check(source)
            assert shown(source) == ("yes" if same == "==" else "no"), source
    assert shown(f"{{% unless {field} == {word} or late %}}told{{% endunless %}}.") == "."


@pytest.mark.parametrize(
    "field", ["text", "author", "author.name", "links", "media", "likes", "time", "hashtags"]
)
@pytest.mark.parametrize("word", ["blank", "empty"])
def test_what_is_told_is_neither(field: str, word: str) -> None:
    assert shown(f"{{% if {field} != {word} %}}told{{% endif %}}") == "told"


@pytest.mark.parametrize(
    ("value", "is_blank", "is_empty"),
    [
        ("''", True, True),
        ("'  '", True, False),
        ("'\u3000\u200b'", True, False),
        ("nil", True, True),
        ("false", True, False),
        ("true", False, False),
        ("0", False, False),
        ("'x'", False, False),
        ("'आ'", False, False),
    ],
)
def test_blank_and_empty_are_as_documented(value: str, is_blank: bool, is_empty: bool) -> None:
    for word, expected in (("blank", is_blank), ("empty", is_empty)):
        assert shown(f"{{% if {value} == {word} %}}yes{{% else %}}no{{% endif %}}") == (
            "yes" if expected else "no"
        )


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ 0.1 | plus: 0.2 }}", "0.3"),
        ("{{ 0.3 | minus: 0.1 }}", "0.2"),
        ("{{ 1.1 | times: 1.1 }}", "1.21"),
        ("{{ '0.1' | times: 3 }}", "0.3"),
        ("{{ 4.35 | times: 100 }}", "435.0"),
        ("{{ 0.7 | divided_by: 0.1 }}", "7.0"),
        ("{{ 2.675 | round: 2 }}", "2.68"),
        ("{{ 2.5 | round }}", "3"),
        ("{{ 7 | divided_by: 2 }}", "3"),
        ("{{ -7 | divided_by: 2 }}", "-4"),
        ("{{ 1 | plus: 2 }}", "3"),
        ("{{ 1000000.1 | plus: 0.2 | delimited }}", "1,000,000.3"),
        ("{{ 10 | divided_by: 3.0 }}", "3.3333333333"),
        ("{{ '8' | divided_by: '3' }}", "2.6666666667"),
        ("{{ '地震速報' | size | divided_by: 3.0 }}", "1.3333333333"),
        ("{{ 'مرحبا' | size | divided_by: 7.0 | append: ' %' }}", "0.7142857143 %"),
        ("{{ -10 | divided_by: 3.0 }}", "-3.3333333333"),
        ("{{ 1 | divided_by: 30000.0 }}", "0.0000333333"),
        ("{{ 1 | divided_by: 30000.0 | append: '!' }}", "0.0000333333!"),
        ("{{ 0.00001 | round: 6 }}", "0.00001"),
        ("{{ 10 | divided_by: 3.0 | times: 3 }}", "9.9999999999"),
        ("{{ 10 | divided_by: 3.0 | round: 2 }}", "3.33"),
        ("{{ 123456789012.5 | divided_by: 7.0 }}", "17636684144.6429"),
        ("{{ 99999999999999.5 | plus: 0.2 }}", "99999999999999.7"),
        ("{{ 3.3 | minus: 3.3 }}", "0.0"),
        ("{{ 0.0 | times: -1 }}", "0.0"),
        ("{{ 1.15 | times: 100.1 | minus: 0.015 }}", "115.1"),
    ],
)
def test_sums_are_those_of_people(source: str, text: str) -> None:
    assert shown(source) == text


@pytest.mark.parametrize("cluster", ["👩\u200d🚀", "🇹🇷", "क्षि", "e\u0301", "각", "👍🏽", "กำ"])
def test_no_text_is_cut_inside_a_character(cluster: str) -> None:
    text = cluster * 40
    for limit in range(1, 30):
        kept = render(
            f"{{{{ text | truncate: {limit}, '' }}}}", event("tweet.new", {"id": "1", "text": text})
        )
        assert kept == cluster * (len(kept) // len(cluster)) and len(kept) <= limit


def test_times_are_in_the_timezone_of_the_route() -> None:
    clock = "{{ time | date: '%-d %B %Y' }}, {{ time | local_time: '%H:%M' }} {{ time | date: '%Z' }}"
    assert shown(clock) == "27 February 2026, 12:00 UTC"
    assert shown(clock, timezone="Asia/Tokyo") == "27 February 2026, 21:00 JST"
    assert shown("{{ time }}", timezone="America/New_York") == "2026-02-27 07:00"
    assert shown("{{ time | local_time }}", timezone="No/Where") == "12:00"


@pytest.mark.parametrize(
    ("source", "line", "says"),
    [
        ("{{ text }}\n{{ nothing }}", 2, "no field 'nothing'"),
        ("{{ author.password }}", 1, "no field 'author.password'"),
        ("{% if false %}{{ hidden }}{% endif %}", 1, "no field 'hidden'"),
        ("{{ now }}", 1, "no field 'now'"),
        ("a\nb\n{{ text | shout }}", 3, "unknown filter 'shout'"),
        ("{% include 'other' %}", 1, "unexpected tag 'include'"),
        ("{% render 'other' %}", 1, "unexpected tag 'render'"),
        ("{% for n in (1..5) %}{% endfor %}", 1, "ranges"),
        ("\n{% if text %}", 2, "endif"),
        ("{{ text", 1, "expected"),
        ("{{ text | truncate: 'x' }}", 1, "a number is needed"),
        ("{{ text | append }}", 1, "append was given"),
        ("{{ time | date: '%Q' }}", 1, "%Q"),
        ("{{ likes | divided_by: 0 }}", 1, "division by zero"),
        ("   ", None, "empty"),
        ("x" * (SOURCE_LIMIT + 1), None, "2,001 characters"),
    ],
)
def test_a_template_that_is_not_sound_is_told_where_and_what_to_do(
    source: str, line: int | None, says: str
) -> None:
    with pytest.raises(TemplateError) as found:
        check(source)
    assert found.value.line == line
    assert says in str(found.value)
    assert found.value.remedy


@pytest.mark.parametrize(
    ("source", "remedy"),
    [
        ("{{ nothing }}", "account, query, time"),
        ("{{ text | shout }}", "truncate, truncatewords, upcase"),
        ("{{ text | append }}", "It is written {{ text | append: '!' }}."),
        ("{{ text", "A field is written {{ text }}"),
        ("{% if text %}", "{% if late %}late{% endif %}"),
    ],
)
def test_what_is_told_needs_no_other_page(source: str, remedy: str) -> None:
    with pytest.raises(TemplateError) as found:
        check(source)
    assert remedy in found.value.remedy
    assert "docs/" not in str(found.value)
    assert len(str(found.value)) < 600


def test_every_filter_has_an_example_that_works() -> None:
    assert set(EXAMPLES) == set(FILTERS)
    for name, example in EXAMPLES.items():
        assert f"| {name}" in example
        check(example)


def test_every_field_can_be_shown_for_every_sample() -> None:
    everything = " ".join(f"{{{{ {name} }}}}" for name in FIELDS)
    check(everything)
    assert all(render(everything, one) for one in samples())


@pytest.mark.parametrize("name", sorted(FILTERS))
@pytest.mark.parametrize(
    "value", ["text", "likes", "links", "media_count", "query", "time", "author", "late"]
)
def test_a_filter_ends_in_a_text_or_an_explanation_whatever_it_is_given(name: str, value: str) -> None:
    for arguments in ("", ": 3", ": 'a'", ": -1, 'b'", ": nil", ": links", ": text, text", ": 'nan'"):
        try:
            shown(f"{{{{ {value} | {name}{arguments} }}}}")
        except TemplateError as error:
            assert error.remedy


def test_what_x_does_not_tell_is_nothing_and_compares_with_everything() -> None:
    source = "{% if likes > 9 or text contains 'x' or query == 'q' %}yes{% else %}no{{ author }}{% endif %}"
    assert render(source, event("space.started", {}, username=None)) == "no"


# --- bombs ---------------------------------------------------------------------------------------

WIDE = "{% assign l = 'a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a' | split: ' ' %}"
IN_LOOP = WIDE + "{% for a in l %}"
NESTED = WIDE + "{% for a in l %}" * 6 + "{{ a }}" + "{% endfor %}" * 6
BOMBS = {
    "nested loops": NESTED,
    "nested loops that write nothing": NESTED.replace("{{ a }}", ""),
    "loops one after another": WIDE + "{% for a in l %}{% for b in l %}{% endfor %}{% endfor %}" * 30,
    "doubling by append": "{% assign s = 'aaaaaaaa' %}" + "{% assign s = s | append: s %}" * 50,
    "doubling by capture": "{% assign s = 'aaaaaaaa' %}" + "{% capture s %}{{s}}{{s}}{% endcapture %}" * 40,
    "doubling by join": "{% assign s = 'a' %}" + "{% assign s = l | join: s %}" * 20,
    "growing by replace": "{% assign s = 'aaaaaaaa' %}" + "{% assign s = s | replace: 'a', s %}" * 40,
    "numbers that explode": "{% assign n = 99 %}" + "{% assign n = n | times: n %}" * 50,
    "a huge range": "{% for i in (1..99999999999) %}{{ i }}{% endfor %}",
    "a huge range searched": "{% if (1..99999999999) contains 'a' %}x{% endif %}",
    "conditions without end": "{% if " + " or ".join(["nil"] * 320) + " %}{% endif %}",
    "conditions in a loop": WIDE
    + "{% for a in l %}{% if "
    + "nil or " * 200
    + "nil %}{% endif %}{% endfor %}",
    "blocks in blocks": "{% if true %}" * 70 + "{% endif %}" * 70,
    "filters without end": "{{ text" + " | upcase | downcase" * 90 + " }}",
    "filters in loops": WIDE
    + "{% for a in l %}{% for b in l %}{{ text"
    + " | upcase" * 40
    + "}}{% endfor %}{% endfor %}",
    "a long date": "{{ time | date: '" + "%B" * 800 + "' }}",
    "a wide date": "{{ time | date: '%99999999d' }}",
    "a list of everything": "{{ text | append: text | append: text | split: '' | join: text }}",
    "cycles": IN_LOOP + "{% cycle " + ",".join(["text"] * 200) + " %}{% endfor %}",
    "much locals": "".join("{% assign v" + str(n) + " = text %}" for n in range(75)),
    "paths in paths": "{{ text" + "[text" * 300 + "]" * 300 + " }}",
    "brackets": "{{ " + "(" * 900 + " }}",
    "open braces": "{{" * 1_000,
    "open tags": "{%" * 1_000,
}


@pytest.mark.parametrize("name", sorted(BOMBS))
def test_no_template_runs_away(name: str) -> None:
    """Its work is counted, not its time: a slow machine takes longer, and none takes for ever."""
    source = BOMBS[name][:SOURCE_LIMIT]
    large = event("tweet.new", {**TWEET, "text": "aB " * 8_000})
    began = time.process_time()
    for one in (FIRST, large):
        try:
            text = render(source, one)
        except TemplateError as error:
            assert len(str(error)) < 1_000
        else:
            assert len(text) <= TEXT_LIMIT
    assert time.process_time() - began < 0.4


@given(st.text(alphabet="{}%|.:'\"(). \nabtexforinif|append,1[]-", max_size=120))
def test_any_source_is_taken_or_explained(source: str) -> None:
    try:
        check(source)
    except TemplateError as error:
        assert error.remedy


# --- the look ------------------------------------------------------------------------------------


def test_a_message_is_what_the_template_says_with_its_own_address_as_a_link() -> None:
    card = look("New: {{ text }}\n{{ url }}")
    assert card.shape is Shape.LINE
    assert card.pings == ("1",)
    [block] = card.blocks
    assert isinstance(block, Text)
    assert block.line == ("New: We are <going> *back* @everyone\n", Link(URL.removeprefix("https://"), URL))


@pytest.mark.parametrize(
    "text", ["[x](https://evil.example)", "<@1> <!channel> https://evil.example", URL + "9"]
)
def test_nothing_of_x_in_a_template_becomes_a_link_or_a_mention(text: str) -> None:
    card = look("{{ text }}", {**TWEET, "text": text})
    [block] = card.blocks
    assert isinstance(block, Text)
    assert block.line == (text,)


@pytest.mark.parametrize("source", ["{{ gone }}", "{% if likes > 9 %}x{% endif %}", "", "{{ text | foo }}"])
def test_a_template_that_makes_nothing_falls_back_to_a_line_and_says_so(source: str) -> None:
    card = look(source)
    assert card.shape is Shape.LINE
    assert "We are <going> *back* @everyone" in words(card)
    assert "template of this route" in words(card)
    assert card.pings == ("1",)


def test_what_is_too_long_for_a_message_is_cut() -> None:
    made = render("{{ text }}", event("tweet.new", {**TWEET, "text": "long " * 5_000}))
    assert len(made) <= TEXT_LIMIT
    assert made.endswith("…")


# --- the page about them ---------------------------------------------------------------------------

PAGE = (Path(__file__).parents[2] / "docs" / "admin" / "templates.md").read_text()


def test_every_example_of_the_page_is_a_template_that_is_taken() -> None:
    examples = re.findall(r"```liquid\n(.*?)```", PAGE, re.DOTALL)
    assert len(examples) == 3
    for source in examples:
        check(source)


def test_the_page_names_every_field_and_every_filter() -> None:
    for name, meaning in FIELDS.items():
        assert f"| `{name}` | {meaning} |" in PAGE
    missing = [name for name in FILTERS if not re.search(rf"`{name}[`:]", PAGE)]
    assert missing == []


@pytest.mark.parametrize(
    "source",
    [
        "{{ text | append: 'x }}",
        '{{ text | append: "son dakika }}',
        "{{ text | append: «пуск» }}",
        "{{ text | replace: 'it's', 'b' }}",
        "{% if query == 'ay %}x{% endif %}",
        '{{ text | default: "でした }}',
        '{{ text | append: "قال "نعم"" }}',
    ],
)
def test_an_error_over_quotes_says_which_to_use_inside_which(source: str) -> None:
    with pytest.raises(TemplateError) as caught:
        check(source)
    assert "straight quotes, 'like this' or \"like this\"" in caught.value.remedy
    assert 'use "…" around it' in caught.value.remedy
