"""REST operations on the application itself, its commands, guilds and members."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.doubles.discord import errors, payloads
from tests.doubles.discord.api import Call, Route
from tests.doubles.discord.faults import Answer
from tests.doubles.discord.rules_commands import SLASH, check_commands

if TYPE_CHECKING:
    from tests.doubles.discord.server import DiscordServer

Json = dict[str, Any]
_KEPT = (
    "name",
    "name_localizations",
    "description",
    "description_localizations",
    "options",
    "nsfw",
    "contexts",
)


class ApplicationRoutes:
    def __init__(self, server: DiscordServer) -> None:
        self._server = server
        self._world = server.world

    def routes(self) -> list[Route]:
        commands = "/applications/{application_id}/commands"
        guild_commands = "/applications/{application_id}/guilds/{guild_id}/commands"
        shared = [
            Route("GET", "/gateway", self.gateway),
            Route("GET", "/gateway/bot", self.gateway_bot),
            Route("GET", "/users/@me", self.me),
            Route("GET", "/users/@me/guilds", self.my_guilds),
            Route("GET", "/users/{user_id}", self.user),
            Route("GET", "/oauth2/applications/@me", self.application),
            Route("GET", "/applications/@me", self.application),
            Route("GET", "/guilds/{guild_id}", self.guild),
            Route("GET", "/guilds/{guild_id}/channels", self.guild_channels),
            Route("GET", "/guilds/{guild_id}/roles", self.guild_roles),
            Route("GET", "/guilds/{guild_id}/members/{user_id}", self.member),
        ]
        for base in (commands, guild_commands):
            shared += [
                Route("GET", base, self.list_commands),
                Route("PUT", base, self.replace_commands),
                Route("POST", base, self.upsert_command),
                Route("GET", f"{base}/{{command_id}}", self.get_command),
                Route("PATCH", f"{base}/{{command_id}}", self.edit_command),
                Route("DELETE", f"{base}/{{command_id}}", self.delete_command),
            ]
        return shared

    def gateway(self, call: Call) -> Answer:
        return Answer(200, {"url": self._server.gateway_url})

    def gateway_bot(self, call: Call) -> Answer:
        gateway = self._server.gateway
        limit = {
            "total": 1000,
            "remaining": gateway.starts_left,
            "reset_after": 86_400_000,
            "max_concurrency": gateway.at_once,
        }
        return Answer(
            200,
            {"url": self._server.gateway_url, "shards": self._server.shards, "session_start_limit": limit},
        )

    def me(self, call: Call) -> Answer:
        private = {
            "mfa_enabled": False,
            "locale": "en-US",
            "verified": True,
            "email": None,
            "premium_type": 0,
        }
        return Answer(200, payloads.user(self._world.bot) | private)

    def user(self, call: Call) -> Answer:
        user = self._world.users.get(call.id("user_id"))
        if user is None:
            raise errors.unknown_user()
        return Answer(200, payloads.user(user))

    def my_guilds(self, call: Call) -> Answer:
        mine = [g for g in self._world.guilds.values() if g.has_bot]
        return Answer(200, [_guild_line(g.id, g.name, g.bot.base_permissions()) for g in mine])

    def application(self, call: Call) -> Answer:
        bot = self._world.bot
        return Answer(
            200, _application(bot.id, bot.name, payloads.user(bot), payloads.user(self._server.owner))
        )

    def guild(self, call: Call) -> Answer:
        return Answer(200, payloads.guild_settings(self._server.visible_guild(call.id("guild_id"))))

    def guild_channels(self, call: Call) -> Answer:
        guild = self._server.visible_guild(call.id("guild_id"))
        return Answer(200, [payloads.channel(c) for c in guild.channels.values() if not c.is_thread])

    def guild_roles(self, call: Call) -> Answer:
        guild = self._server.visible_guild(call.id("guild_id"))
        return Answer(200, [payloads.role(role) for role in guild.roles.values()])

    def member(self, call: Call) -> Answer:
        member = self._server.visible_guild(call.id("guild_id")).members.get(call.id("user_id"))
        if member is None:
            raise errors.unknown_member()
        return Answer(200, payloads.member(member, with_user=True))

    def list_commands(self, call: Call) -> Answer:
        return Answer(200, self._server.commands(self._scope(call)))

    def replace_commands(self, call: Call) -> Answer:
        """Bulk overwrite: the body is the whole set; a command that keeps its name and type keeps
        its id.
        """
        scope = self._scope(call)
        return Answer(200, self._keep(scope, call.body or []))

    def upsert_command(self, call: Call) -> Answer:
        scope = self._scope(call)
        existing = self._server.commands(scope)
        others = [c for c in existing if _identity(c) != _identity(call.json)]
        kept = self._keep(scope, [*others, call.json])
        return Answer(201 if len(others) == len(existing) else 200, kept[-1])

    def get_command(self, call: Call) -> Answer:
        return Answer(200, self._command(call))

    def edit_command(self, call: Call) -> Answer:
        command = self._command(call)
        scope = self._scope(call)
        others = [c for c in self._server.commands(scope) if c is not command]
        return Answer(200, self._keep(scope, [*others, command | call.json])[-1])

    def delete_command(self, call: Call) -> Answer:
        self._server.commands(self._scope(call)).remove(self._command(call))
        return Answer(204)

    def _keep(self, scope: int | None, commands: list[Json]) -> list[Json]:
        if problems := list(check_commands(commands)):
            raise errors.invalid_form(*problems)
        stored = self._server.commands(scope)
        ids = {_identity(c): c["id"] for c in stored}
        fresh = [self._stored(c, ids.get(_identity(c)), scope) for c in commands]
        stored[:] = fresh
        return fresh

    def _stored(self, command: Json, id: str | None, scope: int | None) -> Json:
        permissions = command.get("default_member_permissions")
        kept = {key: command[key] for key in _KEPT if command.get(key) is not None}
        stored = {
            "id": id or str(self._world.next_id()),
            "application_id": str(self._world.bot.id),
            "version": str(self._world.next_id()),
            "type": command.get("type") or SLASH,
            "description": "",
            "default_member_permissions": None if permissions is None else str(permissions),
            "dm_permission": command.get("dm_permission") is not False,
            "integration_types": command.get("integration_types") or [0],
            "nsfw": False,
            **kept,
        }
        return stored | ({"guild_id": str(scope)} if scope is not None else {})

    def _command(self, call: Call) -> Json:
        wanted = str(call.id("command_id"))
        for command in self._server.commands(self._scope(call)):
            if command["id"] == wanted:
                return command
        raise errors.unknown_command()

    def _scope(self, call: Call) -> int | None:
        if call.id("application_id") != self._world.bot.id:
            raise errors.missing_access()
        return self._server.visible_guild(call.id("guild_id")).id if "guild_id" in call.params else None


def _identity(command: Json) -> tuple[str, int]:
    return command["name"], command.get("type") or SLASH


def _guild_line(id: int, name: str, permissions: int) -> Json:
    line: Json = {"id": str(id), "name": name, "icon": None, "banner": None, "owner": False, "features": []}
    return line | {"permissions": str(permissions)}


# What a new public application has.
_APPLICATION_DEFAULTS: Json = {
    "icon": None,
    "description": "",
    "summary": "",
    "type": None,
    "team": None,
    "bot_public": True,
    "bot_require_code_grant": False,
    "verify_key": "0" * 64,
    "flags": 0,
    "flags_new": "0",
    "eligible_oauth2_scopes": [],
    "hook": True,
    "is_monetized": False,
    "storefront_available": False,
    "redirect_uris": [],
    "interactions_endpoint_url": None,
    "role_connections_verification_url": None,
    "integration_types_config": {"0": {}},
    "approximate_guild_count": 1,
    "approximate_user_install_count": 0,
    "approximate_user_authorization_count": 0,
    "explicit_content_filter": 0,
    "creator_monetization_state": 0,
    "store_application_state": 0,
    "verification_state": 0,
    "rpc_application_state": 0,
    "interactions_version": 1,
    "interactions_event_types": [],
    "event_webhooks_status": 1,
    "is_discoverable": False,
    "is_verified": False,
    "monetization_eligibility_flags": 0,
    "monetization_state": 0,
    "discoverability_state": 1,
    "discovery_eligibility_flags": 0,
    "internal_guild_restriction": 1,
}


def _application(id: int, name: str, bot: Json, owner: Json) -> Json:
    return _APPLICATION_DEFAULTS | {
        "id": str(id),
        "name": name,
        "bot": bot,
        "owner": owner,
    }
