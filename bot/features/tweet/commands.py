"""`tweet show|compose|refine|score|post|reply|delete`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from bot.cards.tweets import tweet_card
from bot.cards.writing import compose_card, refine_card, saved_card, score_card
from bot.core.access import Permission, allows
from bot.core.chat.actions import ActionRef
from bot.core.chat.answers import Audience, Proposal, Reply
from bot.core.chat.cards import Button, ButtonStyle, Form
from bot.core.commands.declaring import Action, Group, Option
from bot.core.commands.permits import held
from bot.core.commands.presets import FREE, SPENDING, WRITING, command
from bot.core.commands.price_list import LOOKUP, OTHER_WRITE, POST
from bot.core.messages.message import msg
from bot.core.x import prices
from bot.core.x.references import TweetRef, Username
from bot.core.x.tweet_text import weighted_length
from bot.features.services import CommandCall
from bot.features.shared.accounts import ACCOUNTS, NOTHING_YET, chosen, form_if_asked
from bot.features.shared.own_drafts import draft_buttons, save_draft
from bot.features.shared.proposing import propose_delete, propose_post
from bot.features.shared.styles import offer_to_analyze, style_name
from bot.features.shared.tweet_args import TweetArgs
from bot.features.shared.write_options import (
    Briefing,
    CommunityOption,
    LongOption,
    PostingMedia,
    TweetTextOption,
)
from bot.features.tweet.engaging import ENGAGING
from bot.features.tweet.reading import READING
from bot.features.tweet.threading import THREAD_POST
from bot.proposals.previews import TEXT_LIMIT

POST_TEXT = "tweet.propose"
KEEP_DRAFT = "draft.keep"
TEXT_LIFETIME = 24 * 3600.0


async def show(call: CommandCall, args: TweetArgs) -> Reply:
    """One tweet with its figures"""
    xquik = await call.xquik()
    return Reply(tweet_card(await xquik.tweets.show(args.tweet.id)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposeArgs(Briefing):
    """What to write about."""

    style: Annotated[
        str | None,
        Option("Write like this saved style: an account or a label", max_length=50, suggest="styles"),
    ] = None


async def compose(call: CommandCall, args: ComposeArgs) -> Reply:
    """What to keep in mind before writing a tweet (free)."""
    xquik = await call.xquik()
    style = style_name(args.style) if args.style else None
    guide = await xquik.compose.guide(args.topic, goal=args.goal, style_username=style)
    if style and not allows(await held(call.services.grants, call.invocation), Permission.VIEW):
        # Saved styles, and which there are, are the team's inside: `style list`.
        return Reply(compose_card(args.topic, guide, style=False))
    offered = await offer_to_analyze(call, style) if style and not guide.style_tweets else ()
    return Reply(compose_card(args.topic, guide, offered))


@dataclass(frozen=True, slots=True, kw_only=True)
class RefineArgs(Briefing):
    """How to write it."""

    tone: Annotated[str, Option("The tone, like friendly or bold", max_length=100)]
    media: Annotated[Literal["photo", "video", "none"] | None, Option("Planned media")] = None
    call_to_action: Annotated[str | None, Option("What readers should do", max_length=200)] = None
    context: Annotated[str | None, Option("Audience, sources, limits", max_length=1000, paragraph=True)] = (
        None
    )


async def refine(call: CommandCall, args: RefineArgs) -> Reply:
    """Guidance for a goal and a tone (free)."""
    xquik = await call.xquik()
    guide = await xquik.compose.refine(
        args.topic,
        goal=args.goal,
        tone=args.tone,
        media_type=args.media,
        call_to_action=args.call_to_action,
        additional_context=args.context,
    )
    return Reply(refine_card(args.topic, guide))


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreArgs:
    """The text to check."""

    text: TweetTextOption


async def score(call: CommandCall, args: ScoreArgs) -> Reply:
    """Checks of a text before it is posted (free), with buttons to post or keep it."""
    xquik = await call.xquik()
    result = await xquik.compose.score(args.text)
    states, me = call.services.states, call.invocation.actor.id
    state = {"text": args.text}
    buttons = []
    if weighted_length(args.text) <= TEXT_LIMIT:
        post = await states.keep(call.tenant, POST_TEXT, state, lifetime=TEXT_LIFETIME, person=me)
        buttons.append(Button(msg("Post…"), action=ActionRef(POST_TEXT, post), style=ButtonStyle.PRIMARY))
    draft = await states.keep(call.tenant, KEEP_DRAFT, state, lifetime=TEXT_LIFETIME, person=me)
    buttons.append(Button(msg("Save as draft"), action=ActionRef(KEEP_DRAFT, draft)))
    card = score_card(args.text, weighted_length(args.text), TEXT_LIMIT, result, tuple(buttons))
    return Reply(card)


# --- writes ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PostArgs(PostingMedia):
    """What to post, and as whom."""

    text: TweetTextOption
    quote: Annotated[TweetRef | None, Option("A tweet to quote", suggest="tweets")] = None
    community: CommunityOption = None
    long: LongOption = False


async def post(call: CommandCall, args: PostArgs) -> Proposal:
    """A tweet to be confirmed."""
    text = args.text if args.quote is None else f"{args.text} {args.quote.url}"
    return await propose_post(
        call,
        text,
        account=args.account,
        media=args.media,
        community=args.community,
        long=args.long,
        example='tweet post "Hello"',
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyArgs(PostingMedia):
    """What to answer to which tweet."""

    tweet: Annotated[TweetRef, Option("The tweet to reply to", main=True, suggest="tweets")]
    text: Annotated[str, Option("The text of the reply", max_length=25_000, paragraph=True, running=True)]


async def reply(call: CommandCall, args: ReplyArgs) -> Proposal:
    """A reply to be confirmed, below the tweet that it answers."""
    return await propose_post(
        call,
        args.text,
        account=args.account,
        media=args.media,
        reply_to=args.tweet.id,
        look_up=True,
        example=f'tweet reply {args.tweet.id} text:"Thank you"',
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteArgs:
    """Which tweet to delete."""

    tweet: Annotated[TweetRef, Option("The tweet to delete", main=True, suggest="posted")]
    account: Annotated[Username | None, Option("The connected X account it belongs to", suggest=ACCOUNTS)] = (
        None
    )


async def delete(call: CommandCall, args: DeleteArgs) -> Proposal:
    """A deletion to be confirmed, with the tweet itself."""
    return await propose_delete(call, args.tweet.id, args.account)


async def kept_form(call: CommandCall, key: str, _state: Mapping[str, Any]) -> Form | None:
    """ "Post…" below a score asks for the account alone, where that is not known."""
    return await form_if_asked(call, ActionRef(POST_TEXT, key), msg("Post a tweet"), NOTHING_YET)


async def propose_kept(call: CommandCall, state: Mapping[str, Any], values: Mapping[str, str]) -> Proposal:
    """ "Post…" below a score: the scored text as a proposal."""
    text = str(state["text"])
    return await propose_post(call, text, account=chosen(values), example="tweet post")


async def keep_draft(call: CommandCall, state: Mapping[str, Any], _values: Mapping[str, str]) -> Reply:
    """ "Save as draft" below a score."""
    saved = await save_draft(call, str(state["text"]))
    buttons = await draft_buttons(call, saved.draft.id, owned=saved.owned)
    return Reply(saved_card(saved.draft, buttons, owned=saved.owned, number=saved.number))


TWEET = Group(
    "tweet",
    "Show, write, score, post and delete tweets",
    (
        command(
            "tweet show",
            show,
            SPENDING,
            "Show a tweet with its figures",
            "tweet show https://x.com/xquik/status/1893456789012345678",
            cost=LOOKUP,
            operations=("GET /x/tweets/{id}",),
        ),
        *READING,
        command(
            "tweet compose",
            compose,
            FREE,
            "Get advice before writing a tweet",
            'tweet compose "our spring launch" goal:conversation',
            operations=("POST /compose",),
        ),
        command(
            "tweet refine",
            refine,
            FREE,
            "Get guidance for a goal and a tone",
            'tweet refine "our spring launch" tone:friendly',
            operations=("POST /compose",),
        ),
        command(
            "tweet score",
            score,
            FREE,
            "Check a text before it is posted",
            'tweet score "Hello X"',
            operations=("POST /compose",),
        ),
        command(
            "tweet post",
            post,
            WRITING,
            "Post a tweet; shows it and asks first",
            'tweet post "Hello X"',
            cost=POST,
            operations=("POST /x/tweets",),
        ),
        THREAD_POST,
        command(
            "tweet reply",
            reply,
            WRITING,
            "Reply to a tweet; shows both and asks first",
            'tweet reply https://x.com/nasa/status/1893456789012345678 text:"Well done"',
            cost=POST.looked_up(prices.LOOKUP),
            operations=(
                "POST /x/tweets",
                "GET /x/tweets/{id}",
            ),
        ),
        command(
            "tweet delete",
            delete,
            WRITING,
            "Delete a tweet of yours; shows it and asks first",
            "tweet delete https://x.com/xquik/status/1893456789012345678",
            cost=OTHER_WRITE.looked_up(prices.LOOKUP),
            operations=(
                "GET /x/tweets/{id}",
                "DELETE /x/tweets/{id}",
            ),
        ),
        *ENGAGING,
    ),
    default="show",
    instead="post",
)

TWEET_ACTIONS = (
    Action(
        POST_TEXT, propose_kept, Permission.PUBLISH, Audience.CHANNEL, form=kept_form, command="tweet post"
    ),
    Action(KEEP_DRAFT, keep_draft, Permission.USE, command="draft save"),
)
