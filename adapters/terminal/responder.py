"""Answers one command on a terminal, in words or as JSON."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Awaitable, Callable
from datetime import tzinfo
from pathlib import Path
from typing import TypeAlias

from rich.console import Console
from rich.status import Status
from rich.text import Text as RichText

from adapters.terminal.escape import json_safe, plain_line
from adapters.terminal.forms import Question, Submission, fill
from adapters.terminal.render import render
from bot.core.chat import card_json
from bot.core.chat.actions import ActionRef
from bot.core.chat.answers import Audience, Reply
from bot.core.chat.cards import Buttons, Card, File, Form, Progress
from bot.core.chat.ids import MessageRef
from bot.core.clocks import Clock
from bot.core.commands.forms import FORM_INPUTS
from bot.core.messages.message import Message, msg, nmsg
from bot.core.messages.speaking import say
from bot.i18n.speaking import in_its_language
from bot.i18n.translator import ENGLISH_TRANSLATOR, Translator

OwnReader: TypeAlias = Callable[[], Awaitable[Translator]]
"""Finds the language of whoever sits at the terminal."""


class TerminalResponder:
    """A `Responder`. out: where answers go; err: where failures and progress go.

    confirms: the names of the actions that `--yes` presses; no other button is ever pressed by it.
    as_json: print each card as one line of `card_json` data instead, failures included.
    question: how forms are asked, None when nobody can be. save_to: the directory that files are
    written to, None to leave them. clock: epoch seconds; zone: None for the machine's own. reader: in whose
    language everything is said; reads: finds out anew before each answer, which may be to have changed it.

    What happened is left in `submission` (a form was filled in: press its action with the values),
    `to_confirm` (the button that `--yes` presses), `failed`, `cards` (all that were printed) and `saved`
    (the files that were written).
    """

    form_inputs = FORM_INPUTS  # a question each: whoever wants more gives it in the line
    presses = False
    confidential = True  # whoever sits at the terminal sees it, and nothing of it is written down

    def __init__(
        self,
        out: Console,
        err: Console,
        *,
        clock: Clock,
        confirms: tuple[str, ...] = (),
        as_json: bool = False,
        question: Question | None = None,
        save_to: Path | None = None,
        zone: tzinfo | None = None,
        reader: Translator = ENGLISH_TRANSLATOR,
        reads: OwnReader | None = None,
    ) -> None:
        self.reader = reader
        self._reads = reads
        self._out = out
        self._err = err
        self._clock = clock
        self._confirms = confirms
        self._as_json = as_json
        self._question = question
        self._save_to = save_to
        self._zone = zone
        self._status: Status | None = None
        self.submission: Submission | None = None
        self.to_confirm: ActionRef | None = None
        self.failed = False
        self.cards: list[Card] = []
        self.saved: list[Path] = []

    async def ask(self, form: Form) -> None:
        """Ask for the fields one by one; UsageError when there is nobody to ask."""
        form = self.reader.form(form)
        if self._question is not None and not self._as_json:
            self._err.print(RichText(plain_line(form.title), style="bold"))
            if form.note:
                self._err.print(RichText(plain_line(form.note), style="dim"))
        self.submission = await fill(form, self._question)

    async def acknowledge(self, audience: Audience) -> None:
        """Show that something is being done, on a terminal."""
        del audience
        if self._err.is_terminal and not self._as_json:
            self._status = self._err.status(plain_line(self.reader.words(msg("Working…"))))
            self._status.start()

    async def progress(self, card: Card) -> None:
        """Show how far it is."""
        if self._status is not None:
            self._status.update(RichText(_progress_words(self.reader.card(card))))

    async def answer(self, reply: Reply) -> MessageRef | None:
        """Print the card; nothing of it can be edited later."""
        self._still()
        if self._reads is not None:
            self.reader = await self._reads()
        self.to_confirm = self._confirming(reply.card)
        self._print(self._out, reply.card)
        for file in self.reader.files(reply.files):
            if not file.seen:
                self._save(file)
        return None

    async def fail(self, card: Card) -> None:
        """Print why it failed, to standard error; as JSON to standard output, where it is read."""
        self._still()
        self.failed = True
        self._print(self._out if self._as_json else self._err, card)

    def note(self, text: str) -> None:
        """A word of the program itself, to standard error."""
        self._err.print(RichText(plain_line(text)))

    def _confirming(self, card: Card) -> ActionRef | None:
        rows = [card.buttons, *(block.buttons for block in card.blocks if isinstance(block, Buttons))]
        return next(
            (
                button.action
                for row in rows
                for button in row
                if button.action is not None and button.action.name in self._confirms and not button.disabled
            ),
            None,
        )

    def _still(self) -> None:
        if self._status is not None:
            self._status.stop()
            self._status = None

    def _print(self, console: Console, card: Card) -> None:
        card = self.reader.card(card)
        self.cards.append(card)
        if self._as_json:
            document = json.dumps(card_json.to_data(card), ensure_ascii=False)
            console.file.write(json_safe(document) + "\n")
        else:
            shown = render(card, now=self._clock(), zone=self._zone, confirm=self.to_confirm)
            console.print(shown)

    def _save(self, file: File) -> None:
        size = nmsg("{n} byte", "{n} bytes", n=len(file.content))
        if self._save_to is None:
            self._tell(msg("{file} ({size}) was not saved.", file=plain_line(file.name), size=size))
            return
        name = Path(plain_line(file.name)).name or "file"
        try:
            path = _written(self._save_to, name, file.content)
        except OSError as error:
            # What it holds may have been paid for, so it must not be lost.
            why = str(error.strerror)
            self._tell(msg("{directory} cannot be written to: {why}.", directory=str(self._save_to), why=why))
            path = _written(Path(tempfile.mkdtemp(prefix="xquik-bot-")), name, file.content)
        self.saved.append(path)
        self._tell(msg("Saved {path} ({size}).", path=str(path), size=size))

    def _tell(self, words: Message) -> None:
        self._err.print(RichText(self.reader.words(words)))


def _written(directory: Path, name: str, content: bytes) -> Path:
    path = _free(directory, name)
    path.write_bytes(content)
    return path


def _free(directory: Path, name: str) -> Path:
    """A path that does not exist yet: nothing is overwritten."""
    path = directory / name
    number = 2
    while path.exists():
        path = directory / f"{Path(name).stem}-{number}{Path(name).suffix}"
        number += 1
    return path


@in_its_language
def _progress_words(card: Card) -> str:
    words = [plain_line(card.title)]
    for block in card.blocks:
        if isinstance(block, Progress):
            counts = say(msg("{done} of {total}", done=block.done, total=block.total))
            words.append(f"{plain_line(block.label)} {counts}".strip())
    return " · ".join(word for word in words if word)
