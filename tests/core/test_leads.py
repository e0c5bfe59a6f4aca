"""What people type that is no value, no unit or no command leads to what is meant, in every script."""

from __future__ import annotations

import pytest

from bot.core.commands.binding import bind
from bot.core.commands.grammar import HelpWanted, Parsed, parse
from bot.core.errors import UsageError
from bot.core.routes.conditions import checked, checked_language
from bot.core.routes.filters import Languages
from bot.features.catalogue import catalogue

ALL = catalogue()
POST = "https://x.com/nasa/status/20"


def bound(line: str) -> object:
    parsed = parse(ALL, line)
    assert isinstance(parsed, Parsed)
    return bind(parsed.command, parsed.values)


def refused(line: str) -> UsageError:
    with pytest.raises(UsageError) as caught:
        bound(line)
    return caught.value


@pytest.mark.parametrize(
    ("line", "lead"),
    [
        ("relay filter r has:image", "did you mean 'media'?"),
        ("relay filter r has:image|photo|video", "did you mean 'media'?"),
        ("relay filter r lacks:Fotoğraf", "did you mean 'media'?"),
        ("relay filter r has:写真", "did you mean 'media'?"),
        ("relay add channel:#a has:वीडियो", "did you mean 'media'?"),
        ("relay filter r lacks:url", "did you mean 'link'?"),
        ("relay filter r has:anket", "did you mean 'poll'?"),
        ("monitor add nasa events:likes", "likes and views are reported of single tweets"),
        ("monitor add nasa events:いいね", "likes and views are reported of single tweets"),
        ("relay add channel:#a events:beğeni", "likes and views are reported of single tweets"),
        ("monitor keyword ay events:all", "leave events out"),
        ("relay edit r events:すべて", "leave events out"),
        ("relay preview r events:सभी", "leave events out"),
        ("monitor add nasa events:posts", "did you mean 'tweet.new'?"),
    ],
)
def test_a_word_for_a_choice_leads_to_it(line: str, lead: str) -> None:
    error = refused(line)
    assert lead in error.detail and error.option in ("has", "lacks", "events")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("simplified chinese", "zh"),
        ("Traditional Chinese", "zh"),
        ("繁體中文", "zh"),
        ("BRAZILIAN PORTUGUESE", "pt"),
        ("American English", "en"),
        ("mexican spanish", "es"),
        ("swiss german", "de"),
        ("Tiếng Việt", "vi"),
        ("bahasa melayu", "ms"),
        ("haitian creole", "ht"),
    ],
)
def test_a_language_of_two_words_is_a_language(name: str, code: str) -> None:
    args = bound(f'relay filter r language:"{name}"')
    assert checked(Languages(args.language)) == Languages((code,))  # type: ignore[attr-defined]
    beside = bound(f'relay filter r language:tr,"{name}",ja')
    assert checked(Languages(beside.language)) == Languages(("tr", code, "ja"))  # type: ignore[attr-defined]
    assert checked_language(name) == code


@pytest.mark.parametrize("zone", ["+05:30", "UTC+5:45", "-03:30", "GMT+9:30", "+５:３０"])
def test_an_offset_that_is_not_whole_hours_is_said_to_be_that(zone: str) -> None:
    said = refused(f"relay timing r timezone:{zone}").detail
    assert "is not whole hours" in said and "at that offset now: " in said


def test_an_offset_that_nobody_has_names_no_city() -> None:
    assert "no place is at that offset now" in refused("me timezone UTC+5:17").detail


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ('"30 gün"', 30),
        ("30gün", 30),
        ("２週間", 14),
        ("30日", 30),
        ("30दिन", 30),
        ('"2 हफ्ते"', 14),
        ("48saat", 2),
        ('"2 hafta 1 gün"', 15),
    ],
)
def test_units_of_time_are_read_in_the_words_of_people(typed: str, days: int) -> None:
    assert bound(f"draw run {POST} account_age:{typed}").account_age == days  # type: ignore[attr-defined]


@pytest.mark.parametrize("typed", ["2months", '"2 ay"', "2ヶ月", "2個月", '"2 महीने"'])
def test_months_are_counted_in_days(typed: str) -> None:
    assert "in days that is 60d" in refused(f"draw run {POST} account_age:{typed}").detail


@pytest.mark.parametrize("typed", ["30 gün", "2 months", "30 दिन", "30 日"])
def test_a_span_of_two_words_is_said_to_need_quotes(typed: str) -> None:
    assert f'account_age:"{typed}"' in refused(f"draw run {POST} account_age:{typed}").detail


@pytest.mark.parametrize(
    "line", ["ｈｅｌｐ", "ＨＥＬＰ", "/ｈｅｌｐ", "@xquik help", "＠xquik ｈｅｌｐ", "<@U1|bot> help"]
)
def test_help_is_help_however_wide_and_whoever_is_asked(line: str) -> None:
    parsed = parse(ALL, line)
    assert isinstance(parsed, HelpWanted) or parsed.command.name == "help"


@pytest.mark.parametrize(
    "line", ["ｄｒａｗ　ｌｉｓｔ", "@bot draw list", "<@!123> ｄｒａｗ list", "@çekiliş draw list"]
)
def test_a_command_may_follow_who_is_asked(line: str) -> None:
    parsed = parse(ALL, line)
    assert isinstance(parsed, Parsed) and parsed.command.name == "draw list"


@pytest.mark.parametrize("line", ["@nasa hello", "@nasa", "<@U1> 抽選 x"])
def test_a_mention_before_anything_else_is_no_command(line: str) -> None:
    assert "There is no command" in refused(line).detail


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("çekiliş", "draw run"),
        (f"ÇEKİLİŞ {POST}", "draw run"),
        ("抽選", "draw run"),
        ("プレゼント企画", "draw run"),
        ("लॉटरी", "draw run"),
        ("yardım", "help"),
        ("YARDIM", "help"),
        ("ヘルプ", "help"),
        ("सहायता", "help"),
        ("मदद", "help"),
    ],
)
def test_words_of_other_languages_lead_to_commands(line: str, meant: str) -> None:
    error = refused(line)
    assert f"Did you mean '{meant}'" in error.detail
    assert error.example is not None and error.example.startswith(meant)


@pytest.mark.parametrize(
    ("line", "example"),
    [
        (f"media please save {POST}", f"media get {POST}"),
        (f"media lütfen get {POST}", f"media get {POST}"),
        (f"media कृपया download {POST}", f"media get {POST}"),
        ("monitor please follow nasa", "monitor add nasa"),
        (f"please draw run {POST}", f"draw run {POST}"),
        (f"どうか draw run {POST}", f"draw run {POST}"),
        ("tweet please delete 1", "tweet delete 1"),
        ("tweet please post hello", 'tweet post "Hello X"'),
        ("setup please key xq_secret", "help setup"),
    ],
)
def test_courtesy_is_stepped_over(line: str, example: str) -> None:
    error = refused(line)
    assert error.example == example
    assert "xq_secret" not in error.detail
