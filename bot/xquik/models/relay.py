"""Monitors, the events they see, and the webhooks that carry them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeAlias
from urllib.parse import urlsplit

import msgspec
from pydantic import SecretStr

from bot.core.errors import UpstreamUnavailable
from bot.core.messages.message import msg
from bot.xquik.models.base import Model, Page, parse


class Monitor(Model, frozen=True, kw_only=True):
    """A watch over one X account. existed: it was there before we asked for it."""

    id: str
    username: str = ""
    x_user_id: str | None = None
    event_types: tuple[str, ...] = ()
    is_active: bool = True
    created_at: str | None = None
    next_billing_at: str | None = None
    paused_reason: str | None = None
    paused_at: str | None = None
    name: str | None = None
    existed: bool = False


class KeywordMonitor(Model, frozen=True, kw_only=True):
    """A watch over a search. existed: it was there before we asked for it."""

    id: str
    query: str = ""
    event_types: tuple[str, ...] = ()
    is_active: bool = True
    created_at: str | None = None
    next_billing_at: str | None = None
    paused_reason: str | None = None
    paused_at: str | None = None
    name: str | None = None
    existed: bool = False


class FigureReading(Model, frozen=True, kw_only=True):
    """A figure of a tweet, and its gain since it is watched; None where X shows no count."""

    current: int | None = None
    gain: int | None = None


class PostMonitor(Model, frozen=True, kw_only=True):
    """A watch over one tweet. metrics: by "views", "likes", "retweets", "replies", "quotes", "bookmarks".
    existed: it was there before we asked for it."""

    id: str
    post_id: str = ""
    post_url: str = ""
    author_id: str | None = None
    author_username: str = ""
    author_name: str = ""
    text: str = ""
    posted_at: str | None = None
    event_types: tuple[str, ...] = ()
    is_active: bool = True
    created_at: str | None = None
    next_billing_at: str | None = None
    metrics: dict[str, FigureReading] = msgspec.field(default_factory=dict)
    name: str | None = None
    paused_reason: str | None = None
    paused_at: str | None = None
    existed: bool = False


AnyMonitor: TypeAlias = Monitor | KeywordMonitor | PostMonitor
"""A watch over whatever there is."""


class HourPoint(Model, frozen=True, kw_only=True):
    """A figure at the end of an hour, and its gain over that hour; None where X shows no count."""

    value: int | None = None
    gain: int | None = None


class MetricHour(Model, frozen=True, kw_only=True):
    """An hour of a tweet that is watched. at: when it began; metrics: as of `PostMonitor`."""

    at: str | None = None
    metrics: dict[str, HourPoint] = msgspec.field(default_factory=dict)


class XquikEvent(Model, frozen=True, kw_only=True):
    """Something a monitor saw. data: free-form, untrusted; `id` is a delivery's `streamEventId`.

    x_user_id: of the account that is watched, which stays when its username changes. post_id, post_url,
    author_id, author_username: of the tweet that is watched; monitor_name: what the monitor was called then.
    """

    id: str
    type: str = ""
    username: str | None = None
    x_user_id: str | None = None
    query: str | None = None
    monitor_id: str | None = None
    monitor_type: str = "account"
    keyword_monitor_id: str | None = None
    monitor_name: str | None = None
    post_id: str | None = None
    post_url: str | None = None
    author_id: str | None = None
    author_username: str | None = None
    occurred_at: str | None = None
    data: Any = None


EventPage: TypeAlias = Page[XquikEvent]


class Webhook(Model, frozen=True, kw_only=True):
    """An endpoint at Xquik. delivery_status: "active", "paused" or "needs_attention"."""

    id: str
    url: str = ""
    event_types: tuple[str, ...] = ()
    is_active: bool = True
    consecutive_failures: int = 0
    delivery_status: str = "active"
    failure_hard_cap: int | None = None
    created_at: str | None = None

    @property
    def host(self) -> str:
        """The host of its address alone, since the rest may be somebody's secret; "" for none."""
        try:
            return urlsplit(self.url).hostname or ""
        except ValueError:
            return ""


class DeliveryAttempts(Model, frozen=True, kw_only=True):
    """An event on its way to an endpoint. status: "pending", "delivered", "failed" (refused for good) or
    "exhausted" (given up after many attempts); last_error: in Xquik's words."""

    id: str
    stream_event_id: str = ""
    status: str = ""
    attempts: int = 0
    created_at: str | None = None
    delivered_at: str | None = None
    last_status_code: int | None = None
    last_error: str | None = None


class CreatedWebhook(msgspec.Struct, frozen=True):
    """A new endpoint and its signing secret, which Xquik shows this once."""

    webhook: Webhook
    secret: SecretStr

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> Self:
        """Read the answer of POST /webhooks; UpstreamUnavailable when it has no secret."""
        secret = body.get("secret")
        if not isinstance(secret, str) or not secret:
            raise UpstreamUnavailable(
                msg("Xquik made a webhook but did not return its secret."),
                remedy=msg("Remove it with `setup forget` and run `setup key` again."),
                code="unexpected_shape",
            )
        return cls(parse(Webhook, dict(body)), SecretStr(secret))


class WebhookTest(Model, frozen=True, kw_only=True):
    """How a test delivery went. status_code: what our endpoint answered."""

    success: bool = False
    status_code: int | None = None
    error: str | None = None
    webhook: Webhook | None = None
