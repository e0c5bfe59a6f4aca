"""Proposals, durably: what people were asked to confirm, whose claim won, and how it was settled.

The states and the only ways between them are in `bot.core.proposal_states`; every change here is one
UPDATE that names the states it may leave, so two people, two processes or a restart can never take
the same step twice.

`poll_at` (epoch seconds) says when somebody should next look at a row that is being executed. While
a process works on it, it is the end of that process's lease; when it waits, it is the end of the
wait. Whoever moves it forward with `take` has the row to itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from random import Random
from typing import Any

from sqlalchemy import Update, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.access import Actor
from bot.core.audit import AuditEvent
from bot.core.chat.cards import Card, Choice
from bot.core.chat.ids import MessageRef, TenantId
from bot.core.clocks import Clock
from bot.core.commands.budgets import BudgetReached
from bot.core.proposal_states import NEXT, ProposalState
from bot.storage.engine.database import Database
from bot.storage.tables import proposals
from bot.storage.writes import media_of_proposals
from bot.storage.writes import proposal_rows as rows
from bot.storage.writes.also_written import AlsoWritten, ProposalJournal
from bot.storage.writes.open_previews import require_room
from bot.storage.writes.proposal_rows import NewProposal, StoredProposal
from bot.storage.writes.sealing import ERASED, Sealing
from bot.storage.writes.waiting_outcomes import WaitingOutcomes

LEASE = 120.0
"""Seconds a process has a row to itself: longer than a request with all its timeouts."""

_RUNNING = (ProposalState.CLAIMED, ProposalState.DISPATCHING, ProposalState.POLLING)
_T = proposals.c


class ProposalStore:
    """The table `proposals`. clock: epoch seconds; random: where ids and keys come from. kinds: those that
    this version knows. sealing: hides what is private in some. journal: what is recorded of each change."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        random: Random,
        kinds: Collection[str],
        sealing: Sealing,
        journal: ProposalJournal | None = None,
    ) -> None:
        self.outcomes = WaitingOutcomes(database)
        self._journal = journal
        self._db = database
        self._sealing = sealing
        self._kinds = tuple(sorted(kinds))
        self._clock = clock
        self._random = random

    async def create(self, draft: NewProposal) -> StoredProposal:
        """Store an open proposal, with an id and an idempotency key of its own. LimitReached when as many of
        the person's wait to be decided there as may."""
        values = self._row(draft)

        async def work(connection: AsyncConnection) -> None:
            await require_room(connection, values)
            await connection.execute(insert(proposals).values(values))
            await media_of_proposals.adopt(connection, values)

        await self._db.write(work)
        return self._sealing.read(values)

    async def get(self, tenant: TenantId, key: str) -> StoredProposal | None:
        """The tenant's proposal with that id; None when there is none, or it is another tenant's."""

        async def work(connection: AsyncConnection) -> StoredProposal | None:
            found = await connection.execute(select(proposals).where(_T.id == key, _T.tenant == str(tenant)))
            row = found.mappings().first()
            return None if row is None else self._sealing.read(row)

        return await self._db.read(work)

    async def of_draw(self, tenant: TenantId, draw: str) -> StoredProposal | None:
        """What the tenant confirmed and that draw came of; None for a draw that was not run here."""
        query = select(proposals).where(_T.tenant == str(tenant), _T.draw == draw).order_by(_T.created_at)

        async def work(connection: AsyncConnection) -> StoredProposal | None:
            row = (await connection.execute(query.limit(1))).mappings().first()
            return None if row is None else self._sealing.read(row)

        return await self._db.read(work)

    async def done_by(
        self, tenant: TenantId, person: str, kinds: Collection[str], most: int
    ) -> tuple[StoredProposal, ...]:
        """What of these kinds the person had done on X from here and still stands there, newest first."""
        done = (_T.tenant == str(tenant), _T.requester == person, _T.kind.in_(kinds))
        query = select(proposals).where(*done, _T.state == ProposalState.DONE.value)
        query = query.order_by(_T.created_at.desc()).limit(most)

        async def work(connection: AsyncConnection) -> tuple[StoredProposal, ...]:
            found = [self._sealing.read(row) for row in (await connection.execute(query)).mappings()]
            return tuple(one for one in found if not (one.result or {}).get(rows.DELETED))

        return await self._db.read(work)

    async def shown(self, key: str, ref: MessageRef) -> None:
        """Remember the message that shows the preview, so that the outcome can replace it."""
        place = ref.destination
        await self._change(
            update(proposals)
            .where(_T.id == key, _T.tenant == str(place.tenant))
            .values(channel=place.channel, thread=place.thread, message=ref.message)
        )

    async def claim(
        self,
        tenant: TenantId,
        key: str,
        actor: Actor,
        message: str | None = None,
        also: AlsoWritten | None = None,
    ) -> StoredProposal | None:
        """Decide that it shall be done. None when it is not open, or not any more: somebody else
        was first, it was cancelled or edited, or its time is over. also: done in the same transaction."""
        now = self._clock()
        note = await self._note(tenant, actor, AuditEvent.CONFIRMED)
        return await self._change(
            self._open(tenant, key, now).values(
                state=ProposalState.CLAIMED.value,
                claimed_at=now,
                poll_at=now + LEASE,
                message=_T.message if message is None else message,
                **rows.decided(actor),
            ),
            also,
            note,
        )

    async def cancel(self, tenant: TenantId, key: str, actor: Actor) -> StoredProposal | None:
        """Decide that it shall not be done; None when it is not open any more."""
        now = self._clock()
        note = await self._note(tenant, actor, AuditEvent.CANCELLED)
        return await self._change(
            self._open(tenant, key, now).values(
                state=ProposalState.CANCELLED.value, settled_at=now, **ERASED, **rows.decided(actor)
            ),
            note,
        )

    async def edit(
        self,
        old: StoredProposal,
        actor: Actor,
        payload: Mapping[str, Any],
        preview: Card,
        accounts: tuple[Choice, ...] | None = None,
        credits: int | None = None,
    ) -> StoredProposal | None:
        """Void an open proposal and open another in its place; None when it is not open any more.

        What is edited is a new intended write: it gets an id, a hash and an idempotency key of its
        own, so that a Confirm pressed on the old preview can never post the new text. accounts: as
        which it could be done, credits: the estimate; None for those of the old one.
        """
        values = self._row(rows.again(old, payload, preview, accounts, credits))
        now = values["created_at"]
        void = self._open(old.tenant, old.id, now).values(
            state=ProposalState.CANCELLED.value,
            settled_at=now,
            result=rows.dump({"replaced_by": values["id"]}),
            **ERASED,
            **rows.decided(actor),
        )
        return await self._replace(void, values)

    async def retry(
        self, old: StoredProposal, payload: Mapping[str, Any], preview: Card, credits: int | None
    ) -> StoredProposal | None:
        """Open the same intention, or the rest of it, anew after it failed: a new id and a new key, to be
        confirmed anew. None when that has been done already. At most one successor a proposal.
        LimitReached as for `create`."""
        values = self._row(rows.again(old, payload, preview, credits=credits))
        marked = {**(old.result or {}), "replaced_by": values["id"], "again": False}
        mark = (
            update(proposals)
            .where(
                _T.id == old.id,
                _T.tenant == str(old.tenant),
                _T.state == old.state.value,
                _T.result == rows.dump(old.result or {}),
            )
            .values(result=rows.dump(marked))
        )
        return await self._replace(mark, values, one_more=True)

    async def expire(self, also: AlsoWritten) -> int:
        """Close every open proposal whose time is over, and do `also` for each in the same
        transaction; returns how many."""
        now = self._clock()
        change = (
            update(proposals)
            .where(_T.kind.in_(self._kinds), _T.state == ProposalState.OPEN.value, _T.expires_at <= now)
            .values(state=ProposalState.EXPIRED.value, settled_at=now, **ERASED)
            .returning(*proposals.c)
        )

        async def work(connection: AsyncConnection) -> int:
            over = (await connection.execute(change)).mappings().all()
            for row in over:
                closed = self._sealing.read(row)
                await media_of_proposals.ended(connection, closed, now)
                await also(connection, closed)
            return len(over)

        return await self._db.write(work)

    async def dispatching(self, proposal: StoredProposal) -> StoredProposal | None:
        """Write down that the request is about to leave; None when another process was first."""
        claimed = update(proposals).where(_T.id == proposal.id, _T.state == ProposalState.CLAIMED.value)
        leased = {"state": ProposalState.DISPATCHING.value, "poll_at": self._clock() + LEASE}
        return await self._change(claimed.values(leased))

    async def polling(
        self,
        proposal: StoredProposal,
        write_action: str,
        poll_at: float,
        attempts: int = 0,
        also: AlsoWritten | None = None,
    ) -> StoredProposal | None:
        """The vendor is still at it: look at that write action at `poll_at`.

        attempts: how many looks in a row got no answer. also: done in the same transaction.
        """
        return await self._advance(
            proposal,
            ProposalState.POLLING,
            also,
            write_action=write_action,
            poll_at=poll_at,
            attempts=attempts,
        )

    async def postpone(
        self,
        proposal: StoredProposal,
        poll_at: float,
        progress: Mapping[str, Any],
        also: AlsoWritten | None = None,
    ) -> StoredProposal | None:
        """The identical request is to be repeated at `poll_at`. progress: what is known so far.

        also: done in the same transaction.
        """
        return await self._advance(
            proposal,
            proposal.state,
            also,
            poll_at=poll_at,
            attempts=_T.attempts + 1,
            result=rows.dump(progress),
        )

    async def short(self, _proposal: StoredProposal) -> BudgetReached | None:
        """Why a budget does not cover it as things are; None: nothing is counted here."""
        return None

    async def settle(
        self,
        proposal: StoredProposal,
        state: ProposalState,
        result: Mapping[str, Any],
        also: AlsoWritten,
    ) -> StoredProposal | None:
        """End it, and do `also` in the same transaction; None when it was settled already."""
        change = self._from(proposal, state).values(
            state=state.value,
            result=rows.dump(result),
            settled_at=self._clock(),
            poll_at=None,
            draw=rows.draw_in(result),
            **ERASED,
        )
        by = rows.decider(proposal)
        note = await self._note(proposal.tenant, by, AuditEvent.OUTCOME, state.value)
        return await self._change(change, also, note)

    async def unsettled(self, before: float | None = None) -> tuple[StoredProposal, ...]:
        """What was confirmed and has not ended, oldest first; with `before`, what is due by then."""
        query = select(proposals).where(_T.kind.in_(self._kinds), _T.state.in_([*_RUNNING]))
        if before is not None:
            query = query.where(_T.poll_at <= before)

        async def work(connection: AsyncConnection) -> tuple[StoredProposal, ...]:
            found = await connection.execute(query.order_by(_T.claimed_at, _T.id))
            return tuple(self._sealing.found(row) for row in found.mappings())

        return await self._db.read(work)

    async def next_due(self) -> float | None:
        """When the next unsettled row wants attention: a poll, a lapsed lease or an expiry."""
        due = func.coalesce(_T.poll_at, _T.expires_at)
        states = [ProposalState.OPEN.value, *(s.value for s in _RUNNING)]
        query = select(func.min(due)).where(_T.kind.in_(self._kinds), _T.state.in_(states))

        async def work(connection: AsyncConnection) -> float | None:
            soonest = (await connection.execute(query)).scalar()
            return None if soonest is None else float(soonest)

        return await self._db.read(work)

    async def take(self, proposal: StoredProposal) -> StoredProposal | None:
        """Lease a row for this process; None when another one took it, or it moved on.

        What was noted between attempts is cleared: from here on, a request may have been sent.
        """
        return await self._change(
            update(proposals)
            .where(
                _T.id == proposal.id,
                _T.state == proposal.state.value,
                _T.poll_at == proposal.poll_at,
            )
            .values(poll_at=self._clock() + LEASE, result=None)
        )

    def _open(self, tenant: TenantId, key: str, now: float) -> Update:
        """An UPDATE of the tenant's proposal that matches only while it can be decided."""
        return update(proposals).where(
            _T.id == key,
            _T.tenant == str(tenant),
            _T.state == ProposalState.OPEN.value,
            _T.expires_at > now,
        )

    def _from(self, proposal: StoredProposal, to: ProposalState) -> Update:
        """An UPDATE that matches only in the running states that lead to `to`, or are `to`."""
        before = [s.value for s in _RUNNING if to in NEXT[s] or s is to]
        return update(proposals).where(_T.id == proposal.id, _T.state.in_(before))

    async def _advance(
        self, proposal: StoredProposal, to: ProposalState, also: AlsoWritten | None, **values: Any
    ) -> StoredProposal | None:
        return await self._change(self._from(proposal, to).values(state=to.value, **values), also)

    async def _note(
        self, tenant: TenantId, actor: Actor, event: AuditEvent, outcome: str = "ok"
    ) -> AlsoWritten | None:
        if self._journal is None:
            return None
        return await self._journal.of_proposal(tenant, actor, event, outcome)

    async def _change(self, change: Update, *also: AlsoWritten | None) -> StoredProposal | None:
        """The row as it stands after the change, with `also` done, in order; None when nothing matched."""

        async def work(connection: AsyncConnection) -> StoredProposal | None:
            row = (await connection.execute(change.returning(*proposals.c))).mappings().first()
            if row is None:
                return None
            changed = self._sealing.found(row)
            await media_of_proposals.ended(connection, changed, self._clock())
            for one in also:
                if one is not None:
                    await one(connection, changed)
            return changed

        return await self._db.write(work)

    async def _replace(
        self, end: Update, values: dict[str, Any], *, one_more: bool = False
    ) -> StoredProposal | None:
        """End one proposal and insert its successor, both or neither. one_more: where it is one more."""

        async def work(connection: AsyncConnection) -> StoredProposal | None:
            if one_more:
                await require_room(connection, values)
            if (await connection.execute(end.returning(_T.id))).first() is None:
                return None
            await connection.execute(insert(proposals).values(values))
            await media_of_proposals.adopt(connection, values)
            return self._sealing.read(values)

        return await self._db.write(work)

    def _token(self) -> str:
        return f"{self._random.getrandbits(128):032x}"

    def _row(self, draft: NewProposal) -> dict[str, Any]:
        return self._sealing.fresh(draft, self._token(), f"xqb-{self._token()}", self._clock())
