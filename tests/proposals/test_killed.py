"""A process killed with SIGKILL between any two steps: the next one goes on, and nothing is doubled."""

from __future__ import annotations

import signal
from multiprocessing.context import ForkServerContext

import pytest

from bot.core.chat import card_json
from bot.core.proposal_states import ProposalState
from tests.features.edge import words
from tests.proposals import doomed
from tests.proposals.harness import DRAW, EXTRACTION, POST, THREADED, ProposalsHarness
from tests.proposals.killing import AT_ONCE, VendorServer, database_url, go_on, house, processes, run, server
from tests.proposals.test_uploads import attached, kept_parts, urls

__all__ = ["database_url", "house", "processes", "server"]

COLLECTED = ("claimed", "dispatching", *("answered", "polling") * 3, "answered", "settling", "settled")
UPLOADED = (
    "claimed",
    "dispatching",
    *("upload_answered", "noted", "uploaded") * 2,
    "answered",
    "settling",
    "settled",
)
UPLOADED_SLOWLY = (
    *("claimed", "dispatching", "upload_answered", "answered", "polling"),
    *("upload_answered", "noted", "uploaded", "upload_answered", "answered", "polling"),
    *("upload_answered", "noted", "uploaded", "answered", "polling", "answered", "settling", "settled"),
)
ACCEPTED = ("claimed", "dispatching", "answered", "polling", "answered", "settling", "settled")


async def check_one(house: ProposalsHarness, key: str) -> None:
    """One post, one outcome, one line in the log, one key."""
    assert (await house.row(key)).state is ProposalState.DONE
    assert len(house.vendor.tweets) == 1
    assert len({(w[2], w[3]) for w in house.vendor.writes()}) == 1
    (outcome,) = await house.outcomes()
    assert card_json.decode(outcome.card).title == "Posted on X"
    assert len(await house.handed_off()) == 1
    assert await house.recorded() == [("confirmed", "ok"), ("outcome", "done")]


@pytest.mark.parametrize("database_url", ["sqlite_url", "postgres_url"], indirect=True)
@pytest.mark.parametrize("kill_at", [1, 2, 3])
async def test_killed_around_a_private_answer_what_is_told_again_says_so(
    processes: ForkServerContext, house: ProposalsHarness, server: VendorServer, kill_at: int
) -> None:
    house.kinds = doomed.alone(house.kinds)
    house.rebuild()
    key = await house.open(message=None)
    process = await run(processes, house, server, key, kill_at, doomed.answering)
    assert process.exitcode == -signal.SIGKILL
    await go_on(house)
    assert (house.directory / doomed.SHOWN).exists() == (kill_at > 1)
    told = await house._deliveries("tell")
    assert len(told) == (1 if kill_at < 3 else 0), "read and written down: nothing tells it again"
    assert await house.outcomes() == [] and len(house.vendor.tweets) == 1
    for one in told:
        card = card_json.decode(one.card)
        assert card.title == "Posted on X"
        assert "You may have read this already" in words(card)


MEDIA = {**POST, "media": ["https://img.example/a.png"]}


@pytest.mark.parametrize("database_url", ["sqlite_url", "postgres_url"], indirect=True)
@pytest.mark.parametrize("kill_at", range(len(AT_ONCE) + 1))
async def test_killed_at_any_step_of_a_post_it_is_posted_once(
    processes: ForkServerContext, house: ProposalsHarness, server: VendorServer, kill_at: int
) -> None:
    key = await house.open(MEDIA)
    process = await run(processes, house, server, key, kill_at)
    assert process.exitcode == (-signal.SIGKILL if kill_at else 0)
    await go_on(house)
    await check_one(house, key)


@pytest.mark.parametrize("kill_at", range(3, len(ACCEPTED) + 1))
async def test_killed_at_any_step_of_a_post_that_takes_its_time_it_is_posted_once(
    processes: ForkServerContext, house: ProposalsHarness, server: VendorServer, kill_at: int
) -> None:
    house.vendor.plan.append("accept")
    key = await house.open(MEDIA)
    process = await run(processes, house, server, key, kill_at)
    assert process.exitcode == -signal.SIGKILL
    await go_on(house)
    await check_one(house, key)


