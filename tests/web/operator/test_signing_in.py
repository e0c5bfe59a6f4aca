"""Who is not signed in learns nothing; who is, is so for a while, in this browser alone."""

from __future__ import annotations

import re

import httpx
import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from bot.core.http.clients import ClientAddresses
from bot.storage.places.claims import StoredClaims
from bot.web.operator.app import PATH
from bot.web.operator.guard import FORM_COOKIE, OperatorGuard
from bot.web.operator.sessions import COOKIE, LIFETIME, OperatorSessions
from tests.relay.harness import serving
from tests.web.operator.conftest import TOKEN, Office, Visitor, dead

OPEN = {("GET", "/login"), ("HEAD", "/login"), ("GET", "/style.css"), ("HEAD", "/style.css")}


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize(
    "path", ["/operator/", "/operator/dead", "/operator/replay", "/operator/nothing/there"]
)
async def test_every_address_gives_a_stranger_the_same_answer(
    stranger: Visitor, method: str, path: str
) -> None:
    answer = await stranger.client.request(method, path, data={"form": "x"} if method == "POST" else None)
    assert (answer.status_code, answer.headers["location"]) == (303, "/operator/login")
    assert answer.text == ""


async def test_the_right_token_opens_the_page_and_a_wrong_one_does_not(stranger: Visitor) -> None:
    refused = await stranger.sign_in("0" * 32)
    assert refused.status_code == 403
    assert "not the token" in refused.text
    assert COOKIE not in refused.cookies
    welcomed = await stranger.sign_in()
    assert (welcomed.status_code, welcomed.headers["location"]) == (303, "/operator/")
    page = await stranger.get("/operator/")
    assert page.status_code == 200
    assert TOKEN not in page.text


async def test_the_cookie_is_for_this_page_and_for_no_script(office: Office, stranger: Visitor) -> None:
    answer = await stranger.sign_in()
    [cookie] = [line for line in answer.headers.get_list("set-cookie") if line.startswith(f"{COOKIE}=")]
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/operator", f"max-age={LIFETIME}"} <= attributes
    assert "secure" not in attributes
    async with serving(office.app(secure=True)) as origin, httpx.AsyncClient(base_url=origin) as client:
        page = await client.get("/operator/login")
        assert all("Secure" in line for line in page.headers.get_list("set-cookie"))


async def test_every_answer_forbids_scripts_frames_and_caches(operator: Visitor) -> None:
    for path in ("/operator/", "/operator/login", "/operator/style.css", "/operator/nothing"):
        headers = (await operator.get(path)).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["x-frame-options"] == "DENY"
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
    page = await operator.get("/operator/")
    assert "<script" not in page.text
    assert not re.search(r'\son\w+="|style="', page.text)


async def test_signing_out_ends_the_session_everywhere_at_once(office: Office, operator: Visitor) -> None:
    cookie = operator.client.cookies[COOKIE]
    page = await operator.get("/operator/")
    gone = await operator.submit(page, "/operator/logout")
    assert gone.headers["location"] == "/operator/login"
    # The cookie that somebody kept is worth nothing, in another process of the installation too.
    async with serving(office.app()) as other:
        for origin in (office.origin, other):
            async with httpx.AsyncClient(base_url=origin, cookies={COOKIE: cookie}) as thief:
                assert (await thief.get("/operator/")).status_code == 303


async def test_a_session_is_over_after_its_time_and_cannot_be_made_longer(
    office: Office, operator: Visitor
) -> None:
    cookie = operator.client.cookies[COOKIE]
    name, until, seal = cookie.split(".")
    for forged in (
        f"{name}.{int(until) + 1}.{seal}",
        f"{'0' * 32}.{until}.{seal}",
        f"{name}.{until}.{'0' * 64}",
        "x",
    ):
        async with httpx.AsyncClient(base_url=office.origin, cookies={COOKIE: forged}) as thief:
            assert (await thief.get("/operator/")).status_code == 303
    office.now += LIFETIME - 5
    assert (await operator.get("/operator/")).status_code == 200
    office.now += 5
    assert (await operator.get("/operator/")).status_code == 303


