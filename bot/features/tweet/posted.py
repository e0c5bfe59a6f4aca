"""Reply and Delete below "Posted on X": what was posted from here, answered or taken back after Confirm.

The key of each button is the id of the proposal that posted it, looked up for the tenant that pressed. Its
record stays with the tenant, so the buttons work after every restart. What is answered or deleted is shown
as it was sent, which costs nothing and works before X itself can find the new tweet.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from bot.core.access import Permission
from bot.core.chat.actions import ActionRef
from bot.core.chat.answers import Audience, Proposal
from bot.core.chat.cards import Form, Quote
from bot.core.commands.declaring import Action
from bot.core.errors import Expired
from bot.core.messages.enumerations import sentences
from bot.core.messages.message import msg
from bot.core.proposal_states import ProposalState
from bot.core.text.invisible import marked
from bot.features.services import CommandCall
from bot.features.shared.accounts import NOTHING_YET
from bot.features.shared.proposing import check_text, propose_own_delete
from bot.features.shared.tweet_kinds import POST, THREAD
from bot.features.tweet import replying
from bot.proposals.acting import IDENTITY, OPTION
from bot.proposals.cards import ANSWER, TAKE_BACK
from bot.proposals.contents import tweet_url
from bot.proposals.threads import texts_of
from bot.storage.writes.posted import standing_of
from bot.storage.writes.proposal_rows import DELETED

_EXAMPLE = 'tweet reply 1893456789012345678 text:"And one thing more"'


class _Posted(msgspec.Struct, frozen=True):
    """What stands on X: its id, the account that posted it, and its text. identity: the account's id at
    Xquik, "" where that was not written down."""

    id: str
    account: str
    text: str
    identity: str = ""

    @property
    def quote(self) -> Quote:
        """As a preview quotes it."""
        url = f"https://x.com/{self.account}"
        return Quote(marked(self.text), author=f"@{self.account}", author_url=url, url=tweet_url(self.id))


async def _posted(call: CommandCall, key: str) -> _Posted:
    """What the button belongs to; Expired where it posted nothing, or its record is gone."""
    found = await call.services.proposals.get(call.tenant, key)
    posts = found is not None and found.kind == POST.name and found.state is ProposalState.DONE
    # Of a thread that ended early something stands too.
    threads = found is not None and found.kind == THREAD.name and found.state.settled
    if found is None or not (posts or threads):
        raise _gone()
    if (found.result or {}).get(DELETED):
        raise Expired(
            msg("This tweet was deleted from X."),
            remedy=msg("There is nothing left to reply to or delete. `tweet post` posts another."),
        )
    stands = standing_of(found.result or {})
    if not stands:
        raise _gone()
    account = str((found.result or {}).get(OPTION) or found.payload.get(OPTION, "")).removeprefix("@")
    text, identity = found.payload.get("text", ""), found.payload.get(IDENTITY, "")
    if threads:
        # The last part that stands: a thread goes on from its end, and is taken away from there.
        text = texts_of(found.payload)[len(stands) - 1]
    return _Posted(stands[-1], account, str(text), str(identity))


def _gone() -> Expired:
    return Expired(
        msg("What this button belongs to is no longer stored here."),
        remedy=msg("Use `tweet reply` or `tweet delete` with the link of the tweet."),
    )


async def reply_form(call: CommandCall, key: str, _state: Mapping[str, Any]) -> Form:
    """The form for the text of the reply."""
    posted = await _posted(call, key)
    note = sentences(msg("A reply to the tweet by @{account}.", account=posted.account), NOTHING_YET)
    return await replying.reply_form(call, msg("Reply"), ActionRef(ANSWER, key), note)


async def check_reply(_call: CommandCall, _state: Mapping[str, Any], values: Mapping[str, str]) -> None:
    """Refuse a text that X would not take while the form may still be open."""
    check_text(replying.text_of(values), example=_EXAMPLE)


async def reply(call: CommandCall, state: Mapping[str, Any], values: Mapping[str, str]) -> Proposal:
    """The reply as a proposal."""
    posted = await _posted(call, str(state["key"]))
    return await replying.propose_reply(call, values, posted.id, posted.quote)


async def delete(call: CommandCall, state: Mapping[str, Any], _values: Mapping[str, str]) -> Proposal:
    """The deletion as a proposal."""
    posted = await _posted(call, str(state["key"]))
    return await propose_own_delete(call, posted.id, posted.account, posted.quote, identity=posted.identity)


POSTED_ACTIONS = (
    Action(
        ANSWER,
        reply,
        Permission.PUBLISH,
        Audience.CHANNEL,
        form=reply_form,
        stored=False,
        check=check_reply,
        command="tweet reply",
    ),
    Action(TAKE_BACK, delete, Permission.PUBLISH, Audience.CHANNEL, stored=False, command="tweet delete"),
)
