"""Analyses of posts and of own texts: questions with a fixed answer each, at 2 credits a text."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal
from urllib.parse import urlsplit

import msgspec
from starlette.responses import Response

from bot.sandbox import judging
from bot.sandbox.api.references import post_id_in
from bot.sandbox.api.rows import known_person, known_post
from bot.sandbox.calls import ApiCall, Handler, Operation, cursor_of, offset_of
from bot.sandbox.credits import ANALYSIS
from bot.sandbox.judging import QUESTIONS, Question, answer, decision
from bot.sandbox.problems import ApiProblem, json_response
from bot.sandbox.records import Post
from bot.sandbox.search import matcher
from bot.sandbox.shapes import post_json

_MOST: Final = 100
_MOST_QUESTIONS: Final = 8
_DEFAULT: Final = 20
_URL: Final = re.compile(r"https?://\S+")
_CASHTAG: Final = re.compile(r"\$[A-Za-z]{1,6}\b")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")


class _Asked(msgspec.Struct, rename="camel"):
    id: str
    instructions: str
    type: Literal["choice", "score", "probability"]
    version: str
    categories: dict[str, str | None] = {}
    levels: list[str] = []
    criteria: dict[str, str] = {}


class _Target(msgspec.Struct):
    name: str
    aliases: list[str] = []


class _Settings(msgspec.Struct, rename="camel"):
    questions: list[_Asked] = []
    targets: list[_Target] = []
    context: str = ""


class _Request(msgspec.Struct, rename="camel"):
    analysis: _Settings = msgspec.field(default_factory=_Settings)
    cursor: str | None = None
    limit: int = _DEFAULT
    query: str | None = None
    query_type: Literal["Latest", "Top"] = "Latest"
    quotes_of: str | None = None
    replies_to: str | None = None
    texts: list[str] | None = None
    tweet_ids: list[str] | None = None
    username: str | None = None


@dataclass(frozen=True, slots=True)
class _Subject:
    """What is analyzed: a post, or a text of one's own. reason: why it cannot be."""

    id: str
    text: str
    post: Post | None = None
    reason: str = ""


def _handler(route: str) -> Handler:
    async def analyze(call: ApiCall) -> Response:
        return json_response(_analyzed(call, route, call.shaped(_Request)))

    return analyze


def _analyzed(call: ApiCall, route: str, request: _Request) -> dict[str, Any]:
    questions = _questions(route, request.analysis.questions)
    subjects, after = _subjects(call, request)
    purse = call.sandbox.credits
    paid = [one for one in subjects if not one.reason]
    kept = paid[: purse.affordable(call.owner, ANALYSIS)] if paid else []
    purse.charge(call.owner, ANALYSIS * len(kept))
    fingerprint = hashlib.sha256(msgspec.json.encode([request.analysis, route])).hexdigest()
    results = [_result(call, route, one, questions, fingerprint) for one in kept]
    skipped = [one for one in subjects if one.reason]
    lost = [(one.id, one.reason) for one in skipped]
    lost += [(one.id, "insufficient_credits") for one in paid[len(kept) :]]
    return {
        "results": results,
        "unanalyzed": [{"id": name, "reason": reason, "status": "skipped"} for name, reason in lost],
        "analysisSummary": _summary(results, questions, request.analysis.targets, len(lost)),
        "has_next_page": bool(after),
        "next_cursor": after,
    }


def _questions(route: str, asked: Sequence[_Asked]) -> tuple[Question, ...]:
    if len(asked) > _MOST_QUESTIONS:
        raise ApiProblem(400, "invalid_input", f"At most {_MOST_QUESTIONS} questions.")
    found = []
    for one in asked:
        options = tuple(one.categories) if one.type == "choice" else tuple(one.levels)
        names = (one.id, *one.categories)
        if any(not _NAME.fullmatch(name) for name in names) or not one.instructions.strip():
            raise ApiProblem(400, "invalid_input", "Ids and categories are lower case without hyphens.")
        if one.type != "probability" and len(options) < 2:
            raise ApiProblem(400, "invalid_input", f"{one.id} needs two categories or levels.")
        found.append(Question(one.id, one.type, options, one.version))
    if len({one.id for one in found}) < len(found):
        raise ApiProblem(400, "invalid_input", "Each question has an id of its own.")
    return tuple(found) or QUESTIONS[route]


