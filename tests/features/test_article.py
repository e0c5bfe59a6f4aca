"""`article show`: a long text, part by part, paid for once, and whole as a file."""

from __future__ import annotations

import pytest
from sqlalchemy import delete

from bot.core.chat.cards import Quote
from bot.features.article.commands import heading
from bot.features.article.parts import PART, article_file, article_parts
from bot.sandbox.world.articles import ARTICLES, COMET_ID
from bot.storage.tables import cached_answers
from bot.xquik.models import Article, ArticleBlock, article_from_body
from tests.features.edge import Screen, buttons, field_of, words
from tests.features.harness import ELSEWHERE, TWEET, BotHarness

LINE = f"article show https://x.com/esa/status/{COMET_ID}"
COMET = ARTICLES[COMET_ID]
NEXT = "Next"


def quoted(screen: Screen) -> list[str]:
    return [block.text for block in screen.card.blocks if isinstance(block, Quote)]


async def test_an_article_is_read_to_its_end_for_five_credits(house: BotHarness) -> None:
    before = await house.credits()
    first = await house.say(LINE)
    title, part = quoted(first)
    assert title.startswith("How to read a comet\n") and part.startswith("A comet is a letter")
    assert "European Space Agency (@esa)" in words(first.card) and field_of(first.card, "Likes")
    pages = [first]
    while NEXT in [one.label for one in buttons(pages[-1].card)]:
        pages.append(await house.press(pages[-1], NEXT))
    assert len(pages) >= 3 and "The data are open." in quoted(pages[-1])[-1]
    assert all(len(text) <= PART for page in pages for text in quoted(page))
    assert before - await house.credits() == 5, "turning its pages is free"
    back = await house.press(pages[1], "Back (up to 5 credits)")
    assert quoted(back)[-1] == part, "the first part, which may be read anew"
    assert quoted(await house.press(pages[2], "Back")) == quoted(pages[1])


async def test_all_of_it_comes_as_a_file(house: BotHarness) -> None:
    (file,) = (await house.say(LINE)).reply.files
    text = file.content.decode()
    assert (file.name, file.content_type) == (f"article-{COMET_ID}.md", "text/markdown")
    assert text.startswith(f"# How to read a comet\n\nhttps://x.com/esa/status/{COMET_ID}\n\n")
    assert COMET.markdown in text
    second = await house.press(await house.say(LINE), NEXT)
    assert second.reply.files == ()


async def test_after_an_hour_it_is_read_anew_and_its_pages_are_not(house: BotHarness) -> None:
    first = await house.say(LINE)
    before = await house.credits()
    house.clock.advance(3_601)
    second = await house.press(first, NEXT)
    assert before == await house.credits() and "Charged: 0 credits." in words(second.card)
    await house.press(second, "Back (up to 5 credits)")
    assert before - await house.credits() == 5
    await house.say(LINE)
    assert before - await house.credits() == 5


async def test_what_is_not_kept_any_more_is_offered_and_not_read(house: BotHarness) -> None:
    first = await house.say(LINE)
    before = await house.credits()
    gone = delete(cached_answers).where(cached_answers.c.key.like("article:%"))
    await house.app.database.write(lambda connection: connection.execute(gone))
    late = await house.press(first, NEXT)
    assert "not kept any more" in words(late.failure) and "5 credits" in words(late.failure)
    assert before == await house.credits()
    again = await house.press(late.failure, "First page")
    assert quoted(again) == quoted(first) and before - await house.credits() == 5


async def test_a_budget_that_is_used_up_turns_pages_that_cost_nothing(house: BotHarness) -> None:
    await house.say("credits budget 5")
    first = await house.say(LINE)
    assert quoted(await house.press(first, NEXT)) != quoted(first)


async def test_what_one_place_read_another_pays_for_itself(house: BotHarness) -> None:
    await house.say(LINE)
    await house.give_key(ELSEWHERE, (await house.control("keys", body={"credits": 4}))["key"])
    assert (await house.say(LINE, tenant=ELSEWHERE)).failure.title == "Not enough Xquik credits"


@pytest.mark.parametrize("tweet", [TWEET, "1111111111111111111"])
async def test_a_tweet_without_an_article_is_told_for_nothing(house: BotHarness, tweet: str) -> None:
    before = await house.credits()
    assert (await house.say(f"article show {tweet}")).failure.title == "Not found"
    assert await house.credits() == before


async def test_the_figures_are_those_of_the_tweet(house: BotHarness) -> None:
    article, tweet = (await house.say(LINE)).card, (await house.say(f"tweet {COMET_ID}")).card
    for name in ("Likes", "Reposts", "Replies", "Views"):
        assert field_of(article, name) == field_of(tweet, name)


def test_a_text_without_spaces_is_cut_all_the_same() -> None:
    parts = article_parts(
        Article(contents=(ArticleBlock(text="x" * (3 * PART + 1)), ArticleBlock(text="end")))
    )
    assert [len(part) for part in parts] == [PART, PART, PART, 6]
    assert parts[-1] == "x\n\nend"


def test_every_sort_of_block_has_its_text() -> None:
    blocks = (
        ArticleBlock(type="header-one", text="Title"),
        ArticleBlock(type="ordered-list-item", text="one"),
        ArticleBlock(type="ordered-list-item", text="two"),
        ArticleBlock(type="code-block", text="a = 1"),
        ArticleBlock(type="media", alt_text="A hill", url="https://a.example/1.png"),
        ArticleBlock(type="media", media_type="video", preview_url="https://a.example/2.png"),
        ArticleBlock(type="tweet", tweet_id="12"),
        ArticleBlock(type="divider"),
        ArticleBlock(type="of-tomorrow", text="new"),
        ArticleBlock(type="paragraph"),
    )
    (part,) = article_parts(Article(contents=blocks))
    assert part.split("\n\n") == [
        *("Title", "1. one", "2. two", "a = 1", "🖼 A hill", "▶", "https://x.com/i/status/12", "———", "new"),
    ]
    file = article_file(Article(tweet_id="12", contents=blocks))
    assert file is not None
    text = file.content.decode()
    assert "# Title" in text and "![A hill](https://a.example/1.png)" in text and "```\na = 1\n```" in text


@pytest.mark.parametrize(
    ("body", "title", "parts"),
    [
        ({"article": {"title": "T", "bodyText": "a\n\nb"}, "author": None}, "T", ("a\n\nb",)),
        ({"title": "Old", "coverImage": "https://a.example/c.png", "author": {"username": "a"}}, "Old", ()),
        ({"article": {"contents": [{"type": "paragraph", "text": None}]}}, "", ()),
    ],
)
def test_older_and_thinner_answers_are_read(
    body: dict[str, object], title: str, parts: tuple[str, ...]
) -> None:
    article = article_from_body(body, "12")
    assert (article.title, article_parts(article)) == (title, parts)
    assert heading(article)
    assert (article_file(article) is None) is not bool(parts)


def test_a_long_text_is_cut_in_steady_steps() -> None:
    """A megabyte of words, and of none: each part is cut where it ends, and the rest is not copied."""
    for text in ("word " * 200_000, "x" * 1_000_000):
        parts = article_parts(Article(contents=(ArticleBlock(text=text),)))
        assert max(map(len, parts)) <= PART
        assert "".join(parts).replace(" ", "").replace("\n", "") == text.replace(" ", "")
