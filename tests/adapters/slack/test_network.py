"""The network settings of the environment reach every call to Slack."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import SecretStr

from adapters.slack.clients import SlackClients
from bot.storage.engine.database import Database
from tests.adapters.slack.harness import running
from tests.doubles.slack import SlackServer


@asynccontextmanager
async def proxy() -> AsyncIterator[tuple[str, list[str]]]:
    """A proxy that answers every request itself; gives its address and the request lines it saw."""
    lines: list[str] = []

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines.append((await reader.readline()).decode().strip())
        while (await reader.readline()).strip():
            pass
        body = b'{"ok": true}'
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
        )
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", lines


async def call(api_url: str) -> bool:
    clients = SlackClients(api_url)
    await clients.open()
    try:
        return bool((await clients.client(SecretStr("xoxb-1")).auth_test())["ok"])
    finally:
        await clients.close()


async def test_calls_go_through_the_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    async with proxy() as (address, lines):
        monkeypatch.setenv("HTTP_PROXY", address)
        monkeypatch.setenv("http_proxy", address)
        assert await call("http://slack.test/api/")
        assert lines == ["POST http://slack.test/api/auth.test HTTP/1.1"]


async def test_secure_calls_open_a_tunnel_through_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    async with proxy() as (address, lines):
        monkeypatch.setenv("HTTPS_PROXY", address)
        monkeypatch.setenv("https_proxy", address)
        with pytest.raises(aiohttp.ClientError):  # the proxy of this test offers no TLS behind it
            await call("https://slack.test/api/")
        assert lines == ["CONNECT slack.test:443 HTTP/1.1"]


async def test_what_the_proxy_is_not_for_goes_direct(
    server: SlackServer, storage: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The Web API, the response_url and the socket alike."""
    async with proxy() as (address, lines):
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"):
            monkeypatch.setenv(name, address)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        async with running(server, storage) as house:
            await (await house.slash("thing say x")).wait_for_ephemeral()
        assert lines == []


def certificate(directory: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that only those trust who are told to."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "slack.test")])
    now = datetime.datetime.now(datetime.UTC)
    built = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = directory / "cert.pem", directory / "key.pem"
    public.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return public, private


@pytest.mark.parametrize("trusted", [True, False])
async def test_certificates_of_the_environment_are_trusted_and_no_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trusted: bool
) -> None:
    public, private = certificate(tmp_path)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(public))
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(public, private)

    async def answer(_request: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    app = web.Application()
    app.router.add_post("/api/auth.test", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
    try:
        url = f"https://127.0.0.1:{runner.addresses[0][1]}/api/"
        if trusted:
            assert await call(url)
        else:
            with pytest.raises(aiohttp.ClientConnectorCertificateError):
                await call(url)
    finally:
        await runner.cleanup()
