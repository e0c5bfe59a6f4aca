"""``users.*``, ``usergroups.*`` and ``team.*``."""

from __future__ import annotations

from ..api import Call, Method
from ..errors import Refused
from ..model import Json


def _info(call: Call) -> Json:
    (user_id,) = call.need("user")
    return {"user": call.user(str(user_id)).payload(locale=call.flag("include_locale"))}


def _list(call: Call) -> Json:
    locale = call.flag("include_locale")
    members = [user.payload(locale=locale) for w in call.workspaces for user in w.users.values()]
    return {"members": members, "response_metadata": {"next_cursor": ""}}


def _groups(call: Call) -> Json:
    groups = [group for w in call.workspaces for group in w.usergroups.values()]
    with_users = call.flag("include_users")
    return {
        "usergroups": [
            {"id": g.id, "handle": g.handle, "name": g.handle} | ({"users": g.users} if with_users else {})
            for g in groups
        ]
    }


def _group_users(call: Call) -> Json:
    (group_id,) = call.need("usergroup")
    for workspace in call.workspaces:
        if group_id in workspace.usergroups:
            return {"users": list(workspace.usergroups[group_id].users)}
    raise Refused("no_such_subteam")


def _team(call: Call) -> Json:
    wanted = call.args.get("team") or call.workspaces[0].id
    workspace = next((w for w in call.workspaces if w.id == wanted), None)
    if workspace is None:
        raise Refused("team_not_found")
    body: Json = {"id": workspace.id, "name": workspace.name, "domain": workspace.domain}
    if workspace.enterprise is not None:
        body |= {"enterprise_id": workspace.enterprise.id, "enterprise_name": workspace.enterprise.name}
    return {"team": body}


METHODS = {
    "users.info": Method(_info, ("users:read",)),
    "users.list": Method(_list, ("users:read",)),
    "usergroups.list": Method(_groups, ("usergroups:read",)),
    "usergroups.users.list": Method(_group_users, ("usergroups:read",)),
    "team.info": Method(_team, ("team:read",)),
}
