""" "Draft a reply" below a relayed tweet: a form, and the reply as a proposal.

The key of the button is the id of the relayed event, looked up for the tenant that pressed. What is
answered is shown from the stored event, which costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.cards.events.events import REPLY_ACTION, quoted
from bot.core.access import Permission
from bot.core.chat.actions import ActionRef
from bot.core.chat.answers import Audience, Proposal
from bot.core.chat.cards import Form, Input, InputKind, Quote
from bot.core.commands.declaring import Action
from bot.core.errors import Expired
from bot.core.messages.enumerations import sentences
from bot.core.messages.message import msg
from bot.core.routes.event_readings import tweet_id
from bot.core.routes.events import Event
from bot.features.services import CommandCall, event_of
from bot.features.shared.accounts import PREVIEW, PREVIEW_FIRST, account_inputs, chosen
from bot.features.shared.proposing import check_text, propose_post

_EXAMPLE = 'tweet reply 1893456789012345678 text:"Well done"'


async def form(call: CommandCall, key: str, _state: Mapping[str, Any]) -> Form:
    """The form for the text of the reply."""
    event, _ = await _target(call, key)
    what = msg("A reply to @{name}.", name=event.username) if event.username else msg("A reply.")
    note = sentences(what, msg("You confirm it in a preview with the tweet."))
    return await reply_form(call, msg("Draft a reply"), ActionRef(REPLY_ACTION, key), note)


async def reply_form(call: CommandCall, title: str, action: ActionRef, note: str) -> Form:
    """A form for the text of a reply and who replies. note: what stands above the account's own note."""
    text = Input("text", msg("Reply"), InputKind.PARAGRAPH, hint=PREVIEW_FIRST, max_length=4000)
    picker, said = await account_inputs(call)
    return Form(title, action, (text, *picker), submit=PREVIEW, note=sentences(note, said))


async def check(_call: CommandCall, _state: Mapping[str, Any], values: Mapping[str, str]) -> None:
    """Refuse a text that X would not take while the form may still be open."""
    check_text(text_of(values), example=_EXAMPLE)


async def written(call: CommandCall, state: Mapping[str, Any], values: Mapping[str, str]) -> Proposal:
    """The reply as a proposal."""
    event, target = await _target(call, str(state["key"]))
    return await propose_reply(call, values, target, quoted(event))


async def propose_reply(
    call: CommandCall, values: Mapping[str, str], to: str, target: Quote | None
) -> Proposal:
    """What came back from `reply_form`, as a proposal. to: the id of the tweet; target: as it is quoted."""
    return await propose_post(
        call,
        text_of(values),
        account=chosen(values),
        reply_to=to,
        target=target,
        example=f'tweet reply {to} text:"…"',
    )


async def _target(call: CommandCall, key: str) -> tuple[Event, str]:
    """The event, and the id of the tweet it is about."""
    event = await event_of(call, key)
    target = tweet_id(event) if event is not None else None
    if event is None or target is None:
        raise Expired(
            msg("The tweet of this message is no longer stored here."),
            remedy=msg("Use `tweet reply` with its link."),
        )
    return event, target


def text_of(values: Mapping[str, str]) -> str:
    return values.get("text", "").strip()


REPLY_ACTIONS = (
    Action(
        REPLY_ACTION,
        written,
        Permission.PUBLISH,
        Audience.CHANNEL,
        form=form,
        stored=False,
        check=check,
        command="tweet reply",
    ),
)
