"""The ports say truly who implements them. That each of these does is checked by mypy, by the types below."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from starlette.routing import BaseRoute

from adapters.discord.channels import DiscordChannels
from adapters.discord.messenger import DiscordMessenger
from adapters.discord.names import DiscordNames
from adapters.discord.platform import DiscordPlatform
from adapters.discord.responder import DiscordResponder
from adapters.playground.messenger import PlaygroundMessenger
from adapters.playground.platform import PlaygroundPlatform
from adapters.playground.responder import PlaygroundResponder
from adapters.slack.channels import SlackChannels
from adapters.slack.messenger import SlackMessenger
from adapters.slack.names import SlackNames
from adapters.slack.platform import SlackPlatform
from adapters.slack.responder import SlackResponder
from adapters.terminal.messenger import TerminalMessenger
from adapters.terminal.responder import TerminalResponder
from bot.core import ports, stores
from bot.observability.known_secrets import KnownSecrets
from bot.observability.observers import InvocationLog, InvocationObservers
from bot.observability.otel import Traces
from bot.proposals.attaching import FilesTakenIn
from bot.proposals.listing_parts import ListingParts
from bot.proposals.opening import PendingProposals
from bot.relay.recovering import Recovery
from bot.relay.sending.scheduler import AsyncioScheduler
from bot.relay.sending.shared_scheduler import SharedScheduler
from bot.relay.service import Relay
from bot.storage.engine.kv import StoredKeyValues
from bot.storage.engine.session_locks import SessionLocks
from bot.storage.places.button_states import StoredButtonStates
from bot.storage.places.claims import StoredClaims
from bot.storage.places.contacts import Contacts
from bot.storage.places.gateway_sessions import StoredSessions
from bot.storage.places.grants import Grants
from bot.storage.places.installations import StoredInstallations
from bot.storage.places.languages import StoredLanguages
from bot.storage.places.oauth_states import OAuthStates
from bot.storage.places.playground import PlaygroundLog
from bot.storage.places.shared_turns import SharedTurns
from bot.storage.places.spending import StoredSpending
from bot.storage.places.tenants import StoredTenants
from bot.storage.places.timezones import StoredTimezones
from bot.storage.secrets.keys import TenantKeys

ROOT = Path(__file__).resolve().parents[2]

RESPONDERS: tuple[type[ports.Responder], ...] = (
    DiscordResponder,
    PlaygroundResponder,
    SlackResponder,
    TerminalResponder,
)
MESSENGERS: tuple[type[ports.RelayMessenger], ...] = (
    DiscordMessenger,
    PlaygroundMessenger,
    SlackMessenger,
    TerminalMessenger,
)
CHANNELS: tuple[type[ports.Channels], ...] = (
    DiscordChannels,
    PlaygroundMessenger,
    SlackChannels,
    TerminalMessenger,
)
GROUPS: tuple[type[ports.Groups], ...] = (DiscordNames, SlackNames)
PLATFORMS: tuple[type[ports.Platform[BaseRoute]], ...] = (DiscordPlatform, PlaygroundPlatform, SlackPlatform)
SCHEDULERS: tuple[type[ports.Scheduler], ...] = (AsyncioScheduler, Relay, SharedScheduler)
OBSERVERS: tuple[type[ports.Observer], ...] = (InvocationLog, InvocationObservers, Traces)
REMEMBERING: tuple[ports.Remember, ...] = (KnownSecrets().remember, ports.not_remembered)
ATTACHMENTS: tuple[type[ports.Attachments], ...] = (ListingParts,)
ATTACHING: tuple[type[ports.Attaching], ...] = (FilesTakenIn,)
RECOVERING: tuple[type[ports.Recovering], ...] = (Recovery,)
ACCESS: tuple[type[ports.Access], ...] = (Grants,)
SPENDING: tuple[type[ports.Spending], ...] = (StoredSpending,)
LANGUAGES: tuple[type[ports.ReaderLanguages], ...] = (StoredLanguages,)
TIMEZONES: tuple[type[ports.Timezones], ...] = (StoredTimezones,)
KEYS: tuple[type[ports.Keys], ...] = (TenantKeys,)
BUTTON_STATES: tuple[type[ports.ButtonStates], ...] = (StoredButtonStates,)
PROPOSALS: tuple[type[ports.Proposals], ...] = (PendingProposals,)

CLAIMS: tuple[type[stores.Claims], ...] = (StoredClaims,)
KEY_VALUES: tuple[type[stores.KeyValues], ...] = (StoredKeyValues,)
TENANTS: tuple[type[stores.Tenants], ...] = (StoredTenants,)
INSTALLATIONS: tuple[type[stores.Installations], ...] = (StoredInstallations,)
INSTALL_STATES: tuple[type[stores.InstallStates], ...] = (OAuthStates,)
INSTALLERS: tuple[type[stores.Installers], ...] = (Contacts,)
PAGE_LOGS: tuple[type[stores.PageLog], ...] = (PlaygroundLog,)

SHARED_LOCKS: tuple[type[stores.SharedLocks], ...] = (SessionLocks,)
SHARED_PACES: tuple[type[stores.SharedPace], ...] = (SharedTurns,)
GATEWAY_SESSIONS: tuple[type[stores.GatewaySessions], ...] = (StoredSessions,)
SEVERAL: Mapping[str, tuple[Any, ...]] = {
    "Responder": RESPONDERS,
    "Messenger": MESSENGERS,
    "RelayMessenger": MESSENGERS,
    "Channels": CHANNELS,
    "Groups": GROUPS,
    "Platform": PLATFORMS,
    "Scheduler": SCHEDULERS,
    "Observer": OBSERVERS,
    "Remember": REMEMBERING,
}
ONE: Mapping[str, tuple[Any, ...]] = {
    "Recovering": RECOVERING,
    "Attachments": ATTACHMENTS,
    "Attaching": ATTACHING,
    "Access": ACCESS,
    "Spending": SPENDING,
    "Timezones": TIMEZONES,
    "ReaderLanguages": LANGUAGES,
    "Keys": KEYS,
    "ButtonStates": BUTTON_STATES,
    "Proposals": PROPOSALS,
}
STORES: Mapping[str, tuple[Any, ...]] = {
    "Claims": CLAIMS,
    "KeyValues": KEY_VALUES,
    "Tenants": TENANTS,
    "Installations": INSTALLATIONS,
    "InstallStates": INSTALL_STATES,
    "Installers": INSTALLERS,
    "PageLog": PAGE_LOGS,
    "SharedLocks": SHARED_LOCKS,
    "SharedPace": SHARED_PACES,
    "GatewaySessions": GATEWAY_SESSIONS,
}
_LINE = re.compile(r"^    (\w+) +(\S.*)$", re.MULTILINE)


def _told(said: str) -> dict[str, set[str]]:
    return {name: set(by.split(", ")) for name, by in _LINE.findall(said)}


def _names(by: Mapping[str, tuple[Any, ...]]) -> dict[str, set[str]]:
    return {name: {one.__qualname__ for one in found} for name, found in by.items()}


def test_the_ports_with_several_implementations_are_those_that_are_said_to_have_them() -> None:
    several, one = str(ports.__doc__).split("One, which")
    assert _told(several) == _names(SEVERAL)
    assert _told(one) == _names(ONE)
    assert min(map(len, SEVERAL.values())) > 1


def test_what_the_adapters_need_of_storage_has_one_implementation_each() -> None:
    assert _told(str(stores.__doc__)) == _names(STORES)


@pytest.mark.parametrize(("module", "said"), [(ports, {*SEVERAL, *ONE}), (stores, set(STORES))])
def test_every_port_is_said(module: ModuleType, said: set[str]) -> None:
    found = {
        name
        for name, one in inspect.getmembers(module, inspect.isclass)
        if one.__module__ == module.__name__ and getattr(one, "_is_protocol", False)
    }
    assert found == said


def test_no_adapter_declares_ports_of_its_own_for_storage() -> None:
    assert list((ROOT / "adapters").glob("*/ports.py")) == []
