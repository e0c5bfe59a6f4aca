"""The buttons of previews and outcomes.

The key of each is the proposal's own id, 128 random bits: `stored=False` tells the dispatcher not to
look for button state, and to hand over `{"key": <id>}`. Everything is checked again at the click:
tenant, person, permission, state and expiry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from msgspec import structs

from bot.core.access import NOTHING, Permission
from bot.core.chat.actions import ActionRef
from bot.core.chat.answers import Answer, Reply
from bot.core.chat.cards import PICKED, Bold, Card, Choice, Form, Text
from bot.core.chat.invocation import Call, Invocation
from bot.core.commands import permits
from bot.core.commands.declaring import Action
from bot.core.commands.journal import NO_JOURNAL, Journal
from bot.core.errors import BotError, Expired, NotPermitted
from bot.core.messages.message import Message, msg
from bot.core.policy import Deed
from bot.core.ports import Access
from bot.core.proposal_states import ProposalState
from bot.proposals import edits
from bot.proposals.accounts import Accounts
from bot.proposals.acting import OPTION, as_account, choices
from bot.proposals.attempts import said_in
from bot.proposals.cards import (
    ACCOUNT,
    CANCEL,
    CONFIRM,
    EDIT,
    GONE,
    OFFER,
    PARTLY,
    RETRY,
    STOP,
    ProposalCards,
)
from bot.proposals.contents import tweet_url
from bot.proposals.coverage import Coverage, Shortage
from bot.proposals.executor import Executor
from bot.proposals.kinds import ProposalKind, ProposalKinds
from bot.proposals.pictures import PreviewPictures
from bot.proposals.previews import busy_card, write_preview
from bot.proposals.shortage import confirmed_partly_card, partly_card
from bot.proposals.uncovered import warned
from bot.storage.writes.proposal_rows import WITHDRAWN, StoredProposal
from bot.storage.writes.proposals import ProposalStore
from bot.storage.writes.running_proposals import RunningProposals


class PendingActions:
    """Confirm, edit, cancel and try again."""

    def __init__(
        self,
        store: ProposalStore,
        executor: Executor,
        access: Access,
        accounts: Accounts,
        coverage: Coverage,
        kinds: ProposalKinds,
        running: RunningProposals,
        pictures: PreviewPictures,
        journal: Journal = NO_JOURNAL,
    ) -> None:
        self._journal = journal
        self._store = store
        self._running = running
        self._pictures = pictures
        self._coverage = coverage
        self._kinds = kinds
        self._cards = ProposalCards(kinds)
        self._accounts = accounts
        self._executor = executor
        self._access = access

    def actions(self) -> tuple[Action, ...]:
        """The declarations, for the catalogue."""
        # What deciding one needs, and by the rules of which command, is looked up with the proposal.
        return (
            Action(CONFIRM, self.confirm, NOTHING, stored=False),
            Action(PARTLY, self.partly, NOTHING, stored=False),
            Action(EDIT, self.edit, NOTHING, form=self.form, needs_key=False, stored=False, check=self.check),
            Action(ACCOUNT, self.account, NOTHING, stored=False),
            Action(OFFER, self.offer, NOTHING, needs_key=False, stored=False),
            Action(CANCEL, self.cancel, NOTHING, needs_key=False, stored=False),
            Action(RETRY, self.retry, NOTHING, stored=False),
            Action(STOP, self.stop, NOTHING, needs_key=False, stored=False),
        )

    async def confirm(self, call: Call[Any], state: Mapping[str, Any], _values: Mapping[str, str]) -> Answer:
        """Claim it, once; the click is answered at once and the executor does the rest.

        What the credits do not cover is not claimed: whoever pressed is asked once more, alone,
        since the channel must not learn the balance.
        What one person alone sees can hardly be changed later, so there the click waits for the outcome.
        """
        invocation = call.invocation
        found = await self._permitted(invocation, state)
        message = invocation.message.message if invocation.message else None
        if found.state is ProposalState.OPEN:
            await self._coverage.check(found)
            shortage = await self._coverage.shortage(found)
            if shortage is not None:
                return await self._asked_again(invocation, found, shortage)
        claimed = await self._store.claim(call.tenant, found.id, invocation.actor, message)
        if claimed is None:
            return await self._too_late(invocation, found.id)
        self._executor.begin(claimed)
        if self._kinds[claimed.kind].private:
            return await self._soon(claimed)
        if self._kinds[claimed.kind].followed:
            return Reply(await self._executor.begun(claimed), replace=True)
        return Reply(self._cards.standing(claimed), replace=True)

    async def _soon(self, claimed: StoredProposal) -> Reply:
        """How it ended, or that it is under way and what comes in the place of that."""

        async def later() -> Reply | None:
            card = await self._executor.later(claimed)
            return None if card is None else Reply(card, replace=True, arrived=arrived)

        async def arrived() -> None:
            await self._executor.answered(claimed.id)

        stored = await self._executor.soon(claimed)
        card = self._cards.standing(stored)
        if stored.state.settled:
            return Reply(card, replace=True, arrived=arrived)
        return Reply(card, replace=True, later=later)

    async def _asked_again(self, invocation: Invocation, found: StoredProposal, shortage: Shortage) -> Reply:
        await self._still_open(invocation, found)
        if invocation.message is not None and invocation.message.destination == found.place:
            # The second button stands elsewhere, and the outcome belongs here.
            await self._store.shown(found.id, invocation.message)
        held = await permits.held(self._access, invocation)
        covered = shortage.covered if Permission.VIEW in held else None
        known = shortage.covered is not None
        action = ActionRef(PARTLY, found.id)
        return Reply(partly_card(shortage.words, shortage.entries, covered, action, known=known))

    async def partly(self, call: Call[Any], state: Mapping[str, Any], _values: Mapping[str, str]) -> Answer:
        """The second confirmation, of a part: claim it, once, and have the preview say so."""
        invocation = call.invocation
        found = await self._permitted(invocation, state)
        words = self._kinds[found.kind].partial
        if words is None:
            raise Expired(msg("This button belongs to an older version of the bot."))
        word = self._executor.under_way()
        claimed = await self._store.claim(call.tenant, found.id, invocation.actor, also=word)
        if claimed is None:
            return await self._too_late(invocation, found.id)
        self._executor.begin(claimed, word)
        return Reply(confirmed_partly_card(words), replace=True)

    async def cancel(self, call: Call[Any], state: Mapping[str, Any], _values: Mapping[str, str]) -> Answer:
        """Decide against it. The requester may always; others need the permission."""
        found = await self._find(call.invocation, state)
        if call.invocation.actor.id != found.requester:
            await self._permit(call.invocation, found)
        cancelled = await self._store.cancel(call.tenant, found.id, call.invocation.actor)
        if cancelled is None:
            return await self._too_late(call.invocation, found.id)
        return Reply(self._cards.standing(cancelled), replace=True)

    async def stop(self, call: Call[Any], state: Mapping[str, Any], _values: Mapping[str, str]) -> Answer:
        """End a long work with what there is. The requester may always; others need the permission."""
        found = await self._find(call.invocation, state)
        if call.invocation.actor.id != found.requester:
            await self._permit(call.invocation, found)
        stopped = None
        if self._kinds[found.kind].stops:
            stopped = await self._running.stop(call.tenant, found.id, call.invocation.actor)
        if stopped is None:
            raise await self._ended(call.invocation, found.id)
        return Reply(self._cards.standing(stopped), replace=True)

    async def form(self, call: Call[Any], key: str, state: Mapping[str, Any]) -> Form:
        """What can be edited, filled in as it stands."""
        found = await self._permitted(call.invocation, state)
        await self._still_open(call.invocation, found)
        return edits.form(self._kinds[found.kind], found, ActionRef(EDIT, key))

    async def check(self, call: Call[Any], state: Mapping[str, Any], values: Mapping[str, str]) -> None:
        """Refuse what X would not take while the form may still be open."""
        found = await self._permitted(call.invocation, state)
        await self._still_open(call.invocation, found)
        edits.revise(self._kinds[found.kind], found, values)

    async def edit(self, call: Call[Any], state: Mapping[str, Any], values: Mapping[str, str]) -> Answer:
        """Put a new proposal in the place of the old one, which is void from then on."""
        found = await self._permitted(call.invocation, state)
        await self._still_open(call.invocation, found)
        payload = edits.revise(self._kinds[found.kind], found, values)
        accounts = None
        chosen = values.get(OPTION, "")
        if found.accounts and chosen and chosen != payload.get(OPTION):
            payload, accounts = await self._as(call.invocation, payload, chosen)
        return await self._renewed(call.invocation, found, payload, accounts)

    async def account(self, call: Call[Any], state: Mapping[str, Any], values: Mapping[str, str]) -> Answer:
        """Another account was chosen in the preview: a new proposal takes the place of the old one.

        So it does when that account cannot act: then as before, with a word why. What was chosen is
        shown until the message changes, and must not stand above a Confirm that means another.
        """
        found = await self._permitted(call.invocation, state)
        await self._still_open(call.invocation, found)
        if not found.accounts:
            raise Expired(msg("The account cannot be changed here."))
        try:
            payload, accounts = await self._as(call.invocation, found.payload, values.get(PICKED, ""))
        except BotError as error:
            reply = await self._renewed(call.invocation, found, found.payload, None)
            return replace(reply, card=_unchanged(reply.card, error, found))
        return await self._renewed(call.invocation, found, payload, accounts)

    async def offer(self, call: Call[Any], state: Mapping[str, Any], _values: Mapping[str, str]) -> Answer:
        """Put what the preview offers in its place; the old one is void, and nothing is confirmed yet."""
        found = await self._permitted(call.invocation, state)
        await self._still_open(call.invocation, found)
        if found.alternative is None:
            raise Expired(msg("There is nothing left to add here."))
        offered = edits.offered(found, found.alternative, call.invocation.actor)
        old = _here(found, call.invocation)
        new = await self._store.edit(old, call.invocation.actor, found.alternative.payload, offered)
        if new is None:
            return await self._too_late(call.invocation, found.id)
        later = self._executor.clicks.previews.later(new)
        card = await self._shown(new)
        return Reply(card, replace=True, renews=self._cards.standing(found), later=later)

    async def _as(
        self, invocation: Invocation, payload: Mapping[str, Any], chosen: str
    ) -> tuple[dict[str, Any], tuple[Choice, ...]]:
        """The payload as another connected account that can act, and as which ones it could be done."""
        accounts, acting = await self._accounts.acting(invocation, chosen, "")
        return {**payload, **as_account(acting.account)}, choices(accounts)

    async def _renewed(
        self,
        invocation: Invocation,
        found: StoredProposal,
        payload: Mapping[str, Any],
        accounts: tuple[Choice, ...] | None,
    ) -> Reply:
        """The new proposal in place of the old one."""
        kind = self._kinds[found.kind]
        preview = edits.preview(kind, found, payload, invocation.actor)
        old = _here(found, invocation)
        new = await self._store.edit(
            old, invocation.actor, payload, preview, accounts, _estimate(kind, payload)
        )
        if new is None:
            return await self._too_late(invocation, found.id)
        renews = self._cards.standing(found) if payload != found.payload else None
        files = await self._pictures.of(new)
        later = self._executor.clicks.previews.later(new)
        return Reply(await self._shown(new), files, replace=True, renews=renews, later=later)

    async def retry(self, call: Call[Any], state: Mapping[str, Any], _values: Mapping[str, str]) -> Answer:
        """Offer it once more after it certainly did not happen: a new key, to be confirmed anew."""
        found = await self._permitted(call.invocation, state)
        if not (found.result or {}).get("again") or self._kinds[found.kind].sealed:
            raise _over(self._kinds[found.kind], found)
        kind, payload, preview = self._kinds[found.kind], found.payload, found.preview
        if kind.rest is not None:
            payload = kind.rest(payload, found.result or {})
            preview = write_preview(kind, payload)
        new = await self._store.retry(
            _here(found, call.invocation), payload, preview, _estimate(kind, payload)
        )
        if new is None:
            return await self._too_late(call.invocation, found.id)
        later = self._executor.clicks.previews.later(new)
        return Reply(await self._shown(new), await self._pictures.of(new), replace=True, later=later)

    async def _shown(self, new: StoredProposal) -> Card:
        """The preview that took the place of another."""
        return await warned(self._store, new, self._cards.standing(new))

    # --- checks ------------------------------------------------------------------------------

    async def _find(self, invocation: Invocation, state: Mapping[str, Any]) -> StoredProposal:
        found = await self._store.get(invocation.tenant, str(state["key"]))
        if found is None:
            raise Expired(msg("What this button belongs to is no longer stored here."))
        if found.kind not in self._kinds:
            raise Expired(
                msg("This was proposed by another version of the bot, and this one cannot do it."),
                remedy=msg("Run the command again."),
            )
        if (found.result or {}).get(WITHDRAWN):
            nothing = self._kinds[found.kind].words({}).nothing
            anew = msg("Run the command again if you still want it.")
            raise Expired(msg("{gone} {nothing}", gone=GONE, nothing=nothing), remedy=anew)
        return found

    async def _permitted(self, invocation: Invocation, state: Mapping[str, Any]) -> StoredProposal:
        found = await self._find(invocation, state)
        await self._permit(invocation, found)
        return found

    async def _permit(self, invocation: Invocation, found: StoredProposal) -> None:
        deed = Deed(self._kinds[found.kind].permission, found.command)
        try:
            await permits.require(self._access, invocation, deed)
        except NotPermitted:
            await self._journal.refused(invocation, deed)
            raise

    async def _still_open(self, invocation: Invocation, found: StoredProposal) -> None:
        if found.state is not ProposalState.OPEN or found.expires_at <= invocation.received_at:
            raise await self._ended(invocation, found.id)

    async def _too_late(self, invocation: Invocation, key: str) -> Reply:
        """Somebody was first: say so while it runs, and what became of it afterwards."""
        found = await self._find(invocation, {"key": key})
        if found.state in (ProposalState.CLAIMED, ProposalState.DISPATCHING, ProposalState.POLLING):
            by = found.decided_by_name or msg("Somebody")
            return Reply(busy_card(self._kinds[found.kind], found.payload, by))
        raise await self._ended(invocation, key)

    async def _ended(self, invocation: Invocation, key: str) -> Expired:
        await self._executor.expire()
        found = await self._find(invocation, {"key": key})
        return _over(self._kinds[found.kind], found)


def _unchanged(card: Card, error: BotError, found: StoredProposal) -> Card:
    """The preview with a word why the account is still the one before."""
    why = msg("{title}. {detail}", title=Bold(error.title), detail=error.detail)
    stays = msg("It stays with @{name}.", name=str(found.payload.get(OPTION, "")))
    return replace(card, blocks=(Text((why, " ", stays)), *card.blocks))


def _here(found: StoredProposal, invocation: Invocation) -> StoredProposal:
    """The proposal as of the message that was pressed: what takes its place is shown there."""
    pressed = invocation.message
    if pressed is None or pressed.destination != found.place:
        return found
    return structs.replace(found, message=pressed.message)


def _estimate(kind: ProposalKind, payload: Mapping[str, Any]) -> int | None:
    """What a changed payload costs, in credits; None where only the command knows."""
    return None if kind.estimate is None else kind.estimate(payload)


def _over(kind: ProposalKind, found: StoredProposal) -> Expired:
    """What became of a proposal that can no longer be decided."""
    by = found.decided_by_name or msg("somebody")
    result = found.result or {}
    words = kind.words(found.payload)
    anew = msg("Run the command again if you still want it.")
    if result.get("replaced_by"):
        return Expired(msg("A newer preview replaced this one."), remedy=msg("Use the newer preview."))
    match found.state:
        case ProposalState.CANCELLED:
            return Expired(msg("{by} cancelled this. {nothing}", by=by, nothing=words.nothing), remedy=anew)
        case ProposalState.EXPIRED:
            nothing = words.nothing
            return Expired(msg("Nobody confirmed this in time. {nothing}", nothing=nothing), remedy=anew)
        case ProposalState.DONE:
            return Expired(_done(by, result.get("tweet_id")), remedy=msg("There is nothing to do."))
        case ProposalState.FAILED:
            why = said_in(result, "detail")
            return Expired(msg("This was confirmed and failed: {why}", why=why), remedy=anew)
        case ProposalState.UNKNOWN:
            return Expired(
                msg("This was confirmed, and it is not known whether it happened."),
                remedy=words.look,
            )
        case _:
            return Expired(msg("This is already in progress."), remedy=msg("Wait for the outcome."))


def _done(by: str, tweet_id: str | None) -> Message:
    """That somebody was first, and what there is now."""
    if not tweet_id:
        return msg("{by} already confirmed this, and it was done.", by=by)
    url = tweet_url(tweet_id)
    return msg("{by} already confirmed this, and it was done. It is {url}.", by=by, url=url)
