"""Other websites cannot use the playground through a visitor's browser."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from adapters.playground.limits import BODY
from bot.i18n.pseudo import CLOSING, OPENING
from tests.adapters.playground.harness import PlaygroundHarness, Visitor, open_house

COMMAND = {"text": "trends region:US"}


# Nothing here gets far enough to change anything, so one playground serves all of these tests.
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[PlaygroundHarness]:
    async with open_house(tmp_path_factory.mktemp("guard") / "bot.db") as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def ada(house: PlaygroundHarness) -> AsyncIterator[Visitor]:
    async with Visitor(house, "ada") as visitor:
        yield visitor


@pytest_asyncio.fixture(loop_scope="module")
async def refused(ada: Visitor) -> AsyncIterator[None]:
    """Asserts that the test left no message behind."""
    before = await ada.messages()
    yield
    assert await ada.messages() == before


async def test_the_page_s_own_request_passes(ada: Visitor) -> None:
    assert (await ada.post("command", COMMAND)).status_code == 200


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "https://evil.example",
        "http://127.0.0.1",
        "http://127.0.0.1:1",
        "http://localhost.evil.example",
    ],
)
@pytest.mark.usefixtures("refused")
async def test_a_post_from_another_origin_is_refused(ada: Visitor, origin: str | None) -> None:
    answer = await ada.post("command", COMMAND, {"origin": origin})
    assert (answer.status_code, answer.json()["error"]) == (403, "origin")


@pytest.mark.parametrize("token", [None, "", "0" * 64, "é"])
@pytest.mark.usefixtures("refused")
async def test_a_post_without_the_right_token_is_refused(ada: Visitor, token: str | None) -> None:
    headers = {"x-csrf": None if token is None else token.encode()}
    answer = await ada.post("command", COMMAND, headers)
    assert (answer.status_code, answer.json()["error"]) == (403, "csrf")


async def test_a_token_is_worth_nothing_without_its_cookie(house: PlaygroundHarness, ada: Visitor) -> None:
    async with Visitor(house) as other:
        other.csrf = ada.csrf
        assert (await other.post("command", COMMAND)).status_code == 403
        other.client.cookies.clear()
        assert (await other.post("command", COMMAND)).status_code == 403


async def test_the_session_cookie_is_out_of_reach_for_scripts_and_other_sites(
    house: PlaygroundHarness,
) -> None:
    async with httpx.AsyncClient(base_url=house.origin, trust_env=False) as client:
        cookie = (await client.get("/api/state")).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:80",
        "127.0.0.1.evil.example",
        "127.0.0.1@evil.example",
        "",
        "[::1",
        "a b",
    ],
)
@pytest.mark.parametrize("path", ["/", "/api/state", "/api/stream?person=ada", "/static/js/main.js"])
async def test_a_foreign_name_for_this_address_gets_nothing(
    house: PlaygroundHarness, host: str, path: str
) -> None:
    """DNS rebinding: the attacker's own name resolves to 127.0.0.1."""
    async with httpx.AsyncClient(base_url=house.origin, trust_env=False) as client:
        answer = await client.get(path, headers={"host": host})
    assert answer.status_code in (400, 421)
    assert "csrf" not in answer.text


@pytest.mark.usefixtures("refused")
async def test_a_foreign_host_cannot_post_even_with_its_own_origin(ada: Visitor) -> None:
    port = ada.origin.rpartition(":")[2]
    headers = {"host": f"evil.example:{port}", "origin": f"http://evil.example:{port}"}
    assert (await ada.post("command", COMMAND, headers)).status_code == 421


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", None]
)
async def test_only_json_is_taken(ada: Visitor, kind: str | None) -> None:
    """A plain form of another site can send these without asking first."""
    assert (await ada.post("command", COMMAND, {"content-type": kind})).status_code == 415


async def test_a_body_may_have_64_kib_and_not_one_byte_more(ada: Visitor) -> None:
    empty = len('{"person": "ada", "channel": "general", "text": "trends", "pad": ""}')
    fits = await ada.post("command", {"text": "trends", "pad": "x" * (BODY - empty)})
    over = await ada.post("command", {"text": "trends", "pad": "x" * (BODY - empty + 1)})
    assert (fits.status_code, over.status_code) == (200, 413)


