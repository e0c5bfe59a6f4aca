"""From an answer to an error with a next step, for every code there is and for those to come."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.errors import (
    AccountTrouble,
    BotError,
    Conflict,
    Expired,
    KeyRejected,
    NotFound,
    NotPermitted,
    OutcomeUnknown,
    OutOfCredits,
    RateLimited,
    Rejected,
    UpstreamUnavailable,
)
from bot.xquik.advice import ADVICE
from bot.xquik.errors import error_from, facts_of, is_retryable, retry_after
from tests.facts import table
from tests.fuzzing import examples
from tests.xquik.spec import codes

# The codes of the older error pages.
SEED_CODES = """
    media_too_large invalid_media_url search_unavailable list_not_found bookmark_folders_unavailable
    invalid_input invalid_json invalid_id invalid_tweet_url invalid_tweet_id invalid_username
    invalid_tool_type invalid_format invalid_params missing_query missing_params webhook_inactive
    unauthenticated account_needs_reauth x_auth_failure no_subscription subscription_inactive
    usage_limit_reached no_addon extra_usage_disabled extra_usage_requires_v2 manual_subscription
    frozen overage_limit_reached payment_failed no_credits insufficient_credits
    api_key_limit_reached monitor_limit_reached not_found user_not_found tweet_not_found no_media
    article_not_found draft_not_found style_not_found no_cached_style monitor_already_exists
    shadow_account x_account_feature_required x_account_suspended x_account_protected
    x_duplicate_action x_target_not_found x_content_too_long x_rejected x_write_unconfirmed
    rate_limit_exceeded x_api_rate_limited x_rate_limited x_daily_limit internal_error
    x_api_unavailable x_api_unauthorized stream_registration_failed x_write_failed x_write_ambiguous
    x_transient_error media_download_failed already_member too_many_tweets account_not_found
    account_restricted login_failed
