"""Answering a command on a terminal, in words and as JSON, and asking for what is missing."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from adapters.terminal.forms import Question, fill, terminal_question
from adapters.terminal.messenger import TerminalMessenger
from adapters.terminal.responder import TerminalResponder
from bot.core.chat.actions import ActionRef
from bot.core.chat.answers import Audience, Reply
from bot.core.chat.cards import (
    Button,
    ButtonStyle,
    Card,
    Choice,
    File,
    Form,
    Input,
    InputKind,
    Progress,
    Quote,
    Text,
    line,
)
from bot.core.chat.delivery_results import Delivered, Gone, Unreadable
from bot.core.chat.ids import Destination, MessageRef, TenantId
from bot.core.chat.places import ChannelRef
from bot.core.errors import UsageError

CONFIRM = ActionRef("pending.confirm", "p1")
FORM = Form(
    "Store the key",
    ActionRef("form.command", "f1"),
    (
        Input("key", "API key", InputKind.SECRET),
        Input("count", "How many", InputKind.INTEGER, required=False, value="3"),
        Input("region", "Region", InputKind.CHOICE, choices=(Choice("United States", "US"),)),
        Input("unique", "One entry a person", InputKind.BOOLEAN, required=False),
    ),
)


class Terminal:
    """Two consoles whose text can be read, and a responder over them."""

    def __init__(
        self, *, as_json: bool = False, question: Question | None = None, save_to: Path | None = None
    ) -> None:
        self._out = io.StringIO()
        self._err = io.StringIO()
        self.responder = TerminalResponder(
            Console(file=self._out, width=80),
            Console(file=self._err, width=80),
            clock=lambda: 1_700_000_000.0,
            confirms=("pending.confirm",),
            as_json=as_json,
            question=question,
            save_to=save_to,
        )

    @property
    def out(self) -> str:
        return self._out.getvalue()

    @property
    def err(self) -> str:
        return self._err.getvalue()


def _typing(*answers: str) -> tuple[Question, list[tuple[str, bool]]]:
    """Somebody who types these answers; and what was asked, with whether it was hidden."""
    asked: list[tuple[str, bool]] = []
    waiting: Iterator[str] = iter(answers)

    def question(words: str, secret: bool) -> str:
        asked.append((words, secret))
        try:
            return next(waiting)
        except StopIteration:
            raise EOFError from None

    return question, asked


def _names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


async def test_an_answer_goes_to_standard_output() -> None:
    terminal = Terminal()
    await terminal.responder.acknowledge(Audience.CHANNEL)
    await terminal.responder.progress(Card("Downloading", (Progress(1, 4, "Tweets"),)))
    assert await terminal.responder.answer(Reply(Card("Trending", (Text(line("#Artemis")),)))) is None
    assert "#Artemis" in terminal.out
    assert terminal.err == ""
    assert terminal.responder.failed is False


async def test_a_failure_goes_to_standard_error() -> None:
    terminal = Terminal()
    await terminal.responder.fail(Card("Not enough Xquik credits"))
    assert "Not enough Xquik credits" in terminal.err
    assert terminal.out == ""
    assert terminal.responder.failed is True


async def test_json_is_one_line_a_card_failures_included() -> None:
    terminal = Terminal(as_json=True)
    await terminal.responder.acknowledge(Audience.PRIVATE)
    await terminal.responder.answer(Reply(Card("A", (Quote("esc \x1b[2J \x9b2J"),))))
    await terminal.responder.fail(Card("B"))
    first, second = terminal.out.splitlines()
    assert json.loads(first)["blocks"][0]["text"] == "esc \x1b[2J \x9b2J"
    assert json.loads(second) == {
        "type": "Card",
        "title": "B",
        "blocks": [],
        "tone": "neutral",
        "about": "",
        "buttons": [],
        "shape": "card",
        "pings": [],
        "language": "",
    }
    assert "\x1b" not in terminal.out
    assert "\x9b" not in terminal.out


async def test_only_the_named_confirmation_is_pressed_by_yes() -> None:
    terminal = Terminal()
    other = Button("Post this", ActionRef("tweet.post", "k"), style=ButtonStyle.PRIMARY)
    await terminal.responder.answer(Reply(Card("Score 80", buttons=(other,))))
    nothing_yet = terminal.responder.to_confirm
    assert nothing_yet is None
    await terminal.responder.answer(Reply(Card("Post this?", buttons=(other, Button("Confirm", CONFIRM)))))
    assert terminal.responder.to_confirm == CONFIRM
    assert terminal.out.count("press it with --yes") == 1


async def test_a_form_is_asked_question_by_question_and_secrets_unseen() -> None:
    question, asked = _typing("xq_1", "", "united states", "yes")
    terminal = Terminal(question=question)
    await terminal.responder.ask(FORM)
    submission = terminal.responder.submission
    assert submission is not None
    assert submission.action == FORM.action
    assert submission.values == {"key": "xq_1", "count": "3", "region": "US", "unique": "yes"}
    assert [secret for _, secret in asked] == [True, False, False, False]
    assert "xq_1" not in repr(submission)
    assert "xq_1" not in terminal.err


async def test_a_wrong_value_is_asked_for_again() -> None:
    question, asked = _typing("", "", "k", "many", "", "4", "US", "")
    submission = await fill(FORM, question)
    assert submission.values == {"key": "k", "count": "4", "region": "US", "unique": ""}
    assert any("This is needed." in words for words, _ in asked)
    assert any("whole number" in words for words, _ in asked)


async def test_without_a_terminal_a_form_says_what_to_do() -> None:
    with pytest.raises(UsageError) as caught:
        await Terminal().responder.ask(FORM)
    assert "key" in caught.value.detail
    assert "api_key_env" in caught.value.remedy
    plain = Form("Post", FORM.action, (Input("text", "Text"),))
    with pytest.raises(UsageError) as caught:
        await fill(plain, None)
    assert "name:value" in caught.value.remedy


async def test_leaving_a_form_does_nothing() -> None:
    question, _ = _typing("k")
    with pytest.raises(UsageError, match="nothing was done"):
        await fill(FORM, question)


def test_a_pipe_is_nobody_to_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert terminal_question() is None


async def test_files_are_saved_without_overwriting_or_leaving_the_directory(tmp_path: Path) -> None:
    terminal = Terminal(save_to=tmp_path)
    for _ in range(2):
        await terminal.responder.answer(
            Reply(Card("Export"), (File("../winners.csv", "text/csv", b"a,b\n"),))
        )
    assert _names(tmp_path) == ["winners-2.csv", "winners.csv"]
    unsaved = Terminal()
    await unsaved.responder.answer(Reply(Card("Export"), (File("winners.csv", "text/csv", b"a,b\n"),)))
    assert "was not saved" in unsaved.err


async def test_a_messenger_prints_where_things_go() -> None:
    file = io.StringIO()
    messenger = TerminalMessenger(Console(file=file, width=80), clock=lambda: 0.0)
    tenant = TenantId("terminal", "local")
    to = Destination(tenant, "alerts")
    assert await messenger.check(to) == Delivered("")
    posted = await messenger.post(to, Card("NASA posted"), "k1", (File("a.csv", "text/csv", b"1"),))
    assert posted == Delivered("1")
    assert await messenger.edit(MessageRef(to, "1"), Card("Edited")) == Delivered("1")
    assert await messenger.delete(MessageRef(to, "1")) == Delivered("1")
    assert await messenger.tell(tenant, "ada", Card("For Ada"), "k2") == Delivered("2")
    assert await messenger.find(to, "k1", 0) == Unreadable()
    assert await messenger.channel(tenant, ChannelRef("#alerts")) == ChannelRef("alerts", "alerts")
    assert isinstance(await messenger.post(Destination(TenantId("slack", "T1"), "c"), Card("x"), "k"), Gone)
    for words in (
        "In #alerts",
        "NASA posted",
        "a.csv",
        "instead of message 1",
        "message 1 is deleted",
        "To ada",
    ):
        assert words in file.getvalue()


async def test_a_file_that_cannot_be_saved_where_one_is_goes_elsewhere_and_says_where(tmp_path: Path) -> None:
    # A file where a directory should be: not even root can write into it.
    (tmp_path / "taken").write_text("")
    terminal = Terminal(save_to=tmp_path / "taken")
    await terminal.responder.answer(Reply(Card("Export"), (File("winners.csv", "text/csv", b"a,b\n"),)))
    (path,) = terminal.responder.saved
    assert path.read_bytes() == b"a,b\n" and path.parent.stat().st_mode & 0o077 == 0
    said = " ".join(terminal.err.split())
    assert "cannot be written to" in said and path.name in said
    shutil.rmtree(path.parent)
