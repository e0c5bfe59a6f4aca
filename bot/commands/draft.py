"""`draft save|list|show|delete|post`: texts kept at Xquik."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from bot.commands.accounts import account_option
from bot.commands.proposing import propose_post
from bot.commands.services import CommandCall
from bot.commands.tweet import Goal
from bot.core.access import Permission
from bot.core.actions import ActionRef
from bot.core.answers import Audience, Proposal, Reply
from bot.core.cards import Button, Card, Text, Tone, line
from bot.core.commands import Action, Command, Effect, Group, NoArgs, Option
from bot.core.references import Username
from bot.presenters.writing import draft_card, drafts_card

LIST_ACTION = "draft.page"
PAGE_LIFETIME = 24 * 3600.0
PAGE_SIZE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveArgs:
    """What to keep."""

    text: Annotated[str, Option("The text to keep", main=True, max_length=25_000, paragraph=True)]
    topic: Annotated[str | None, Option("What it is about", max_length=200)] = None
    goal: Annotated[Goal | None, Option("What it should achieve")] = None


async def save(call: CommandCall, args: SaveArgs) -> Reply:
    """Keep a text."""
    setup = await call.services.xquik.setup(call.tenant)
    draft = await setup.create_draft(args.text, topic=args.topic, goal=args.goal)
    return Reply(draft_card(draft, "Draft saved"))


async def list_drafts(call: CommandCall, _args: NoArgs) -> Reply:
    """The first page."""
    return Reply(await _page(call, None))


async def turn(call: CommandCall, state: Mapping[str, Any], _values: Mapping[str, str]) -> Reply:
    """Another page, in place."""
    return Reply(await _page(call, state["after"]), replace=True)


async def _page(call: CommandCall, after: str | None) -> Card:
    reads = await call.services.xquik.reads(call.tenant)
    page = await reads.drafts(after, limit=PAGE_SIZE)
    buttons: tuple[Button, ...] = ()
    if page.has_more and page.next_cursor:
        state = {"after": page.next_cursor}
        key = await call.services.states.keep(call.tenant, LIST_ACTION, state, lifetime=PAGE_LIFETIME)
        buttons = (Button("More", action=ActionRef(LIST_ACTION, key)),)
    return drafts_card(page, buttons)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftIdArgs:
    """Which draft."""

    draft: Annotated[str, Option("The id of a draft, from draft list", main=True, max_length=80)]


async def show(call: CommandCall, args: DraftIdArgs) -> Reply:
    """One draft."""
    reads = await call.services.xquik.reads(call.tenant)
    return Reply(draft_card(await reads.draft(args.draft)))


async def delete(call: CommandCall, args: DraftIdArgs) -> Reply:
    """Delete a draft; its text is shown once more, so that nothing is lost by mistake."""
    reads = await call.services.xquik.reads(call.tenant)
    draft = await reads.draft(args.draft)
    setup = await call.services.xquik.setup(call.tenant)
    await setup.delete_draft(draft.id)
    card = draft_card(draft, "Draft deleted")
    note = Text(line("This is what it said, in case it was the wrong one."), subtle=True)
    return Reply(Card(card.title, (*card.blocks, note), Tone.SUCCESS))


@dataclass(frozen=True, slots=True, kw_only=True)
class PostArgs:
    """Which draft to post, and as whom."""

    draft: Annotated[str, Option("The id of a draft, from draft list", main=True, max_length=80)]
    account: Annotated[Username | None, account_option("The connected X account that posts")] = None
    long: Annotated[bool, Option("A long post, up to 25,000 characters (X Premium)")] = False


async def post(call: CommandCall, args: PostArgs) -> Proposal:
    """A draft as a tweet to be confirmed; the draft stays."""
    reads = await call.services.xquik.reads(call.tenant)
    draft = await reads.draft(args.draft)
    example = f"draft post {draft.id}"
    return await propose_post(call, draft.text, account=args.account, long=args.long, example=example)


def _command(verb: str, summary: str, args: type[Any], handler: Any, example: str) -> Command[Any]:
    return Command(
        ("draft", verb), summary, args, handler, Effect.READ, Permission.USE, Audience.PRIVATE, (example,)
    )


DRAFT = Group(
    "draft",
    "Texts kept for later",
    (
        _command("save", "Keep a text for later", SaveArgs, save, 'draft save "Our launch is on Friday"'),
        _command("list", "The kept texts", NoArgs, list_drafts, "draft list"),
        _command("show", "One kept text", DraftIdArgs, show, "draft show 123"),
        Command(
            path=("draft", "delete"),
            summary="Delete a kept text",
            args=DraftIdArgs,
            run=delete,
            effect=Effect.SETTINGS,
            needs=Permission.PUBLISH,
            audience=Audience.PRIVATE,
            examples=("draft delete 123",),
        ),
        Command(
            path=("draft", "post"),
            summary="Post a kept text; shows it and asks first",
            args=PostArgs,
            run=post,
            effect=Effect.PUBLISH,
            needs=Permission.PUBLISH,
            audience=Audience.CHANNEL,
            examples=("draft post 123",),
        ),
    ),
    default="list",
)

DRAFT_ACTIONS = (Action(LIST_ACTION, turn, Permission.USE),)
