"""The whole of pending over a real database and the real Xquik client, with the vendor at its edge."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

import httpx
from pydantic import SecretStr
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.access import Actor, Grant, Permission
from bot.core.chat.answers import Proposal, Reply
from bot.core.chat.cards import Card, Quote
from bot.core.chat.ids import Destination, MessageRef, TenantId
from bot.core.chat.invocation import Call, Invocation
from bot.core.errors import NotConfigured, StorageUnavailable
from bot.core.policy import Policy as StoredPolicy
from bot.core.policy import PolicyRule
from bot.features.account.kinds import TOPUP
from bot.features.draw.kinds import DRAW_RUN
from bot.features.extract.kinds import EXTRACTION_RUN
from bot.features.media.kinds import MEDIA_UPLOAD
from bot.features.profile.kinds import AVATAR, BANNER
from bot.features.shared.tweet_kinds import THREAD, TWEET_KINDS
from bot.proposals.accounts import AccountAccess, Accounts
from bot.proposals.actions import PendingActions
from bot.proposals.billing import TopupPerformer
from bot.proposals.cards import ProposalCards
from bot.proposals.coverage import Coverage
from bot.proposals.draws import DrawPerformer
from bot.proposals.executor import Executor
from bot.proposals.extractions import ExtractionPerformer
from bot.proposals.handoff import HandoffLog
from bot.proposals.kinds import ProposalKinds
from bot.proposals.opening import PendingProposals, key_of
from bot.proposals.performer import Performer, performers
from bot.proposals.pictures import PreviewPictures
from bot.proposals.ports import WriteCalls
from bot.proposals.previews import write_preview
from bot.proposals.threads import ThreadPerformer
from bot.proposals.uploads import Uploads
from bot.relay.observing import Unobserved
from bot.relay.sending.outbox import Outbox
from bot.storage.engine.database import Database
from bot.storage.places.cached_answers import CachedAnswers
from bot.storage.places.default_accounts import DefaultAccounts
from bot.storage.secrets.person_keys import PersonKeys
from bot.storage.secrets.vault import Vault
from bot.storage.tables import deliveries
from bot.storage.writes.audit import AuditLog
from bot.storage.writes.audit_journal import AuditJournal
from bot.storage.writes.media_files import MediaFiles
from bot.storage.writes.media_handoff import HandoffRow, MediaHandoff
from bot.storage.writes.proposal_rows import StoredProposal
from bot.storage.writes.proposals import ProposalStore
from bot.storage.writes.running_proposals import RunningProposals
from bot.storage.writes.sealing import Sealing
from bot.storage.writes.thread_parts import ThreadParts
from bot.storage.writes.topups import Topups
from bot.xquik.account_changes import AccountChanges
from bot.xquik.client import XquikClient
from bot.xquik.connections import Connections
from bot.xquik.draw_runs import DrawRuns
from bot.xquik.extraction_runs import ExtractionRuns
from bot.xquik.models import DrawDetail, ExtractionJob
from bot.xquik.transport.caller import Caller
from bot.xquik.transport.client import Transport
from bot.xquik.writes import XquikWrites
from tests.proposals.vendor import Cut, Unreachable, Vendor
from tests.relay.engine import jobs_of

TENANT = TenantId("discord", "1")
ELSEWHERE = TenantId("discord", "2")
PLACE = Destination(TENANT, "10")
KEY = SecretStr("xq_" + "ab" * 32)
# The same in every process of a test.
VAULT = Vault([SecretStr("YWJhYmFiYWJhYmFiYWJhYmFiYWJhYmFiYWJhYmFiYWI=")])

ANN = Actor("ann", "Ann", frozenset({"publishers"}))
BOB = Actor("bob", "Bob", frozenset({"publishers"}))
EVE = Actor("eve", "Eve")
PEOPLE = (ANN, BOB, EVE)

POST = {"account": "acme", "text": "Hello from the moon"}
KINDS = ProposalKinds((*TWEET_KINDS, DRAW_RUN, EXTRACTION_RUN, MEDIA_UPLOAD, AVATAR, BANNER, TOPUP))
CARDS = ProposalCards(KINDS)

DRAW = {"tweetUrl": "https://x.com/xquik/status/1893456789012345678", "winnerCount": 1}
THREADED = {"account": "acme", "parts": ["One.", "Two.", "Three."]}
EXTRACTION = {"toolType": "follower_explorer", "targetUsername": "nasa", "resultsLimit": 30}


# Of every process of a test.
VAULT_KEY = SecretStr("c2VhbGVkLWZvci10aGUtdGVzdHMtb25seS0xMjM0NTY=")


@dataclass
class Policy:
    """The grants of a tenant, which a test may change at any moment."""

    stored: list[Grant] = field(
        default_factory=lambda: [Grant("role", "publishers", Permission.PUBLISH | Permission.SPEND)]
    )

    rules: list[PolicyRule] = field(default_factory=list)

    async def policy(self, _tenant: TenantId) -> StoredPolicy:
        """What is stored."""
        return StoredPolicy(tuple(self.stored), tuple(self.rules))


class Lanes:
    """Notes which lanes were woken."""

    def __init__(self) -> None:
        self.woken: list[str] = []

    def wake(self, lane: str) -> None:
        """Note it."""
        self.woken.append(lane)


class RecordingClients:
    """The real client, for tenants that have a key."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._connections = Connections(transport)
        self.keyless = False
        self.away = 0  # how often the database will not give the key

    async def writes(self, tenant: TenantId) -> WriteCalls:
        """The tenant's writes."""
        return XquikWrites(self._transport, self._key())

    async def client(self, tenant: TenantId) -> XquikClient:
        """What else may be asked."""
        return self._connections.client(self._key())

    async def draw_runs(self, tenant: TenantId) -> DrawRuns:
        """The tenant's draws, to be run."""
        return DrawRuns(Caller(self._transport, self._key()))

    async def extraction_runs(self, tenant: TenantId) -> ExtractionRuns:
        """The tenant's extractions, to be run."""
        return ExtractionRuns(Caller(self._transport, self._key()))

    async def account_changes(self, tenant: TenantId) -> AccountChanges:
        """The tenant's changes of the account."""
        return AccountChanges(Caller(self._transport, self._key()))

    def _key(self) -> SecretStr:
        if self.away > 0:
            self.away -= 1
            raise StorageUnavailable("the database cannot be reached", code="storage")
        if self.keyless:
            raise NotConfigured("No Xquik key is set up here.")
        return KEY


