"""The three steps of writing help: compose, refine, score. Free."""

from __future__ import annotations

from typing import Any, Literal
from urllib.parse import quote

import msgspec
from starlette.responses import Response

from bot.sandbox import editorial
from bot.sandbox.api.styles import style_named
from bot.sandbox.calls import ApiCall, Operation
from bot.sandbox.problems import ApiProblem, json_response

_Goal = Literal["engagement", "followers", "authority", "conversation"]


class _Compose(msgspec.Struct, rename="camel"):
    topic: str
    goal: _Goal = "engagement"
    style_username: str | None = None


class _Refine(msgspec.Struct, rename="camel"):
    topic: str
    goal: _Goal
    tone: str
    media_type: Literal["photo", "video", "none"] | None = None
    call_to_action: str | None = None
    additional_context: str | None = None


class _Score(msgspec.Struct, rename="camel"):
    draft: str
    has_link: bool = False
    has_media: bool = False  # both are accepted and make no difference, as at Xquik


def _intent(text: str) -> str:
    return f"https://x.com/intent/tweet?text={quote(text)}"


def _filled(**fields: str | None) -> None:
    """400 for a field that was sent empty."""
    for name, value in fields.items():
        if value is not None and not value.strip():
            raise ApiProblem(400, "invalid_input", f"{name} must not be empty.")


async def compose(call: ApiCall) -> Response:
    match call.json().get("step"):
        case "compose":
            return json_response(_prepared(call, call.shaped(_Compose)))
        case "refine":
            return json_response(_refined(call.shaped(_Refine)))
        case "score":
            return json_response(_scored(call.shaped(_Score)))
        case _:
            raise ApiProblem(400, "invalid_input", "step must be compose, refine or score.")


def _prepared(call: ApiCall, request: _Compose) -> dict[str, Any]:
    _filled(topic=request.topic, styleUsername=request.style_username)
    body: dict[str, Any] = {
        "contentRules": [{"rule": rule} for rule in editorial.rules_for(request.goal)],
        "engagementMultipliers": [
            {"action": label, "multiplier": "Production weight not published by X"}
            for label, _ in editorial.SIGNALS
        ],
        "engagementVelocity": "How fast attention fades is not published; early replies are a fair guess.",
        "followUpQuestions": editorial.questions(request.topic, request.goal),
        "intentUrl": _intent(request.topic),
        "nextStep": "Answer the questions, then send step refine with a tone.",
        "radarRecommendations": editorial.radar_recommendations(),
        "scorerWeights": [
            {"context": "Direction only; the weight is not published.", "signal": signal, "weight": None}
            for _, signal in editorial.SIGNALS
        ],
        "source": "Editorial rules of the sandbox; signal names from X's public ranking code.",
        "topPenalties": editorial.PENALTIES,
    }
    if request.style_username:
        style = style_named(call.sandbox, call.owner, request.style_username)
        if style is None:
            body["styleNote"] = f"No saved style for @{request.style_username}: analyze it first."
        else:
            body["styleTweets"] = [one.text for one in style.texts]
    return body


def _refined(request: _Refine) -> dict[str, Any]:
    _filled(
        topic=request.topic,
        tone=request.tone,
        callToAction=request.call_to_action,
        additionalContext=request.additional_context,
    )
    guidance = [
        f"Keep the tone {request.tone} from the first word to the last.",
        editorial.GOALS[request.goal],
        f"Say one thing about {request.topic}; save the rest for replies.",
    ]
    if request.media_type in {"photo", "video"}:
        guidance.append(f"Let the {request.media_type} carry the detail and the text carry the point.")
    if request.call_to_action:
        guidance.append(f"End on one request: {request.call_to_action}")
    if request.additional_context:
        guidance.append(f"Keep to the given context: {request.additional_context}")
    return {
        "compositionGuidance": guidance,
        "examplePatterns": editorial.patterns(request.topic),
        "intentUrl": _intent(request.topic),
        "nextStep": "Write the draft, then send step score.",
    }


def _scored(request: _Score) -> dict[str, Any]:
    _filled(draft=request.draft)
    checks = editorial.score(request.draft)
    failed = [check for check in checks if not check["passed"]]
    body: dict[str, Any] = {
        "checklist": checks,
        "nextStep": "Fix what failed and score again." if failed else "All 9 checks passed. Post it.",
        "passed": not failed,
        "passedCount": len(checks) - len(failed),
        "topSuggestion": failed[0]["suggestion"] if failed else "All editorial checks passed.",
        "totalChecks": len(checks),
    }
    if not failed:
        body["intentUrl"] = _intent(request.draft)
    return body


OPERATIONS = (Operation("compose", "POST", "/compose", compose, "writes"),)
