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


class Desk(Screen):
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

    def desk(self) -> Desk:
        desk = Desk(Destination(HERE, "general"))
        desk.trace = self.trace
        return desk

    def invocation(self, actor: Actor = ADA, tenant: TenantId = HERE) -> Invocation:
        return Invocation("i1", actor, Destination(tenant, "general"), self.clock())

    async def say(self, line: str, actor: Actor = ADA) -> Desk:
        desk = self.desk()
        desk.outcome = await self.dispatcher.run_text(self.invocation(actor), line, desk)
        return desk

    async def press(
        self,
        ref: ActionRef,
        values: Mapping[str, str] | None = None,
        actor: Actor = ADA,
        tenant: TenantId = HERE,
    ) -> Desk:
        desk = self.desk()
        desk.outcome = await self.dispatcher.press(self.invocation(actor, tenant), ref, desk, values)
        return desk


@pytest.fixture
async def rig(tmp_path: Path, sqlite_url: str, clock: ManualClock) -> AsyncIterator[DispatcherHarness]:
    trace = Trace()

    class Access(Grants):
        async def grants(self, tenant: TenantId) -> Any:
            trace.steps.append("permission")
            return await super().grants(tenant)

    class Keys:
        async def has_key(self, tenant: TenantId) -> bool:
            trace.steps.append("key")
            return trace.has_key

    class Previews:
        async def open(self, invocation: Invocation, proposal: Proposal) -> Card:
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


async def test_a_command_is_bound_permitted_acknowledged_run_and_answered(rig: DispatcherHarness) -> None:
    desk = await rig.say("echo say hi times:2")
    assert rig.trace.steps == ["permission", "key", "acknowledge", "run", "answer"]
    assert desk.steps[0] == ("acknowledge", Audience.CHANNEL)
    assert desk.card.title == "hihi"
    assert rig.trace.lines == [("echo say", "ok")]


async def test_a_missing_option_opens_the_form_before_anything_is_acknowledged(
    rig: DispatcherHarness,
) -> None:
    desk = await rig.say("echo say times:2 mood:loud")
    assert desk.outcome is InvocationOutcome.FORM
    assert rig.trace.steps == ["permission", "ask"]
    values = {field.name: field.value for field in desk.form.inputs}
    assert values == {"text": "", "times": "2", "mood": "loud", "token": ""}
    done = await rig.press(desk.form.action, {"text": "hey", "times": "3", "mood": "loud"})
    assert done.card.title == "heyheyhey"


async def test_options_without_a_field_in_the_form_are_kept_behind_it(rig: DispatcherHarness) -> None:
    desk = await rig.say("echo say times:3")
    done = await rig.press(desk.form.action, {"text": "hey"})
    assert done.card.title == "heyheyhey"


async def test_what_turns_out_to_be_needed_is_asked_for_alone_and_once(rig: DispatcherHarness) -> None:
    desk = await rig.say("echo felt moody times:2")
    assert rig.trace.steps == ["permission", "key", "more", "ask"]
    (field,) = desk.form.inputs
    assert (field.name, field.required, field.value) == ("mood", True, "calm")
    done = await rig.press(desk.form.action, {"mood": "loud"})
    assert done.card.title == "moodymoody"
    assert (await rig.say("echo felt hi")).card.title == "hi", "nothing more is needed here"


async def test_a_form_for_more_is_for_who_may_run_the_command(rig: DispatcherHarness) -> None:
    desk = await rig.say("echo felt moody", BEN)
    assert desk.outcome is InvocationOutcome.NOT_PERMITTED
    assert "more" not in rig.trace.steps


async def test_where_nobody_can_be_asked_what_is_missing_is_said(rig: DispatcherHarness) -> None:
    class Pipe(Screen):
        async def ask(self, form: Form) -> None:
            raise UsageError("Nobody can be asked here.")

    for line, said in (("echo say", "'echo say' needs text"), ("echo felt moody", "'echo felt' needs mood")):
        desk = Pipe(Destination(HERE, "c1"))
        await rig.dispatcher.run_text(rig.invocation(ADA), line, desk)
        assert said in words(desk.failure)


async def test_a_wrong_option_is_refused_before_anything_else(rig: DispatcherHarness) -> None:
    desk = await rig.say("echo say hi times:9", BEN)
    assert desk.outcome is InvocationOutcome.NOT_UNDERSTOOD
    assert rig.trace.steps == ["fail"]
    assert "from 1 to 3" in words(desk.failure)
    assert "echo say hello" in words(desk.failure), "an example that works"


async def test_a_form_that_is_wrong_keeps_what_was_typed(rig: DispatcherHarness) -> None:
    asked = await rig.say("echo say times:2")
    wrong = await rig.press(asked.form.action, {"text": "x" * 21, "times": "2"})
    assert wrong.outcome is InvocationOutcome.NOT_UNDERSTOOD
    again = await rig.press(ref_of(wrong.failure, "Change it"))
    assert again.names == ["ask"]
    assert {f.name: f.value for f in again.form.inputs}["text"] == "x" * 21
    done = await rig.press(again.form.action, {"text": "short"})
    assert done.card.title == "shortshort"


