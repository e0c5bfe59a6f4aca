"""The pages of the operator, from values to HTML. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.core.routes.dead_letters import DeadLetter, DeadLetters
from bot.core.routes.long_lanes import LongLane
from bot.core.routes.tracing import trace_id
from bot.relay.asking.operating import InstallationStatus
from bot.web.operator.html import Html, Node, age, document, joined, moment, tag
from bot.web.operator.parts import counted, hidden, page, place, table

DEAD = "Dead letters"
_STATES = ("sent", "waiting", "sending", "skipped", "dead")


def login_page(form_token: str, error: str = "") -> str:
    """The only page for who is not signed in."""
    told = tag("p", error, role="alert", class_="error", id="error") if error else None
    field = tag(
        "input",
        type="password",
        id="token",
        name="token",
        required=True,
        autocomplete="current-password",
        aria_describedby="error" if error else None,
    )
    form = tag(
        "form",
        hidden("form", form_token),
        tag("label", "Operator token", for_="token"),
        field,
        tag("button", "Sign in", type="submit"),
        method="post",
        action="/operator/login",
        class_="login",
    )
    return document("Sign in", tag("main", tag("h1", "Sign in"), told, form, id="main"))


def message_page(title: str, text: str) -> str:
    """Says one thing."""
    back = tag("p", tag("a", "To the operator page", href="/operator/"))
    return document(title, tag("main", tag("h1", title), tag("p", text), back, id="main"))


def overview_page(standing: InstallationStatus, token: str, notice: str = "") -> str:
    """How everything does."""
    return page(
        "Overview",
        token,
        _figures(standing),
        _lanes(standing, token),
        _outcomes(standing.outcomes),
        _events(standing),
        notice=notice,
    )


def _figures(standing: InstallationStatus) -> Html:
    figures, now = standing.figures, standing.now
    oldest = "none" if figures.oldest is None else age(now - figures.oldest)
    tiles: list[tuple[str, Node]] = [
        ("Waiting", counted(figures.backlog, "message", "messages")),
        ("Oldest due", oldest),
        ("Channels with a backlog", f"{figures.lanes:,}"),
        ("Paused channels", f"{figures.paused_places:,}"),
        ("Dead letters", tag("a", f"{figures.dead:,}", href="/operator/dead")),
        ("Events to route", f"{figures.unrouted:,}"),
    ]
    items = [tag("div", tag("dt", name), tag("dd", value)) for name, value in tiles]
    return tag("dl", *items, class_="tiles")


def _lanes(standing: InstallationStatus, token: str) -> Html:
    columns = ("Channel", "Waiting", "Oldest", "Next try", "Last error", "Action")
    rows = [_lane(lane, standing.now, token) for lane in standing.lanes]
    return table("Longest backlogs", columns, rows, "Nothing is waiting.")


def _lane(lane: LongLane, now: float, token: str) -> tuple[Node, ...]:
    if lane.stands:
        due: Node = tag("strong", "paused")
    else:
        due = "now" if lane.not_before <= now else f"in {age(lane.not_before - now)}"
    is_card = "#" in lane.lane or "/@" in lane.lane
    action: Node = "–" if is_card else _pausing(lane, token)
    where = joined(place(lane.destination), " (answers)" if is_card else None)
    return (where, f"{lane.waiting:,}", moment(lane.oldest, now), due, lane.error or "–", action)


def _pausing(lane: LongLane, token: str) -> Html:
    to = lane.destination
    what = "resume" if lane.stands else "pause"
    return tag(
        "form",
        hidden("form", token),
        hidden("tenant", str(to.tenant)),
        hidden("channel", to.channel),
        hidden("thread", to.thread or ""),
        hidden("do", what),
        tag("button", what.capitalize(), type="submit", aria_label=f"{what.capitalize()} {to}"),
        method="post",
        action="/operator/places",
    )


def _outcomes(outcomes: Mapping[str, Mapping[str, int]]) -> Html:
    columns = ("Platform", *(state.capitalize() for state in _STATES))
    rows = [
        (platform, *(f"{states.get(state, 0):,}" for state in _STATES))
        for platform, states in sorted(outcomes.items())
    ]
    return table("The newest 5,000 messages", columns, rows, "Nothing has been sent yet.")


def _events(standing: InstallationStatus) -> Html:
    rows: list[Sequence[Node]] = [
        (
            moment(event.received_at, standing.now),
            tag("span", event.tenant, class_="tenant"),
            event.type,
            event.via,
            tag("code", trace_id(event.tenant, event.identity), class_="trace"),
        )
        for event in standing.events
    ]
    return table("Last events", ("Received", "Tenant", "Type", "By", "Trace"), rows, "No events yet.")


@dataclass(frozen=True, slots=True)
class DeadView:
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
    problem = tag("p", view.problem, role="alert", class_="error") if view.problem else None
    older = tag("p", tag("a", "Older", href=view.older_href)) if view.older is not None else None
    return page(DEAD, token, _filter(view), problem, _letters(view, token), older, notice=notice)


def _filter(view: DeadView) -> Html:
    return tag(
        "form",
        tag("label", "Tenant", for_="tenant"),
        tag("input", id="tenant", name="tenant", value=view.tenant, placeholder="slack:T0001"),
        tag("label", "Reason contains", for_="reason"),
        tag("input", id="reason", name="reason", value=view.chosen.reason),
        tag("button", "Filter", type="submit"),
        method="get",
        action="/operator/dead",
        class_="filter",
        role="search",
        aria_label="Dead letters",
    )


def _letters(view: DeadView, token: str) -> Html:
    columns = ("Choose", "Given up", "Channel", "Why", "Tries", "Trace")
    found = table("Newest first", columns, [_letter(one, view.now) for one in view.letters], "None.")
    if not view.matching:
        return found
    several = f"all {counted(view.matching, 'message', 'messages')}"
    every = f"Send {'the message' if view.matching == 1 else several} again …"
    return tag(
        "form",
        hidden("form", token),
        hidden("tenant", view.tenant),
        hidden("reason", view.chosen.reason),
        found,
        tag(
            "p",
            tag("button", "Send the chosen ones again …", type="submit", name="what", value="chosen"),
            " ",
            tag("button", every, type="submit", name="what", value="all", class_="quiet"),
            class_="actions",
        ),
        method="post",
        action="/operator/replay",
    )


def _letter(letter: DeadLetter, now: float) -> tuple[Node, ...]:
    about = f"Choose message {letter.id}"
    choice: Node = "sent again"
    if not letter.replayed:
        choice = tag("input", type="checkbox", name="id", value=letter.id, aria_label=about)
    doubt = tag("small", " It may be there already.") if letter.ambiguous else None
    trace = trace_id(letter.destination.tenant, letter.identity or letter.key)
    return (
        choice,
        moment(letter.died_at, now),
        place(letter.destination),
        joined(letter.reason or "no reason recorded", doubt),
        f"{letter.attempts}",
        tag("code", trace, class_="trace"),
    )


def confirm_page(chosen: DeadLetters, tenant: str, number: int, token: str) -> str:
    """Asks once more, with the number."""
    what = counted(number, "message", "messages")
    narrowed = [
        f"of {tenant}" if tenant else "",
        f"whose reason has “{chosen.reason}”" if chosen.reason else "",
    ]
    detail = " ".join(part for part in narrowed if part)
    form = tag(
        "form",
        hidden("form", token),
        hidden("tenant", tenant),
        hidden("reason", chosen.reason),
        hidden("ids", ",".join(str(one) for one in chosen.ids)),
        hidden("upto", str(chosen.upto or 0)),
        tag("button", f"Send {what}", type="submit"),
        " ",
        tag("a", "Cancel", href="/operator/dead"),
        method="post",
        action="/operator/replay/confirmed",
    )
    text = (
        f"{what} {detail} would be queued at the end of their channels, oldest first. Each is sent once, "
        "however often this is confirmed."
    )
    return page("Send again?", token, tag("p", text), form)
