"""What X has beside a tweet: hidden replies, who reposted it, subtitles, its HTML, and where links lead."""

from __future__ import annotations

import pytest

from bot.core.chat.cards import Quote, Tone
from bot.core.commands.dispatch import InvocationOutcome
from bot.core.x.references import TweetRef
from bot.features.draw.checking import repost_card
from bot.features.media.subtitles import MOST_FILES, subtitle_file, subtitles_card
from bot.sandbox.world import posts
from bot.sandbox.world.short_links import SHORT_LINKS
from bot.xquik.models import RepostCheck, SubtitleTrack, parse
from tests.features.edge import Screen, buttons, rows_of, words
from tests.features.harness import ELSEWHERE, TWEET, BotHarness
from tests.features.listing_asked import spent

VIDEO = f"media subtitles {posts.VIDEO_ID}"
HOSTILE = "https://t.co/h0sT1leL1nk"
LINES = [
    f"tweet replies {TWEET} hidden:yes",
    f"draw check {TWEET} user:@nasa",
    VIDEO,
    f"link embed {TWEET}",
]
LINKS = "link resolve https://t.co/Xe1nm2pkSX"


def quotes(screen: Screen) -> list[Quote]:
    return [block for block in screen.card.blocks if isinstance(block, Quote)]


async def hide(house: BotHarness, number: int) -> str:
    """The author of the giveaway hides one of its replies."""
    reply = house.sandbox.sandbox.timeline.replies_to(posts.GIVEAWAY_ID)[number]
    await house.control("hidden", body={"tweet": reply.id})
    return reply.id


async def test_hidden_replies_are_listed_oldest_first_and_left_out_of_the_others(house: BotHarness) -> None:
    nothing = await house.say(f"tweet replies {TWEET} hidden:yes")
    assert nothing.card.title == f"Hidden replies to tweet {posts.GIVEAWAY_ID}"
    assert "Its author hid no reply that fits." in words(nothing.card)
    hidden = [await hide(house, number) for number in (3, 40, 10)]
    before = await house.credits()
    listed = await house.say(f"tweet replies {TWEET} hidden:yes")
    found = [str(quote.url).rpartition("/")[2] for quote in quotes(listed)]
    assert found == sorted(hidden, key=int) and await spent(house, before) == 3
    shown = (await house.say(f"tweet show {TWEET}")).card
    assert "117" in words(shown), "X counts what can be seen"
    await house.control("hidden", body={"tweet": hidden[0], "hidden": False})
    again = await house.say(f"tweet replies {TWEET} hidden:yes")
    assert len(quotes(again)) == 2


@pytest.mark.parametrize("option", ["sort:likes", "others:yes"])
async def test_hidden_replies_have_an_order_of_their_own(house: BotHarness, option: str) -> None:
    before = await house.credits()
    refused = await house.say(f"tweet replies {TWEET} hidden:yes {option}")
    assert refused.outcome is InvocationOutcome.NOT_UNDERSTOOD
    assert "leave out sort and others" in words(refused.failure)
    assert await spent(house, before) == 0


async def test_a_repost_is_told_with_its_moment(house: BotHarness) -> None:
    before = await house.credits()
    yes = await house.say(f"draw check {TWEET} user:@nasa")
    assert yes.card.tone is Tone.SUCCESS and "@nasa reposted this tweet" in words(yes.card)
    assert [one.url for one in buttons(yes.card)] == [TWEET]
    assert await spent(house, before) == 1


async def test_no_repost_is_told_with_how_far_was_looked(house: BotHarness) -> None:
    no = await house.say(f"draw check {TWEET} user:@spacex")
    assert no.card.tone is Tone.WARNING
    assert "No repost of this tweet by @spacex is seen." in words(no.card)
    assert "newest 3,200 posts" in words(no.card)
    await house.done(f"tweet repost {posts.PLAIN_ID}")
    own = await house.say(f"draw check {posts.PLAIN_ID} user:@xquik_demo")
    assert "@xquik_demo reposted this tweet" in words(own.card)


def test_without_a_moment_or_older_posts_it_says_so_much() -> None:
    tweet = TweetRef("12")
    bare = repost_card(tweet, "nasa", RepostCheck(is_retweeted=True))
    assert "@nasa has reposted this tweet." in words(bare)
    sure = repost_card(tweet, "nasa", RepostCheck(is_retweeted=False, complete=True, checked_posts=4))
    assert "@nasa has not reposted this tweet." in words(sure) and sure.tone is Tone.INFO


async def test_subtitles_come_as_a_file_a_language(house: BotHarness) -> None:
    before = await house.credits()
    shown = await house.say(VIDEO)
    assert [row[0] for row in rows_of(shown.card)] == ["en", "es"]
    english, spanish = shown.reply.files
    assert english.name == f"subtitles-{posts.VIDEO_ID}-1-en.srt"
    assert english.content.decode().startswith("1\n00:00:00,000 --> 00:00:02,400\nTen, nine, eight…\n\n2\n")
    assert "Look up → now" in english.content.decode(), "an arrow would end a cue"
    assert "¡Despegue!" in spanish.content.decode()
    assert "@everyone" in quotes(shown)[0].text and await spent(house, before) == 1