async def test_a_form_left_empty_says_what_is_missing_with_the_way_back(rig: DispatcherHarness) -> None:
    asked = await rig.say("echo say")
    wrong = await rig.press(asked.form.action, {"text": "  "})
    assert "needs text" in words(wrong.failure)
    assert ref_of(wrong.failure, "Change it")


async def test_the_form_of_a_button_opens_again_with_what_was_typed(rig: DispatcherHarness) -> None:
    ref = ActionRef("echo.note", "k")
    opened = await rig.press(ref)
    assert opened.form.inputs[0].value == "old"
    wrong = await rig.press(opened.form.action, {"text": "far too long a text", "token": SECRET})
    assert wrong.outcome is InvocationOutcome.NOT_UNDERSTOOD
    assert wrong.names == ["fail"], "nothing was acknowledged, so the form may stay open"
    again = await rig.press(ref_of(wrong.failure, "Change it"))
    assert [field.value for field in again.form.inputs] == ["far too long a text", ""]
    assert (await rig.press(again.form.action, {"text": "short"})).card.title == "short"
    stored = b"".join(p.read_bytes() for p in rig.path.parent.glob("bot.db*"))
    assert SECRET.encode() not in stored


async def test_what_was_typed_outlives_a_failure_of_the_service_and_a_form_that_is_over(
    rig: DispatcherHarness,
) -> None:
    ref = ActionRef("echo.note", "k")
    rig.trace.raises = UpstreamUnavailable("No answer.")
    down = await rig.press(ref, {"text": "my words"})
    assert down.names == ["acknowledge", "fail"]
    again = await rig.press(ref_of(down.failure, "Open it again"))
    assert again.form.inputs[0].value == "my words"
    rig.trace.gone = True
    over = await rig.press(ref, {"text": "my words", "token": SECRET})
    assert "my words" in words(over.failure)
    assert SECRET not in words(over.failure)
    assert over.failure.buttons == ()
    refused = await rig.press(ref, {"text": "my words"}, BEN)
    assert refused.outcome is InvocationOutcome.NOT_PERMITTED
    assert "my words" in words(refused.failure)
    rig.clock.advance(FORM_LIFETIME + 1)
    late = await rig.press(ref_of(down.failure, "Open it again"))
    assert late.failure.title == "This has expired"


async def test_a_form_expires(rig: DispatcherHarness) -> None:
    asked = await rig.say("echo say")
    rig.clock.advance(FORM_LIFETIME + 1)
    assert (await rig.press(asked.form.action, {"text": "hi"})).failure.title == "This has expired"


async def test_a_form_of_another_tenant_is_not_there(rig: DispatcherHarness) -> None:
    asked = await rig.say("echo say")
    stolen = await rig.press(asked.form.action, {"text": "hi"}, tenant=OTHER)
    assert stolen.failure.title == "This has expired"


async def test_a_form_is_submitted_with_the_rights_one_has_then(rig: DispatcherHarness) -> None:
    asked = await rig.say("echo say")
    desk = await rig.press(asked.form.action, {"text": "hi"}, BEN)
    assert desk.outcome is InvocationOutcome.NOT_PERMITTED
    assert "run" not in rig.trace.steps


async def test_a_secret_is_asked_for_first_and_never_kept(rig: DispatcherHarness) -> None:
    asked = await rig.say("echo login")
    assert rig.trace.steps == ["permission", "ask"]
    wrong = await rig.press(asked.form.action, {"token": "abc"})
    assert "too short" in words(wrong.failure)
    assert "abc" not in words(wrong.failure)
    again = await rig.press(ref_of(wrong.failure, "Change it"))
    assert again.form.inputs[0].value == ""
    await rig.press(again.form.action, {"token": SECRET})
    await rig.say(f"echo say hi token:{SECRET}")
    await rig.say(f"echo login token:{SECRET}")
    await rig.say(f"echo say token:{SECRET}")
    stored = b"".join(p.read_bytes() for p in rig.path.parent.glob("bot.db*"))
    assert SECRET.encode() not in stored
    assert b"abc" not in stored


async def test_a_secret_typed_into_a_channel_is_refused_without_repeating_it(rig: DispatcherHarness) -> None:
    desk = await rig.say(f"echo say hi token:{SECRET}")
    assert "never type it into a channel" in words(desk.failure)
    assert SECRET not in words(desk.failure)


async def test_who_may_not_is_refused_before_a_form_opens(rig: DispatcherHarness) -> None:
    for line in ("echo say", "echo say hi", "echo login"):
        rig.trace.steps.clear()
        desk = await rig.say(line, BEN)
        assert desk.outcome is InvocationOutcome.NOT_PERMITTED
        assert rig.trace.steps == ["permission", "fail"]