async def test_a_session_is_over_after_its_time_wherever_the_clock_went(
    office: Office, operator: Visitor
) -> None:
    cookies = {COOKIE: operator.client.cookies[COOKIE]}
    office.ticks += LIFETIME - 5
    office.now -= 60
    assert (await operator.get("/operator/")).status_code == 200
    office.ticks += 5
    assert (await operator.get("/operator/")).status_code == 303
    # Another process has counted nothing, but was told that it ended.
    async with (
        serving(office.app()) as other,
        httpx.AsyncClient(base_url=other, cookies=cookies) as thief,
    ):
        assert (await thief.get("/operator/")).status_code == 303


async def test_a_clock_that_was_set_back_gives_no_session_more_than_it_had(
    office: Office, operator: Visitor
) -> None:
    """After a restart nobody has counted; but more than a whole lifetime was never left."""
    cookies = {COOKIE: operator.client.cookies[COOKIE]}
    office.now -= 23 * 3600
    async with (
        serving(office.app()) as other,
        httpx.AsyncClient(base_url=other, cookies=cookies) as thief,
    ):
        assert (await thief.get("/operator/")).status_code == 303


async def test_wrong_tokens_are_answered_five_times_a_minute_and_never_keep_the_right_one_out(
    office: Office, stranger: Visitor
) -> None:
    for _ in range(5):
        assert (await stranger.sign_in("wrong" * 8)).status_code == 403
    for _ in range(100):  # more than all together might be
        late = await stranger.sign_in("wrong" * 8)
        assert late.status_code == 429
    assert 0 < int(late.headers["retry-after"]) <= 61
    office.ticks += 61
    assert (await stranger.sign_in("wrong" * 8)).status_code == 403
    for _ in range(5):
        await stranger.sign_in("wrong" * 8)
    assert (await stranger.sign_in()).status_code == 303


async def test_behind_a_proxy_clients_are_told_apart(office: Office) -> None:
    behind = office.app(clients=ClientAddresses(("127.0.0.1",)))
    async with serving(behind) as origin, httpx.AsyncClient(base_url=origin) as client:
        visitor = Visitor(client)
        for address, status in (*[("192.0.2.1", 403)] * 5, ("192.0.2.1", 429), ("192.0.2.2", 403)):
            client.headers["x-forwarded-for"] = f"203.0.113.{status % 200}, {address}"
            assert (await visitor.sign_in("wrong" * 8)).status_code == status


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("page", ["/login", "/style.css"])
async def test_an_open_address_in_the_host_or_the_target_opens_no_other(
    office: Office, method: str, page: str
) -> None:
    """What the sender calls us is put in front of the path where `Request.url` is made."""
    await office.messages(dead(1))
    host = office.origin.removeprefix("http://")
    form = {"content-type": "application/x-www-form-urlencoded"}
    tricks = (f"x/operator{page}?", f"x/operator{page}#", f"{host}/operator{page}?")
    async with httpx.AsyncClient() as client:
        for path in ("/operator/dead", "/operator/", "/operator/replay/confirmed", "/operator/nothing"):
            for trick in tricks:
                answer = await client.request(
                    method, f"{office.origin}{path}", headers={"host": trick} | form, content=b"ids=1&upto=9"
                )
                assert (answer.status_code, answer.headers.get("location")) == (303, "/operator/login")
                assert answer.text == ""
            target = b"http://x/operator" + page.encode() + b"?@" + host.encode() + path.encode()
            request = client.build_request(method, office.origin, extensions={"target": target})
            assert "dead letter" not in (await client.send(request)).text.lower()
    assert office.woken == []


