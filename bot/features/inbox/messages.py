"""`dm send|delete`: write to one person, or take a message away. Only who asked sees preview and outcome."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, Final

from bot.cards.profiles import quoted
from bot.core.chat.answers import Proposal
from bot.core.commands.declaring import Option
from bot.core.commands.presets import WRITING_PRIVATELY, command
from bot.core.commands.price_list import DIRECT_MESSAGE, OTHER_WRITE
from bot.core.errors import UsageError
from bot.core.messages.message import msg
from bot.core.text.invisible import blank, marked, without_unseen
from bot.core.text.shortening import cut, line_ends
from bot.core.x import prices
from bot.core.x.references import Username
from bot.core.x.tweet_text import half_characters
from bot.features.inbox.args import WithWhom
from bot.features.inbox.consents import told
from bot.features.inbox.kinds import DELETE, SEND
from bot.features.services import CommandCall
from bot.features.shared.accounts import account_option, acting_account
from bot.proposals.acting import as_account
from bot.proposals.kinds import ProposalKind
from bot.proposals.previews import write_preview

LONGEST: Final = 10_000
"""Characters of a message, as X takes them."""
_ID: Final = re.compile(r"[0-9]{1,25}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Conversation(WithWhom):
    """With whom, and as which account."""

    account: Annotated[Username | None, account_option("The connected X account that writes")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SendArgs(Conversation):
    """What to write, and to whom."""

    text: Annotated[
        str,
        Option("The message", max_length=LONGEST, paragraph=True, running=True, unkept=True),
    ]
    media: Annotated[str, Option("The id of one uploaded picture or video (for 24 hours)", max_length=40)] = (
        ""
    )


async def send(call: CommandCall, args: SendArgs) -> Proposal:
    """A message to be confirmed, with the person who gets it."""
    text = line_ends(args.text)
    if blank(text) or half_characters(text):
        raise UsageError(msg("There is no text that can be sent."), option="text", example=_EXAMPLE)
    if len(marked(text)) > LONGEST:
        # A file beside the preview would last, so a platform has to show all of it in one message.
        raise UsageError(
            msg("With what is invisible in it, this text is too long to be shown before it is sent."),
            option="text",
            example=_EXAMPLE,
        )
    fields: dict[str, Any] = {"text": text}
    if media := without_unseen(args.media).strip():
        fields["media_ids"] = [_id_of(media, "media")]
    return await _proposed(call, SEND, args, fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBackArgs(Conversation):
    """Which message, and of which conversation."""

    message: Annotated[str, Option("The id of the message, as `dm history` shows it", max_length=40)]


async def delete(call: CommandCall, args: TakeBackArgs) -> Proposal:
    """A deletion to be confirmed, with the person whose conversation it is of."""
    message = _id_of(without_unseen(args.message).strip(), "message")
    return await _proposed(call, DELETE, args, {"message_id": message})


async def _proposed(
    call: CommandCall, kind: ProposalKind, args: Conversation, fields: dict[str, Any]
) -> Proposal:
    """The proposal of it. As which account is settled before, so the preview offers no other."""
    user = told(args.user)
    acting = await acting_account(call, args.account, f"dm history {user}")  # no message: a command
    other = await (await call.xquik()).users.show(user.removeprefix("@"))
    if other.id == acting.account.x_user_id:
        raise UsageError(
            msg("@{name} is the account that writes; choose somebody else.", name=acting.account.username),
            option="user",
            example=_EXAMPLE,
        )
    # By X's id: a username may change hands between preview and Confirm.
    payload = {**as_account(acting.account), "user_id": other.id, **fields}
    return kind.proposal(payload, write_preview(kind, payload, quoted(other), acting.why))


def _id_of(given: str, option: str) -> str:
    if _ID.fullmatch(given) is None:
        raise UsageError(
            msg("{given} is no id: one has digits only.", given=repr(cut(given, 40))),
            option=option,
            example=_EXAMPLE if option == "media" else _DELETED,
        )
    return given


_EXAMPLE: Final = 'dm send @nasa "Thank you for the pictures"'
_DELETED: Final = "dm delete @nasa message:1894004347502793426"  # no message: a command

MESSAGE_COMMANDS: Final = (
    command(
        "dm send",
        send,
        WRITING_PRIVATELY,
        "Send a direct message; asks first, you alone see it",
        _EXAMPLE,
        cost=DIRECT_MESSAGE.looked_up(prices.LOOKUP),
        operations=("GET /x/users/{id}", "POST /x/dm/{user_id}"),
    ),
    command(
        "dm delete",
        delete,
        WRITING_PRIVATELY,
        "Delete a direct message for your account; asks first",
        _DELETED,
        cost=OTHER_WRITE.looked_up(prices.LOOKUP),
        operations=("GET /x/users/{id}", "DELETE /x/dm/{user_id}/messages/{message_id}"),
    ),
)
