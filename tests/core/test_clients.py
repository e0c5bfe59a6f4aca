"""Whose share a request takes: nobody takes another's, and nobody takes many."""

from __future__ import annotations

import pytest

from bot.core.http.clients import ClientAddresses, parse_networks, share

PROXIES = ("10.0.0.0/8", "2001:db8:1::/48")


def forwarded(*values: str) -> list[tuple[bytes, bytes]]:
    return [(b"host", b"x"), *((b"x-forwarded-for", value.encode("latin-1")) for value in values)]


@pytest.mark.parametrize(
    ("peer", "values", "name"),
    [
        ("192.0.2.1", [], "192.0.2.1"),
        ("192.0.2.1", ["198.51.100.7"], "192.0.2.1"),  # anybody can write that
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.7"], "198.51.100.7"),
        (
            "10.0.0.1",
            ["203.0.113.9, 198.51.100.7"],
            "198.51.100.7",
        ),  # the first is the client's own invention
        ("10.0.0.1", ["203.0.113.9", "198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", ["198.51.100.7, 10.2.3.4"], "198.51.100.7"),
        ("10.0.0.1", ["198.51.100.7 ,2001:db8:1::5 , 10.2.3.4"], "198.51.100.7"),
        ("10.0.0.1", ["10.9.9.9, 10.2.3.4"], "10.9.9.9"),
        ("10.0.0.1", ["198.51.100.7:4711"], "198.51.100.7"),
        ("10.0.0.1", ["[2001:db8:2::7]:4711"], "2001:db8:2::/64"),
        ("10.0.0.1", ["::ffff:198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", ["198.51.100.7, unknown"], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.7,"], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.7, \xff"], "10.0.0.1"),
        ("10.0.0.1", ["[2001:db8:2::7"], "10.0.0.1"),
        ("::ffff:10.0.0.1", ["198.51.100.7"], "198.51.100.7"),
        ("::ffff:192.0.2.1", ["198.51.100.7"], "192.0.2.1"),
        ("2001:db8:1::9", ["2001:db8:7:8:9::1"], "2001:db8:7:8::/64"),
        ("2001:db8:7:8:1::", [], "2001:db8:7:8::/64"),
        ("2001:db8:7:8:ffff::1", [], "2001:db8:7:8::/64"),
        ("fe80::1%eth0", [], "fe80::/64"),
        ("a socket", ["198.51.100.7"], "a socket"),
        (None, ["198.51.100.7"], ""),
    ],
)
def test_the_nearest_hop_that_is_no_proxy_of_ours_is_the_client(
    peer: str | None, values: list[str], name: str
) -> None:
    assert ClientAddresses(PROXIES).name(peer, forwarded(*values)) == name


def test_without_proxies_the_peer_is_the_client() -> None:
    clients = ClientAddresses()
    assert clients.name("127.0.0.1", forwarded("198.51.100.7")) == "127.0.0.1"
    assert not clients.is_proxy("127.0.0.1")
    assert share("2001:db8::1") == "2001:db8::/64"


def test_the_address_itself_is_told_for_logs() -> None:
    clients = ClientAddresses(PROXIES)
    assert clients.host("10.0.0.1", forwarded("2001:db8:7:8:9::1")) == "2001:db8:7:8:9::1"
    assert clients.host("::ffff:192.0.2.1", forwarded("2001:db8::1")) == "192.0.2.1"


def test_a_mapped_block_is_the_block_that_it_maps() -> None:
    clients = ClientAddresses(("::ffff:10.0.0.0/104", "192.0.2.5/24"))
    assert [clients.is_proxy(peer) for peer in ("10.1.1.1", "192.0.2.77", "11.0.0.1", "")] == [
        True, True, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "10.0.0.0/33", "proxy.internal", "10.0.0"])
def test_what_is_no_block_is_named(text: str) -> None:
    with pytest.raises(ValueError, match="not an IP address"):
        parse_networks(["10.0.0.1", text])


def test_what_anybody_claims_about_hops_is_read_from_the_end_and_not_for_long() -> None:
    clients = ClientAddresses(("10.0.0.0/8",))
    claimed = ["203.0.113.1", *(f"10.0.0.{number}" for number in range(1, 17))]
    assert clients.name("10.1.1.1", forwarded(", ".join(claimed[:16]))) == "203.0.113.1"
    assert clients.name("10.1.1.1", forwarded(", ".join(claimed))) == "10.0.0.1"
