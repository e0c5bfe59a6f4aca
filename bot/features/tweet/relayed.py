"""The buttons below a relayed tweet: like, repost, quote, mute its account here, and why it is there.

The key of each button is the id of the relayed event, looked up for the tenant that pressed, so they
work for as long as the event is stored, and after every restart. Nothing here costs credits: what is
shown comes from the stored event.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.cards.events.events import LIKE_ACTION, MORE_ACTION, REPOST_ACTION, live_buttons, quoted
from bot.core.access import Permission
from bot.core.chat.actions import ActionRef
from bot.core.chat.answers import Audience, Proposal, Reply
from bot.core.chat.cards import Button, Card, Form, Input, InputKind, Text, Tone, line
from bot.core.commands.declaring import Action
from bot.core.errors import Expired
from bot.core.messages.enumerations import sentences
from bot.core.messages.message import msg, pmsg
from bot.core.routes.event_readings import tweet_id
from bot.core.routes.event_words import kind_words
from bot.core.routes.events import Event
from bot.features.services import CommandCall, event_of
from bot.features.shared.accounts import (
    NOTHING_YET,
    PREVIEW,
    PREVIEW_FIRST,
    account_inputs,
    chosen,
    form_if_asked,
)
from bot.features.shared.explaining import explained, known_here
from bot.features.shared.proposing import check_text, propose_engagement, propose_post
from bot.features.shared.tweet_kinds import LIKE, REPOST
from bot.proposals.kinds import ProposalKind

QUOTE_ACTION = "event.quote"
MUTE_ACTION = "event.mute"
UNMUTE_ACTION = "event.unmute"
WHY_ACTION = "event.why"


async def _event(call: CommandCall, key: str) -> Event:
    event = await event_of(call, key)
    if event is None:
        raise Expired(
            msg("What this message is about is no longer stored here."),
            remedy=msg("Use `tweet like`, `tweet repost` or `tweet quote` with the tweet's link."),
        )
    return event


async def _tweet(call: CommandCall, key: str) -> tuple[Event, str]:
    event = await _event(call, key)
    target = tweet_id(event)
    if target is None:
        raise Expired(msg("This message is not about a tweet."), remedy=msg("There is nothing to do."))
    return event, target


async def _engage(
    call: CommandCall,
    state: Mapping[str, Any],
    values: Mapping[str, str],
    kind: ProposalKind,
    example: str,
) -> Proposal:
    event, target = await _tweet(call, str(state["key"]))
    return await propose_engagement(
        call, kind, target, example=example, account=chosen(values), target=quoted(event)
    )


async def like_form(call: CommandCall, key: str, _state: Mapping[str, Any]) -> Form | None:
    """The account, where it has to be asked for."""
    await _tweet(call, key)
    return await form_if_asked(call, ActionRef(LIKE_ACTION, key), msg("Like a tweet"), NOTHING_YET)


async def like(call: CommandCall, state: Mapping[str, Any], values: Mapping[str, str]) -> Proposal:
    """A like as a proposal."""
    return await _engage(call, state, values, LIKE, "tweet like")  # no message: a command


async def repost_form(call: CommandCall, key: str, _state: Mapping[str, Any]) -> Form | None:
    """The account, where it has to be asked for."""
    await _tweet(call, key)
    return await form_if_asked(call, ActionRef(REPOST_ACTION, key), msg("Repost a tweet"), NOTHING_YET)


async def repost(call: CommandCall, state: Mapping[str, Any], values: Mapping[str, str]) -> Proposal:
    """A repost as a proposal."""
    return await _engage(call, state, values, REPOST, "tweet repost")  # no message: a command


async def more(call: CommandCall, state: Mapping[str, Any], _values: Mapping[str, str]) -> Reply:
    """What else can be done with the tweet, for the person who asks alone."""
    key = str(state["key"])
    event = await _event(call, key)
    await known_here(call, event)
    buttons = [Button(msg("Why am I seeing this?"), action=ActionRef(WHY_ACTION, key))]
    if tweet_id(event) is not None:
        buttons.insert(0, Button(pmsg("the button", "Quote"), action=ActionRef(QUOTE_ACTION, key)))
    buttons += live_buttons(event)
    if event.username:
        label = msg("Mute @{name} here", name=event.username)
        buttons.append(Button(label, action=ActionRef(MUTE_ACTION, key)))
    about = quoted(event)
    blocks = (about,) if about is not None else (Text(line(kind_words(event.type))),)
    return Reply(Card(msg("What would you like to do?"), blocks, Tone.NEUTRAL, tuple(buttons)))


async def quote_form(call: CommandCall, key: str, _state: Mapping[str, Any]) -> Form:
    """The form for what to say about the tweet."""
    await _tweet(call, key)
    text = Input("text", msg("Your text"), InputKind.PARAGRAPH, hint=PREVIEW_FIRST, max_length=4000)
    picker, said = await account_inputs(call)
    note = sentences(msg("A quote: your text with the tweet below it."), NOTHING_YET, said)
    action = ActionRef(QUOTE_ACTION, key)
    return Form(msg("Quote a tweet"), action, (text, *picker), submit=PREVIEW, note=note)


async def check_quote(_call: CommandCall, _state: Mapping[str, Any], values: Mapping[str, str]) -> None:
    """Refuse a text that X would not take while the form may still be open."""
    check_text(values.get("text", ""), example=_EXAMPLE)
    check_text(_quoting(values, "0" * 19), example=_EXAMPLE)


async def quoted_text(call: CommandCall, state: Mapping[str, Any], values: Mapping[str, str]) -> Proposal:
    """The quote as a proposal."""
    event, target = await _tweet(call, str(state["key"]))
    return await propose_post(
        call,
        _quoting(values, target),
        account=chosen(values),
        quoting=quoted(event),
        example=_EXAMPLE,
    )


_EXAMPLE = 'tweet quote 1893456789012345678 text:"Worth a look"'


def _quoting(values: Mapping[str, str], target: str) -> str:
    return f"{values.get('text', '').strip()} https://x.com/i/status/{target}".strip()


async def mute(call: CommandCall, state: Mapping[str, Any], _values: Mapping[str, str]) -> Reply:
    """Show nothing of the account in this channel any more."""
    event = await _event(call, str(state["key"]))
    name, channel = event.username or "", call.invocation.place.channel
    actor = call.invocation.actor.id
    await call.services.relay.mutes.mute(call.tenant, channel, name, actor, call.services.clock())
    said = line(
        msg("Nothing more from @{name} is posted in this channel, whatever its routes say.", name=name),
        " ",
        msg("Everything else goes on."),
    )
    undo = Button(msg("Unmute"), action=ActionRef(UNMUTE_ACTION, str(event.id)))
    listed = Text(line(msg("All muted accounts: `relay mutes`")), subtle=True)
    title = msg("@{name} is muted here", name=name)
    return Reply(Card(title, (Text(said), listed), Tone.SUCCESS, (undo,)))


async def unmute(call: CommandCall, state: Mapping[str, Any], _values: Mapping[str, str]) -> Reply:
    """Take a mute back."""
    event = await _event(call, str(state["key"]))
    name = event.username or ""
    await call.services.relay.mutes.unmute(call.tenant, call.invocation.place.channel, name)
    said = Text(line(msg("@{name} is shown in this channel again, from the next event on.", name=name)))
    return Reply(Card(msg("@{name} is not muted", name=name), (said,), Tone.SUCCESS))


async def why(call: CommandCall, state: Mapping[str, Any], _values: Mapping[str, str]) -> Reply:
    """Which route brought it here."""
    return Reply(await explained(call, await _event(call, str(state["key"]))))


RELAYED_ACTIONS = (
    Action(
        LIKE_ACTION,
        like,
        Permission.PUBLISH,
        Audience.CHANNEL,
        form=like_form,
        stored=False,
        command="tweet like",
    ),
    Action(
        REPOST_ACTION,
        repost,
        Permission.PUBLISH,
        Audience.CHANNEL,
        form=repost_form,
        stored=False,
        command="tweet repost",
    ),
    Action(MORE_ACTION, more, Permission.USE, needs_key=False, stored=False),
    Action(
        QUOTE_ACTION,
        quoted_text,
        Permission.PUBLISH,
        Audience.CHANNEL,
        form=quote_form,
        stored=False,
        check=check_quote,
        command="tweet quote",
    ),
    Action(MUTE_ACTION, mute, Permission.MANAGE, needs_key=False, stored=False, command="relay mute"),
    Action(UNMUTE_ACTION, unmute, Permission.MANAGE, needs_key=False, stored=False, command="relay unmute"),
    Action(WHY_ACTION, why, Permission.USE, needs_key=False, stored=False, command="relay why"),
)
