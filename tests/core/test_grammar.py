"""The grammar: what a typed line means, whatever a client rewrote in it."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.chat.places import ChannelRef
from bot.core.commands.binding import MissingOptions, bind
from bot.core.commands.grammar import HelpWanted, Parsed, parse
from bot.core.errors import UsageError
from bot.core.text.invisible import blank
from bot.core.text.shortening import line_ends
from bot.features.catalogue import catalogue

ALL = catalogue()
TWEET = "https://x.com/xquik/status/1893456789012345678"


def understood(line: str) -> Parsed:
    parsed = parse(ALL, line)
    assert isinstance(parsed, Parsed)
    return parsed


def test_a_bare_value_is_the_main_option() -> None:
    parsed = understood(f"draw run {TWEET} winners:3")
    assert parsed.command.name == "draw run"
    assert parsed.values == {"tweet": (TWEET,), "winners": ("3",)}


@pytest.mark.parametrize(
    "line",
    [
        f"draw run tweet:{TWEET} winners:3",
        f"draw run --tweet {TWEET} --winners 3",
        f"draw run --tweet={TWEET} --winners=3",
        f"draw run —tweet {TWEET} —winners 3",
        f"draw run winners: 3 tweet: {TWEET}",
        f"/draw run {TWEET} winners:3",
        f"  draw   RUN\n{TWEET}\twinners:3 ",
        f"draw {TWEET} winners:3",
        f"draw run <{TWEET}> winners:3",
        f"draw run <{TWEET}|x.com/xquik/status/1893456789012345678> winners:3",
        f"draw run tweet:“{TWEET}” winners:‘3’",
    ],
)
def test_every_way_of_writing_an_option_means_the_same(line: str) -> None:
    parsed = understood(line)
    args = bind(parsed.command, parsed.values)
    assert parsed.command.name == "draw run"
    assert args.tweet.id == "1893456789012345678"
    assert args.winners == 3


def test_a_flag_alone_is_yes() -> None:
    parsed = understood(f"draw run {TWEET} --must-retweet --winners 2")
    assert bind(parsed.command, parsed.values).must_retweet is True


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ('tweet post "two words"', "two words"),
        ("tweet post “two words”", "two words"),
        ("tweet post „two words“", "two words"),
        ("tweet post two   words", "two   words"),
        ("tweet post line one\nline two", "line one\nline two"),
        ('tweet post He said "hi" to me', 'He said "hi" to me'),
        ("tweet post it's fine, isn't it", "it's fine, isn't it"),
        ("tweet post it’s “quoted” inside", "it’s “quoted” inside"),
        ('tweet post "say \\"hi\\" now"', 'say "hi" now'),
        # What no chat client wrote is undone nowhere: adapters turn their own notation back.
        ('tweet post "Write &amp;amp;"', "Write &amp;amp;"),
        ("tweet post Tom &amp; Jerry &lt;3", "Tom &amp; Jerry &lt;3"),
        ("tweet post see <https://x.com/a|x.com/a> now", "see <https://x.com/a|x.com/a> now"),
        ("tweet post ask <@U1|ada> in <#C1|general> :tada:", "ask <@U1|ada> in <#C1|general> :tada:"),
        ("tweet post Note: this is text", "Note: this is text"),
        ("tweet post time is 10:30 today", "time is 10:30 today"),
        ("tweet post https://example.com/a?b=c&copy=1", "https://example.com/a?b=c&copy=1"),
    ],
)
def test_running_text_stays_as_it_was_typed(line: str, text: str) -> None:
    parsed = understood(line)
    assert bind(parsed.command, parsed.values).text == text


def test_options_may_stand_around_running_text() -> None:
    parsed = understood("tweet post account:brand Hello there")
    args = bind(parsed.command, parsed.values)
    assert (args.text, str(args.account)) == ("Hello there", "brand")


@pytest.mark.parametrize(
    ("line", "name"), [("trends", "trends show"), ("radar", "radar show"), ("draft", "draft list")]
)
def test_a_group_alone_runs_its_default_verb(line: str, name: str) -> None:
    assert understood(line).command.name == name


def test_the_default_verb_takes_options_too() -> None:
    parsed = understood("trends region:US")
    assert parsed.command.name == "trends show"
    assert bind(parsed.command, parsed.values).region == "US"


@pytest.mark.parametrize("line", ["", "   ", "tweet help", "?", "--help", "/-h", "—help"])
def test_nothing_and_help_ask_for_help(line: str) -> None:
    assert isinstance(parse(ALL, line), HelpWanted)


@pytest.mark.parametrize(
    ("line", "about"),
    [
        ("draw run --help", "draw run"),
        ("relay add -h", "relay add"),
        ("tweet post --HELP", "tweet post"),
        ("tweet post —help ", "tweet post"),
    ],
)
def test_a_command_is_asked_for_its_help(line: str, about: str) -> None:
    parsed = understood(line)
    assert parsed.command.name == "help"
    assert bind(parsed.command, parsed.values).topic == about


def test_help_as_a_text_is_posted_and_not_given() -> None:
    assert understood("tweet post help").command.name == "tweet post"


def test_lists_are_split_and_repeated() -> None:
    parsed = understood("relay add channel:#alerts account:nasa,@esa account:spacex events:tweet.new")
    args = bind(parsed.command, parsed.values)
    assert [str(name) for name in args.account] == ["nasa", "esa", "spacex"]
    assert args.channel == ChannelRef("alerts", "alerts")


def test_many_bare_values_fill_a_list() -> None:
    parsed = understood(f"media get {TWEET} 1893456789012345679, 1893456789012345680")
    assert len(bind(parsed.command, parsed.values).tweets) == 3


def test_a_slack_channel_mention_is_its_id() -> None:
    parsed = understood("relay add <#C024BE7LR|alerts>")
    assert bind(parsed.command, parsed.values).channel == ChannelRef("C024BE7LR", "alerts")


@pytest.mark.parametrize(
    ("line", "says", "option"),
    [
        ("darw run x", "Did you mean 'draw'", None),
        ("draw rnu", "Did you mean 'draw run'", None),
        (f"draw run {TWEET} winner:3", "Did you mean 'winners'", "winner"),
        (f"draw run {TWEET} --winer 3", "Did you mean 'winners'", "winer"),
        (f"draw run {TWEET} winners:many", "'many' is not a whole number", "winners"),
        (f"draw run {TWEET} winners:0", "it must be from 1 to 100", "winners"),
        (f"draw run {TWEET} winners:3 winners:4", "given 2 times", "winners"),
        ("draw run nonsense", "tweet", "tweet"),
        (f"draw run {TWEET} 5", "one too many", "tweet"),
        ("radar source:gitub", "did you mean 'GitHub'", "source"),
        ("monitor add not/a/name!", "account", "account"),
        (f"draw run {TWEET} winners:", "has no value", "winners"),
        ('relay add alerts contains:""', "contains has no value", "contains"),
        ('relay add alerts name: "  "', "name has no value", "name"),
        ("relay add alerts contains:moon, quiet:x", "nothing follows the last comma", "contains"),
        ("relay replay route:two words", 'needs quotes: route:"two words"', "route"),
        ("relay add channel:alerts name:my route", 'needs quotes: name:"my route"', "channel"),
        ("relay add channel:alerts --name my route", 'needs quotes: name:"my route"', "channel"),
        ("relay add channel:alerts name: my route", 'needs quotes: name:"my route"', "channel"),
        ("credits show extra", "takes no bare value", None),
        ("setup key key:xq_1", "never type it into a channel", "key"),
    ],
)
def test_a_mistake_names_the_option_and_shows_an_example(line: str, says: str, option: str | None) -> None:
    with pytest.raises(UsageError) as caught:
        parsed = parse(ALL, line)
        assert isinstance(parsed, Parsed)
        bind(parsed.command, parsed.values)
    error = caught.value
    assert says in error.detail
    assert error.option == option
    assert error.example


def test_a_missing_option_is_named_with_what_it_is() -> None:
    parsed = understood("draw run winners:2")
    with pytest.raises(MissingOptions) as caught:
        bind(parsed.command, parsed.values)
    assert caught.value.names == ("tweet",)


@given(st.text(max_size=200))
def test_no_line_breaks_the_parser(line: str) -> None:
    try:
        parsed = parse(ALL, line)
        if isinstance(parsed, Parsed):
            bind(parsed.command, parsed.values)
    except UsageError as error:
        assert error.detail


@given(
    st.text(min_size=1, max_size=100).map(
        lambda text: text.replace('"', "").replace("”", "").replace("\\", "")
    )
)
def test_quoted_text_comes_back_unchanged(text: str) -> None:
    if blank(text):
        return
    parsed = understood(f'tweet post "{text}"')
    assert parsed.values["text"] == (text,)
    assert bind(parsed.command, parsed.values).text == line_ends(text.strip())


@given(st.integers(1, 3000))
def test_the_parser_is_linear_enough_for_hostile_lines(size: int) -> None:
    for line in ("tweet post " + '"' * size, "tweet post " + "<" * size, "tweet post " + "“" * size):
        parsed = parse(ALL, line)
        assert isinstance(parsed, Parsed)


@pytest.mark.parametrize(
    "text",
    ["She said “go” and left", "“All” of it", "ends with “this”", "an open “quote only"],
)
def test_curly_quotes_inside_straight_ones_stay_text(text: str) -> None:
    parsed = understood(f'tweet post text:"{text}" account:brand')
    assert parsed.values == {"text": (text,), "account": ("brand",)}


@pytest.mark.parametrize("piece", ['"a ', "'a ", "“a ", "“ “a” ", "<a ", "«x ", '--x "', 'a:"b ', '\\" '])
def test_a_hostile_line_takes_no_longer_than_its_length_allows(piece: str) -> None:
    """Anyone may type a line, so its parsing must not hold up everyone else: once it was quadratic."""
    line = ("tweet score " + piece * 30_000)[:30_000]
    started = time.process_time()
    with contextlib.suppress(UsageError):
        parse(ALL, line)
    assert time.process_time() - started < 2.0


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("relay timing alerts quiet:10pm - 7am", 'quiet:"10pm - 7am"'),
        ("relay timing alerts burst:5 in 10m", 'burst:"5 in 10m"'),
        ("relay edit alerts name:son dakika haberleri", 'name:"son dakika haberleri"'),
        ("relay edit alerts name: أخبار عاجلة", 'name:"أخبار عاجلة"'),
        ("relay edit alerts name:नई खबर", 'name:"नई खबर"'),
        ("relay look alerts template:{{ text }}", 'template:"{{ text }}"'),
    ],
)
def test_words_behind_an_option_are_told_to_stand_in_its_quotes(line: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(ALL, line)
    assert f"A value with spaces needs quotes: {hint}" in caught.value.detail


@pytest.mark.parametrize(
    "value", ['say "hi" now', 'the "son dakika" haber', '«a "b" c», d', 'x "ы" y', '"月" の "a" b']
)
def test_a_pattern_that_breaks_off_at_a_quote_says_which_to_use(value: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(ALL, f'relay filter alerts matches:"{value}"')
    assert "write ' or \\\" for a quote" in caught.value.detail
    inner = value.replace('"', '\\"')
    for quoted in (f"'{value}'", f'"{inner}"'):
        assert understood(f"relay filter alerts matches:{quoted}").values["matches"] == (value,)
    assert understood('relay filter alerts matches:"5\\" screen"').values["matches"] == ('5" screen',)
