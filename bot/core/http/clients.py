"""Which client a request comes from, for what one client may take of something that all share.

Behind a proxy every connection comes from the proxy, which says in `X-Forwarded-For` for whom. Anybody
can send that header, so it counts only where the connection comes from a proxy that the operator named,
and only as far as proxies of the operator's wrote it: it is read from its end.

A client with IPv6 has a whole /64 of addresses, so that is what counts as one client.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

_PREFIX = 64
_HEADER = b"x-forwarded-for"
# Proxies of the operator's own, one behind the other; anybody can claim that there were more.
_HOPS = 16

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


def parse_networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Addresses and CIDR blocks; an IPv4 block written as a mapped IPv6 one is that IPv4 block.

    ValueError names the text that is neither.
    """
    return tuple(_network(text.strip()) for text in texts)


def _network(text: str) -> Network:
    try:
        found = ip_network(text, strict=False)
    except ValueError:
        msg = f"{text!r} is not an IP address or a block of them like 10.0.0.0/8"
        raise ValueError(msg) from None
    if isinstance(found, IPv6Network) and found.prefixlen >= 96:
        mapped = found.network_address.ipv4_mapped
        if mapped is not None:
            return IPv4Network((mapped, found.prefixlen - 96))
    return found


class ClientAddresses:
    """Tells clients apart. trusted: the proxies whose word counts, as `parse_networks` takes them."""

    def __init__(self, trusted: Sequence[str] = ()) -> None:
        """ValueError when one of them is no address or block."""
        self._trusted = parse_networks(trusted)

    def is_proxy(self, peer: str) -> bool:
        """Whether the other end of a connection speaks for others."""
        address = _address(peer)
        return address is not None and self._trusts(address)

    def name(self, peer: str | None, headers: Iterable[tuple[bytes, bytes]]) -> str:
        """Whose share a request takes: an address, or the /64 of one. peer: the other end of the
        connection; headers: as ASGI gives them."""
        if not self._trusted:
            return share(peer or "")
        address = _address(peer or "")
        if address is None:
            return peer or ""
        if self._trusts(address):
            address = self._forwarded(headers) or address
        return _share(address)

    def host(self, peer: str | None, headers: Iterable[tuple[bytes, bytes]]) -> str:
        """The client's own address, as far as it is known; "" when it is not."""
        address = _address(peer or "")
        if address is None:
            return peer or ""
        if self._trusted and self._trusts(address):
            address = self._forwarded(headers) or address
        return str(address)

    def _trusts(self, address: Address) -> bool:
        return any(address in network for network in self._trusted)

    def _forwarded(self, headers: Iterable[tuple[bytes, bytes]]) -> Address | None:
        """The nearest hop that is no proxy of ours; the farthest one when all of them are. None when
        there is none, or what stands there is no address."""
        said = b",".join(value for name, value in headers if name == _HEADER)
        farthest: Address | None = None
        for hop in reversed(said.rsplit(b",", _HOPS)[-_HOPS:]):
            farthest = _address(_without_port(hop.strip().decode("latin-1")))
            if farthest is None or not self._trusts(farthest):
                return farthest
        return farthest


@lru_cache(maxsize=1024)
def share(peer: str) -> str:
    """Whose share a connection takes, by its other end alone."""
    address = _address(peer)
    return peer if address is None else _share(address)


@lru_cache(maxsize=1024)
def _address(text: str) -> Address | None:
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def _share(address: Address) -> str:
    if isinstance(address, IPv4Address):
        return str(address)
    return str(IPv6Network((int(address), _PREFIX), strict=False))


def _without_port(hop: str) -> str:
    """Some proxies write 192.0.2.1:4711 or [2001:db8::1]:4711."""
    if hop.startswith("["):
        inside, bracket, _port = hop[1:].partition("]")
        return inside if bracket else hop
    return hop.partition(":")[0] if hop.count(":") == 1 else hop