def client_of(vendor: Vendor) -> httpx.AsyncClient:
    """An HTTP client whose network ends at the vendor."""

    async def answer(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0)
        key = request.headers.get("idempotency-key")
        try:
            status, body = vendor.handle(request.method, request.url.path, key, request.content)
        except Cut:
            raise httpx.ReadError("cut", request=request) from None
        except Unreachable:
            raise httpx.ConnectError("away", request=request) from None
        return httpx.Response(status, json=body)

    return httpx.AsyncClient(transport=httpx.MockTransport(answer))


async def present_draw(proposal: StoredProposal, drawn: DrawDetail) -> Card:
    """The card of a draw, as the commands would give it."""
    return Card(f"Draw {drawn.draw.id}: {drawn.main_winners[0].author_username}")


async def present_job(_proposal: StoredProposal, job: ExtractionJob) -> Card:
    """The card of an extraction, as the commands would give it."""
    return Card(f"Extraction {job.id}: {job.total_results}")


async def present_progress(_proposal: StoredProposal, job_id: str, job: ExtractionJob | None) -> Card:
    """How far an extraction is, as the commands would say it."""
    return Card(f"Extraction {job_id}: {0 if job is None else job.total_results} so far")


async def at_once(_seconds: float) -> None:
    """Time does not pass by waiting: the test moves the clock."""
    await asyncio.sleep(0)


