"""Editing a proposal: the form, and what comes back from it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from bot.core.access import Actor
from bot.core.chat.actions import ActionRef
from bot.core.chat.answers import Alternative
from bot.core.chat.cards import Card, Form, Input, InputKind, Priority, Text
from bot.core.commands.forms import menu_input
from bot.core.commands.menus import Menu
from bot.core.errors import UsageError
from bot.core.messages.message import msg
from bot.core.text.invisible import blank, only_unseen
from bot.core.text.shortening import line_ends
from bot.core.x.tweet_text import half_characters, weighted_length
from bot.proposals.acting import OPTION
from bot.proposals.contents import quoted_id
from bot.proposals.kinds import ProposalKind
from bot.proposals.previews import (
    NOTE_LIMIT,
    TEXT_LIMIT,
    account_note_of,
    edited_by,
    editors,
    looked_up,
    target_of,
    write_preview,
)
from bot.storage.writes.proposal_rows import StoredProposal

MOST_MEDIA: Final = 4
"""Images of a tweet; a video comes alone."""


def form(kind: ProposalKind, proposal: StoredProposal, action: ActionRef) -> Form:
    """A form with the editable fields of the payload, as they stand."""
    fields = _fields(kind, proposal.payload)
    inputs = tuple(
        Input(
            name,
            label,
            kind=InputKind.PARAGRAPH,
            required=name == "text" and len(fields) == 1 and not proposal.payload.get("media"),
            value=value,
            hint=msg("One link per line") if name == "media" else "",
        )
        for name, label, value in fields
    )
    if len(proposal.accounts) > 1:
        menu = Menu(proposal.accounts, str(proposal.payload.get(OPTION, "")))
        inputs = (*inputs, menu_input(OPTION, msg("The connected X account to use"), menu))
    note = msg("The preview is updated. Nothing is sent until somebody confirms the new one.")
    return Form(msg("Edit"), action, inputs, submit=msg("Update the preview"), note=note)


def revise(kind: ProposalKind, proposal: StoredProposal, values: Mapping[str, str]) -> dict[str, Any]:
    """The payload with the edited fields; UsageError when X would not take it.

    A field that was not sent back stays as it is; one that comes back empty is left out, where
    it was not to be emptied.
    """
    payload = dict(proposal.payload)
    whole = kind.edit is not None and kind.edit.shown is not None
    for name, label, value in _fields(kind, payload):
        if name not in values:
            if whole:
                payload[name] = value
            continue
        given = line_ends(values[name]).strip()
        if hidden := only_unseen(given):
            raise UsageError(
                msg("{label} consists only of invisible characters ({hidden}).", label=label, hidden=hidden),
                option=name,
                remedy=msg("Write it again, or clear the field. The preview has not changed."),
            )
        if whole:
            payload[name] = given
        elif blank(given):
            # What is to be emptied stays that.
            if payload.get(name) != "":
                payload.pop(name, None)
        elif name == "media":
            payload[name] = _addresses(given, label)
        else:
            payload[name] = given
    return payload if kind.edit is None else kind.edit.revised(payload)


def preview(kind: ProposalKind, proposal: StoredProposal, payload: Mapping[str, Any], actor: Actor) -> Card:
    """What the edited payload will send, with who edited it. actor: who does so now."""
    same = payload.get(OPTION) == proposal.payload.get(OPTION)
    note = account_note_of(proposal.preview) if same else ""
    card = write_preview(kind, payload, target_of(proposal.preview), note)
    names = edited_by(proposal.preview)
    if payload != proposal.payload and (names or actor.id != proposal.requester):
        names = (*(name for name in names if name != actor.display_name), actor.display_name)
    return replace(
        card,
        blocks=(*_unquoted(proposal, payload), *card.blocks, *editors(names), *looked_up(proposal.preview)),
    )


def offered(proposal: StoredProposal, alternative: Alternative, actor: Actor) -> Card:
    """The preview of what takes the place of a proposal by one press, with who pressed."""
    card = alternative.preview
    told = editors((actor.display_name,)) if actor.id != proposal.requester else ()
    return replace(card, blocks=(*card.blocks, *told))


def _unquoted(proposal: StoredProposal, payload: Mapping[str, Any]) -> tuple[Text, ...]:
    """That the edited text quotes nothing any more, where it did before."""
    answers = payload.get("reply_to_tweet_id") or payload.get("tweet_id")
    if answers or quoted_id(payload) or not quoted_id(proposal.payload):
        return ()
    return (
        Text(
            (msg("No tweet is quoted any more: the text no longer links to one."),),
            priority=Priority.ESSENTIAL,
        ),
    )


def revised_post(payload: dict[str, Any]) -> dict[str, Any]:
    """A tweet as it is sent after its fields were changed; UsageError when X would not take it."""
    _check(payload)
    if weighted_length(str(payload.get("text", ""))) <= TEXT_LIMIT:
        payload.pop("is_note_tweet", None)
    return payload


def _fields(kind: ProposalKind, payload: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    if kind.edit is None:
        return ()
    if kind.edit.shown is not None:
        return kind.edit.shown(payload)
    return tuple((name, label, _shown(payload.get(name))) for name, label in kind.edit.fields)


def _shown(value: Any) -> str:
    return "\n".join(str(item) for item in value) if isinstance(value, list) else str(value or "")


def _addresses(given: str, label: str) -> list[str]:
    urls = given.split()
    if len(urls) > MOST_MEDIA or not all(url.startswith("https://") for url in urls):
        raise UsageError(
            msg(
                "{label} takes up to {most} public https:// links to images, or one to a video.",
                label=label,
                most=MOST_MEDIA,
            ),
            option="media",
            remedy=msg("Change it: one link per line. The preview has not changed."),
        )
    return urls


def _check(payload: Mapping[str, Any]) -> None:
    text = str(payload.get("text", ""))
    if not text and not payload.get("media"):
        raise UsageError(
            msg("A tweet needs text, media, or both."),
            option="text",
            remedy=msg("Write it. The preview has not changed."),
        )
    if half_characters(text):
        raise UsageError(
            msg("The text contains half a character."),
            option="text",
            remedy=msg("Write it again. The preview has not changed."),
        )
    length = weighted_length(text)
    limit = NOTE_LIMIT if payload.get("is_note_tweet") else TEXT_LIMIT
    if length > limit:
        raise UsageError(
            msg(
                "The text has {length} characters as X counts them; {limit} fit.", length=length, limit=limit
            ),
            option="text",
            remedy=msg(
                "Shorten it by {over}. What you typed is kept; the preview has not changed.",
                over=length - limit,
            ),
        )
