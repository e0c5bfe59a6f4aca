"""The same for what brings one picture with its request, and for pages on which is paid."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from multiprocessing.context import ForkServerContext
from typing import Any

import pytest

from bot.core.proposal_states import ProposalState
from tests.media import png
from tests.proposals.harness import TENANT, ProposalsHarness
from tests.proposals.killing import AT_ONCE, VendorServer, database_url, go_on, house, processes, run, server
from tests.proposals.test_uploads import attached, kept_parts

__all__ = ["database_url", "house", "processes", "server"]


async def of_one_file(house: ProposalsHarness) -> dict[str, Any]:
    """The payload of what brings one picture with its request."""
    payload = await attached(house, png())
    return {"account": payload["account"], "attached": payload["attached"]}


def brought(house: ProposalsHarness) -> Sequence[Any]:
    """The pictures that Xquik has."""
    return [*house.vendor.uploads, *house.vendor.pictures]


async def check_brought(house: ProposalsHarness, key: str) -> None:
    """One request under one key, one outcome, and no bytes are left here."""
    row = await house.row(key)
    assert (row.state, len(brought(house))) == (ProposalState.DONE, 1)
    assert {(w[2]) for w in house.vendor.writes()} == {row.idempotency_key}
    assert len({body_of(w) for w in house.vendor.writes()}) == 1, "the same picture each time"
    assert len(await house.outcomes()) == 1 and await kept_parts(house) == 0
    assert len(await house.handed_off()) == (row.kind == "media.upload")
    assert await house.recorded() == [("confirmed", "ok"), ("outcome", "done")]


def body_of(write: tuple[str, str, str | None, bytes]) -> bytes:
    """What was sent, without the boundary of its parts."""
    boundary, _, _ = write[3].partition(b"\r\n")
    return write[3].replace(boundary, b"--")


OF_ONE_FILE = ("media.upload", "profile.avatar", "profile.banner")


@pytest.mark.parametrize("database_url", ["sqlite_url", "postgres_url"], indirect=True)
@pytest.mark.parametrize("kill_at", range(1, len(AT_ONCE) + 1))
@pytest.mark.parametrize("kind", OF_ONE_FILE)
async def test_killed_at_any_step_of_an_upload_alone_it_is_brought_once(
    processes: ForkServerContext, house: ProposalsHarness, server: VendorServer, kind: str, kill_at: int
) -> None:
    key = await house.open(await of_one_file(house), kind)
    process = await run(processes, house, server, key, kill_at)
    assert process.exitcode == -signal.SIGKILL
    await go_on(house)
    await check_brought(house, key)


@pytest.mark.parametrize("request_number", [1, 2])
@pytest.mark.parametrize("kind", OF_ONE_FILE)
async def test_killed_while_the_vendor_answers_an_upload_alone_it_is_brought_once(
    processes: ForkServerContext,
    house: ProposalsHarness,
    server: VendorServer,
    kind: str,
    request_number: int,
) -> None:
    house.vendor.plan.append("accept")
    key = await house.open(await of_one_file(house), kind)
    server.at = request_number
    process = await run(processes, house, server, key, 0)
    assert process.exitcode == -signal.SIGKILL
    await go_on(house)
    await check_brought(house, key)


async def check_checkout(house: ProposalsHarness, key: str) -> None:
    """One page at Xquik, which is known here and looked at before another is offered."""
    assert (await house.row(key)).state is ProposalState.DONE
    assert house.vendor.checkouts == [25] and len(await house._deliveries("tell")) == 1
    begun = await house.topups.open_of(TENANT)
    assert begun is not None and (begun.proposal, begun.session) == (key, "cs_0")
    assert await house.recorded() == [("confirmed", "ok"), ("outcome", "done")]


@pytest.mark.parametrize("database_url", ["sqlite_url", "postgres_url"], indirect=True)
@pytest.mark.parametrize("kill_at", range(1, len(AT_ONCE) + 1))
async def test_killed_at_any_step_of_a_top_up_one_checkout_is_open(
    processes: ForkServerContext, house: ProposalsHarness, server: VendorServer, kill_at: int
) -> None:
    key = await house.open({"dollars": 25}, "credits.topup")
    process = await run(processes, house, server, key, kill_at)
    assert process.exitcode == -signal.SIGKILL
    await go_on(house)
    await check_checkout(house, key)


async def test_killed_while_the_vendor_answers_a_top_up_one_checkout_is_open(
    processes: ForkServerContext, house: ProposalsHarness, server: VendorServer
) -> None:
    key = await house.open({"dollars": 25}, "credits.topup")
    server.at = 1
    process = await run(processes, house, server, key, 0)
    assert process.exitcode == -signal.SIGKILL
    await go_on(house)
    await check_checkout(house, key)
