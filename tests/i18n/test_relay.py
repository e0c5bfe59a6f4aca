"""What the relay says itself is said whole in another language: nothing of it is glued, cut or English."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.chat import card_json
from bot.core.chat.cards import Card
from bot.core.chat.delivery_results import Gone
from bot.core.chat.ids import Destination, TenantId
from bot.core.messages.message import Duration, msg
from bot.core.routes import dedup_keys
from bot.core.routes.account_names import KnownAccount, Renamed
from bot.core.routes.events import Event
from bot.core.routes.route import Route
from bot.core.routes.schedule import QuietHours, Schedule
from bot.relay.receiving import gap_notices
from bot.relay.routing.renaming import renamed_card
from bot.relay.routing.thread_openers import opener_card
from bot.relay.schedule import notices as schedule_notices
from bot.relay.sending import notices, outage_notices
from bot.relay.sending.outage_notices import KeptMessages
from bot.relay.sending.setup_warnings import trouble_card
from bot.storage.relay.outages import COUNTED
from tests.i18n.left_over import english_in_card

HERE = Destination(TenantId("discord", "G"), "C")
NAMES = "rrr resume relay timing setup key status nasa esa tweet new UTC Berlin Europe"
ROUTE = Route("1", "rrr", HERE, schedule=Schedule("Europe/Berlin", quiet=QuietHours(60, 120), per_day=5))
RENAMED = Renamed(KnownAccount("1", "nasa"), KnownAccount("1", "esa"))
TOLD = msg("I was removed")
NONE, ONE, MANY = KeptMessages(0), KeptMessages(1, 1), KeptMessages(COUNTED, COUNTED)


def event(username: str | None = None, query: str | None = None) -> Event:
    return Event(1, HERE.tenant, "tweet.new", username, query, 0.0, 0.0, {}, "e:1")


@pytest.mark.parametrize(
    "card",
    [
        *(outage_notices.unreachable(HERE, TOLD, n, 0.0) for n in (1, 2, COUNTED)),
        outage_notices.unreachable(HERE, "", 1, 0.0),
        *(
            outage_notices.lost(HERE, [replace(ROUTE, also=also)] * n, TOLD, msg("Invite me"), age)
            for n in (1, 2, 12)
            for also in ((), (replace(HERE, channel="D"),))
            for age in (None, 3600.0)
        ),
        *(outage_notices.reachable(HERE, Duration(60), one) for one in (NONE, ONE, MANY)),
        *(outage_notices.back(Duration(60), one) for one in (NONE, ONE, MANY)),
        outage_notices.paused_here(ROUTE, TOLD, 0.0),
        *(outage_notices.resumed_here(ROUTE, one) for one in (NONE, ONE, KeptMessages(0, 2))),
        outage_notices.stopped_here(HERE, TOLD),
        outage_notices.goes_on_here(HERE, ONE),
        *(gap_notices.skipped(n, more, 60.0) for n in (0, 1, 5) for more in (True, False)),
        gap_notices.KEY_REFUSED,
        gap_notices.NEEDS_SOMEBODY,
        gap_notices.HOOK_RESUMED,
        gap_notices.HOOK_STOPPED,
        gap_notices.HOOK_BACK,
        trouble_card(HERE, Gone(TOLD, msg("Invite me"))),
        schedule_notices.capped(ROUTE),
        *(schedule_notices.left_out(ROUTE, n) for n in (1, 2)),
        *(Card(schedule_notices.list_title(ROUTE, why, 2)) for why in ("digest", "quiet", "missed", "burst")),
        notices.possibly_repeated(Card(msg("Title"))),
        notices.test_card(ROUTE),
        notices.test_card(replace(ROUTE, accounts=("nasa", "esa"))),
        *(notices.unpresentable(one) for one in (event(), event("nasa"), event(query="esa"))),
        *(Card(msg("Title"), renamed_card(RENAMED, ["rrr"] * n).blocks) for n in (1, 9)),
        *filter(None, (opener_card(dedup_keys.of_day("2026-11-08"), ROUTE),)),
        *filter(None, (opener_card(dedup_keys.of_account("nasa"), ROUTE),)),
    ],
)
def test_a_word_of_the_relay_is_a_message_whole(card: Card) -> None:
    assert english_in_card(card, NAMES) == set()
    assert english_in_card(card_json.decode(card_json.encode(card)), NAMES) == set(), "as it is stored"
