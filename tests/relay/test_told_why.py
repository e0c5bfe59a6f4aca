"""Why a place is quiet, and what credits there are, is read by those alone who may see it at that moment."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bot.core.access import Actor, Grant, Permission
from bot.core.chat.delivery_results import Busy, Refused
from bot.core.chat.ids import Destination, TenantId
from bot.core.policy import Policy as StoredPolicy
from bot.core.routes.dedup_keys import DedupKey
from bot.core.routes.deliveries import DeliveryKind
from bot.relay.sending.reading import withheld
from bot.sandbox.server import RunningSandbox
from bot.storage.engine.database import Database
from bot.storage.places.contacts import ContactKind, Contacts
from bot.storage.relay.lane_heads import Claimed
from tests.features.edge import words
from tests.relay.harness import TENANT, RecordingMessenger, route
from tests.relay.quiet_harness import card, said, watching
from tests.relay.sandbox_harness import Xquik

SOON = "The Xquik credits run out soon"
TEAM = Grant("role", "team", Permission.VIEW)
CLOSED = Grant("admins", "", Permission(0))


@pytest.mark.parametrize(
    ("who", "grants", "may"),
    [
        (Actor("U1", "U1", is_admin=True), (), True),
        (Actor("U1", "U1", is_member=True), (), True),
        (Actor("U1", "U1", frozenset({"team"})), (TEAM,), True),
        (Actor("U1", "U1", frozenset({"others"})), (TEAM,), False),
        (Actor("U1", "U1"), (), False),
        (Actor("U1", "U1", is_admin=True), (CLOSED,), True),  # an admin can always mend it
        (Actor("U1", "U1", is_member=True), (Grant("members", "", Permission.USE),), False),
    ],
)
async def test_who_may_not_see_it_any_more_is_passed_over(
    who: Actor, grants: tuple[Grant, ...], may: bool
) -> None:
    access = Policy(grants)
    messenger = RecordingMessenger(people={"U1": who})
    kept = await withheld(messenger, access, claimed("mv:quiet:x"))
    assert (kept is None) if may else isinstance(kept, Refused)
    assert await withheld(messenger, access, claimed("m:rp:x")) is None, "no figures in it"
    assert await withheld(messenger, access, claimed("mv:quiet:x", person="@owner")) is None


async def test_a_platform_that_does_not_say_is_asked_again_and_then_the_next_is_told() -> None:
    access = Policy()
    messenger = RecordingMessenger(people={"U1": None})
    first = await withheld(messenger, access, claimed("mv:quiet:x", attempts=1))
    last = await withheld(messenger, access, claimed("mv:quiet:x", attempts=6))
    assert isinstance(first, Busy) and isinstance(last, Refused)


async def test_the_next_in_line_is_told_and_the_place_itself_where_nobody_can_be(
    database: Database, sandbox: RunningSandbox, xquik: Xquik
) -> None:
    await xquik.monitor()
    async with watching(database, sandbox) as house:
        await house.join()
        await house.relay.routes.add(route("more", "C2", created_by="U1"), 9.0)
        await Contacts(database, lambda: 1.0).put(TENANT, ContactKind.SETUP, "U2")
        house.messenger.people.update(U1=Actor("U1", "U1"), U2=Actor("U2", "U2", is_admin=True))
        await xquik.control("/credits", balance=30 * 24 * 9)
        await house.ingest.watch.look(await house.member())
        await house.quiet()
        assert [(who, told.title) for who, told in house.messenger.told] == [("U2", SOON)]
        assert said(house) == said(house, "C2") == []
        await xquik.control("/credits", balance=30 * 24 * 30)
        await house.ingest.watch.look(await house.member())
        await house.quiet()
        house.messenger.told.clear()
        house.messenger.people["U2"] = Actor("U2", "U2")
        house.messenger.tell_answers.append(Refused("the owner takes no direct messages"))
        await xquik.control("/credits", balance=30 * 24 * 9)
        for _ in range(2):
            await house.ingest.watch.look(await house.member())
        await house.quiet()
        assert house.messenger.told == []
        assert said(house) == said(house, "C2") == ["It may fall quiet here"]
        read = words(card(house))
        assert not any(figure in read for figure in "0123456789") and "credit" not in read
        assert [button.label for button in card(house).buttons] == ["Why?"]


def claimed(dedup_key: str, *, person: str = "U1", attempts: int = 1) -> Claimed:
    """A direct message that is about to be sent."""
    return Claimed(
        id=1,
        destination=Destination(TENANT, ""),
        lane=f"{TENANT}/@{person}",
        kind=DeliveryKind.TELL,
        route=None,
        key="k",
        card=None,
        edit_message=None,
        person=person,
        attempts=attempts,
        sending_since=0.0,
        interrupted=False,
        ambiguous=False,
        created_at=0.0,
        event=None,
        dedup_key=DedupKey(dedup_key),
    )


@dataclass(frozen=True)
class Policy:
    """What is granted."""

    stored: tuple[Grant, ...] = ()

    async def policy(self, _tenant: TenantId) -> StoredPolicy:
        return StoredPolicy(self.stored)
