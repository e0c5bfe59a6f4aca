"""What a place is told of silences, its account, its rights and of topics is said whole in any language."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.cards import account, policy, silences, topics
from bot.cards.silences import Purse
from bot.core.access import EVERYTHING, NOTHING, Grant, Permission
from bot.core.chat import card_json
from bot.core.chat.cards import Card, line
from bot.core.errors import KeyRejected
from bot.core.messages.message import msg
from bot.core.routes.silences import Silence, SilenceCause, Watched
from bot.xquik.models import Account, Credits, MonitorBilling, RadarItem, Trend, Trends, XAccount
from tests.i18n.left_over import english_in_card

NAMES = """nasa esa moon pro xq_ab UTC github GitHub tech Artemis use view private spend publish manage role
setup key monitor list resume add keyword https com xquik dashboard account policy
grant to relay channel alerts credits topup"""
ACCOUNT = Watched("account", "nasa")
MANY = tuple(Watched("keyword", f"moon {n}") for n in range(9))
PLACES = tuple(f"discord:G/C{n}" for n in range(9))
DAY = 86_400.0


def of_silences() -> Iterator[Card]:
    for cause in SilenceCause:
        for watched in ((ACCOUNT,), MANY, *(((),) if cause not in _NAMED else ())):
            if cause is SilenceCause.REMOVED and len(watched) > 1:
                continue
            one = Silence("s", cause, "", 0.0, watched, PLACES)
            for all_of_it in (True, False):
                yield silences.quiet_here(one, watched, all_of_it=all_of_it)
            yield silences.quiet_soon_here(one)
            yield silences.over_here(one, watched)
            for lasts in (None, 0.0, 3 * DAY):
                yield silences.trouble(one, lasts=lasts)
            yield silences.trouble_in_channel(one)
            yield silences.over(one)
            yield silences.known_here(one)
            for purse in (
                None,
                Purse(0, 30, 0.0),
                Purse(9, 30, 9.0),
                Purse(9, 0, None),
                Purse(9, 9, None, True),
            ):
                yield silences.why_card(one, purse, ())
                yield Card(msg("Title"), tuple(silences.silence_blocks([one], purse)))
    yield silences.is_over()


_NAMED = {SilenceCause.PROTECTED, SilenceCause.GONE, SilenceCause.STOPPED, SilenceCause.REMOVED}
GRANTS = (
    Grant("everyone", "", Permission.USE),
    Grant("members", "", NOTHING),
    Grant("admins", "", EVERYTHING),
    Grant("user", "nasa", EVERYTHING),
    Grant("role", "esa", Permission.SPEND),
)
HEALTHY = XAccount(id="1", username="nasa", health="healthy")
ILL = tuple(
    XAccount(id="2", username="esa", health=health) for health in account.HEALTH if health != "healthy"
)
PURSE = Purse(9, 9, 3 * DAY)
BILLED = Account(
    plan="pro",
    credit_info=Credits(balance=9),
    monitor_billing=MonitorBilling(active_hourly_burn=30, active_daily_estimate=720),
)


def of_accounts() -> Iterator[Card]:
    yield account.account_card(Account(plan="pro"), (), 5)
    yield account.account_card(BILLED, (HEALTHY,), 5)
    yield account.account_card(BILLED, (HEALTHY, *ILL), 5)
    yield account.credits_card(Credits(balance=9))
    yield account.credits_card(Credits(balance=0, auto_topup_enabled=True))
    yield account.credits_card(
        Credits(balance=1, auto_topup_enabled=True, auto_topup_amount_dollars=9.5, auto_topup_threshold=100)
    )
    hook, may = line(msg("Title")), policy.policy_words(GRANTS)
    yield account.setup_saved_card("xq_ab", Account(plan="pro"), (), hook, may)
    yield account.setup_saved_card("xq_ab", BILLED, (HEALTHY,), hook, may)
    one = Silence("s", SilenceCause.STOPPED, "", 0.0, (ACCOUNT,))
    for hint in (None, "xq_ab"):
        for trouble in (None, KeyRejected(msg("Title"), remedy=msg("Press `setup key`."))):
            yield account.setup_status_card(
                hint=hint, hook=hook, monitors=3, routes=1, trouble=trouble, purse=PURSE, silences=(one,),
                language="UTC",
            )  # fmt: skip


def of_topics() -> Iterator[Card]:
    found = Trends(
        trends=(
            Trend(name="moon", tweet_volume=1200),
            Trend(name="nasa", url="https://x.com/nasa", promoted_content="esa"),
        )
    )
    for trends in (Trends(), found):
        for cached in (True, False):
            yield topics.trends_card(trends, "moon", shown=5, fetched_at=0.0, cached=cached)
    items = (
        RadarItem(id="1"),
        RadarItem(
            id="2", title="Artemis", source="github", category="tech", score=1234.5, description="moon"
        ),
    )
    yield Card(msg("Title"), topics.radar_blocks(items))


@pytest.mark.parametrize(
    "card", [*of_silences(), *of_accounts(), *of_topics(), policy.policy_card(GRANTS), policy.policy_card(())]
)
def test_what_a_place_is_told_is_a_message_whole(card: Card) -> None:
    assert english_in_card(card, NAMES) == set()
    assert english_in_card(card_json.decode(card_json.encode(card)), NAMES) == set(), "as it is stored"