def _subjects(call: ApiCall, request: _Request) -> tuple[list[_Subject], str]:
    """What is to be analyzed, and the cursor of what follows."""
    sources = (request.query, request.username, request.replies_to, request.quotes_of)
    given = [one for one in (*sources, request.texts, request.tweet_ids) if one]
    if len(given) != 1:
        raise ApiProblem(400, "invalid_input", "Send exactly one source.")
    if not 1 <= request.limit <= _MOST or any(len(one) > _MOST for one in given if isinstance(one, list)):
        raise ApiProblem(400, "invalid_input", f"1 to {_MOST} posts a request.")
    if request.texts:
        return [
            _Subject(f"text:{number}", text, reason="" if text.strip() else "missing_text")
            for number, text in enumerate(request.texts, 1)
        ], ""
    if request.tweet_ids:
        return [_by_id(call, one) for one in request.tweet_ids], ""
    posts = _listed(call, request)
    offset = offset_of(request.cursor)
    page = posts[offset : offset + request.limit]
    more = offset + request.limit < len(posts)
    return [_of_post(post) for post in page], cursor_of(str(offset + request.limit)) if more else ""


def _by_id(call: ApiCall, reference: str) -> _Subject:
    found = post_id_in(reference)
    if found is None:
        raise ApiProblem(400, "invalid_tweet_id", "Tweet ID is empty or invalid")
    post = call.sandbox.timeline.get(found)
    return _Subject(found, "", reason="post_unavailable") if post is None else _of_post(post)


def _of_post(post: Post) -> _Subject:
    return _Subject(post.id, post.text, post, "" if post.text.strip() else "missing_text")


def _listed(call: ApiCall, request: _Request) -> list[Post]:
    sandbox = call.sandbox
    if request.query:
        matches = matcher(request.query, sandbox)
        found = [post for post in sandbox.timeline if matches(post)]
        if request.query_type == "Top":
            found.sort(key=lambda post: (-post.likes, -int(post.id)))
        return found
    if request.username:
        person = known_person(call, request.username.removeprefix("@"))
        return [post for post in sandbox.graph.posts_of(person) if not post.reposts]
    if request.replies_to:
        return sandbox.timeline.replies_to(known_post(call, post_id_in(request.replies_to) or "").id)[::-1]
    return sandbox.graph.quotes_of(known_post(call, post_id_in(request.quotes_of or "") or ""))


def _result(
    call: ApiCall, route: str, subject: _Subject, questions: Sequence[Question], fingerprint: str
) -> dict[str, Any]:
    answers = [answer(question, subject.text) for question in questions]
    body: dict[str, Any] = {
        "tweet": _tweet(call, subject),
        "answers": {one["questionId"]: decision(one) for one in answers},
        "analysis": {
            "status": "succeeded",
            "answers": answers,
            "questions": [{"id": one.id, "version": one.version} for one in questions],
            "contextBytes": len(subject.text.encode("utf-8", "replace")) + 219,
            "contextAvailability": {
                "postText": "full",
                "author": "missing" if subject.post is None else "available",
                "article": "not_supplied",
                "media": "not_supplied",
                "quote": "not_applicable",
                "reply": "not_applicable",
            },
        },
        "cashtags": sorted({tag.upper() for tag in _CASHTAG.findall(subject.text)}),
        "sourceDomains": _domains(subject.text),
        "monitor": {
            "baselineDatasetId": None,
            "changedQuestionIds": [],
            "changes": [],
            "configurationFingerprint": fingerprint,
            "status": "first_run",
        },
    }
    if route == "viral-score" and questions == QUESTIONS[route]:
        score = judging.viral_score(answers)
        body |= {"viralScore": score, "viralVerdict": judging.verdict(score)}
    return body


