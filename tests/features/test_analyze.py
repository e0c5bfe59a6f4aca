"""Tweets, searches and one's own drafts are analyzed, at two credits each."""

from __future__ import annotations

import pytest

from bot.core.chat.cards import Fields, Quote
from bot.core.commands.dispatch import InvocationOutcome
from bot.features.analyze.questions import questions_of
from tests.features.edge import Screen, buttons, field_of, words
from tests.features.harness import HERE, MEMBER, TWEET, BotHarness, asks
from tests.features.listing_asked import ended, rows_of
from tests.relay.harness import until

PAGE = 5


async def spent(house: BotHarness, line: str) -> tuple[Screen, int]:
    """What was shown, and what it cost."""
    before = await house.credits()
    screen = await house.say(line)
    return screen, before - await house.credits()


def quotes(screen: Screen) -> list[str]:
    return [block.text for block in screen.card.blocks if isinstance(block, Quote)]


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("analyze sentiment from:nasa", {"Attitude", "Intensity", "Sarcasm"}),
        ("analyze brand NASA user:nasa", {"About brand", "Attitude", "Relationship"}),
        ("analyze news user:nasa about:moon", {"Format", "Attribution", "Relevance"}),
        ("analyze market user:nasa", {"Stance", "Content type", "Conviction", "Relevance"}),
        ("analyze score user:nasa", {"Score", "Hook", "Clarity", "Payoff", "Humor", "Spam risk", "Reaction"}),
        (
            'analyze classify user:nasa questions:"Is it a joke?","What is it? news / fun"',
            {"Is it a joke?", "What is it?"},
        ),
    ],
)
async def test_each_analysis_answers_its_questions(house: BotHarness, line: str, asked: set[str]) -> None:
    screen, cost = await spent(house, line)
    shown = quotes(screen)
    assert 1 < len(shown) <= PAGE and cost == 2 * len(shown)
    (summed, *each) = [block for block in screen.card.blocks if isinstance(block, Fields)]
    assert len(each) == len(shown)
    assert {field.name for field in each[0].items} == asked
    assert {field.name.replace(" on average", "") for field in summed.items} == asked
    assert "None" not in words(screen.card)


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("analyze brand Xquik search:giveaway", "Brand: Xquik in giveaway"),
        ("analyze news user:nasa about:moon", "News: moon in tweets of @nasa"),
        ("analyze news user:nasa", "News: tweets of @nasa"),
        ("analyze market user:nasa about:$DOGE", "Market: $DOGE in tweets of @nasa"),
    ],
)
async def test_what_is_judged_is_named(house: BotHarness, line: str, title: str) -> None:
    assert (await house.say(line)).card.title.startswith(title)


@pytest.mark.parametrize(
    ("bare", "named"),
    [
        ('analyze brand "X Quik",Xquik text:"X Quik is great"', "about"),
        ('analyze brand Xquik,"X Quik" search:giveaway', "about"),
        ('analyze brand "X Quik", Xquik user:nasa', "about"),
        ('analyze classify "Is it a joke?","Is it news?" text:hello', "questions"),
        ('analyze classify "Is it, in short, a joke?" text:"hello, you"', "questions"),
    ],
)
async def test_a_list_is_read_bare_as_with_its_name(house: BotHarness, bare: str, named: str) -> None:
    group, verb, rest = bare.split(" ", 2)
    by_name = await house.say(f"{group} {verb} {named}:{rest}")
    screen = await house.say(bare)
    assert (by_name.outcome, screen.outcome) == (InvocationOutcome.OK,) * 2
    assert words(screen.card) == words(by_name.card)


async def test_the_pages_go_on_where_they_ended(house: BotHarness) -> None:
    first = await house.say("analyze sentiment from:nasa")
    before = await house.credits()
    second = await house.press(
        first, next(b.label for b in buttons(first.card) if b.label.startswith("Next"))
    )
    assert not set(quotes(first)) & set(quotes(second))
    assert before - await house.credits() == 2 * len(quotes(second))


async def test_tweets_that_are_gone_cost_nothing_and_are_counted(house: BotHarness) -> None:
    screen, cost = await spent(house, f"analyze sentiment tweets:{TWEET},1893999999999999999")
    assert len(quotes(screen)) == 1 and cost == 2
    assert "1 is not analyzed, and costs nothing: 1 is not to be had on X." in words(screen.card)


async def test_many_tweets_are_cut_into_pages(house: BotHarness) -> None:
    ids = (await _ids(house, "nasa"))[:7]
    screen, cost = await spent(house, f"analyze sentiment tweets:{','.join(ids)}")
    assert cost == 2 * PAGE
    rest = await house.press(
        screen, next(b.label for b in buttons(screen.card) if b.label.startswith("Next"))
    )
    assert len(quotes(rest)) == 2


async def _ids(house: BotHarness, name: str) -> list[str]:
    xquik = await house.app.services.xquik.of(HERE)
    return [one.id for one in (await xquik.users.tweets(name, rows=20)).items]


