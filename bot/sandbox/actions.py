"""Durable write actions: their JSON, how they settle, and what each does to the world."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from bot.sandbox.api.references import post_id_in_url
from bot.sandbox.config import API_PREFIX
from bot.sandbox.problems import ApiProblem
from bot.sandbox.records import MediaRecord, Post, Relation, WriteActionRecord
from bot.sandbox.state import Sandbox
from bot.sandbox.world import snowflake
from bot.sandbox.world.communities import CommunityOfX
from bot.sandbox.world.people import PersonOfX
from bot.sandbox.world.snowflake import iso

_EXPLAINED = {
    "x_rejected": "X rejected the write.",
    "x_write_failed": "Failed to complete the action.",
    "x_write_unconfirmed": "The write may have happened; verify before doing anything else.",
    "x_write_ambiguous": "Whether the write happened could not be found out.",
}


def action_json(sandbox: Sandbox, action: WriteActionRecord, *, replayed: bool = False) -> dict[str, Any]:
    """An ``XWriteAction``."""
    success = action.status == "success"
    status_url = f"{API_PREFIX}/x/write-actions/{action.id}"
    poll = None if action.terminal else int(sandbox.config.writes.poll_after * 1000)
    charged = action.charged > 0
    body: dict[str, Any] = {
        "object": "x_write_action",
        "id": action.id,
        "writeActionId": action.id,
        "action": action.action,
        "status": action.status,
        "terminal": action.terminal,
        "retryable": False,
        "safeToRetry": False,
        "statusUrl": status_url,
        "pollAfterMs": poll,
        "charged": charged,
        "chargedCredits": str(action.charged),
        "billing": {
            "status": "charged" if charged else "pending" if not action.terminal else "not_charged",
            "charged": charged,
            "plannedCredits": str(action.planned),
            "chargedCredits": str(action.charged),
        },
        "request": {"hash": action.request_hash, "payload": action.payload},
        "account": {"id": action.account_id, "username": action.account_name},
        "target": _target(action),
        "targetId": action.target_id,
        "result": action.result if success else None,
        "nextAction": _next(action, status_url, poll),
        "requestHash": action.request_hash,
        "idempotent": replayed,
        "sendDispatched": True,
        "sendDispatchedAt": iso(action.created_at),
        "createdAt": iso(action.created_at),
        "updatedAt": iso(action.updated_at),
        "success": success,
    }
    return body | _moments(action) | _result_fields(sandbox, action)


def _target(action: WriteActionRecord) -> dict[str, str] | None:
    if action.target_type is None or action.target_id is None:
        return None
    return {"type": action.target_type, "id": action.target_id}


def _next(action: WriteActionRecord, status_url: str, poll: int | None) -> dict[str, Any] | None:
    match action.status:
        case "success":
            return None
        case "failed":
            return {"type": "fix_request" if action.error == "x_rejected" else "verify_result"}
        case "expired":
            return {"type": "verify_result"}
        case _:
            return {"type": "poll", "url": status_url, "afterMs": poll}


def _moments(action: WriteActionRecord) -> dict[str, Any]:
    if action.terminal:
        return {"completedAt": iso(action.updated_at)}
    return {"expiresAt": iso(action.settles_at)}


def _result_fields(sandbox: Sandbox, action: WriteActionRecord) -> dict[str, str]:
    fields = (
        {name: sandbox.placed(value) for name, value in action.extra.items()}
        if action.status == "success"
        else {}
    )
    if action.error is not None:
        fields |= {"error": action.error, "message": action.message or _EXPLAINED.get(action.error, "")}
    return fields


def settle(sandbox: Sandbox, action: WriteActionRecord) -> WriteActionRecord:
    """Bring an open action to its end if its time has come; terminal ones stay as they are."""
    now = sandbox.now()
    if action.terminal or now < action.settles_at:
        return action
    match action.outcome:
        case "pending" | "success":
            with sandbox.store.atomic():
                return complete(sandbox, action)
        case "unconfirmed":
            return _end(sandbox, action, "expired", "x_write_unconfirmed", now)
        case _:
            return _end(sandbox, action, "failed", "x_write_failed", now)


def _end(
    sandbox: Sandbox, action: WriteActionRecord, status: str, error: str, now: float
) -> WriteActionRecord:
    action.status, action.error, action.updated_at = status, error, now
    return sandbox.actions.put(action)


def complete(sandbox: Sandbox, action: WriteActionRecord) -> WriteActionRecord:
    """Perform the write, charge it, and record both as one."""
    try:
        _EFFECTS[action.action](sandbox, action)
    except ApiProblem as problem:
        action.message = problem.message
        return _end(sandbox, action, "failed", problem.code, sandbox.now())
    try:
        action.charged = sandbox.credits.charge(action.owner, action.planned)
    except ApiProblem:
        # The balance went down while the write was open; X has it, so it is not undone.
        action.charged = 0
    action.status, action.error, action.updated_at = "success", None, sandbox.now()
    return sandbox.actions.put(action)


def _create_tweet(sandbox: Sandbox, action: WriteActionRecord) -> None:
    payload = action.payload
    account = sandbox.accounts.get(action.account_id)
    if account is None:
        raise ApiProblem(422, "x_rejected", "The account was disconnected.")
    post = Post(
        id=snowflake.at(sandbox.now(), sandbox.store.next("post")),
        author_id=account.x_user_id,
        text=payload.get("text", ""),
        media=[_media(sandbox, url) for url in payload.get("media", [])],
        reply_to=payload.get("reply_to_tweet_id"),
        community=payload.get("community_id"),
        quotes=_quoted(payload.get("text", "")),
        note=bool(payload.get("is_note_tweet")),
    )
    sandbox.timeline.put(post)
    action.result = {"type": "tweet", "id": post.id}
    action.extra = {"tweetId": post.id}


def _quoted(text: str) -> str | None:
    """The tweet that X shows below a text: the one that its last link leads to."""
    found = [post for word in text.split() if (post := post_id_in_url(word)) is not None]
    return found[-1] if found else None


def _media(sandbox: Sandbox, url: str) -> MediaRecord:
    own = url.removeprefix(f"{sandbox.origin}/media/")
    key = own.rsplit(".", 1)[0] if own != url else sandbox.secret(f"media:{url}")[:16]
    return MediaRecord(key=key[:64], kind="video" if url.lower().endswith(".mp4") else "photo", alt="")


def _delete_tweet(sandbox: Sandbox, action: WriteActionRecord) -> None:
    post = _post(sandbox, action)
    sandbox.timeline.put(replace(post, deleted=True))
    _changed(action, "deleted")


def _post(sandbox: Sandbox, action: WriteActionRecord) -> Post:
    post = sandbox.timeline.get(action.target_id or "")
    if post is None:
        raise ApiProblem(422, "x_target_not_found", "The tweet does not exist.")
    return post


def _changed(action: WriteActionRecord, state: str) -> None:
    action.result = {"type": "state_change", "id": action.target_id or "", "state": state}


def _relate(verb: str, on: bool, state: str) -> Callable[[Sandbox, WriteActionRecord], None]:
    """The effect of (un)liking, (un)reposting or (un)following."""

    def effect(sandbox: Sandbox, action: WriteActionRecord) -> None:
        account = sandbox.accounts.get(action.account_id)
        actor = account.x_user_id if account else ""
        name = f"{verb}:{actor}:{action.target_id}"
        before = sandbox.relations.get(name)
        step = on - (before.active if before else False)
        if verb != "follow":
            post = _post(sandbox, action)
            if verb == "like":
                sandbox.timeline.put(replace(post, likes=max(0, post.likes + step)))
        sandbox.relations.put(Relation(id=name, active=on))
        _changed(action, state)

    return effect


def _remove_follower(sandbox: Sandbox, action: WriteActionRecord) -> None:
    sandbox.relations.put(Relation(id=f"follow:{action.target_id}:{_acting(sandbox, action)}", active=False))
    _changed(action, "removed")


def _acting(sandbox: Sandbox, action: WriteActionRecord) -> str:
    """The id on X of the account that acts."""
    account = sandbox.accounts.get(action.account_id)
    if account is None:
        raise ApiProblem(422, "x_rejected", "The account was disconnected.")
    return account.x_user_id


def _create_community(sandbox: Sandbox, action: WriteActionRecord) -> None:
    new = snowflake.at(sandbox.now(), sandbox.store.next("community"))
    name, about = action.payload["name"], action.payload.get("description", "")
    sandbox.communities.create(new, name, about, _acting(sandbox, action), sandbox.now())
    action.result = {"type": "community", "id": new}
    action.extra = {"communityId": new, "communityName": name}


def _delete_community(sandbox: Sandbox, action: WriteActionRecord) -> None:
    found = _community(sandbox, action)
    if found.moderators[0] != _acting(sandbox, action):
        raise ApiProblem(422, "x_rejected", "Only its creator can delete a community.")
    sandbox.communities.delete(found)
    _changed(action, "deleted")
    action.extra = {"communityId": found.id, "communityName": found.name}


def _community(sandbox: Sandbox, action: WriteActionRecord) -> CommunityOfX:
    found = sandbox.communities.get(action.target_id or "")
    if found is None:
        raise ApiProblem(422, "x_target_not_found", "The community does not exist.")
    return found


def _membership(on: bool, state: str) -> Callable[[Sandbox, WriteActionRecord], None]:
    """The effect of joining or leaving a community."""

    def effect(sandbox: Sandbox, action: WriteActionRecord) -> None:
        found = _community(sandbox, action)
        sandbox.relations.put(Relation(id=f"join:{_acting(sandbox, action)}:{found.id}", active=on))
        _changed(action, state)
        action.extra = {"communityId": found.id, "communityName": found.name}

    return effect


def _update_profile(sandbox: Sandbox, action: WriteActionRecord) -> None:
    person = sandbox.people.by_id(_acting(sandbox, action))
    if person is None:
        raise ApiProblem(422, "x_rejected", "The account is gone.")
    said = {_PROFILE[name]: value for name, value in action.payload.items()}
    sandbox.people.change(person, **said)
    action.result = {"type": "state_change", "id": person.id, "state": "updated"}


def _update_picture(which: str) -> Callable[[Sandbox, WriteActionRecord], None]:
    """The effect of a new avatar or banner: a drawing that only this picture has."""

    def effect(sandbox: Sandbox, action: WriteActionRecord) -> None:
        person = sandbox.people.by_id(_acting(sandbox, action))
        if person is None:
            raise ApiProblem(422, "x_rejected", "The account is gone.")
        sandbox.people.change(person, **{which: f"{which}-{action.payload['sha256'][:16]}"})
        action.result = {"type": "state_change", "id": person.id, "state": "updated"}

    return effect


_PROFILE = {"name": "name", "description": "bio", "location": "location", "url": "url"}
"""Fields of the request, and what a person has for them."""


def _send_dm(sandbox: Sandbox, action: WriteActionRecord) -> None:
    sender, receiver = _two(sandbox, action)
    media = str(next(iter(action.payload.get("media_ids", [])), ""))
    made = sandbox.inbox.write(sender, receiver, action.payload["text"], media, sandbox.now())
    action.result = {"type": "direct_message", "id": made.id}
    action.extra = {"messageId": made.id}


def _delete_dm(sandbox: Sandbox, action: WriteActionRecord) -> None:
    sandbox.inbox.take_back(action.payload["message_id"])
    _changed(action, "deleted")


def _two(sandbox: Sandbox, action: WriteActionRecord) -> tuple[PersonOfX, PersonOfX]:
    """Who writes, and to whom."""
    sender = sandbox.people.by_id(_acting(sandbox, action))
    receiver = sandbox.people.by_id(action.target_id or "")
    if sender is None or receiver is None:
        raise ApiProblem(422, "x_target_not_found", "The user does not exist.")
    return sender, receiver


def _upload(_: Sandbox, action: WriteActionRecord) -> None:
    # What was uploaded was stored when the request came; see the writes module.
    media_id = action.extra.get("mediaId", "")
    action.result = {"type": "media", "id": media_id}


_EFFECTS: dict[str, Callable[[Sandbox, WriteActionRecord], None]] = {
    "create_tweet": _create_tweet,
    "delete_tweet": _delete_tweet,
    "like": _relate("like", True, "liked"),
    "unlike": _relate("like", False, "unliked"),
    "retweet": _relate("retweet", True, "retweeted"),
    "unretweet": _relate("retweet", False, "unretweeted"),
    "follow": _relate("follow", True, "following"),
    "unfollow": _relate("follow", False, "not_following"),
    "upload_media": _upload,
    "send_dm": _send_dm,
    "delete_dm": _delete_dm,
    "update_profile": _update_profile,
    "update_avatar": _update_picture("face"),
    "update_banner": _update_picture("banner"),
    "remove_follower": _remove_follower,
    "create_community": _create_community,
    "delete_community": _delete_community,
    "join_community": _membership(True, "joined"),
    "leave_community": _membership(False, "left"),
}
