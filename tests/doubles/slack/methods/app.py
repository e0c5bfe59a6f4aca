"""The app itself: connecting, its identity, installing and uninstalling."""

from __future__ import annotations

from ..api import Call, Method
from ..errors import Refused, broken
from ..model import Json


def _connections_open(call: Call) -> Json:
    return {"url": call.server.sockets.new_url()}


def _test(call: Call) -> Json:
    grant, server = call.grant, call.server
    assert grant is not None
    home = grant.workspace or call.workspaces[0]
    body: Json = {
        "url": f"https://{home.domain}.slack.com/",
        "team": home.name,
        "team_id": home.id,
        "user": "xquik",
        "user_id": grant.bot_user_id,
        "bot_id": home.bot_id,
        "app_id": server.app_id,
        "is_enterprise_install": grant.org_wide,
    }
    if grant.org_wide:
        assert grant.enterprise is not None
        body |= {"team": grant.enterprise.name, "team_id": grant.enterprise.id}
    if grant.enterprise is not None:
        body["enterprise_id"] = grant.enterprise.id
    return body


def _revoke(call: Call) -> Json:
    assert call.grant is not None
    if call.flag("test"):
        return {"revoked": False}
    call.grant.revoked = "token_revoked"
    return {"revoked": True}


def _uninstall(call: Call) -> Json:
    assert call.grant is not None
    server = call.server
    client_id, client_secret = call.need("client_id", "client_secret")
    if client_id != server.client_id:
        raise Refused("client_id_token_mismatch", rule_broken=True)
    if client_secret != server.client_secret:
        raise broken("bad_client_secret")
    call.grant.revoked = "account_inactive"
    return {}


def _oauth_access(call: Call) -> Json:
    return call.server.oauth.exchange(call)


METHODS = {
    "apps.connections.open": Method(_connections_open, auth="app"),
    "auth.test": Method(_test),
    "auth.revoke": Method(_revoke),
    "apps.uninstall": Method(_uninstall),
    "oauth.v2.access": Method(_oauth_access, auth="client"),
}
