"""The dispatcher: the order of its steps, what people see when something fails, and what is logged."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import SecretStr

from bot.cards.errors import error_card
from bot.cards.help import help_card
from bot.core.access import Actor, Permission
from bot.core.chat.actions import ActionRef
from bot.core.chat.answers import Audience, Proposal, Reply
from bot.core.chat.cards import Card, Choice, Form, Input, InputKind
from bot.core.chat.ids import Destination, MessageRef, TenantId
from bot.core.chat.invocation import Call, Invocation
from bot.core.commands.declaring import Action, Catalogue, Command, Effect, Group, Option
from bot.core.commands.dispatch import FORM_ACTION, FORM_LIFETIME, Dispatcher, InvocationOutcome
from bot.core.errors import Expired, NotFound, UpstreamUnavailable, UsageError
from bot.features.help.cards.offers import offer_card
from bot.storage.engine.database import Database
from bot.storage.places.button_states import StoredButtonStates
from bot.storage.places.grants import Grants
from tests.conftest import ManualClock
from tests.features.edge import Screen, ref_of, words

HERE = TenantId("playground", "main")
OTHER = TenantId("playground", "other")
ADA = Actor("ada", "Ada", is_admin=True)
BEN = Actor("ben", "Ben")
SECRET = "a-very-secret-value"


@dataclass(frozen=True, slots=True, kw_only=True)
class EchoArgs:
    text: Annotated[str, Option("What to say", main=True, max_length=20)]
    times: Annotated[int, Option("How often", ge=1, le=3)] = 1
    mood: Annotated[Literal["calm", "loud"] | None, Option("How", suggest="moods")] = None
    token: Annotated[SecretStr | None, Option("Something secret")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginArgs:
    token: Annotated[SecretStr, Option("The secret")]


@dataclass
class Trace:
    """Everything that happened, in order, from every side."""

    steps: list[str] = field(default_factory=list)
    lines: list[tuple[str, str]] = field(default_factory=list)
    broken: list[BaseException] = field(default_factory=list)
    has_key: bool = True
    raises: BaseException | None = None
    slow: bool = False
    gone: bool = False

    def invoked(self, invocation: Invocation, command: str, outcome: str, seconds: float) -> None:
        assert seconds >= 0
        self.lines.append((command, outcome))

    def failed(self, invocation: Invocation, command: str, error: BaseException) -> None:
        self.broken.append(error)


class RecordingScreen(Screen):
    """A screen that writes into the trace."""

    trace: Trace

    async def ask(self, form: Form) -> None:
        self.trace.steps.append("ask")
        await super().ask(form)

    async def acknowledge(self, audience: Audience) -> None:
        self.trace.steps.append("acknowledge")
        await super().acknowledge(audience)

    async def answer(self, reply: Reply) -> MessageRef | None:
        self.trace.steps.append("answer")
        return await super().answer(reply)

    async def fail(self, card: Card) -> None:
        self.trace.steps.append("fail")
        await super().fail(card)


@dataclass
class DispatcherHarness:
    """A dispatcher over real grants and button states."""

    dispatcher: Dispatcher
    trace: Trace
    clock: ManualClock
    states: StoredButtonStates
    database: Database
    path: Path

    def screen(self) -> RecordingScreen:
        screen = RecordingScreen(Destination(HERE, "general"))
        screen.trace = self.trace
        return screen

    def invocation(self, actor: Actor = ADA, tenant: TenantId = HERE) -> Invocation:
        return Invocation("i1", actor, Destination(tenant, "general"), self.clock())

    async def say(self, line: str, actor: Actor = ADA) -> RecordingScreen:
        screen = self.screen()
        screen.outcome = await self.dispatcher.run_text(self.invocation(actor), line, screen)
        return screen

    async def press(
        self,
        ref: ActionRef,
        values: Mapping[str, str] | None = None,
        actor: Actor = ADA,
        tenant: TenantId = HERE,
    ) -> RecordingScreen:
        screen = self.screen()
        screen.outcome = await self.dispatcher.press(self.invocation(actor, tenant), ref, screen, values)
        return screen


@pytest.fixture
async def harness(tmp_path: Path, sqlite_url: str, clock: ManualClock) -> AsyncIterator[DispatcherHarness]:
    trace = Trace()

    class Access(Grants):
        async def policy(self, tenant: TenantId) -> Any:
            trace.steps.append("permission")
            return await super().policy(tenant)

    class Keys:
        async def has_key(self, tenant: TenantId) -> bool:
            trace.steps.append("key")
            return trace.has_key

    class Previews:
        async def open(self, invocation: Invocation, proposal: Proposal, command: str) -> Card:
            trace.steps.append("open")
            return proposal.preview

        async def shown(self, card: Card, ref: MessageRef | None) -> None:
            trace.steps.append("shown" if ref else "shown privately")

    database = await Database.open(sqlite_url)
    states = StoredButtonStates(database, clock, _bytes())
    dispatcher = Dispatcher(
        _catalogue(trace),
        None,
        access=Access(database),
        keys=Keys(),
        states=states,
        proposals=Previews(),
        observer=trace,
        present_error=error_card,
        help_card=help_card,
        offer_card=offer_card,
        clock=clock,
    )
    yield DispatcherHarness(dispatcher, trace, clock, states, database, tmp_path / "bot.db")
    await database.close()


def _bytes() -> Any:
    import itertools

    numbers = itertools.count(1)
    return lambda count: next(numbers).to_bytes(count, "big")


def _catalogue(trace: Trace) -> Catalogue:
    async def echo(call: Call[Any], args: EchoArgs) -> Reply:
        trace.steps.append("run")
        if trace.raises is not None:
            raise trace.raises
        return Reply(Card(args.text * args.times))

    async def wanted(call: Call[Any], args: EchoArgs) -> Mapping[str, str]:
        trace.steps.append("more")
        return {"mood": "calm"} if args.text == "moody" and args.mood is None else {}

    async def login(call: Call[Any], args: LoginArgs) -> Reply:
        trace.steps.append("run")
        if len(args.token.get_secret_value()) < 4:
            raise UsageError("That is too short.", option="token")
        return Reply(Card("in"))

    async def propose(call: Call[Any], args: EchoArgs) -> Proposal:
        return Proposal("tweet.create", {"text": args.text}, Card("Post?"), 30)

    async def pressed(call: Call[Any], state: Mapping[str, Any], values: Mapping[str, str]) -> Reply:
        trace.steps.append("run")
        return Reply(Card(str(dict(state)), ()), replace=True)

    async def note_form(call: Call[Any], key: str, state: Mapping[str, Any]) -> Form:
        if trace.gone:
            raise Expired("It is over.")
        fields = (
            Input("text", "Text", InputKind.PARAGRAPH, value="old"),
            Input("token", "Token", InputKind.SECRET),
        )
        return Form("Note", ActionRef("echo.note", key), fields)

    async def note_check(call: Call[Any], state: Mapping[str, Any], values: Mapping[str, str]) -> None:
        if len(values["text"]) > 10:
            raise UsageError("Ten characters fit.", option="text")

    async def note(call: Call[Any], state: Mapping[str, Any], values: Mapping[str, str]) -> Reply:
        if trace.raises is not None:
            raise trace.raises
        return Reply(Card(values["text"]))

    async def moods(call: Call[Any], typed: str) -> tuple[Choice, ...]:
        if trace.slow:
            await asyncio.sleep(60)
        if trace.raises is not None:
            raise trace.raises
        return tuple(Choice(f"m{n}", f"m{n}") for n in range(140))

    def command(verb: str, args: type[Any], run: Any, **more: Any) -> Command[Any]:
        declared: dict[str, Any] = {"needs": Permission.SPEND, "audience": Audience.CHANNEL} | more
        path, example = ("echo", verb), (f"echo {verb} hello",)
        return Command(path, "Does it", args, run, Effect.READ, examples=example, **declared)

    return Catalogue(
        (
            Group(
                "echo",
                "Says things",
                (
                    command("say", EchoArgs, echo),
                    command("free", EchoArgs, echo, needs_key=False, needs=Permission.USE),
                    command("login", LoginArgs, login, needs_key=False, form_first=True),
                    command("post", EchoArgs, propose),
                    command("felt", EchoArgs, echo, more=wanted),
                ),
                default="say",
            ),
        ),
        (
            Action("echo.again", pressed, Permission.SPEND),
            Action("echo.id", pressed, Permission.USE, stored=False),
            Action(
                "echo.note",
                note,
                Permission.SPEND,
                form=note_form,
                stored=False,
                check=note_check,
                secrets=frozenset({"token"}),
            ),
        ),
        {"moods": moods},
    )


async def test_a_command_is_bound_permitted_acknowledged_run_and_answered(harness: DispatcherHarness) -> None:
    screen = await harness.say("echo say hi times:2")
    assert harness.trace.steps == ["permission", "key", "acknowledge", "run", "answer"]
    assert screen.steps[0] == ("acknowledge", Audience.CHANNEL)
    assert screen.card.title == "hihi"
    assert harness.trace.lines == [("echo say", "ok")]


async def test_a_missing_option_opens_the_form_before_anything_is_acknowledged(
    harness: DispatcherHarness,
) -> None:
    screen = await harness.say("echo say times:2 mood:loud")
    assert screen.outcome is InvocationOutcome.FORM
    assert harness.trace.steps == ["permission", "ask"]
    values = {field.name: field.value for field in screen.form.inputs}
    assert values == {"text": "", "times": "2", "mood": "loud", "token": ""}
    done = await harness.press(screen.form.action, {"text": "hey", "times": "3", "mood": "loud"})
    assert done.card.title == "heyheyhey"


async def test_options_without_a_field_in_the_form_are_kept_behind_it(harness: DispatcherHarness) -> None:
    screen = await harness.say("echo say times:3")
    done = await harness.press(screen.form.action, {"text": "hey"})
    assert done.card.title == "heyheyhey"


async def test_what_turns_out_to_be_needed_is_asked_for_alone_and_once(harness: DispatcherHarness) -> None:
    screen = await harness.say("echo felt moody times:2")
    assert harness.trace.steps == ["permission", "key", "more", "ask"]
    (field,) = screen.form.inputs
    assert (field.name, field.required, field.value) == ("mood", True, "calm")
    done = await harness.press(screen.form.action, {"mood": "loud"})
    assert done.card.title == "moodymoody"
    assert (await harness.say("echo felt hi")).card.title == "hi", "nothing more is needed here"


async def test_a_form_for_more_is_for_who_may_run_the_command(harness: DispatcherHarness) -> None:
    screen = await harness.say("echo felt moody", BEN)
    assert screen.outcome is InvocationOutcome.NOT_PERMITTED
    assert "more" not in harness.trace.steps


async def test_where_nobody_can_be_asked_what_is_missing_is_said(harness: DispatcherHarness) -> None:
    class Pipe(Screen):
        async def ask(self, form: Form) -> None:
            raise UsageError("Nobody can be asked here.")

    for line, said in (("echo say", "'echo say' needs text"), ("echo felt moody", "'echo felt' needs mood")):
        screen = Pipe(Destination(HERE, "c1"))
        await harness.dispatcher.run_text(harness.invocation(ADA), line, screen)
        assert said in words(screen.failure)


async def test_a_wrong_option_is_refused_before_anything_else(harness: DispatcherHarness) -> None:
    screen = await harness.say("echo say hi times:9", BEN)
    assert screen.outcome is InvocationOutcome.NOT_UNDERSTOOD
    assert harness.trace.steps == ["fail"]
    assert "from 1 to 3" in words(screen.failure)
    assert "echo say hello" in words(screen.failure), "an example that works"


async def test_a_form_that_is_wrong_keeps_what_was_typed(harness: DispatcherHarness) -> None:
    asked = await harness.say("echo say times:2")
    wrong = await harness.press(asked.form.action, {"text": "x" * 21, "times": "2"})
    assert wrong.outcome is InvocationOutcome.NOT_UNDERSTOOD
    again = await harness.press(ref_of(wrong.failure, "Change it"))
    assert again.names == ["ask"]
    assert {f.name: f.value for f in again.form.inputs}["text"] == "x" * 21
    done = await harness.press(again.form.action, {"text": "short"})
    assert done.card.title == "shortshort"


async def test_a_form_left_empty_says_what_is_missing_with_the_way_back(harness: DispatcherHarness) -> None:
    asked = await harness.say("echo say")
    wrong = await harness.press(asked.form.action, {"text": "  "})
    assert "needs text" in words(wrong.failure)
    assert ref_of(wrong.failure, "Change it")


async def test_the_form_of_a_button_opens_again_with_what_was_typed(harness: DispatcherHarness) -> None:
    ref = ActionRef("echo.note", "k")
    opened = await harness.press(ref)
    assert opened.form.inputs[0].value == "old"
    wrong = await harness.press(opened.form.action, {"text": "far too long a text", "token": SECRET})
    assert wrong.outcome is InvocationOutcome.NOT_UNDERSTOOD
    assert wrong.names == ["fail"], "nothing was acknowledged, so the form may stay open"
    again = await harness.press(ref_of(wrong.failure, "Change it"))
    assert [field.value for field in again.form.inputs] == ["far too long a text", ""]
    assert (await harness.press(again.form.action, {"text": "short"})).card.title == "short"
    stored = b"".join(p.read_bytes() for p in harness.path.parent.glob("bot.db*"))
    assert SECRET.encode() not in stored


async def test_what_was_typed_outlives_a_failure_of_the_service_and_a_form_that_is_over(
    harness: DispatcherHarness,
) -> None:
    ref = ActionRef("echo.note", "k")
    harness.trace.raises = UpstreamUnavailable("No answer.")
    down = await harness.press(ref, {"text": "my words"})
    assert down.names == ["acknowledge", "fail"]
    again = await harness.press(ref_of(down.failure, "Open it again"))
    assert again.form.inputs[0].value == "my words"
    harness.trace.gone = True
    over = await harness.press(ref, {"text": "my words", "token": SECRET})
    assert "my words" in words(over.failure)
    assert SECRET not in words(over.failure)
    assert over.failure.buttons == ()
    refused = await harness.press(ref, {"text": "my words"}, BEN)
    assert refused.outcome is InvocationOutcome.NOT_PERMITTED
    assert "my words" in words(refused.failure)
    harness.clock.advance(FORM_LIFETIME + 1)
    late = await harness.press(ref_of(down.failure, "Open it again"))
    assert late.failure.title == "This has expired"


async def test_a_form_expires(harness: DispatcherHarness) -> None:
    asked = await harness.say("echo say")
    harness.clock.advance(FORM_LIFETIME + 1)
    assert (await harness.press(asked.form.action, {"text": "hi"})).failure.title == "This has expired"


async def test_a_form_of_another_tenant_is_not_there(harness: DispatcherHarness) -> None:
    asked = await harness.say("echo say")
    stolen = await harness.press(asked.form.action, {"text": "hi"}, tenant=OTHER)
    assert stolen.failure.title == "This has expired"


async def test_a_form_is_submitted_with_the_rights_one_has_then(harness: DispatcherHarness) -> None:
    asked = await harness.say("echo say")
    screen = await harness.press(asked.form.action, {"text": "hi"}, BEN)
    assert screen.outcome is InvocationOutcome.NOT_PERMITTED
    assert "run" not in harness.trace.steps


async def test_a_secret_is_asked_for_first_and_never_kept(harness: DispatcherHarness) -> None:
    asked = await harness.say("echo login")
    assert harness.trace.steps == ["permission", "ask"]
    wrong = await harness.press(asked.form.action, {"token": "abc"})
    assert "too short" in words(wrong.failure)
    assert "abc" not in words(wrong.failure)
    again = await harness.press(ref_of(wrong.failure, "Change it"))
    assert again.form.inputs[0].value == ""
    await harness.press(again.form.action, {"token": SECRET})
    await harness.say(f"echo say hi token:{SECRET}")
    await harness.say(f"echo login token:{SECRET}")
    await harness.say(f"echo say token:{SECRET}")
    stored = b"".join(p.read_bytes() for p in harness.path.parent.glob("bot.db*"))
    assert SECRET.encode() not in stored
    assert b"abc" not in stored


async def test_a_secret_typed_into_a_channel_is_refused_without_repeating_it(
    harness: DispatcherHarness,
) -> None:
    screen = await harness.say(f"echo say hi token:{SECRET}")
    assert "never type it into a channel" in words(screen.failure)
    assert SECRET not in words(screen.failure)


async def test_who_may_not_is_refused_before_a_form_opens(harness: DispatcherHarness) -> None:
    for line in ("echo say", "echo say hi", "echo login"):
        harness.trace.steps.clear()
        screen = await harness.say(line, BEN)
        assert screen.outcome is InvocationOutcome.NOT_PERMITTED
        assert harness.trace.steps == ["permission", "fail"]


async def test_without_a_key_nothing_is_acknowledged(harness: DispatcherHarness) -> None:
    harness.trace.has_key = False
    screen = await harness.say("echo say hi")
    assert harness.trace.steps == ["permission", "key", "fail"]
    assert "setup key" in words(screen.failure)
    assert (await harness.say("echo free hi")).outcome is InvocationOutcome.OK


async def test_a_failure_is_private_and_logged_by_its_class(harness: DispatcherHarness) -> None:
    harness.trace.raises = NotFound("There is no such thing.")
    screen = await harness.say("echo say hi")
    assert screen.outcome is InvocationOutcome.FAILED
    assert screen.failure.title == "Not found"
    assert harness.trace.lines == [("echo say", "NotFound")]
    assert harness.trace.broken == []


async def test_a_mistake_of_ours_becomes_a_card_with_an_id(harness: DispatcherHarness) -> None:
    harness.trace.raises = ZeroDivisionError("text of a tweet")
    screen = await harness.say("echo say hi")
    assert screen.outcome is InvocationOutcome.FAILED
    assert "i1" in words(screen.failure)
    assert "text of a tweet" not in words(screen.failure)
    assert harness.trace.broken == [harness.trace.raises]
    assert harness.trace.lines == [("echo say", "ZeroDivisionError")]


async def test_a_command_that_is_cancelled_leaves_its_line(harness: DispatcherHarness) -> None:
    harness.trace.raises = asyncio.CancelledError()
    with contextlib.suppress(asyncio.CancelledError):
        await harness.say("echo say hi")
    assert harness.trace.lines == [("echo say", "cancelled")]


async def test_a_proposal_is_opened_shown_and_remembered(harness: DispatcherHarness) -> None:
    screen = await harness.say("echo post hi")
    assert harness.trace.steps == ["permission", "key", "acknowledge", "open", "answer", "shown"]
    assert screen.card.title == "Post?"


async def test_a_button_finds_its_state_and_only_there(harness: DispatcherHarness) -> None:
    key = await harness.states.keep(HERE, "echo.again", {"page": 2}, lifetime=60)
    ref = ActionRef("echo.again", key)
    assert (await harness.press(ref)).card.title == "{'page': 2}"
    assert (await harness.press(ref, tenant=OTHER)).failure.title == "This has expired"
    assert (await harness.press(ref, actor=BEN)).outcome is InvocationOutcome.NOT_PERMITTED
    harness.clock.advance(61)
    assert (await harness.press(ref)).failure.title == "This has expired"


async def test_a_button_whose_key_is_no_state_gets_the_key(harness: DispatcherHarness) -> None:
    assert (await harness.press(ActionRef("echo.id", "e42"))).card.title == "{'key': 'e42'}"


async def test_a_button_of_an_older_version_says_so_and_is_counted_under_no_name(
    harness: DispatcherHarness,
) -> None:
    screen = await harness.press(ActionRef("gone.away", "1"))
    assert "older version" in words(screen.failure)
    assert harness.trace.lines == [("?", "Expired")]
    assert (await harness.press(ActionRef(FORM_ACTION, "nope"))).failure.title == "This has expired"


@pytest.mark.parametrize(
    "line", ["", "help", "echo help", "  ", "nonsense", "echo sya hi", "echo say zzz:1 hi"]
)
async def test_every_line_gets_exactly_one_answer(harness: DispatcherHarness, line: str) -> None:
    screen = await harness.say(line)
    assert sum(name in ("ask", "answer", "fail") for name in screen.names) == 1


async def test_suggestions_come_from_the_source_at_most_100(harness: DispatcherHarness) -> None:
    found = await harness.dispatcher.suggest(harness.invocation(), ("echo", "say"), "mood", "")
    assert len(found) == 100


async def test_suggestions_are_silent_for_strangers_mistakes_and_slowness(
    harness: DispatcherHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = harness.dispatcher.suggest
    assert await ask(harness.invocation(BEN), ("echo", "say"), "mood", "") == ()
    assert await ask(harness.invocation(), ("echo", "nope"), "mood", "") == ()
    assert await ask(harness.invocation(), ("echo", "say"), "nope", "") == ()
    harness.trace.raises = NotFound("gone")
    assert await ask(harness.invocation(), ("echo", "say"), "mood", "") == ()
    harness.trace.raises, harness.trace.slow = None, True
    monkeypatch.setattr("bot.core.commands.dispatch.SUGGEST_SECONDS", 0.05)
    assert await ask(harness.invocation(), ("echo", "say"), "mood", "") == ()


async def test_suggestions_survive_a_mistake_of_ours(harness: DispatcherHarness) -> None:
    harness.trace.raises = ZeroDivisionError()
    assert await harness.dispatcher.suggest(harness.invocation(), ("echo", "say"), "mood", "") == ()
    assert harness.trace.broken == [harness.trace.raises]
