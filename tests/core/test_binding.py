"""Binding: raw texts to typed arguments, errors that name the option, and the form that asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from pydantic import SecretStr

from bot.core.access import Permission
from bot.core.chat.actions import ActionRef
from bot.core.chat.answers import Audience, Reply
from bot.core.chat.cards import Card, Choice, InputKind
from bot.core.chat.places import ChannelRef
from bot.core.commands.binding import MissingOptions, bind
from bot.core.commands.declaring import Command, Effect, Option
from bot.core.commands.forms import form_for, matching_choices
from bot.core.errors import UsageError
from bot.core.x.references import TweetRef, Username
from bot.features.catalogue import catalogue

ACTION = ActionRef("form.command", "k")


@dataclass(frozen=True, slots=True, kw_only=True)
class AllKinds:
    text: Annotated[str | None, Option("A text", main=True, max_length=10)] = None
    number: Annotated[int | None, Option("A number", ge=-5, le=5)] = None
    least: Annotated[int | None, Option("A number", ge=1)] = None
    flag: Annotated[bool, Option("A switch")] = False
    choice: Annotated[Literal["one", "two"] | None, Option("A choice")] = None
    labelled: Annotated[Literal["a", "b"] | None, Option("Labels", choices={"Big A": "a", "Big B": "b"})] = (
        None
    )
    tweet: Annotated[TweetRef | None, Option("A tweet")] = None
    tweets: Annotated[tuple[TweetRef, ...], Option("Tweets", le=3)] = ()
    name: Annotated[Username | None, Option("A name")] = None
    names: Annotated[tuple[Username, ...], Option("Names")] = ()
    words: Annotated[tuple[str, ...], Option("Words", le=3)] = ()
    channel: Annotated[ChannelRef | None, Option("A channel")] = None
    span: Annotated[timedelta | None, Option("A while", ge=60, le=3600)] = None
    zone: Annotated[ZoneInfo | None, Option("A timezone")] = None
    secret: Annotated[SecretStr | None, Option("A secret")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    first: Annotated[str, Option("The first thing", main=True)]
    second: Annotated[int, Option("The second thing")]
    wait: Annotated[timedelta, Option("How long")] = timedelta(minutes=90)
    on: Annotated[bool, Option("Whether")] = True
    token: Annotated[SecretStr | None, Option("A secret")] = None
    extra: Annotated[str | None, Option("More", paragraph=True)] = None
    place: Annotated[ChannelRef | None, Option("Where")] = None


async def _nothing(_call: Any, _args: Any) -> Reply:
    return Reply(Card(""))


def command(args: type[Any]) -> Command[Any]:
    return Command(
        ("all", "kinds"),
        "Tries them",
        args,
        _nothing,
        Effect.READ,
        Permission.USE,
        Audience.PRIVATE,
        ("all kinds x",),
    )


ALL = command(AllKinds)


def bound(**values: str) -> AllKinds:
    made = bind(ALL, {name: (text,) for name, text in values.items()})
    assert isinstance(made, AllKinds)
    return made


@pytest.mark.parametrize(
    ("name", "typed", "meant"),
    [
        ("text", " <#C1|b> ", "<#C1|b>"),
        ("number", "-5", -5),
        ("number", " +3 ", 3),
        ("flag", "YES", True),
        ("flag", "off", False),
        ("choice", "TWO", "two"),
        ("labelled", "big  b", "b"),
        ("labelled", "B", "b"),
        ("tweet", "<https://x.com/nasa/status/12345?s=20|x.com/…>", "12345"),
        ("tweet", "12345", "12345"),
        ("tweet", "20", "20"),
        ("tweet", "Şuna bak: https://fixupx.com/nasa/status/20!", "20"),
        ("tweet", "看[这里](https://m.twitter.com/i/web/status/20)", "20"),
        ("text", "\u2066@nasa\u2069", "@nasa"),
        ("name", "<@U1|nasa>", "nasa"),
        ("name", "\u2066＠nasa\u2069", "nasa"),
        ("name", "@nasa।", "nasa"),
        ("names", "[NASA here](https://x.com/nasa), \u2066@esa\u2069", ("nasa", "esa")),
        ("names", "<https://x.com/nasa|the first one> ＠esa", ("nasa", "esa")),
        ("names", "- @nasa\n- @esa\n- https://xcancel.com/jaxa", ("nasa", "esa", "jaxa")),
        ("names", "“@nasa”،@esa、jaxa", ("nasa", "esa", "jaxa")),
        ("name", "https://x.com/NASA", "NASA"),
        ("names", "@nasa, esa  nasa", ("nasa", "esa")),
        ("words", "one two, three\nfour", ("one two", "three", "four")),
        ("channel", "<#C1|alerts>", ChannelRef("C1", "alerts")),
        ("channel", "<#123456>", ChannelRef("123456", "")),
        ("channel", "#alerts", ChannelRef("alerts", "alerts")),
        ("span", "1h", timedelta(hours=1)),
        ("zone", "Europe/Berlin", ZoneInfo("Europe/Berlin")),
    ],
)
def test_every_kind_is_read_as_people_write_it(name: str, typed: str, meant: Any) -> None:
    value = getattr(bound(**{name: typed}), name)
    if isinstance(meant, tuple):
        assert tuple(str(item) for item in value) == meant
    elif isinstance(meant, str):
        assert getattr(value, "id", str(value)) == meant
    else:
        assert value == meant


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("text", "x" * 11, "11 characters long; the limit is 10"),
        ("number", "6", "it must be from -5 to 5"),
        ("number", "1.5", "not a whole number"),
        ("number", "٣x", "not a whole number"),
        ("number", "9" * 400, "not a whole number"),
        ("least", "0", "it must be at least 1"),
        ("flag", "perhaps", "neither yes nor no"),
        ("choice", "tow", "did you mean 'two'?"),
        ("labelled", "c", "Big A, Big B"),
        ("tweet", "https://example.com/1", "tweet"),
        ("tweets", "12341 12342 12343 12344", "at most 3 values, not 4"),
        ("name", "<@U1>", "a person of this workspace"),
        ("name", "no spaces please", "name"),
        ("channel", "two words", "write #name"),
        ("span", "5s", "out of range (1m to 1h)"),
        ("span", "soon", "not a duration"),
        ("zone", "Europe/Berln", "did you mean Europe/Berlin"),
        ("zone", "../../etc/passwd", "'../../etc/passwd' is not a timezone"),
        ("secret", "hunter2", "never type it into a channel"),
    ],
)
def test_every_refusal_names_the_option_and_shows_an_example(name: str, typed: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        bound(**{name: typed})
    assert caught.value.option == name
    assert said in caught.value.detail
    assert caught.value.example
    assert len(caught.value.detail) < 400
    assert "hunter2" not in caught.value.detail
    assert "?." not in caught.value.detail


def test_what_is_blank_is_left_out() -> None:
    assert bound(text="   ", number="", names=" ") == AllKinds()


def test_a_list_of_commas_alone_is_refused() -> None:
    with pytest.raises(UsageError, match="names has nothing between its commas"):
        bound(names=" , ,")


def test_one_value_given_twice_is_refused() -> None:
    with pytest.raises(UsageError, match="number is given 2 times"):
        bind(ALL, {"number": ("1", "2")})


def test_a_list_given_twice_is_one_list_without_repeats() -> None:
    made = bind(ALL, {"words": ("a, b", "b,c")})
    assert made.words == ("a", "b", "c")


def test_a_secret_is_taken_from_a_form_alone_and_shows_nowhere() -> None:
    made = bind(ALL, {"secret": (" hunter2 ",)}, from_form=True)
    assert made.secret.get_secret_value() == "hunter2"
    assert "hunter2" not in repr(made)


def test_everything_missing_is_named_at_once() -> None:
    with pytest.raises(MissingOptions) as caught:
        bind(command(Needs), {})
    assert caught.value.names == ("first", "second")
    assert "The first thing" in caught.value.detail
    assert "The second thing" in caught.value.detail


def test_a_form_asks_what_is_required_then_what_was_given_five_at_most() -> None:
    given = {"first": ("hello",), "extra": ("typed",), "token": ("hunter2",)}
    form = form_for(command(Needs), given, ACTION)
    assert [field.name for field in form.inputs] == ["first", "second", "token", "extra", "wait"]
    fields = {field.name: field for field in form.inputs}
    assert fields["first"].value == "hello"
    assert fields["first"].required
    assert fields["extra"].kind is InputKind.PARAGRAPH
    assert (fields["token"].kind, fields["token"].value) == (InputKind.SECRET, "")
    assert fields["wait"].value == "1h 30m"


def test_a_form_has_every_option_where_the_platform_takes_as_many() -> None:
    form = form_for(command(Needs), {"extra": ("typed",)}, ACTION, most=99)
    assert {field.name for field in form.inputs} == {p.name for p in command(Needs).parameters}
    assert [field.required for field in form.inputs] == sorted(
        (f.required for f in form.inputs), reverse=True
    )
    assert len(form_for(command(Needs), {}, ACTION, most=3).inputs) == 3


def test_a_form_shows_defaults_that_bind_to_themselves() -> None:
    form = form_for(command(Needs), {}, ACTION)
    filled = {field.name: (field.value,) for field in form.inputs if field.value}
    made = bind(command(Needs), filled | {"first": ("a",), "second": ("2",)}, from_form=True)
    assert (made.wait, made.on) == (timedelta(minutes=90), True)


def test_choices_that_start_with_what_is_typed_come_first() -> None:
    parameter = next(p for p in ALL.parameters if p.name == "labelled")
    assert [c.value for c in matching_choices(parameter, "b")] == ["a", "b"]
    assert [c.value for c in matching_choices(parameter, "big b")] == ["b"]


def test_choices_of_a_list_are_for_what_stands_behind_the_last_comma() -> None:
    single = next(p for p in ALL.parameters if p.name == "labelled")
    parameter = replace(single, many=True, choices=tuple(Choice(v, v) for v in ("media", "link", "poll")))
    assert [c.value for c in matching_choices(parameter, "media, l")] == ["media, link", "media, poll"]
    assert [c.value for c in matching_choices(parameter, "")] == ["media", "link", "poll"]
    assert matching_choices(parameter, "x" * 96 + ",") == (), "no longer than Discord takes"


@given(st.dictionaries(st.sampled_from([p.name for p in ALL.parameters]), st.lists(st.text(), max_size=3)))
def test_any_text_at_all_binds_or_is_refused_in_words(values: dict[str, list[str]]) -> None:
    try:
        bind(ALL, values)
    except UsageError as error:
        assert error.detail
        assert error.option in {p.name for p in ALL.parameters}


@pytest.mark.parametrize("blank", ["\u3164", "\u2800", " \u200b ", "\ufe0f"])
def test_what_nobody_sees_is_no_value(blank: str) -> None:
    command = catalogue().command(("tweet", "post"))
    assert command is not None
    with pytest.raises(UsageError, match="The text consists only of invisible characters") as refused:
        bind(command, {"text": (blank,)})
    assert not isinstance(refused.value, MissingOptions), "whoever gave it is not asked for it again"
    with pytest.raises(MissingOptions):
        bind(command, {"text": (" \n",)})
    media = bind(
        command, {"text": ("x",), "media": (f"https://a.example/b.png,{blank}",), "account": (blank,)}
    )
    assert (tuple(map(str, media.media)), media.account) == (("https://a.example/b.png",), None)


@pytest.mark.parametrize(
    "name", ["\x1b]0;pwn\x07", "two\nlines", "back\u202ewards", "a\x00b", "soft\u00adhyphen", "\u3164"]
)
def test_a_name_with_characters_that_nobody_sees_is_refused(name: str) -> None:
    """It would be printed on the operator's terminal."""
    command = catalogue().command(("relay", "add"))
    assert command is not None
    with pytest.raises(UsageError, match="invisible"):
        bind(command, {"channel": ("alerts",), "name": (f"x{name}y",)})
