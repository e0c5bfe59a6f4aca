"""Analyses of texts."""

from __future__ import annotations

from typing import Any

from .scenario import GIVEAWAY, URL, Scenario, Scenarios, each

ASKED = {"id": "fun", "instructions": "Is it?", "type": "probability", "version": "1"}
KINDS = {**ASKED, "id": "kind", "type": "choice", "categories": {"news": "News", "fun": None}}
LEVELS = {**ASKED, "id": "level", "type": "score", "levels": ["some", "all"]}
WRONG = ({**KINDS, "categories": {"one": None}}, {**ASKED, "id": "Not-a-name"}, {**ASKED, "type": "essay"})


def analyses(kind: str) -> Scenario:
    """Every source of posts, own questions, and what is refused."""
    sources: list[dict[str, Any]] = [
        {"query": "from:nasa", "queryType": "Top", "limit": 3},
        {"username": "@nasa", "limit": 2},
        {"repliesTo": GIVEAWAY, "limit": 2},
        {"quotesOf": URL},
        {"tweetIds": [URL, "1893999999999999999"]},
        {"texts": ["Buy $NASA: https://example.com", " "]},
        {"texts": ["x"], "analysis": {"targets": [{"name": "X", "aliases": ["Twitter"]}]}},
        {"texts": ["x"], "analysis": {"questions": [ASKED, KINDS, LEVELS]}},
        *({"texts": ["x"], "analysis": {"questions": [one]}} for one in WRONG),
        {"texts": ["x"], "analysis": {"questions": [ASKED] * 9}},
        {"texts": ["x"], "analysis": {"questions": [ASKED, ASKED]}},
        *({}, {"texts": ["x"], "query": "y"}, {"tweetIds": ["x"]}, {"query": "y", "limit": 0}),
        *({"username": "missing_x"}, {"repliesTo": "1893999999999999999"}, {"quotesOf": "x"}),
    ]
    return each(*(("POST", f"/x/analysis/{kind}", body) for body in sources))


SCENARIOS = Scenarios(
    {
        "analyzeBrand": analyses("brand"),
        "analyzeClasses": analyses("classify"),
        "analyzeMarketSignals": analyses("market-signals"),
        "analyzeNews": analyses("news"),
        "analyzeSentiment": analyses("sentiment"),
        "analyzeViralScore": analyses("viral-score"),
    }
)
