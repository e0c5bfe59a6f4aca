"""A tenant's webhook at Xquik: made once, found again, tested, rotated, removed.

The secret of a webhook is told once, in the answer that makes it. So whatever stands at Xquik under
our address without a secret here (a crash between the two) is of no use, and is made anew.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Sequence
from typing import Literal, Protocol, TypeAlias

from pydantic import SecretStr

from bot.core.chat.cards import Line, Timestamp, line
from bot.core.chat.ids import TenantId
from bot.core.clocks import Clock, NewId
from bot.core.errors import BotError, Conflict, NotConfigured, NotFound
from bot.core.messages.message import Message, msg
from bot.core.routes.events import ALL_TYPES
from bot.relay.receiving.hook_keys import HookKeys
from bot.relay.receiving.secrets import HookSecrets
from bot.storage.intake.hooks import Hook, Hooks
from bot.xquik.models import CreatedWebhook, Webhook, WebhookTest

PATH = "/hooks/xquik/"
# The setting `relay.ingest`.
Way = Literal["webhook", "stream", "both"]


class WebhookCalls(Protocol):
    """The part of `bot.xquik.resources.webhooks` that is used here. Raises BotError."""

    async def create(self, url: str, event_types: Sequence[str]) -> CreatedWebhook:
        """Make a webhook; its secret is in the answer only."""

    async def update(
        self,
        webhook_id: str,
        *,
        url: str | None = None,
        event_types: Sequence[str] | None = None,
        is_active: bool | None = None,
    ) -> Webhook:
        """Change a webhook."""

    async def test(self, webhook_id: str) -> WebhookTest:
        """Have a test delivered; Conflict when the webhook is switched off."""

    async def resume(self, webhook_id: str) -> WebhookTest:
        """Test and switch on again."""

    async def delete(self, webhook_id: str) -> None:
        """Remove a webhook."""


WebhooksOf: TypeAlias = Callable[[TenantId], Awaitable[Sequence[Webhook]]]
"""The webhooks that stand at Xquik for a tenant."""


class HookRegistrar:
    """Registers the hooks of tenants at Xquik."""

    def __init__(
        self,
        hooks: Hooks,
        hook_secrets: HookSecrets,
        keys: HookKeys,
        existing: WebhooksOf,
        *,
        public_url: str | None,
        clock: Clock,
        way: Way = "webhook",
        new_id: NewId = lambda: secrets.token_urlsafe(16),
    ) -> None:
        """existing: the webhooks that stand at Xquik for a tenant. public_url: where this bot is
        reached from outside, None when it is not. way: how events come in. new_id: 128 random bits
        as [A-Za-z0-9_-]."""
        self._hooks = hooks
        self._secrets = hook_secrets
        self._keys = keys
        self._existing = existing
        self._public_url = public_url.rstrip("/") if public_url else None
        self._clock = clock
        self._way = way
        self._new_id = new_id

    @property
    def has_public_url(self) -> bool:
        """Whether Xquik can reach this bot at all."""
        return self._public_url is not None

    @property
    def by_stream_alone(self) -> bool:
        """Whether events come by the stream, and no webhook is needed or possible."""
        return self._way == "stream" or (self._way == "both" and not self.has_public_url)

    async def hook(self, tenant: TenantId) -> Hook:
        """The tenant's hook, made now when there was none. Its id stays the same."""
        return await self._hooks.of(tenant) or await self._hooks.ensure(tenant, self._new_id(), self._clock())

    def path(self, hook: Hook) -> str:
        """Where the hook is reached on this bot."""
        return PATH + hook.id

    async def is_current(self, tenant: TenantId) -> bool:
        """Whether there is nothing to register: it delivers here already, or was adopted as it is."""
        hook = await self._hooks.of(tenant)
        if hook is None or await self._secrets.current(tenant, hook.id) is None:
            return False
        return hook.webhook is None or hook.url == self._url(hook)

    async def register(self, tenant: TenantId, webhooks: WebhookCalls) -> WebhookTest:
        """Make the tenant's webhook deliver here, and test it. Safe to repeat.

        NotConfigured without a public address; otherwise whatever Xquik answers.
        """
        hook = await self.hook(tenant)
        url = self._url(hook)
        standing = await self._existing(tenant)
        usable = await self._usable(hook, url, standing)
        if usable is None:
            webhook = await self._make(hook, url, webhooks)
        else:
            webhook = usable.id
            if usable.url != url:
                await webhooks.update(webhook, url=url)
            await _widen(webhooks, usable)
            await self._hooks.registered(hook.id, webhook, url)
        # Whatever else brings things here is signed with a secret that nobody knows any more.
        for other in standing:
            if other.id != webhook and (other.url == url or other.id == hook.webhook):
                await _delete(webhooks, other.id)
        return await _test(webhooks, webhook)

    async def widen(self, tenant: TenantId, webhooks: WebhookCalls) -> bool:
        """Have the tenant's webhook deliver every type that is known now, and whether it did not before.

        One that was made by an earlier version asked for those that were known then.
        """
        hook = await self._hooks.of(tenant)
        if hook is None or hook.webhook is None:
            return False
        standing = await self._existing(tenant)
        ours = next((webhook for webhook in standing if webhook.id == hook.webhook), None)
        return False if ours is None else await _widen(webhooks, ours)

    async def rotate(self, tenant: TenantId, webhooks: WebhookCalls) -> WebhookTest:
        """Get a new secret. Deliveries signed with the old one are taken for a day more."""
        hook = await self.hook(tenant)
        webhook = await self._make(hook, self._url(hook), webhooks)
        if hook.webhook is not None:
            await _delete(webhooks, hook.webhook)
        return await _test(webhooks, webhook)

    async def adopt(self, tenant: TenantId, secret: SecretStr, hook_id: str | None = None) -> Hook:
        """Use a webhook that exists at Xquik already; `hook_id` keeps the address it knows.

        Conflict when another tenant has that address.
        """
        hook = await self.hook(tenant)
        if hook_id is not None and hook.id != hook_id:
            await self._hooks.readdress(tenant, hook_id)
            await self._secrets.forget(tenant, hook.id)
            self._keys.forget(hook.id)
            hook = await self.hook(tenant)
        await self._secrets.replace(tenant, hook.id, secret)
        self._keys.forget(hook.id)
        return hook

    async def unregister(self, tenant: TenantId, webhooks: WebhookCalls) -> bool:
        """Remove the webhook there and its secret here; the address stays the tenant's.

        False when Xquik could not be told: it gives up by itself on an address that answers 401.
        """
        hook = await self._hooks.of(tenant)
        if hook is None:
            return True
        told = True
        if hook.webhook is not None:
            try:
                await _delete(webhooks, hook.webhook)
            except BotError:
                told = False
        await self._secrets.forget(tenant, hook.id)
        await self._hooks.registered(hook.id, None, "")
        self._keys.forget(hook.id)
        return told

    async def status(self, tenant: TenantId) -> Line:
        """How events reach the tenant, in words."""
        if self.by_stream_alone:
            return line(msg("by stream; no webhook is needed"))
        hook = await self._hooks.of(tenant)
        registered = hook is not None and await self._secrets.current(tenant, hook.id) is not None
        by_webhook = _webhook_words(hook if registered else None)
        if self._way == "both":
            return line(msg("by stream; {by_webhook}", by_webhook=by_webhook))
        return line(by_webhook)

    async def _usable(self, hook: Hook, url: str, standing: Sequence[Webhook]) -> Webhook | None:
        if await self._secrets.current(hook.tenant, hook.id) is None:
            return None
        if hook.webhook is None:  # adopted: the secret was given, its webhook is known by the address
            return next((webhook for webhook in standing if webhook.url == url), None)
        return next((webhook for webhook in standing if webhook.id == hook.webhook), None)

    async def _make(self, hook: Hook, url: str, webhooks: WebhookCalls) -> str:
        created = await webhooks.create(url, ALL_TYPES)
        # First what can never be asked for again.
        await self._secrets.replace(hook.tenant, hook.id, created.secret)
        await self._hooks.registered(hook.id, created.webhook.id, url)
        self._keys.forget(hook.id)
        return created.webhook.id

    def _url(self, hook: Hook) -> str:
        if self._public_url is None:
            raise NotConfigured(
                msg("This bot has no public address, so Xquik cannot deliver to it."),
                remedy=msg("Whoever runs this bot can set `web.public_url`, or let events come by stream."),
            )
        return self._public_url + self.path(hook)


def _webhook_words(hook: Hook | None) -> Message:
    """hook: None where none is registered."""
    if hook is None:
        return msg("no webhook is registered")
    if hook.last_delivery_at is None:
        return msg("a webhook is registered; nothing was delivered yet")
    return msg("by webhook, last {when}", when=Timestamp(hook.last_delivery_at, relative=True))


async def _test(webhooks: WebhookCalls, webhook: str) -> WebhookTest:
    try:
        return await webhooks.test(webhook)
    except Conflict:  # switched off after failures
        return await webhooks.resume(webhook)


async def _widen(webhooks: WebhookCalls, webhook: Webhook) -> bool:
    if set(ALL_TYPES) <= set(webhook.event_types):
        return False
    types = tuple(dict.fromkeys((*webhook.event_types, *ALL_TYPES)))
    await webhooks.update(webhook.id, event_types=types)
    return True


async def _delete(webhooks: WebhookCalls, webhook: str) -> None:
    try:
        await webhooks.delete(webhook)
    except NotFound:
        return
