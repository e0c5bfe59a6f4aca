"""Addresses that media may be fetched from."""

from __future__ import annotations

import pytest

from bot.core.x.hosts import is_public


@pytest.mark.parametrize(
    "host", ["example.com", "cdn.example.co.uk", "8.8.8.8", "2606:4700::1111", "xn--p1ai.xn--p1ai"]
)
def test_a_host_that_everybody_reaches_is_public(host: str) -> None:
    assert is_public(host)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "[::1]", "0.0.0.0", "192.168.1.1", "fd00::1",
        "localhost", "router", "printer.local", "db.internal", "2130706433", "0x7f.1", "127.1", "localhost.",
    ],
)  # fmt: skip
def test_a_host_of_this_machine_or_network_is_not(host: str) -> None:
    assert not is_public(host)