def _tweet(call: ApiCall, subject: _Subject) -> dict[str, Any]:
    if subject.post is not None:
        return post_json(call.sandbox, subject.post, call.sandbox.origin)
    counts = ("bookmarkCount", "likeCount", "quoteCount", "replyCount", "retweetCount", "viewCount")
    return {"id": subject.id, "text": subject.text, **dict.fromkeys(counts, 0)}


def _domains(text: str) -> list[str]:
    found = (urlsplit(url).hostname for url in _URL.findall(text.replace("[", "").replace("]", "")))
    return sorted({name for name in found if name and name != "t.co"})


def _summary(
    results: Sequence[dict[str, Any]],
    questions: Sequence[Question],
    targets: Sequence[_Target],
    skipped: int,
) -> dict[str, Any]:
    domains = Counter(name for one in results for name in one["sourceDomains"])
    return {
        "schemaVersion": 1,
        "rows": {"analyzed": len(results), "failed": 0, "skipped": skipped},
        "engagement": sum(_engagement(one["tweet"]) for one in results),
        "questions": {one.id: _totals(one, results) for one in questions},
        "cashtags": _cashtags(results),
        "sourceDomains": [{"domain": name, "posts": posts} for name, posts in domains.most_common(20)],
        "targets": [_mentions(one, results) for one in targets],
    }


def _engagement(tweet: dict[str, Any]) -> int:
    return sum(tweet[name] for name in ("likeCount", "retweetCount", "replyCount", "quoteCount"))


def _totals(question: Question, results: Sequence[dict[str, Any]]) -> dict[str, Any]:
    given = [one["answers"][question.id] for one in results]
    if question.type == "choice":
        counts = Counter(given)
        return {"counts": dict(counts), "shares": {name: n / len(given) for name, n in counts.items()}}
    mean = sum(given) / len(given) if given else None
    if question.type == "score":
        return {"mean": mean, "levels": list(question.options)}
    return {"mean": mean, "yes": sum(one >= 0.5 for one in given), "no": sum(one < 0.5 for one in given)}


def _cashtags(results: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for tag, rows in Counter(tag for one in results for tag in one["cashtags"]).most_common(20):
        stances = Counter(one["answers"].get("stance") for one in results if tag in one["cashtags"])
        body: dict[str, Any] = {"cashtag": tag, "rows": rows, "choices": {}}
        if set(stances) - {None}:
            bulls, bears = stances["bullish"], stances["bearish"]
            body["signal"] = {"bullish": bulls, "bearish": bears, "score": (bulls - bears) / rows}
        found.append(body)
    return found


def _mentions(target: _Target, results: Sequence[dict[str, Any]]) -> dict[str, Any]:
    names = [name.casefold() for name in (target.name, *target.aliases)]
    rows = [one for one in results if any(name in one["tweet"]["text"].casefold() for name in names)]
    return {
        "name": target.name,
        "mentions": len(rows),
        "share": len(rows) / len(results) if results else 0.0,
        "engagement": sum(_engagement(one["tweet"]) for one in rows),
        "choices": {},
        "top": {},
    }


OPERATIONS = (
    Operation("analyzeBrand", "POST", "/x/analysis/brand", _handler("brand")),
    Operation("analyzeClasses", "POST", "/x/analysis/classify", _handler("classify")),
    Operation("analyzeMarketSignals", "POST", "/x/analysis/market-signals", _handler("market-signals")),
    Operation("analyzeNews", "POST", "/x/analysis/news", _handler("news")),
    Operation("analyzeSentiment", "POST", "/x/analysis/sentiment", _handler("sentiment")),
    Operation("analyzeViralScore", "POST", "/x/analysis/viral-score", _handler("viral-score")),
)