class ProposalsHarness:
    """Everything wired as the application does it. `rebuild` is a new process on the same database."""

    def __init__(
        self,
        database: Database,
        clock: Any,
        directory: Path,
        *,
        vendor_url: str | None = None,
        sole: bool = True,
        kinds: ProposalKinds = KINDS,
        step: Callable[[str], None] = lambda _name: None,
    ) -> None:
        self.database = database
        self.clock = clock
        self.vendor = Vendor(clock)
        self.policy = Policy()
        self.lanes = Lanes()
        self.directory = directory
        self.sole = sole
        self.kinds = kinds
        self._vendor_url = vendor_url
        self._random = Random()
        self._ids = itertools.count(1)
        self.rebuild(step)

    def rebuild(self, step: Callable[[str], None] = lambda _name: None) -> None:
        """Make every object anew, as a start of the process does."""
        self.transport = self._transport()
        self.clients = RecordingClients(self.transport)
        self.audit = AuditLog(self.database, PersonKeys(self.database, VAULT, self.clock), self.clock)
        journal = AuditJournal(self.audit)
        self.store = ProposalStore(
            self.database,
            self.clock,
            self._random,
            self.kinds.names,
            Sealing(VAULT, self.kinds.sealed),
            journal,
        )
        self.media = MediaFiles(self.database, VAULT, self.clock)
        self.topups = Topups(self.database)
        self.handoff = MediaHandoff(self.database, self.clock)
        handoff = HandoffLog(self.handoff)
        uploads = Uploads(self.clients, self.media, handoff, step)
        own: dict[str, Performer] = {
            DRAW_RUN.name: DrawPerformer(self.clients, present_draw, self.clock),
            EXTRACTION_RUN.name: ExtractionPerformer(self.clients, present_job, present_progress, self.clock),
            TOPUP.name: TopupPerformer(self.clients, TOPUP, self.topups, self.clock),
            THREAD.name: ThreadPerformer(self.clients, ThreadParts(self.database, self._random), uploads),
        }
        self.executor = Executor(
            self.store,
            self.kinds,
            performers(self.kinds, self.clients, {k: own[k] for k in own if k in self.kinds}, uploads),
            Outbox(self.clock),
            self.lanes,
            clock=self.clock,
            sleep=asyncio.sleep if self._vendor_url else at_once,
            random=Random(1),
            handoff=handoff,
            jobs=jobs_of(Unobserved()),
            sole=self.sole,
            step=step,
        )
        self.pending = PendingProposals(self.store, ProposalCards(self.kinds), self.executor)
        self.accounts = Accounts(
            self._way,
            CachedAnswers(self.database, self.clock),
            DefaultAccounts(self.database),
            clock=self.clock,
        )
        self.actions = PendingActions(
            self.store,
            self.executor,
            self.policy,
            self.accounts,
            Coverage(self.clients, self.kinds),
            self.kinds,
            RunningProposals(self.database),
            PreviewPictures(self.media),
            journal,
        )

    async def recorded(self) -> list[tuple[str, str]]:
        """What stands in the record, in order: events and how they ended. Its chain must hold."""
        check = await self.audit.checked(TENANT)
        assert check.faults == []
        records = await self.audit.page(TENANT, before=None, most=1_000)
        assert all(one.person for one in records)
        return [(one.body["event"], one.body["outcome"]) for one in records[::-1]]

    async def _way(self, invocation: Invocation) -> AccountAccess:
        return AccountAccess(await self.clients.client(invocation.tenant), "key")

    def _transport(self) -> Transport:
        """Over the network to a vendor elsewhere, or straight to the one that is here."""
        if self._vendor_url:
            return Transport(self._vendor_url)
        return Transport(
            "http://127.0.0.1:9/api/v1",
            http=client_of(self.vendor),
            clock=self.clock,
            sleep=at_once,
            rng=Random(1),
        )

    def invocation(self, who: Actor, tenant: TenantId = TENANT, message: str | None = "m1") -> Invocation:
        """One click or command of a person."""
        place = Destination(tenant, "10")
        ref = MessageRef(place, message) if message else None
        return Invocation(f"i{next(self._ids)}", who, place, self.clock(), message=ref)

    async def open(
        self,
        payload: Mapping[str, Any] = POST,
        kind: str = "tweet.create",
        who: Actor = ANN,
        target: Quote | None = None,
        place: Destination = PLACE,
        message: str | None = "m1",
        command: str = "",
    ) -> str:
        """A person proposes something and sees the preview as message m1; its key."""
        of = self.kinds[kind]
        drawn = of.write is not None or of is THREAD
        preview = write_preview(of, payload, target) if drawn else Card("Run this?")
        card = await self.pending.open(
            replace(self.invocation(who, message=None), place=place),
            Proposal(kind, payload, preview, credits=30),
            command,
        )
        await self.pending.shown(card, MessageRef(place, message) if message else None)
        key = key_of(card)
        assert key is not None
        return key

    async def press(
        self,
        name: str,
        key: str,
        who: Actor = ANN,
        values: Mapping[str, str] | None = None,
        tenant: TenantId = TENANT,
        message: str | None = "m1",
    ) -> Reply:
        """A person presses a button, or sends its form back; the answer."""
        action = next(a for a in self.actions.actions() if a.name == f"pending.{name}")
        call: Call[Any] = Call(self.invocation(who, tenant, message), None, _silent)
        answer = await action.run(call, {"key": key}, values or {})
        assert isinstance(answer, Reply)
        return answer

    async def finish(self, rounds: int = 60) -> None:
        """Let time pass until everything that was confirmed has ended."""
        for _ in range(rounds):
            await self.executor.sweep()
            waiting = await self.store.unsettled()
            if not waiting:
                return
            self.clock.now = max(self.clock.now, min(row.poll_at or 0.0 for row in waiting))
        raise AssertionError("it never ended")

    async def row(self, key: str) -> StoredProposal:
        """The proposal as it is stored."""
        found = await self.store.get(TENANT, key)
        assert found is not None
        return found

    async def handed_off(self) -> tuple[HandoffRow, ...]:
        """The hand-off log of the place."""
        return await self.handoff.rows(TENANT)

    async def outcomes(self) -> Sequence[Any]:
        """The deliveries of outcomes, oldest first."""
        return await self._deliveries("card")

    async def words(self) -> Sequence[Any]:
        """The deliveries that only edit a message whose proposal has not ended by an answer."""
        return await self._deliveries("edit")

    async def sending(self) -> None:
        """All that waits is being sent."""
        change = update(deliveries).where(deliveries.c.state == "waiting").values(state="sending")
        await self.database.write(lambda connection: connection.execute(change))

    async def _deliveries(self, kind: str) -> Sequence[Any]:
        query = select(deliveries).where(deliveries.c.kind == kind).order_by(deliveries.c.id)

        async def work(connection: AsyncConnection) -> Sequence[Any]:
            return (await connection.execute(query)).all()

        return await self.database.read(work)


async def _silent(_card: Card) -> None:
    pass