async def test_no_page_does_anything_without_a_session(office: Office) -> None:
    """Even where whatever stands before it let everybody through."""
    await office.messages(dead(1))
    (mount,) = office.app().routes
    assert isinstance(mount, Mount) and isinstance(mount.app, OperatorGuard)
    bare = Starlette(routes=[Mount(PATH, mount.app.app)])
    async with serving(bare) as origin, httpx.AsyncClient(base_url=origin) as client:
        for route in mount.app.app.routes:
            assert isinstance(route, Route)
            for method in route.methods or ():
                answer = await client.request(method, f"{PATH}{route.path}", content=b"ids=1&upto=9")
                if (method, route.path) in OPEN:
                    assert answer.status_code == 200
                else:
                    assert (answer.status_code, answer.headers["location"]) == (303, "/operator/login")
    assert office.woken == []


async def test_a_form_needs_its_own_token(office: Office, operator: Visitor) -> None:
    await office.messages(dead(1))
    page = await operator.get("/operator/dead")
    for wrong in ("", "0" * 64):
        answer = await operator.client.post(
            "/operator/replay/confirmed", data={"form": wrong, "ids": "1", "upto": "1"}
        )
        assert answer.status_code == 403
    async with httpx.AsyncClient(base_url=office.origin) as client:
        other = Visitor(client)
        await other.sign_in()
        theirs = re.findall(r'name="form" value="(\w+)"', (await other.get("/operator/")).text)[0]
    answer = await operator.client.post(
        "/operator/replay/confirmed", data={"form": theirs, "ids": "1", "upto": "1"}
    )
    assert answer.status_code == 403
    assert "Send the chosen ones again" in page.text
    assert office.woken == []


async def test_the_login_form_needs_one_too(stranger: Visitor) -> None:
    answer = await stranger.client.post("/operator/login", data={"token": TOKEN})
    assert answer.status_code == 403
    assert COOKIE not in answer.cookies


async def test_what_is_no_form_of_ours_is_refused(operator: Visitor) -> None:
    for content, kind in (
        (b"{}", "application/json"),
        (b"a=" + b"x" * 70_000, "application/x-www-form-urlencoded"),
        (b"&".join(b"a=1" for _ in range(1000)), "application/x-www-form-urlencoded"),
        (b"\xff\xfe=1", "application/x-www-form-urlencoded"),
    ):
        answer = await operator.client.post(
            "/operator/places", content=content, headers={"content-type": kind}
        )
        assert answer.status_code in (400, 403)


async def test_an_address_that_leads_nowhere_says_so_to_who_is_signed_in(operator: Visitor) -> None:
    assert (await operator.get("/operator/nothing")).status_code == 404
    assert (await operator.get("/operator/replay")).status_code == 405


async def test_what_a_stranger_is_given_says_nothing_about_the_token(
    office: Office, stranger: Visitor
) -> None:
    """Else tokens could be guessed at home, as many a second as a machine can, and nobody would count."""
    page = await stranger.get("/operator/login")
    given = [*stranger.client.cookies.values(), *re.findall(r'value="(\w+)"', page.text)]
    about = stranger.client.cookies[FORM_COOKIE]
    mine, others = (
        OperatorSessions(
            SecretStr(token), StoredClaims(office.db, lambda: office.now), lambda: office.now, float, bytes
        )
        for token in (TOKEN, "another token, just as long as the one")
    )
    assert mine.form_token(about) not in given
    assert mine.is_login_form(about, given[-1]) and others.is_login_form(about, given[-1])
    assert not mine.is_login_form("0" * 32, given[-1]) and not mine.is_login_form("", "")


async def test_the_form_of_a_stranger_is_small(stranger: Visitor) -> None:
    page = await stranger.get("/operator/login")
    assert (await stranger.submit(page, "/operator/login", token="x" * 3000)).status_code == 403
    assert (await stranger.submit(page, "/operator/login", token="x" * 4096)).status_code == 400
    few, many = ({f"field{number}": "x" for number in range(count)} for count in (5, 9))
    assert (await stranger.submit(page, "/operator/login", token="x", **few)).status_code == 403
    assert (await stranger.submit(page, "/operator/login", token="x", **many)).status_code == 400