@pytest.mark.parametrize("request_number", [1, 2])
async def test_killed_while_the_vendor_answers_it_is_posted_once(
    processes: ForkServerContext, house: ProposalsHarness, server: VendorServer, request_number: int
) -> None:
    house.vendor.plan.append("accept")
    key = await house.open(MEDIA)
    server.at = request_number
    process = await run(processes, house, server, key, 0)
    assert process.exitcode == -signal.SIGKILL
    await go_on(house)
    await check_one(house, key)


async def check_uploaded(house: ProposalsHarness, key: str) -> None:
    """Each file uploaded once, one tweet with both, one outcome, a row in the log for each, nothing left."""
    assert (await house.row(key)).state is ProposalState.DONE
    assert (len(house.vendor.uploads), len(house.vendor.tweets)) == (2, 1)
    assert house.vendor.tweets[0]["media"] == urls(house)
    assert len({(w[1], w[2], w[3]) for w in house.vendor.writes()}) == 3, "each under one key, the same bytes"
    (outcome,) = await house.outcomes()
    assert card_json.decode(outcome.card).title == "Posted on X"
    assert sorted(row.event for row in await house.handed_off()) == ["post", "upload", "upload"]
    assert await kept_parts(house) == 0


@pytest.mark.parametrize("database_url", ["sqlite_url", "postgres_url"], indirect=True)
@pytest.mark.parametrize("kill_at", range(1, len(UPLOADED) + 1))
async def test_killed_at_any_step_of_uploads_and_a_post_each_is_done_once(
    processes: ForkServerContext, house: ProposalsHarness, server: VendorServer, kill_at: int
) -> None:
    key = await house.open(await attached(house))
    process = await run(processes, house, server, key, kill_at)
    assert process.exitcode == -signal.SIGKILL
    await go_on(house)
    await check_uploaded(house, key)


@pytest.mark.parametrize("database_url", ["sqlite_url", "postgres_url"], indirect=True)
@pytest.mark.parametrize("kill_at", range(3, len(UPLOADED_SLOWLY) + 1))
async def test_killed_at_any_step_of_uploads_that_take_their_time_each_is_done_once(
    processes: ForkServerContext, house: ProposalsHarness, server: VendorServer, kill_at: int
) -> None:
    house.vendor.plan.extend(["accept"] * 3)
    key = await house.open(await attached(house))
    process = await run(processes, house, server, key, kill_at)
    assert process.exitcode == -signal.SIGKILL
    await go_on(house)
    await check_uploaded(house, key)


@pytest.mark.parametrize("request_number", range(1, 7))
async def test_killed_while_the_vendor_answers_an_upload_each_is_done_once(
    processes: ForkServerContext, house: ProposalsHarness, server: VendorServer, request_number: int
) -> None:
    house.vendor.plan.extend(["accept"] * 3)
    key = await house.open(await attached(house))
    server.at = request_number
    process = await run(processes, house, server, key, 0)
    assert process.exitcode == -signal.SIGKILL
    await go_on(house)
    await check_uploaded(house, key)


@pytest.mark.parametrize("kill_at", range(1, len(AT_ONCE) + 1))
async def test_killed_at_any_step_of_a_draw_it_runs_once(
    processes: ForkServerContext, house: ProposalsHarness, server: VendorServer, kill_at: int
) -> None:
    key = await house.open(DRAW, "draw.run")
    process = await run(processes, house, server, key, kill_at)
    assert process.exitcode == -signal.SIGKILL
    await go_on(house)
    row = await house.row(key)
    assert (row.state, len(house.vendor.draws)) == (ProposalState.DONE, 1)
    sent = {(r[2], r[3]) for r in house.vendor.requests if r[0] == "POST"}
    assert [key for key, _ in sent] == [row.idempotency_key], "one key, and the same bytes each time"
    assert len(await house.outcomes()) == 1
    assert await house.recorded() == [("confirmed", "ok"), ("outcome", "done")]


