"""The pages of the operator, from values to HTML. Pure: `templates` has what they look like."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from bot.core.routes.dead_letters import DeadLetter, DeadLetters
from bot.relay.asking.operating import InstallationStatus
from bot.web.operator.rendering import counted, rendered


def login_page(form_token: str, error: str = "") -> str:
    """The only page for who is not signed in."""
    return rendered("login.html", {"title": "Sign in", "token": form_token, "error": error})


def message_page(title: str, text: str) -> str:
    """Says one thing."""
    return rendered("message.html", {"title": title, "text": text})


def overview_page(standing: InstallationStatus, token: str, notice: str = "") -> str:
    """How everything does. token: what forms bring along."""
    return rendered(
        "overview.html", {"title": "Overview", "token": token, "notice": notice, "standing": standing}
    )


class DeadView(msgspec.Struct, frozen=True):
    """A page of dead letters. chosen: the filter; tenant: as it was typed; matching: how many of them are
    not replayed; older: the id to go on below, None at the end; now: epoch seconds."""

    chosen: DeadLetters
    tenant: str
    letters: Sequence[DeadLetter]
    matching: int
    older: int | None
    older_href: str
    now: float
    problem: str = ""


def dead_page(view: DeadView, token: str, notice: str = "") -> str:
    """The dead letters that a filter leaves."""
    return rendered("dead.html", {"title": "Dead letters", "token": token, "notice": notice, "view": view})


def confirm_page(chosen: DeadLetters, tenant: str, number: int, token: str) -> str:
    """Asks once more, with the number."""
    narrowed = [
        f"of {tenant}" if tenant else "",
        f"whose reason has “{chosen.reason}”" if chosen.reason else "",
    ]
    values = {
        "what": counted(number, "message", "messages"),
        "detail": " ".join(part for part in narrowed if part),
        "chosen": chosen,
        "tenant": tenant,
    }
    return rendered("confirm.html", {"title": "Send again?", "token": token, "notice": "", **values})