async def test_one_language_and_the_other_form_may_be_asked_for(house: BotHarness) -> None:
    (file,) = (await house.say(f"{VIDEO} language:Spanish format:vtt")).reply.files
    assert file.name == f"subtitles-{posts.VIDEO_ID}-1-es.vtt"
    text = file.content.decode()
    assert text.startswith("WEBVTT\n\n00:00:00.000 --> 00:00:02.400\nDiez, nueve, ocho…\n")
    none = await house.say(f"{VIDEO} language:Turkish")
    assert "There are none in this language, but in: en, es." in words(none.card)
    wrong = await house.say(f"{VIDEO} language:Klingonish")
    assert wrong.outcome is InvocationOutcome.NOT_UNDERSTOOD


async def test_a_tweet_without_subtitles_costs_nothing(house: BotHarness) -> None:
    before = await house.credits()
    nothing = await house.say(f"media subtitles {TWEET}")
    assert f"media get {posts.GIVEAWAY_ID}" in words(nothing.card) and not nothing.reply.files
    assert await spent(house, before) == 0


def test_many_tracks_say_how_many_are_left_and_odd_ones_have_safe_names() -> None:
    told = {"language": "../X\n", "cues": [{"startMs": 3_723_004, "endMs": 3_724_000, "text": "\n\n"}]}
    odd = parse(SubtitleTrack, {**told, "truncated": True})
    file = subtitle_file("12", 9, odd, "srt")
    assert file.name == "subtitles-12-9-x.srt"
    assert file.content.decode() == "1\n01:02:03,004 --> 01:02:04,000\n…\n"
    card = subtitles_card(TweetRef("12"), [odd] * (MOST_FILES + 2))
    assert "2 more come with" in words(card) and "X gave no more" in words(card)


async def test_a_tweet_for_a_website_comes_as_text_and_as_a_file(house: BotHarness) -> None:
    before = await house.credits()
    shown = await house.say(f"link embed {posts.HOSTILE_ID} theme:dark")
    (file,) = shown.reply.files
    text = file.content.decode()
    assert (file.name, file.content_type) == (f"tweet-{posts.HOSTILE_ID}.html", "text/html")
    assert text.startswith('<blockquote class="twitter-tweet" data-theme="dark">')
    assert "<script>alert(1)" not in text and quotes(shown)[0].text in text
    assert await spent(house, before) == 1


async def test_links_are_told_and_never_opened(house: BotHarness) -> None:
    before = await house.credits()
    shown = await house.say(f"link resolve t.co/Xe1nm2pkSX {HOSTILE} https://t.co/nothing")
    assert rows_of(shown.card) == [
        ["https://t.co/Xe1nm2pkSX", SHORT_LINKS["Xe1nm2pkSX"]],
        [HOSTILE, SHORT_LINKS["h0sT1leL1nk"]],
        ["https://t.co/nothing", "X has no such link"],
    ]
    assert not buttons(shown.card) and await spent(house, before) == 2


async def test_links_that_credits_do_not_cover_are_counted(house: BotHarness) -> None:
    key = (await house.control("keys", body={"credits": 1}))["key"]
    await house.give_key(ELSEWHERE, key)
    shown = await house.say(f"{LINKS} {HOSTILE}", tenant=ELSEWHERE)
    assert len(rows_of(shown.card)) == 1 and "1 link was not looked up" in words(shown.card)


@pytest.mark.parametrize("link", ["https://evil.example/a", "https://t.co.evil.example/a", "t.co", "x"])
async def test_what_is_no_short_link_is_named(house: BotHarness, link: str) -> None:
    before = await house.credits()
    refused = await house.say(f"link resolve {link}")
    assert refused.outcome is InvocationOutcome.NOT_UNDERSTOOD
    assert link in words(refused.failure) and "https://t.co/" in words(refused.failure)
    assert await spent(house, before) == 0


@pytest.mark.parametrize("line", LINES)
async def test_a_tweet_that_is_not_there_is_said(house: BotHarness, line: str) -> None:
    before = await house.credits()
    missing = await house.say(line.replace(TWEET, "12").replace(posts.VIDEO_ID, "12"))
    assert missing.outcome is InvocationOutcome.FAILED and "tweet" in words(missing.failure).lower()
    assert await spent(house, before) == 0


async def test_who_is_not_there_is_said(house: BotHarness) -> None:
    missing = await house.say(f"draw check {TWEET} user:@missing_one")
    assert "X has no such user." in words(missing.failure)


@pytest.mark.parametrize("line", [*LINES, LINKS])
async def test_without_credits_it_says_so(house: BotHarness, line: str) -> None:
    if "hidden" in line:
        await hide(house, 3)
    key = (await house.control("keys", body={"credits": 0}))["key"]
    await house.give_key(ELSEWHERE, key)
    screen = await house.say(line, tenant=ELSEWHERE)
    assert screen.outcome is InvocationOutcome.FAILED and "credits" in words(screen.failure)