"""


SDK_CODES = frozenset(table("xquik_sdk")["error_codes"])


def test_the_sdk_names_156_codes() -> None:
    assert len(SDK_CODES) == 156


@pytest.mark.parametrize(
    ("code", "kind", "retryable"),
    [
        ("invalid_space_id", Rejected, False),
        ("x_image_invalid", Rejected, False),
        ("x_post_not_sent", Rejected, False),
        ("x_dm_not_sent", Rejected, False),
        ("x_community_not_joined", NotPermitted, False),
        ("session_required", KeyRejected, False),
        ("x_automation_refused", AccountTrouble, False),
        ("job_not_found", NotFound, False),
        ("topup_in_progress", Conflict, False),
        ("too_many_streams", RateLimited, True),
        ("replay_unavailable", Expired, False),
        ("retweeters_incomplete", UpstreamUnavailable, True),
        # Never taken for a failure after which the same may be done once more.
        ("idempotency_in_progress", OutcomeUnknown, False),
    ],
)
def test_newer_codes_are_told_apart(code: str, kind: type[BotError], retryable: bool) -> None:
    assert type(error_from(418, {"error": {"code": code, "type": "x"}}, {})) is kind
    assert is_retryable(code) is retryable


def test_the_document_names_112_codes() -> None:
    assert len(codes()) == 112


@pytest.mark.parametrize("code", sorted({*codes(), *SEED_CODES.split(), *SDK_CODES}))
def test_every_code_has_advice_of_its_own(code: str) -> None:
    advice = ADVICE[code]
    assert advice.what.endswith(".")
    assert advice.remedy.endswith(".")
    assert advice.remedy != BotError.default_remedy
    assert advice.remedy != advice.error.default_remedy or code == "unauthenticated"
    error = error_from(400, {"error": code}, {})
    assert type(error) is advice.error
    assert (error.code, error.remedy) == (code, advice.remedy)
    assert error.detail.startswith(advice.what)


def test_no_two_codes_say_the_same() -> None:
    texts = [(advice.what, advice.remedy) for advice in ADVICE.values()]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("unauthenticated", KeyRejected),
        ("insufficient_credits", OutOfCredits),
        ("account_needs_reauth", AccountTrouble),
        ("tweet_not_found", NotFound),
        ("monitor_already_exists", Conflict),
        ("coverage_cursor_gone", Expired),
        ("x_rejected", Rejected),
        ("forbidden", NotPermitted),
        ("x_daily_limit", RateLimited),
        ("x_transient_error", UpstreamUnavailable),
        ("x_write_ambiguous", OutcomeUnknown),
        ("x_write_unconfirmed", OutcomeUnknown),
    ],
)
@pytest.mark.parametrize("opt_in", [False, True])
def test_both_error_shapes_are_read(code: str, kind: type[BotError], opt_in: bool) -> None:
    body = {"error": {"type": "api_error", "code": code, "message": "m"} if opt_in else code}
    error = error_from(500, body, {})
    assert type(error) is kind
    assert error.code == code


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, UpstreamUnavailable),
        (400, Rejected),
        (401, KeyRejected),
        (402, OutOfCredits),
        (403, NotPermitted),
        (404, NotFound),
        (408, UpstreamUnavailable),
        (409, Conflict),
        (410, Expired),
        (418, Rejected),
        (424, UpstreamUnavailable),
        (429, RateLimited),
        (500, UpstreamUnavailable),
        (599, UpstreamUnavailable),
    ],
)
def test_an_unknown_code_is_judged_by_its_status_and_shown(status: int, kind: type[BotError]) -> None:
    error = error_from(status, {"error": "brand_new_code", "message": "Something new."}, {})
    assert type(error) is kind
    assert error.code == "brand_new_code"
    assert "Something new." in error.detail
    assert "brand_new_code" in error.detail
    assert error.remedy.endswith(".") and len(error.remedy) > 10


def test_an_answer_without_any_body_still_makes_a_sentence() -> None:
    error = error_from(503, {}, {})
    assert error.code == "http_503"
    assert "503" in error.detail


def test_a_server_message_is_cut_cleaned_and_redacted() -> None:
    message = "a\x00b\n\u202ec xq_" + "0f" * 32 + " " + "y" * 5000
    error = error_from(418, {"error": "odd", "message": message}, {})
    assert "xq_0f" not in error.detail
    assert "\u202e" not in error.detail and "\x00" not in error.detail and "\n" not in error.detail
    assert len(error.detail) < 400


def test_the_fields_at_fault_and_the_price_are_named_and_the_balance_is_not() -> None:
    fields = [{"path": "text", "message": "too long", "code": "max"}]
    assert "text: too long" in error_from(400, {"error": "invalid_input", "fieldErrors": fields}, {}).detail
    short = error_from(402, {"error": "insufficient_credits", "balance": "3", "required": "30"}, {})
    assert short.detail.endswith("Needed: 30.")


def test_the_facts_of_an_answer_come_along() -> None:
    body = {"error": "x_rejected", "safeToRetry": True, "writeActionId": "wa_1", "terminal": True}
    facts = facts_of(error_from(422, body, {"x-request-id": "r1"}))
    assert facts is not None
    assert (facts.status, facts.safe_to_retry, facts.terminal) == (422, True, True)
    assert (facts.write_action_id, facts.request_id) == ("wa_1", "r1")
    assert facts_of(ValueError()) is None


@pytest.mark.parametrize(
    ("body", "headers", "seconds"),
    [
        ({}, {}, None),
        ({"retryAfter": 60}, {}, 60),
        ({"retryAfterMs": 1500}, {}, 1.5),
        ({"retryAfter": 60}, {"retry-after": "5"}, 5),
        ({}, {"retry-after": "soon"}, None),
        ({}, {"retry-after": "-4"}, None),
        ({}, {"retry-after": "nan"}, None),
        ({}, {"retry-after": "9" * 400}, None),
        ({"retryAfter": True}, {}, None),
        ({}, {"retry-after": "999999999"}, 86_400),
        ({}, {"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"}, None),
        (
            {},
            {"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT", "date": "Wed, 21 Oct 2026 07:28:30 GMT"},
            0,
        ),
    ],
)
def test_retry_after(body: dict[str, object], headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(body, headers) == seconds


def test_what_is_final_is_not_retryable() -> None:
    assert is_retryable("x_daily_limit") is False
    assert is_retryable("x_write_ambiguous") is False
    assert is_retryable("x_transient_error") is True
    assert is_retryable("never_heard_of") is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
names = st.sampled_from(
    ["error", "message", "code", "retryAfter", "retryAfterMs", "fieldErrors", "safeToRetry", "balance"]
)


@settings(max_examples=examples(150), deadline=None)
@given(st.integers(300, 599), st.dictionaries(names, json_values, max_size=6), st.text(max_size=20))
def test_no_body_can_break_the_making_of_an_error(status: int, body: dict[str, object], header: str) -> None:
    error = error_from(status, body, {"retry-after": header, "date": header})
    assert isinstance(error, BotError)
    assert error.detail
    assert error.remedy
