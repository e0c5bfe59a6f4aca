"""Every presenter of an answer of Xquik makes a card of the least and of the strangest it may be."""

from __future__ import annotations

import typing
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.cards import account, draws, monitors, topics, tweets, writing
from bot.cards.routes import routes
from bot.core.chat.card_json import decode, encode
from bot.core.chat.cards import Button, Card
from bot.core.chat.ids import Destination, TenantId
from bot.core.routes.route import Route
from bot.core.x.draw_moves import Move
from bot.core.x.readings import read_tweet
from bot.features.draw.cards import record as draw_record
from bot.features.draw.cards import results as draw_results
from bot.features.draw.cards.succession import PrizeHolder
from bot.features.media.cards import media
from bot.xquik.models import (
    Account,
    ComposeGuide,
    Credits,
    Draft,
    Draw,
    DrawDetail,
    KeywordMonitor,
    MediaDownload,
    Monitor,
    RadarItem,
    RefineGuide,
    Score,
    Trend,
    Trends,
    Winner,
    XAccount,
)
from tests.features.edge import buttons
from tests.fuzzing import examples

_text = st.sampled_from(
    ("", "@everyone <!channel>", "[x](javascript:alert(1))", "\u202etxt", "\x00\n", "9" * 500, "a\nb")
)


def _any(kind: type[Any], **given_: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Any value of a model: each field a hostile text, an odd number, or its default."""
    made: dict[str, st.SearchStrategy[Any]] = {}
    for item in msgspec.structs.fields(kind):
        if item.name in given_:
            made[item.name] = given_[item.name]
            continue
        plain = {str: _text, int: st.integers(0, 10**24), bool: st.booleans(), float: st.floats(-1e9, 1e9)}
        options = typing.get_args(item.type) or (item.type,)
        wanted = next((plain[one] for one in options if one in plain), None)
        if wanted is not None and typing.get_origin(item.type) is tuple:
            wanted = _many(wanted)
        if wanted is None:
            continue
        made[item.name] = wanted if item.required else wanted | st.just(item.default)
    return st.builds(kind, **{name: s for name, s in made.items() if s is not None})


def _many(strategy: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[Any]:
    return st.lists(strategy, max_size=most).map(tuple)


_json = st.recursive(
    _text | st.none() | st.booleans() | st.integers(-1, 10**24),
    lambda inner: _many(inner).map(list) | st.dictionaries(st.sampled_from(("url", "text", "name")), inner),
    max_leaves=6,
)
_names = st.sampled_from(
    (
        "text",
        "author",
        "media",
        "card",
        "poll",
        "entities",
        "noteTweet",
        "quoted_tweet",
        "retweeted_tweet",
        "likeCount",
        "url",
        "createdAt",
        "lang",
        "inReplyToUsername",
    )
)
_tweet = st.builds(
    lambda identity, body: read_tweet({**body, "id": identity}),
    st.sampled_from(("1", "1893456789012345678")),
    st.dictionaries(_names, _json),
)
_draw = _any(Draw)
_detail = st.builds(lambda draw, winners: DrawDetail(draw=draw, winners=winners), _draw, _many(_any(Winner)))
_at = st.floats(0, 4e9)
_place = st.sampled_from(("w1", "w2", "b1", "b2", "w99"))
_holder = st.builds(PrizeHolder, _place, st.integers(0, 9), _text)
_move = st.builds(Move, st.integers(1, 5), st.none() | _place, _text, _text, _at)
_evidence = st.builds(
    draw_results.Evidence,
    st.none(),
    _many(_text),
    st.integers(1, 100),
    st.integers(0, 100),
    *(_text, _text, _text, _text),
    _at,
    st.none() | _at,
    st.integers(0, 10**6),
)
_monitor = _any(Monitor, event_types=_many(_text))
_keyword = _any(KeywordMonitor, event_types=_many(_text))
_route = st.builds(
    Route,
    _text,
    _text,
    st.builds(Destination, st.just(TenantId("slack", "T")), _text),
    _many(_text),
    _many(_text),
)

PRESENTERS: dict[str, tuple[Callable[..., Card], tuple[st.SearchStrategy[Any], ...]]] = {
    "account": (account.account_card, (_any(Account), _many(_any(XAccount)), st.integers(1, 1_000_000))),
    "credits": (account.credits_card, (_any(Credits),)),
    "draw": (draw_results.draw_card, (_detail,)),
    "draw with moves": (
        lambda detail, moves, asked: draw_results.draw_card(detail, moves=moves, evidence=asked),
        (_detail, _many(_move), _evidence),
    ),
    "draw preview": (
        lambda t, e: draws.draw_preview({}, t, e),
        (_tweet, st.integers(0, 999)),
    ),
    "draws": (lambda one, more: Card("Draws", draws.draws_blocks((one, *more))), (_draw, _many(_draw))),
    "next backup": (
        draw_results.next_backup_card,
        (_text, _any(Winner), st.none() | _holder, st.integers(1, 9), st.integers(0, 9)),
    ),
    "media": (media.single_card, (_any(MediaDownload),)),
    "batches": (
        lambda found: media.batches_card([media.MediaBatch(5, one) for one in found]),
        (_many(_any(MediaDownload)),),
    ),
    "monitor": (lambda one: monitors.monitor_card(one, "Title"), (_monitor | _keyword,)),
    "monitors": (
        lambda found: Card("Monitors", (monitors.monitors_table(found),)),
        (_many(_monitor | _keyword),),
    ),
    "route": (lambda one, notes: routes.route_card(one, "Title", notes), (_route, _many(_text))),
    "trends": (
        lambda found: topics.trends_card(found, "US", shown=5, fetched_at=0.0, cached=False),
        (st.builds(lambda rows: Trends(trends=rows), _many(_any(Trend), 8)),),
    ),
    "radar": (
        lambda one, more: Card("Radar", topics.radar_blocks((one, *more))),
        (_any(RadarItem), _many(_any(RadarItem))),
    ),
    "tweet": (tweets.tweet_card, (_tweet,)),
    "compose": (writing.compose_card, (_text, _any(ComposeGuide))),
    "refine": (writing.refine_card, (_text, _any(RefineGuide))),
    "score": (writing.score_card, (_text, st.integers(0, 999), st.just(280), _any(Score))),
    "draft": (writing.draft_card, (_any(Draft),)),
    "drafts": (
        lambda one, more: Card("Drafts", writing.drafts_blocks((one, *more))),
        (_any(Draft), _many(_any(Draft))),
    ),
}


@pytest.mark.parametrize("name", PRESENTERS)
@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_answer_breaks_its_card(name: str, data: st.DataObject) -> None:
    present, parts = PRESENTERS[name]
    card = present(*(data.draw(part) for part in parts))
    assert card.title
    assert card.blocks
    assert decode(encode(card)) == card
    for button in buttons(card):
        assert isinstance(button, Button)
        assert button.url is None or button.url.startswith(("https://", "http://"))


@pytest.mark.parametrize("form", ["csv", "json", "md", "txt", "pdf", "xlsx", "md-document", "new"])
@settings(max_examples=examples(15), suppress_health_check=[HealthCheck.too_slow])
@given(detail=_detail, moves=_many(_move), asked=st.none() | _evidence)
def test_no_answer_breaks_the_record_of_a_draw(
    form: str, detail: DrawDetail, moves: tuple[Move, ...], asked: draw_results.Evidence | None
) -> None:
    file = draw_record.record_file(detail, moves, asked, format=form, name="r")
    assert file.content.decode().strip() and file.name.startswith("r.")
