"""A network that is left through one proxy, to vendors that show certificates of an own authority."""

from __future__ import annotations

import asyncio
import datetime
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


@dataclass
class Border:
    """address: of the proxy. authority: the file for SSL_CERT_FILE. crossed: hosts, once a tunnel."""

    address: str
    authority: Path
    crossed: list[str] = field(default_factory=list)


@asynccontextmanager
async def border(directory: Path, hosts: Mapping[str, int]) -> AsyncIterator[Border]:
    """The proxy. hosts: by name, the local port that serves it without TLS."""
    authority, context = _certificate(directory, tuple(hosts))
    async with AsyncExitStack() as stack:
        made = Border("", authority)
        gates: dict[str, int] = {}
        for host, port in hosts.items():
            server = await stack.enter_async_context(await _forwarding(port, context))
            gates[host] = server.sockets[0].getsockname()[1]
        proxy = await stack.enter_async_context(await _tunnelling(gates, made.crossed))
        made.address = f"http://127.0.0.1:{proxy.sockets[0].getsockname()[1]}"
        yield made


async def _forwarding(port: int, context: ssl.SSLContext) -> asyncio.Server:
    """Takes TLS off and hands on what is inside."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _join(reader, writer, port)

    return await asyncio.start_server(handle, "127.0.0.1", 0, ssl=context)


async def _tunnelling(gates: Mapping[str, int], crossed: list[str]) -> asyncio.Server:
    """Answers CONNECT, and nothing else."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        method, target = head.split()[:2]
        host = target.partition(":")[0]
        if method != "CONNECT" or host not in gates:
            writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            writer.close()
            return
        crossed.append(host)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        await _join(reader, writer, gates[host])

    return await asyncio.start_server(handle, "127.0.0.1", 0)


async def _join(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
    """Hand everything on in both directions until either side has enough."""
    with suppress(OSError, ssl.SSLError):
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(_copy(reader, there_writer), _copy(there_reader, writer))


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError, ssl.SSLError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()


def _certificate(directory: Path, hosts: tuple[str, ...]) -> tuple[Path, ssl.SSLContext]:
    """A certificate for the hosts that signs itself, and a server context that shows it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "An own authority")])
    now = datetime.datetime.now(datetime.UTC)
    names = x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = directory / "authority.pem", directory / "authority.key"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return public, context