async def test_ones_own_drafts_are_scored_before_they_are_posted(house: BotHarness) -> None:
    for text in ("Our great launch is on Friday", "Something broken"):
        await house.say(f'draft save "{text}"')
    screen, cost = await spent(house, "analyze score drafts:#1,#2")
    assert cost == 4 and set(quotes(screen)) == {"Our great launch is on Friday", "Something broken"}
    alone, cost = await spent(house, 'analyze sentiment text:"What a great, wonderful day"')
    assert cost == 2 and field_of(alone.card, "Attitude").startswith("positive")
    assert "together" not in words(alone.card)


async def test_drafts_of_others_are_not_shown_to_the_channel(house: BotHarness) -> None:
    await house.say('draft save "Secret of Ben"', MEMBER)
    screen, cost = await spent(house, "analyze score drafts:#1")
    assert screen.failure.title == "Not found" and cost == 0
    assert "Secret" not in words(screen.failure)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"analyze sentiment from:nasa tweets:{TWEET}", "not both"),
        ("analyze sentiment user:nasa order:top", "this is no search"),
        ('analyze classify user:nasa questions:"A joke"', "is no question"),
        ('analyze classify user:nasa questions:"What is it? news /"', "is no question"),
        ('analyze classify user:nasa questions:"How much? some <"', "is no question"),
        ("analyze sentiment user:not-a-name", "not-a-name"),
        ('analyze sentiment "from:"', "from"),
    ],
)
async def test_what_cannot_be_asked_is_refused_and_costs_nothing(
    house: BotHarness, line: str, said: str
) -> None:
    screen, cost = await spent(house, line)
    assert screen.outcome is InvocationOutcome.NOT_UNDERSTOOD and cost == 0
    assert said in words(screen.failure)


@pytest.mark.parametrize("line", ["analyze brand NASA", "analyze sentiment", "analyze classify user:nasa"])
async def test_what_is_missing_is_asked_for(house: BotHarness, line: str) -> None:
    assert (await house.say(line)).names == ["ask"]


def test_questions_are_read_as_they_are_written() -> None:
    yes, one, grade, other = questions_of(
        (
            "Is it a joke?",
            "What is it? News / just-fun / 2nd",
            "How angry? calm < cross < furious",
            "本当？ はい / いいえ",
        )
    )
    assert not yes.categories and not yes.levels
    assert one.categories == (("news", "News"), ("just_fun", "just-fun"), ("category_3", "2nd"))
    assert grade.levels == ("calm", "cross", "furious")
    assert other.text == "本当？" and dict(other.categories) == {"category_1": "はい", "category_2": "いいえ"}


async def test_own_answers_are_shown_in_ones_own_words(house: BotHarness) -> None:
    line = 'analyze classify text:"Hello" questions:"Nedir? şikâyet / övgü"'
    assert field_of((await house.say(line)).card, "Nedir?").split(" · ")[0] in ("şikâyet", "övgü")


async def test_what_is_said_of_cashtags_stands_below(house: BotHarness) -> None:
    assert "$NASA: " in words((await house.say('analyze market text:"Buy $NASA now"')).card)


async def test_nothing_found_says_so_and_costs_nothing(house: BotHarness) -> None:
    screen, cost = await spent(house, "analyze sentiment zqxwvk")
    assert "Nothing was found" in words(screen.card) and cost == 0


@pytest.mark.parametrize("line", ["analyze news user:missing_x", "analyze score replies:1893999999999999999"])
async def test_who_is_not_there_is_not_found(house: BotHarness, line: str) -> None:
    assert (await house.say(line)).failure.title == "Not found"


async def test_without_credits_nothing_is_analyzed(house: BotHarness) -> None:
    await house.control("credits", body={"balance": 1})
    assert "redit" in (await house.say("analyze sentiment from:nasa")).failure.title
    await house.control("credits", body={"balance": 5})
    some = await house.say("analyze sentiment from:nasa")
    assert len(quotes(some)) == 2 and "credits ran out before 3" in words(some.card)


async def test_all_of_it_is_a_file_with_columns_for_each_answer(house: BotHarness) -> None:
    await house.app.relay.start()
    listed = await house.say("analyze sentiment from:nasa")
    opened = await house.press(listed, "All as a file…")
    before = await house.credits()
    preview = await house.submit(opened, format="csv", rows="8")
    await (house.confirm(preview) if asks(preview.card) else ended(house, preview))
    await until(lambda: bool(house.wall.files))
    rows = rows_of(house.wall.files[0].content)
    assert len(rows) == 8 and before - await house.credits() == 2 * 8
    assert {row["question_1"] for row in rows} == {"Attitude"}
    assert all(0 <= float(row["answer_3"]) <= 1 for row in rows)


async def test_an_answer_that_is_lost_is_said_to_have_been_charged_perhaps(house: BotHarness) -> None:
    await house.fault(path="/x/analysis/*", answer_lost=True, times=1)
    failure = (await house.say("analyze sentiment from:nasa")).failure
    assert "may have been charged" in words(failure) and "on X whether" not in words(failure)
    assert (await house.state())["operations"]["POST /x/analysis/sentiment"] == 1
