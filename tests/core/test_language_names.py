"""Languages by code, by tag and by name, in every script; what X finds no tweets in is refused."""

from __future__ import annotations

import pytest

from bot.core.x.languages import LANGUAGES, code_in_tweets, language_code, same_language


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("en", "en"),
        (" EN ", "en"),
        ("english", "en"),
        ("ENGLISH", "en"),
        ("İngilizce", "en"),
        ("ingilizce", "en"),
        ("İNGİLİZCE", "en"),
        ("TÜRKÇE", "tr"),
        ("Deutsch", "de"),
        ("Español", "es"),
        ("العربية", "ar"),
        ("हिन्दी", "hi"),
        ("हिंदी", "hi"),
        ("日本語", "ja"),
        ("ไทย", "th"),
        ("русский", "ru"),
        ("Haitian  Creole", "ht"),
        ("pt-BR", "pt"),
        ("zh_Hant", "zh"),
        ("Hindi", "hi"),
        ("Hebrew", "he"),
        ("iw", "iw"),
        ("und", "und"),
        ("Unknown", "und"),
    ],
)
def test_a_language_is_known_by_code_and_by_name(said: str, code: str) -> None:
    assert language_code(said) == code
    assert code in LANGUAGES


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        ("englsh", "English (en)"),
        ("Türkçee", "Türkçe (tr)"),
        ("germn", "German (de)"),
        ("العربيه", "العربية (ar)"),
        ("हिन्द", "हिन्दी (hi)"),
        ("日本", "日本語 (ja)"),
        ("xx", "write codes or names"),
        ("klingon", "is not a language"),
        ("", "write codes or names"),
        ("x" * 5_000, "write codes or names"),
    ],
)
def test_what_is_no_language_is_refused_with_what_is_near(said: str, hint: str) -> None:
    with pytest.raises(ValueError, match="is not a language that X knows") as refused:
        language_code(said)
    assert hint in str(refused.value)
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize(("code", "marked"), [("he", "iw"), ("id", "in"), ("fil", "tl"), ("en", "en")])
def test_a_draw_asks_by_the_code_that_x_marks_tweets_with(code: str, marked: str) -> None:
    assert code_in_tweets(code) == marked
    assert same_language(code, marked)
