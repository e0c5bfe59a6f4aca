"""What people do in Discord's client: type a command, press a button, send a form.

The client refuses what it would not offer: a command that is not registered or not for this member,
an option that does not exist or does not fit, a button that is disabled or not visible. Such a
refusal is `NotOffered`, and it is the test (or the bot's declaration) that is wrong.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tests.doubles.discord import forms, payloads
from tests.doubles.discord.interactions import FIRST_ANSWER_SECONDS, Interaction, Kind
from tests.doubles.discord.messages import Message
from tests.doubles.discord.options import NotOffered, Resolved, bind, path_options
from tests.doubles.discord.permissions import Permission
from tests.doubles.discord.rules_commands import MESSAGE_MENU, SLASH, USER_MENU
from tests.doubles.discord.rules_messages import MAX_UPLOAD
from tests.doubles.discord.world import Channel, Guild, Member, User

if TYPE_CHECKING:
    from tests.doubles.discord.server import DiscordServer

Json = dict[str, Any]
_GUILD_CONTEXT, _DM_CONTEXT = 0, 1


class People:
    """Each method dispatches INTERACTION_CREATE and returns the `Interaction` once its first answer
    is there.

    Without one within 3 s the person reads "The application did not respond": the interaction comes
    back with `first_response` None, and that is a violation. `wait=False` returns right after the
    dispatch.
    """

    def __init__(self, server: DiscordServer) -> None:
        self._server = server
        self._world = server.world

    async def slash(
        self,
        guild: Guild | None,
        channel: Channel,
        who: Member | User,
        command: str,
        options: Mapping[str, Any] | None = None,
        *,
        wait: bool = True,
    ) -> Interaction:
        """Send "/draw run" with its options; a channel, member, role or (name, bytes) file is given
        as itself.
        """
        root, rest = self._command(guild, channel, who, command, SLASH)
        resolved = Resolved(self._world, channel)
        data = _about(root) | {
            "options": path_options(root, rest, lambda leaf: bind(leaf, options or {}, resolved))
        }
        return await self._send(Kind.COMMAND, guild, channel, who, data | resolved.payload(), wait=wait)

    async def autocomplete(
        self,
        guild: Guild | None,
        channel: Channel,
        who: Member | User,
        command: str,
        options: Mapping[str, Any] | None = None,
        *,
        focused: str,
        value: str = "",
    ) -> list[Json]:
        """The choices offered while `value` stands in the option `focused`; `options` are the
        others so far.
        """
        root, rest = self._command(guild, channel, who, command, SLASH)
        resolved = Resolved(self._world, channel)

        def leaf_options(leaf: Json) -> list[Json]:
            return bind(leaf, options or {}, resolved, focused=(focused, value))

        data = _about(root) | {"options": path_options(root, rest, leaf_options)}
        ix = await self._send(Kind.AUTOCOMPLETE, guild, channel, who, data | resolved.payload())
        return ix.choices or []

    async def message_command(
        self,
        guild: Guild | None,
        channel: Channel,
        who: Member | User,
        name: str,
        message: Message,
        *,
        wait: bool = True,
    ) -> Interaction:
        """Use an entry of a message's context menu."""
        root, _ = self._command(guild, channel, who, name, MESSAGE_MENU)
        shown = {"messages": {str(message.id): payloads.message(message)}}
        data = _about(root) | {"target_id": str(message.id), "resolved": shown}
        return await self._send(Kind.COMMAND, guild, channel, who, data, wait=wait)

    async def user_command(
        self,
        guild: Guild,
        channel: Channel,
        who: Member | User,
        name: str,
        target: Member,
        *,
        wait: bool = True,
    ) -> Interaction:
        """Use an entry of a person's context menu."""
        root, _ = self._command(guild, channel, who, name, USER_MENU)
        resolved = Resolved(self._world, channel)
        resolved.member(target)
        data = _about(root) | {"target_id": str(target.id), **resolved.payload()}
        return await self._send(Kind.COMMAND, guild, channel, who, data, wait=wait)

    async def press(
        self,
        where: Message | Interaction,
        custom_id: str,
        who: Member | User,
        values: Sequence[Any] = (),
        *,
        wait: bool = True,
    ) -> Interaction:
        """Press the button, or pick `values` in the select, with this custom_id.

        The values are texts, or members, roles and channels in a select of those.
        """
        message = where.original if isinstance(where, Interaction) else where
        if message is None or message.deleted:
            raise NotOffered("there is no such message any more")
        if message.visible_to not in (None, who.id):
            raise NotOffered(f"{who.name} does not see this ephemeral message")
        component = message.component(custom_id)
        data = forms.press(component, values, Resolved(self._world, message.channel))
        guild = message.channel.guild
        return await self._send(Kind.COMPONENT, guild, message.channel, who, data, source=message, wait=wait)

    async def submit_modal(
        self,
        opened: Interaction,
        values: Mapping[str, Any],
        who: Member | User | None = None,
        *,
        wait: bool = True,
    ) -> Interaction:
        """Fill in and send the modal that `opened` shows; absent fields keep what they were shown
        with.
        """
        if opened.modal is None:
            raise NotOffered("this interaction opened no modal")
        if who is not None and who.id != opened.user.id:
            raise NotOffered("a modal is seen by its opener alone")
        resolved = Resolved(self._world, opened.channel)
        components = forms.fill(opened.modal, values, resolved)
        data = {"custom_id": opened.modal["custom_id"], "components": components, **resolved.payload()}
        person = opened.guild.members[opened.user.id] if opened.guild else opened.user
        return await self._send(
            Kind.MODAL, opened.guild, opened.channel, person, data, opened_by=opened, wait=wait
        )

    async def send(
        self,
        kind: Kind,
        guild: Guild | None,
        channel: Channel,
        who: Member | User,
        data: Json,
        *,
        source: Message | None = None,
    ) -> Interaction:
        """Dispatch data that no client of today's bot would: of a message or a command of another version."""
        return await self._send(kind, guild, channel, who, data, source=source)

    def redeliver(self, ix: Interaction) -> None:
        """Dispatch the same INTERACTION_CREATE once more, as a gateway may after a resume."""
        self._world.dispatch("INTERACTION_CREATE", ix.payload, ix.guild.id if ix.guild else None)

    def _command(
        self, guild: Guild | None, channel: Channel, who: Member | User, command: str, kind: int
    ) -> tuple[Json, list[str]]:
        """The registered command that is meant, and the rest of the path; guild commands hide
        global ones.
        """
        name, *rest = [command] if kind != SLASH else command.removeprefix("/").split()
        offered = [*(self._server.commands(guild.id) if guild else ()), *self._server.commands(None)]
        found = next((c for c in offered if c["type"] == kind and c["name"] == name), None)
        if found is None:
            raise NotOffered(f"no command {name!r}; registered: {sorted(c['name'] for c in offered)}")
        contexts = found.get("contexts")
        if guild is None:
            if (contexts is None and not found["dm_permission"]) or (
                contexts and _DM_CONTEXT not in contexts
            ):
                raise NotOffered(f"/{name} is not offered in direct messages")
        elif contexts and _GUILD_CONTEXT not in contexts:
            raise NotOffered(f"/{name} is not offered in servers")
        if isinstance(who, Member):
            needed = int(found["default_member_permissions"] or 0) | Permission.USE_APPLICATION_COMMANDS
            missing = needed & ~who.permissions_in(channel)
            if missing or (found["default_member_permissions"] == "0" and not _admin(who)):
                raise NotOffered(f"{who.name} lacks the permissions {missing} that /{name} asks for")
        return found, rest

    async def _send(
        self,
        kind: Kind,
        guild: Guild | None,
        channel: Channel,
        who: Member | User,
        data: Json,
        *,
        source: Message | None = None,
        opened_by: Interaction | None = None,
        wait: bool = True,
    ) -> Interaction:
        if wait or not self._server.gateway.sessions:  # a session that may go on hears of it later
            await self._server.gateway.wait_connected()
        user = who.user if isinstance(who, Member) else who
        number, token = self._world.next_id(), "aW50ZXJhY3Rpb24" + secrets.token_urlsafe(96)
        payload = self._payload(kind, number, token, guild, channel, who)
        payload["data"] = data
        if opened_by is not None:
            source = opened_by.source
        if source is not None:
            payload["message"] = payloads.message(source)
        ix = Interaction(
            self._world,
            number,
            token,
            kind,
            guild,
            channel,
            user,
            payload,
            self._world.clock(),
            source=source,
            source_edits=len(source.edits) if source else 0,
            opened_by=opened_by,
        )
        self._server.interactions[number] = ix
        self.redeliver(ix)
        if wait:
            await self._first_answer(ix)
        return ix

    async def _first_answer(self, ix: Interaction) -> None:
        try:
            await ix.wait_for_response(FIRST_ANSWER_SECONDS)
        except TimeoutError:
            data = ix.payload["data"]
            what = f"{ix.kind.name.lower()} {data.get('name') or data.get('custom_id')}"
            detail = f"{what}: no answer within {FIRST_ANSWER_SECONDS:g} s"
            self._server.violate("POST", f"/interactions/{ix.id}", detail, code=0)

    def _payload(
        self, kind: Kind, id: int, token: str, guild: Guild | None, channel: Channel, who: Member | User
    ) -> Json:
        application = str(self._world.bot.id)
        payload: Json = {
            "id": str(id),
            "application_id": application,
            "type": int(kind),
            "token": token,
            "version": 1,
            "channel_id": str(channel.id),
            "channel": payloads.channel(channel),
            "entitlements": [],
            "attachment_size_limit": MAX_UPLOAD,
        }
        if guild is None:
            user = who.user if isinstance(who, Member) else who
            rights = int(Permission.SEND_MESSAGES | Permission.EMBED_LINKS | Permission.ATTACH_FILES)
            return payload | {
                "user": payloads.user(user),
                "locale": user.locale,
                "context": _DM_CONTEXT,
                "app_permissions": str(rights),
                "authorizing_integration_owners": {"0": "0"},
            }
        if not isinstance(who, Member) or who.guild is not guild:
            raise NotOffered(f"{who.name} is not a member of {guild.name}")
        return payload | {
            "guild_id": str(guild.id),
            "guild": {"id": str(guild.id), "features": [], "locale": guild.locale},
            "guild_locale": guild.locale,
            "locale": who.user.locale,
            "member": payloads.member(who, with_user=True, channel=channel),
            "context": _GUILD_CONTEXT,
            "app_permissions": str(guild.bot.permissions_in(channel)),
            "authorizing_integration_owners": {"0": str(guild.id)},
        }


def _admin(member: Member) -> bool:
    return bool(member.base_permissions() & Permission.ADMINISTRATOR)


def _about(command: Json) -> Json:
    about = {"id": command["id"], "name": command["name"], "type": command["type"]}
    return about | ({"guild_id": command["guild_id"]} if "guild_id" in command else {})
