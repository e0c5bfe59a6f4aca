"""Which hosts of an address are out in the open."""

from __future__ import annotations

import ipaddress


def is_public(host: str) -> bool:
    """Whether a host of an address can be one that everybody reaches: no private, loopback or
    otherwise special address, and a name with a dot that ends in no local domain. What a name
    resolves to is not asked."""
    name = host.strip("[]").rstrip(".").lower()
    try:
        return ipaddress.ip_address(name).is_global
    except ValueError:
        pass
    labels = name.split(".")
    # "0x7f.1" and "2130706433" are numbers to some programs.
    numeric = all(label.isdigit() or label.startswith("0x") for label in labels)
    return len(labels) > 1 and not numeric and labels[-1] not in ("localhost", "local", "internal", "lan")