@pytest.mark.parametrize("request_number", [1, 2])
async def test_killed_while_the_vendor_answers_a_draw_it_runs_once(
    processes: ForkServerContext, house: ProposalsHarness, server: VendorServer, request_number: int
) -> None:
    key = await house.open(DRAW, "draw.run")
    server.at = request_number
    process = await run(processes, house, server, key, 0)
    assert process.exitcode == -signal.SIGKILL
    await go_on(house)
    row = await house.row(key)
    assert (row.state, len(house.vendor.draws)) == (ProposalState.DONE, 1)
    assert {r[2] for r in house.vendor.requests if r[0] == "POST"} == {row.idempotency_key}
    assert len(await house.outcomes()) == 1


async def check_collected(house: ProposalsHarness, key: str) -> None:
    """One job, one key, one outcome."""
    row = await house.row(key)
    assert (row.state, row.write_action) == (ProposalState.DONE, "job1")
    assert len(house.vendor.extractions) == 1
    sent = {(r[2], r[3]) for r in house.vendor.requests if r[0] == "POST"}
    assert [key for key, _ in sent] == [row.idempotency_key], "one key, and the same bytes each time"
    assert len(await house.outcomes()) == 1


@pytest.mark.parametrize("database_url", ["sqlite_url", "postgres_url"], indirect=True)
@pytest.mark.parametrize("kill_at", range(1, len(COLLECTED) + 1))
async def test_killed_at_any_step_of_an_extraction_it_is_run_once_and_followed_to_its_end(
    processes: ForkServerContext, house: ProposalsHarness, server: VendorServer, kill_at: int
) -> None:
    key = await house.open(EXTRACTION, "extraction.run")
    process = await run(processes, house, server, key, kill_at)
    assert process.exitcode == -signal.SIGKILL
    await go_on(house)
    await check_collected(house, key)


@pytest.mark.parametrize("request_number", [1, 2, 3])
async def test_killed_while_the_vendor_answers_an_extraction_it_is_run_once(
    processes: ForkServerContext, house: ProposalsHarness, server: VendorServer, request_number: int
) -> None:
    key = await house.open(EXTRACTION, "extraction.run")
    server.at = request_number
    process = await run(processes, house, server, key, 0)
    assert process.exitcode == -signal.SIGKILL
    await go_on(house)
    await check_collected(house, key)


async def check_thread(house: ProposalsHarness, key: str) -> None:
    """Every part once, in its order, each an answer to the one before, under one key each."""
    row = await house.row(key)
    assert row.state is ProposalState.DONE and row.result is not None
    made = house.vendor.tweets
    assert [one["text"] for one in made] == THREADED["parts"]
    assert [one.get("reply_to_tweet_id") for one in made] == [None, made[0]["id"], made[1]["id"]]
    assert row.result["posted"] == [one["id"] for one in made] and row.result["charged"] == 90
    assert len({(w[2], w[3]) for w in house.vendor.writes() if w[0] == "POST"}) == 3
    (outcome,) = await house.outcomes()
    assert card_json.decode(outcome.card).title == "Thread posted on X"


@pytest.mark.parametrize("database_url", ["sqlite_url", "postgres_url"], indirect=True)
@pytest.mark.parametrize("kill_at", range(1, len(AT_ONCE) + 1))
async def test_killed_at_any_step_of_a_thread_each_part_is_posted_once(
    processes: ForkServerContext, house: ProposalsHarness, server: VendorServer, kill_at: int
) -> None:
    key = await house.open(THREADED, "tweet.thread")
    process = await run(processes, house, server, key, kill_at)
    assert process.exitcode == -signal.SIGKILL
    await go_on(house)
    await check_thread(house, key)


@pytest.mark.parametrize("database_url", ["sqlite_url", "postgres_url"], indirect=True)
@pytest.mark.parametrize("request_number", [1, 2, 3])
@pytest.mark.parametrize("plan", [(), ("accept",), ("ok", "accept")])
async def test_killed_while_the_vendor_answers_a_part_it_is_posted_once(
    processes: ForkServerContext,
    house: ProposalsHarness,
    server: VendorServer,
    request_number: int,
    plan: tuple[str, ...],
) -> None:
    house.vendor.plan.extend(plan)
    key = await house.open(THREADED, "tweet.thread")
    server.at = request_number
    process = await run(processes, house, server, key, 0)
    assert process.exitcode == -signal.SIGKILL
    await go_on(house)
    await check_thread(house, key)
