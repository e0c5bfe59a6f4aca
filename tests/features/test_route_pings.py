"""Whom a route may notify: roles or user groups, never everybody and never one person."""

from __future__ import annotations

import pytest

from bot.core.chat.ids import TenantId
from bot.features.relay.pings import pings_of

GUILD = TenantId("discord", "900")
WORKSPACE = TenantId("slack", "T1")
PAGE = TenantId("playground", "main")


@pytest.mark.parametrize(
    ("tenant", "texts", "ids"),
    [
        (GUILD, ("<@&1>",), ("1",)),
        (GUILD, ("<@&11><@&22>, 33 role:44",), ("11", "22", "33", "44")),
        (GUILD, ("<@&11>", "11"), ("11",)),
        (WORKSPACE, ("<!subteam^S1>",), ("S1",)),
        (WORKSPACE, ("<!subteam^S01|@launch team> S02",), ("S01", "S02")),
        (PAGE, ("@launch-team", "press"), ("launch-team", "press")),
        (GUILD, (), ()),
    ],
)
def test_mentions_and_ids_are_understood(
    tenant: TenantId, texts: tuple[str, ...], ids: tuple[str, ...]
) -> None:
    assert pings_of(tenant, texts) == ids


@pytest.mark.parametrize("tenant", [GUILD, WORKSPACE, PAGE])
@pytest.mark.parametrize(
    "text", ["@everyone", "everyone", "@here", "@channel", "<!channel>", "<!here|here>", "<!everyone>"]
)
def test_everybody_is_never_notified(tenant: TenantId, text: str) -> None:
    with pytest.raises(ValueError, match="never notifies everybody"):
        pings_of(tenant, (text,))


@pytest.mark.parametrize("text", ["900", "<@&900>", "role:900"])
def test_the_role_that_is_everybody_on_discord_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="that role is everybody"):
        pings_of(GUILD, (text,))


@pytest.mark.parametrize(
    ("tenant", "text", "said"),
    [
        (GUILD, "<@123>", "is one person"),
        (GUILD, "<@!123>", "is one person"),
        (GUILD, "<!subteam^S1>", "is not a role"),
        (GUILD, "launch-team", "is not a role"),
        (WORKSPACE, "<@U1|ann>", "is one person"),
        (WORKSPACE, "<@&1>", "is not a user group"),
        (WORKSPACE, "@launch-team", "is not a user group"),
        (PAGE, "<b>", "is not a name"),
    ],
)
def test_anything_else_is_refused_with_what_is_wanted(tenant: TenantId, text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        pings_of(tenant, (text,))


def test_only_so_many_are_notified() -> None:
    with pytest.raises(ValueError, match="at most 5"):
        pings_of(GUILD, ("1 2 3 4 5 6",))


@pytest.mark.parametrize("text", ["0900", "<@&0900>", "role:00900"])
def test_everybody_has_no_second_name(text: str) -> None:
    """The server's own id with zeros before it would be the same number."""
    with pytest.raises(ValueError, match="is not a role"):
        pings_of(GUILD, (text,))