@pytest.mark.parametrize(
    ("path", "words"), [("command", "This command is"), ("form", "What you filled in is")]
)
async def test_what_is_too_long_is_named_with_its_length(ada: Visitor, path: str, words: str) -> None:
    answer = await ada.post(path, {"text": "a" * (70 * 1024 - 100)})
    assert answer.json()["message"] == f"{words} 70 KiB long; at most 64 KiB fit. Make it shorter."


async def test_a_command_with_more_letters_than_fit_says_how_many(ada: Visitor) -> None:
    answer = await ada.post("command", {"text": "a" * 41_000})
    assert answer.json()["message"] == "This command is 41,000 characters long; the limit is 40,000."


async def test_a_body_that_hides_its_length_is_counted_as_it_comes(ada: Visitor) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(5):
            yield b" " * 16 * 1024

    headers = {"origin": ada.origin, "x-csrf": ada.csrf, "content-type": "application/json"}
    answer = await ada.client.post("/api/command", content=pieces(), headers=headers)
    assert answer.status_code == 413


async def test_reading_never_changes_anything(ada: Visitor) -> None:
    for path in ("command", "press", "form", "channels", "dismiss", "suggest"):
        assert (await ada.client.get(f"/api/{path}", params={"text": "trends"})).status_code == 405


async def test_a_page_of_another_site_cannot_read_the_api(ada: Visitor) -> None:
    for site in ("cross-site", "same-site"):
        answer = await ada.client.get(
            "/api/state", headers={"sec-fetch-site": site, "sec-fetch-mode": "cors"}
        )
        assert answer.status_code == 403
        assert "access-control-allow-origin" not in answer.headers
    linked = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert (await ada.client.get("/", headers=linked)).status_code == 200
    assert (await ada.client.get("/api/state", headers=linked)).status_code == 403


@pytest.mark.parametrize(
    "path", ["/", "/api/state", "/static/js/main.js", "/nothing", "/api/files/none?person=ada"]
)
async def test_every_answer_carries_the_headers_that_protect_it(house: PlaygroundHarness, path: str) -> None:
    async with httpx.AsyncClient(base_url=house.origin, trust_env=False) as client:
        headers = (await client.get(path)).headers
    policy = headers["content-security-policy"]
    for rule in ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert rule in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"


async def test_a_machine_elsewhere_is_not_served_when_bound_to_loopback(house: PlaygroundHarness) -> None:
    """As when the application is mounted in a server that listens everywhere."""
    transport = httpx.ASGITransport(house.playground.app, client=("192.0.2.7", 5000))
    async with httpx.AsyncClient(transport=transport, base_url=house.origin) as client:
        assert (await client.get("/")).status_code == 403


async def test_a_path_cannot_leave_the_static_directory(house: PlaygroundHarness) -> None:
    async with httpx.AsyncClient(base_url=house.origin, trust_env=False) as client:
        for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py"):
            assert (await client.get(path)).status_code == 404


@pytest.mark.parametrize(
    ("path", "body", "headers"),
    [
        ("command", COMMAND, {"x-csrf": "another"}),
        ("command", {"text": "a" * 41_000}, {}),
        ("command", {"text": "a" * (70 * 1024)}, {}),
        ("press", {"message": 0}, {}),
    ],
)
async def test_a_refusal_is_said_in_the_language_of_the_browser(
    ada: Visitor, path: str, body: dict[str, object], headers: dict[str, str]
) -> None:
    answer = await ada.post(path, body, {"accept-language": "en-XA,en;q=0.5", **headers})
    said = answer.json()["message"]
    assert answer.is_client_error and said[0] == OPENING and said[-1] == CLOSING


async def test_a_language_that_nobody_speaks_is_answered_in_english(ada: Visitor) -> None:
    answer = await ada.post("command", COMMAND, {"accept-language": "<script>", "x-csrf": "another"})
    assert answer.json()["message"] == "This page is from an earlier run; reload it."


async def test_the_channels_it_starts_with_are_described_in_the_language_of_the_browser(
    ada: Visitor,
) -> None:
    answer = await ada.client.get("/api/state", headers={"accept-language": "en-XA"})
    channels = {one["id"]: one for one in answer.json()["channels"]}
    for text in (channels["alerts"]["topic"], channels["alerts"]["hint"]):
        assert text[0] == OPENING and text[-1] == CLOSING
    assert "relay add account:nasa" in channels["alerts"]["hint"]
