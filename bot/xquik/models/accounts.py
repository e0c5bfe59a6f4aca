"""The Xquik account, its credits, and the X accounts connected to it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import msgspec

from bot.xquik.models.base import Model, parse


class Credits(Model, frozen=True, kw_only=True):
    """A balance. Credits are whole numbers of any size; `GET /credits` and `/account` agree on them.

    auto_topup_stopped: declined charges stopped it, though it is enabled.
    """

    balance: int = 0
    lifetime_purchased: int = 0
    lifetime_used: int = 0
    auto_topup_enabled: bool = False
    auto_topup_stopped: bool = False
    auto_topup_amount_dollars: float | None = None
    auto_topup_threshold: int | None = None

    @property
    def refills(self) -> bool:
        """Whether it is topped up by itself before it is used up."""
        return self.auto_topup_enabled and not self.auto_topup_stopped

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> Self:
        """Read snake_case (`GET /credits`) or camelCase (`creditInfo`)."""
        return parse(cls, {_camel(name): value for name, value in body.items()})


class MonitorBilling(Model, frozen=True, kw_only=True):
    """What active monitors cost, in credits."""

    active_hourly_burn: int = 0
    active_daily_estimate: int = 0
    credits_per_active_monitor_hour: int | None = None
    credits_per_active_monitor_day: int | None = None


class Account(Model, frozen=True, kw_only=True):
    """`GET /account`. plan: "active" or "inactive"; x_username: the linked identity, if any."""

    plan: str = "inactive"
    monitors_used: int = 0
    monitor_billing: MonitorBilling | None = None
    credit_info: Credits | None = None
    x_username: str | None = None


class Identity(Model, frozen=True, kw_only=True):
    """The X username that is linked to the account."""

    x_username: str = ""


class Topup(Model, frozen=True, kw_only=True):
    """A checkout for credits. status: "paid", "processing", "failed" or "expired"; credits: granted or
    pending."""

    status: str = ""
    amount_dollars: int | None = None
    credits: int | None = None

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> Self:
        """Read the answer, which has names in snake_case."""
        return parse(cls, {_camel(name): value for name, value in body.items()})


class Checkout(Model, frozen=True, kw_only=True):
    """A page on which a top-up is paid. url: of Xquik, with the session in it."""

    url: str

    @property
    def session(self) -> str:
        """What it is asked about by; "" where its address has none."""
        found = parse_qs(urlsplit(self.url).query).get("session_id", [""])
        return found[0]


class BillingPage(Model, frozen=True, kw_only=True):
    """A page on which a plan is paid or managed. status: "checkout_created", "already_subscribed" or
    "payment_issue"."""

    url: str
    status: str = ""


class XAccount(Model, frozen=True, kw_only=True):
    """A connected X account.

    health: "healthy", "needsReauth", "locked", "suspended", "recovering", "temporaryIssue",
    or "inactive" where only the older shape (`isActive`) is known. connected_at: since when, or since when
    again; updated_at: when its state was looked at last.
    """

    id: str
    username: str
    health: str
    status: str | None = None
    display_name: str | None = None
    x_user_id: str | None = None
    created_at: str | None = None
    connected_at: str | None = None
    updated_at: str | None = None

    @property
    def is_healthy(self) -> bool:
        """Whether it can act now."""
        return self.health == "healthy"

    def as_healthy(self) -> Self:
        """The same account, as if nothing ailed it."""
        return msgspec.structs.replace(self, health="healthy")

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> Self:
        """Read `{xUsername, status, health}` or the older `{username, displayName, isActive}`."""
        health = body.get("health")
        if health is None:
            health = "inactive" if body.get("isActive") is False else "healthy"
        username = body.get("xUsername") or body.get("username") or ""
        return parse(cls, {**body, "username": username, "health": health})


def _camel(name: str) -> str:
    return re.sub(r"_([a-z])", lambda match: match[1].upper(), name)
