"""Running text is not options: what `name:` means in a command whose value is a text."""

from __future__ import annotations

from typing import Any

import pytest

from bot.core.commands.binding import MissingOptions, bind
from bot.core.commands.declaring import Command, OptionKind
from bot.core.commands.grammar import Parsed, parse
from bot.core.errors import UsageError
from bot.features.catalogue import catalogue

ALL = catalogue()
LINK = "https://x.com/nasa/status/1893456789012345678"
RUNNING = [(one, p) for one in ALL for p in one.parameters if p.running]


def read(line: str) -> Any:
    parsed = parse(ALL, line)
    assert isinstance(parsed, Parsed)
    return bind(parsed.command, parsed.values)


@pytest.mark.parametrize(
    "text",
    [
        "New account: we are @foo now",
        "Our account:brand is the new one",
        "Quote: be brave. Media: none. Text: this",
        "Watch account: tonight",
        "Yeni hesap: artık account: @foo",
        "الحساب الجديد account: نحن هنا",
        "नया account: हम यहाँ हैं",
        "新アカウント account: こちらです",
        "บัญชีใหม่ account: เรา",
        "Note: x media=none",
        "wow acount:brand",
        "so media: said he — really, –Long",
        "Dialogo: —Media naranja, dijo —Long",
        "first line\naccount: second line",
        'He said "account:x" and left',
        "10:30 is text: and stays",
    ],
)
def test_what_looks_like_an_option_in_a_text_is_text(text: str) -> None:
    args = read(f"tweet post {text}")
    assert args.text == text
    assert args.account is None and args.media == () and args.quote is None


@pytest.mark.parametrize(
    ("line", "text", "account"),
    [
        ("Note: x account:brand", "Note: x", "brand"),
        ("Hello --account brand there", "Hello there", "brand"),
        ("Hello there --account=brand", "Hello there", "brand"),
        ("account: we moved —account brand", "account: we moved", "brand"),
        ("Merhaba: dünya account:brand", "Merhaba: dünya", "brand"),
        ("مرحبا: عالم account:brand", "مرحبا: عالم", "brand"),
        ("こんにちは：世界 account:brand", "こんにちは：世界", "brand"),
        ("“Hello there” account:brand", "Hello there", "brand"),
        ('"Hello: there" account: brand', "Hello: there", "brand"),
        ("account:brand Note: x", "Note: x", "brand"),
        ("text: Note: this account:brand", "Note: this", "brand"),
        ("text:Well done account:brand", "Well done", "brand"),
        ("Long one --long account:brand", "Long one", "brand"),
    ],
)
def test_options_stand_at_the_end_or_are_dashed(line: str, text: str, account: str) -> None:
    args = read(f"tweet post {line}")
    assert (args.text, str(args.account)) == (text, account)


def test_a_run_of_options_at_the_end_is_read_whole() -> None:
    args = read(
        "tweet post See media: below media:https://a.example/1,2.png https://a.example/b.png "
        f"quote:{LINK} account:brand --long"
    )
    assert args.text == "See media: below"
    assert [one.where for one in args.media] == ["https://a.example/1,2.png", "https://a.example/b.png"]
    assert (args.quote.id, str(args.account), args.long) == ("1893456789012345678", "brand", True)


@pytest.mark.parametrize("verb", ["reply", "quote"])
@pytest.mark.parametrize(
    ("line", "text"),
    [
        (f"{LINK} Well done", "Well done"),
        (f"{LINK} Aferin: çok iyi account:brand", "Aferin: çok iyi"),
        (f"{LINK} أحسنت", "أحسنت"),
        (f"{LINK} text: शाबाश दोस्त", "शाबाश दोस्त"),
        (f"{LINK} text:お見事 です", "お見事 です"),
        (f'{LINK} "Note: quoted" account:brand', "Note: quoted"),
        (f"tweet:{LINK} Well done", "Well done"),
        (f"account:brand {LINK} account: is ours", "account: is ours"),
        (f'text:"Well done" {LINK}', "Well done"),
        (f"Well done tweet:{LINK}", "Well done"),
        (f"--tweet {LINK} Well done", "Well done"),
    ],
)
def test_the_text_stands_behind_the_post(verb: str, line: str, text: str) -> None:
    args = read(f"tweet {verb} {line}")
    assert (args.tweet.id, args.text) == ("1893456789012345678", text)


def test_a_reply_without_a_text_asks_for_it() -> None:
    with pytest.raises(MissingOptions) as caught:
        read(f"tweet reply {LINK}")
    assert caught.value.names == ("text",)
    with pytest.raises(UsageError) as wrong:
        read("tweet reply Well done")
    assert wrong.value.option == "tweet"


@pytest.mark.parametrize(("command", "parameter"), RUNNING, ids=lambda one: getattr(one, "name", ""))
def test_every_command_with_a_text_reads_it_so(command: Command[Any], parameter: Any) -> None:
    """By declaration: in the text every option of the command, and one of none, is text."""
    named = " ".join(f"{p.name}: {p.name}" for p in command.parameters)
    before = "" if parameter.main else f"{LINK} "
    parsed = parse(ALL, f"{command.name} {before}Look {named} nothing:like this")
    assert isinstance(parsed, Parsed)
    assert parsed.values[parameter.name] == (f"Look {named} nothing:like this",)
    assert set(parsed.values) == {parameter.name} | {p.name for p in command.parameters if p.main}


def test_every_large_text_of_a_command_is_declared_as_one() -> None:
    """A text with room for sentences that is the value of its command cannot be taken for options. (A ticket
    has two: its message runs to the end of the line, and its subject is quoted.)"""
    forgotten = [
        f"{one.name} {p.name}"
        for one in ALL
        for p in one.parameters
        if p.kind is OptionKind.STRING
        and p.required
        and not p.many
        and (p.max_length or 0) > 200
        and not p.running
        if not p.verbatim
    ]
    assert forgotten == ["support open subject"]


@pytest.mark.parametrize(
    "line", ["draw run {} winner:3", "relay add alerts acount:nasa", "media get {} foo:bar"]
)
def test_elsewhere_an_unknown_option_is_an_error(line: str) -> None:
    with pytest.raises(UsageError, match="has no option"):
        read(line.format(LINK))
