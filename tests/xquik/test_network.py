"""TLS and proxies as the environment says: SSL_CERT_FILE and HTTPS_PROXY are honoured."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.xquik.errors import NotSent
from tests.xquik.server import KEY, FakeTime, transport_to

HEAD_END = b"\r\n\r\n"


def certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate for 127.0.0.1 that signs itself, and a server context that shows it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    cert_file, key_file = folder / "cert.pem", folder / "key.pem"
    cert_file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert_file, key_file)
    return cert_file, context


async def serving(answer: bytes, heard: list[bytes], context: ssl.SSLContext | None = None) -> asyncio.Server:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(HEAD_END))
        writer.write(answer)
        await writer.drain()
        writer.close()

    return await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)


def port_of(server: asyncio.Server) -> int:
    return int(server.sockets[0].getsockname()[1])


async def test_a_certificate_in_ssl_cert_file_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cert_file, context = certificate(tmp_path)
    heard: list[bytes] = []
    answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}"
    monkeypatch.setenv("SSL_CERT_FILE", str(cert_file))
    async with (
        await serving(answer, heard, context) as server,
        transport_to(f"https://127.0.0.1:{port_of(server)}", FakeTime()) as transport,
    ):
        await transport.request(KEY, "t", "GET", "/account", kind="read")
    assert heard[0].startswith(b"GET /account")


async def test_a_certificate_nobody_trusts_is_refused_before_the_key_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, context = certificate(tmp_path)
    heard: list[bytes] = []
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    async with (
        await serving(b"", heard, context) as server,
        transport_to(f"https://127.0.0.1:{port_of(server)}", FakeTime()) as transport,
    ):
        with pytest.raises(NotSent):
            await transport.request(KEY, "t", "POST", "/draws", kind="spend", json={})
    assert heard == []


async def test_a_proxy_is_used_and_never_sees_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[bytes] = []
    answer = b"HTTP/1.1 503 No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    async with await serving(answer, heard) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port_of(proxy)}")
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        async with transport_to("https://xquik.invalid/api/v1", FakeTime()) as transport:
            with pytest.raises(NotSent):
                await transport.request(KEY, "t", "POST", "/draws", kind="spend", json={})
    assert heard[0].startswith(b"CONNECT xquik.invalid:443")
    assert KEY.get_secret_value().encode() not in heard[0]


async def test_a_sandbox_on_this_machine_needs_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[bytes] = []
    answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}"
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with (
        await serving(answer, heard) as server,
        transport_to(f"http://127.0.0.1:{port_of(server)}", FakeTime()) as transport,
    ):
        await transport.request(KEY, "t", "GET", "/account", kind="read")
    assert len(heard) == 1
