"""The whole sandbox in one object: the world, the customers, and what they made."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import random
from collections import Counter, deque
from collections.abc import Awaitable, Callable

from bot.sandbox import records
from bot.sandbox.bell import Bell
from bot.sandbox.config import SandboxConfig
from bot.sandbox.credits import Balances
from bot.sandbox.faults import Faults
from bot.sandbox.limits import FixedWindowLimiter
from bot.sandbox.problems import ApiProblem
from bot.sandbox.store import Store
from bot.sandbox.world.broadcasts import BroadcastsOfX
from bot.sandbox.world.communities import CommunitiesOfX
from bot.sandbox.world.graph import SocialGraph
from bot.sandbox.world.inbox import InboxOfX
from bot.sandbox.world.lists import ListsOfX
from bot.sandbox.world.people import PeopleOfX, PersonOfX
from bot.sandbox.world.spaces import SpacesOfX
from bot.sandbox.world.timeline import Timeline

ORIGIN_MARK = "https://origin.sandbox.invalid"
"""Stands for the address the sandbox is served at, in anything stored."""

DEFAULT_CUSTOMER = "c1"
_KEPT_EVENTS = 5_000
_KEPT_DELIVERIES = 10_000
_KEPT_POSTS = 5_000
_KEPT_SPACES = 1_000
_KEPT_MESSAGES = 5_000


class Sandbox:
    """State shared by the API, the event clock, the webhook sender and the control endpoints.

    ``clock`` gives seconds since the epoch, ``sleep`` waits; both are real unless injected.
    """

    def __init__(
        self,
        config: SandboxConfig,
        *,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        faults: Faults,
    ) -> None:
        self.config, self.faults, self.sleep = config, faults, sleep
        self._clock, self._offset = clock, 0.0
        self.origin = "http://127.0.0.1"
        self.rng = random.Random(f"sandbox:{config.seed}")
        self.store = store = Store(config.state_path)
        self._open(store)
        met = store.collection("acquaintance", records.Acquaintance)
        profiles = store.collection("profile", records.Profile)
        self.people = PeopleOfX(
            config.seed,
            [one.id for one in met],
            lambda name: met.put(records.Acquaintance(id=name)),
            {one.id: one.fields for one in profiles},
            lambda person, fields: profiles.put(records.Profile(id=person, fields=dict(fields))),
        )
        self.timeline = Timeline(
            self.people,
            config.seed,
            store.collection("post", records.Post, keep=_KEPT_POSTS),
            self.relations,
        )
        self.graph = SocialGraph(self.people, self.timeline, self.relations)
        self.communities = CommunitiesOfX(
            self.people,
            self.timeline,
            self.relations,
            store.collection("community", records.CommunityRecord),
        )
        self.spaces = SpacesOfX(
            self.people, store.collection("space", records.SpaceRecord, keep=_KEPT_SPACES), self.now
        )
        self.broadcasts = BroadcastsOfX(
            self.people, store.collection("broadcast", records.BroadcastRecord, keep=_KEPT_SPACES), self.now
        )
        self.lists = ListsOfX(self.people, self.timeline)
        self.inbox = InboxOfX(
            self.people,
            self.timeline,
            self.graph,
            self.relations,
            store.collection("message", records.MessageRecord, keep=_KEPT_MESSAGES),
        )
        for renamed in self.new_names:
            if (person := self.people.by_id(renamed.id)) is not None:
                self.people.rename(person, renamed.username)
        self.credits = Balances(self.customers)
        self.limiter = FixedWindowLimiter(config.limits)
        self.seen: Counter[str] = Counter()
        self.performed: Counter[str] = Counter()
        self.bell = Bell()
        self.closing = asyncio.Event()
        self.streams: Counter[str] = Counter()
        self.next_outcomes: deque[records.OrderedWrite] = deque()
        self.next_extractions: deque[str] = deque()
        if self.customers.get(DEFAULT_CUSTOMER) is None:
            self.admit(config.api_key, DEFAULT_CUSTOMER)

    def _open(self, store: Store) -> None:
        """Everything that is kept across restarts."""
        self.customers = store.collection("customer", records.Customer)
        self.keys = store.collection("key", records.ApiKey)
        self.accounts = store.collection("account", records.ConnectedAccount)
        self.drafts = store.collection("draft", records.DraftRecord)
        self.styles = store.collection("style", records.StyleRecord)
        self.monitors = store.collection("monitor", records.MonitorRecord)
        self.events = store.collection("event", records.EventRecord, keep=_KEPT_EVENTS)
        self.webhooks = store.collection("webhook", records.WebhookRecord)
        self.deliveries = store.collection(
            "delivery",
            records.DeliveryRecord,
            keep=_KEPT_DELIVERIES,
            evict=lambda row: row.status != "pending",
        )
        self.draws = store.collection("draw", records.DrawRecord)
        self.extractions = store.collection("extraction", records.ExtractionRecord)
        self.topups = store.collection("topup", records.TopupRecord)
        self.tickets = store.collection("ticket", records.TicketRecord)
        self.galleries = store.collection("gallery", records.GalleryRecord)
        self.uploads = store.collection("upload", records.Upload)
        self.actions = store.collection("action", records.WriteActionRecord)
        self.relations = store.collection("relation", records.Relation)
        self.new_names = store.collection("new name", records.NewName)

    def now(self) -> float:
        """Seconds since the epoch, moved by whatever the control endpoint added."""
        return self._clock() + self._offset

    def advance(self, seconds: float) -> None:
        self._offset += seconds

    def admit(self, key: str, owner: str | None = None, credits: int | None = None) -> records.Customer:
        """A new customer with ``key``, its credits, and the configured connected accounts."""
        owner = owner or f"c{self.store.next('customer', 2)}"
        balance = self.config.credits if credits is None else credits
        customer = self.customers.put(records.Customer(id=owner, balance=balance, purchased=balance))
        self.keys.put(records.ApiKey(id=key, owner=owner))
        for username in self.config.connected:
            self.connect(owner, username)
        return customer

    def connect(self, owner: str, username: str, health: str = "healthy") -> records.ConnectedAccount:
        """Let ``owner`` write as ``username``; connecting again changes the health."""
        person = self.people.by_handle(username)
        if person is None:
            raise ApiProblem(404, "user_not_found", f"No account @{username}.")
        found = next((a for a in self.accounts if a.owner == owner and a.x_user_id == person.id), None)
        if found is not None:
            found.health = health
            return self.accounts.put(found)
        return self.accounts.put(
            records.ConnectedAccount(
                id=str(self.store.next("account", 41)),
                owner=owner,
                username=person.username,
                x_user_id=person.id,
                health=health,
                created_at=self.now(),
            )
        )

    def rename(self, person: PersonOfX, username: str) -> PersonOfX:
        """Somebody takes another handle, everywhere at once: monitors and connected accounts show it."""
        with self.store.atomic():
            self.new_names.put(records.NewName(id=person.id, username=username))
            for monitor in [one for one in self.monitors if one.x_user_id == person.id]:
                monitor.username = username
                self.monitors.put(monitor)
            for account in [one for one in self.accounts if one.x_user_id == person.id]:
                account.username = username
                self.accounts.put(account)
        return self.people.rename(person, username)

    def owner_of(self, key: str) -> str | None:
        """Who a key belongs to; every stored key is compared, each in constant time."""
        owner = None
        for known in self.keys:
            if (
                hmac.compare_digest(known.id.encode(), key.encode("utf-8", "surrogateescape"))
                and known.active
            ):
                owner = known.owner
        return owner

    def secret(self, purpose: str) -> str:
        """A 64-digit hex secret: fixed by the seed and ``purpose``, so that runs can be repeated."""
        return hashlib.sha256(f"{self.config.seed}:{purpose}".encode()).hexdigest()

    def request_id(self) -> str:
        """A correlation id; every answer of the API carries one."""
        return f"req_{self.rng.getrandbits(64):016x}"

    def announce(self) -> None:
        """Wake whoever waits for new events or deliveries."""
        self.bell.ring()

    def placed(self, text: str) -> str:
        """``text`` with the stored stand-in replaced by the address we are served at now."""
        return text.replace(ORIGIN_MARK, self.origin)

    def stop(self) -> None:
        """End the background tasks and the open streams; the state stays readable."""
        self.closing.set()
        self.announce()

    def close(self) -> None:
        self.store.close()