async def test_without_a_key_nothing_is_acknowledged(rig: DispatcherHarness) -> None:
    rig.trace.has_key = False
    desk = await rig.say("echo say hi")
    assert rig.trace.steps == ["permission", "key", "fail"]
    assert "setup key" in words(desk.failure)
    assert (await rig.say("echo free hi")).outcome is InvocationOutcome.OK


async def test_a_failure_is_private_and_logged_by_its_class(rig: DispatcherHarness) -> None:
    rig.trace.raises = NotFound("There is no such thing.")
    desk = await rig.say("echo say hi")
    assert desk.outcome is InvocationOutcome.FAILED
    assert desk.failure.title == "Not found"
    assert rig.trace.lines == [("echo say", "NotFound")]
    assert rig.trace.broken == []


async def test_a_mistake_of_ours_becomes_a_card_with_an_id(rig: DispatcherHarness) -> None:
    rig.trace.raises = ZeroDivisionError("text of a tweet")
    desk = await rig.say("echo say hi")
    assert desk.outcome is InvocationOutcome.FAILED
    assert "i1" in words(desk.failure)
    assert "text of a tweet" not in words(desk.failure)
    assert rig.trace.broken == [rig.trace.raises]
    assert rig.trace.lines == [("echo say", "ZeroDivisionError")]


async def test_a_command_that_is_cancelled_leaves_its_line(rig: DispatcherHarness) -> None:
    rig.trace.raises = asyncio.CancelledError()
    with contextlib.suppress(asyncio.CancelledError):
        await rig.say("echo say hi")
    assert rig.trace.lines == [("echo say", "cancelled")]


async def test_a_proposal_is_opened_shown_and_remembered(rig: DispatcherHarness) -> None:
    desk = await rig.say("echo post hi")
    assert rig.trace.steps == ["permission", "key", "acknowledge", "open", "answer", "shown"]
    assert desk.card.title == "Post?"


async def test_a_button_finds_its_state_and_only_there(rig: DispatcherHarness) -> None:
    key = await rig.states.keep(HERE, "echo.again", {"page": 2}, lifetime=60)
    ref = ActionRef("echo.again", key)
    assert (await rig.press(ref)).card.title == "{'page': 2}"
    assert (await rig.press(ref, tenant=OTHER)).failure.title == "This has expired"
    assert (await rig.press(ref, actor=BEN)).outcome is InvocationOutcome.NOT_PERMITTED
    rig.clock.advance(61)
    assert (await rig.press(ref)).failure.title == "This has expired"


async def test_a_button_whose_key_is_no_state_gets_the_key(rig: DispatcherHarness) -> None:
    assert (await rig.press(ActionRef("echo.id", "e42"))).card.title == "{'key': 'e42'}"


async def test_a_button_of_an_older_version_says_so_and_is_counted_under_no_name(
    rig: DispatcherHarness,
) -> None:
    desk = await rig.press(ActionRef("gone.away", "1"))
    assert "older version" in words(desk.failure)
    assert rig.trace.lines == [("?", "Expired")]
    assert (await rig.press(ActionRef(FORM_ACTION, "nope"))).failure.title == "This has expired"


@pytest.mark.parametrize(
    "line", ["", "help", "echo help", "  ", "nonsense", "echo sya hi", "echo say zzz:1 hi"]
)
async def test_every_line_gets_exactly_one_answer(rig: DispatcherHarness, line: str) -> None:
    desk = await rig.say(line)
    assert sum(name in ("ask", "answer", "fail") for name in desk.names) == 1


async def test_suggestions_come_from_the_source_at_most_100(rig: DispatcherHarness) -> None:
    found = await rig.dispatcher.suggest(rig.invocation(), ("echo", "say"), "mood", "")
    assert len(found) == 100


async def test_suggestions_are_silent_for_strangers_mistakes_and_slowness(
    rig: DispatcherHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = rig.dispatcher.suggest
    assert await ask(rig.invocation(BEN), ("echo", "say"), "mood", "") == ()
    assert await ask(rig.invocation(), ("echo", "nope"), "mood", "") == ()
    assert await ask(rig.invocation(), ("echo", "say"), "nope", "") == ()
    rig.trace.raises = NotFound("gone")
    assert await ask(rig.invocation(), ("echo", "say"), "mood", "") == ()
    rig.trace.raises, rig.trace.slow = None, True
    monkeypatch.setattr("bot.core.commands.dispatch.SUGGEST_SECONDS", 0.05)
    assert await ask(rig.invocation(), ("echo", "say"), "mood", "") == ()


async def test_suggestions_survive_a_mistake_of_ours(rig: DispatcherHarness) -> None:
    rig.trace.raises = ZeroDivisionError()
    assert await rig.dispatcher.suggest(rig.invocation(), ("echo", "say"), "mood", "") == ()
    assert rig.trace.broken == [rig.trace.raises]
