"""What X shows to one account alone: asked first, shown to one person, and turned page by page."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.core.access import Permission
from bot.core.chat.answers import Audience
from bot.core.chat.cards import Link, Quote, Text
from bot.core.commands.dispatch import InvocationOutcome
from bot.core.commands.pager import CONFIDENTIAL_LIFETIME
from bot.core.commands.spending import LIFETIME
from bot.core.errors import Expired
from bot.features.catalogue import catalogue
from bot.features.inbox.consents import told
from bot.sandbox.world import posts
from tests.features.edge import Screen, buttons, field_of, ref_of, rows_of, words
from tests.features.harness import ADMIN, HERE, MEMBER, TEAM, BotHarness

LINES = {
    "bookmarks show": "GET /x/bookmarks",
    "bookmarks folders": "GET /x/bookmarks/folders",
    "timeline show": "GET /x/timeline",
    "notifications show": "GET /x/notifications",
    "dm history @nasa": "GET /x/dm/{userId}/history",
}
NEXT = "Next (about 20 credits)"
MINE = Permission.USE | Permission.PRIVATE | Permission.SPEND


async def reads(house: BotHarness) -> int:
    """How often anything private was read."""
    performed = (await house.state())["operations"]
    return sum(performed.get(name, 0) for name in LINES.values())


async def confirmed(house: BotHarness, line: str) -> Screen:
    """What is shown once it was confirmed."""
    screen = await house.done(line)
    assert screen.outcome is InvocationOutcome.OK
    assert screen.reply.replace, "in the place of the question"
    return screen


@pytest.mark.parametrize("line", LINES)
async def test_it_is_asked_before_anything_is_read(house: BotHarness, line: str) -> None:
    asked = await house.say(line)
    assert asked.steps[0] == ("acknowledge", Audience.CONFIDENTIAL)
    assert await reads(house) == 0 and await house.credits() == 25_000
    assert "@xquik_demo" in field_of(asked.card, "Account")
    assert "credit" in field_of(asked.card, "Cost") and field_of(asked.card, "What")
    assert "You alone" in field_of(asked.card, "Who sees it")
    assert [one.label for one in buttons(asked.card)] == ["Confirm", "Cancel"]
    shown = await house.press(asked, "Confirm")
    assert shown.steps[0] == ("acknowledge", Audience.CONFIDENTIAL)
    assert shown.outcome is InvocationOutcome.OK and shown.reply.files == ()
    assert await reads(house) == 1
    again = await house.press(asked, "Confirm")
    assert again.failure.title == Expired.title and await reads(house) == 1


async def test_who_decides_against_it_reads_nothing(house: BotHarness) -> None:
    asked = await house.say("timeline")
    declined = await house.press(asked, "Cancel")
    assert declined.card.title == "Cancelled" and declined.reply.replace
    assert await reads(house) == 0


async def test_bookmarks_are_a_line_each_with_the_way_to_the_tweet(house: BotHarness) -> None:
    screen = await confirmed(house, "bookmarks show")
    assert screen.card.title == "Bookmarks"
    rows = rows_of(screen.card)
    assert len(rows) == 25_000 - await house.credits() > 5
    assert [names for *names, _ in rows if names[0] == "@xquik" and "Giveaway" in names[1]]
    (table,) = [block for block in screen.card.blocks if hasattr(block, "rows")]
    links = [cell for row in table.rows for cell in row[0]]
    assert all(isinstance(one, Link) and "/status/" in one.url for one in links)


async def test_a_tweet_that_is_saved_or_not_any_more_is_listed_so(house: BotHarness) -> None:
    body = {"username": "xquik_demo", "post": posts.PLAIN_ID}
    for saved in (True, False):
        await house.control("bookmarks", body={**body, "saved": saved})
        screen = await confirmed(house, "bookmarks show")
        assert ("Python 3.14" in words(screen.card)) is saved


async def test_folders_lead_to_what_is_in_them(house: BotHarness) -> None:
    folders = await confirmed(house, "bookmarks folders")
    assert rows_of(folders.card)[0][0] == "Read later"
    whole = rows_of((await confirmed(house, "bookmarks")).card)
    parts = []
    for _, command in rows_of(folders.card):
        parts += rows_of((await confirmed(house, command)).card)
    assert sorted(map(str, parts)) == sorted(map(str, whole))


async def test_a_folder_that_is_not_there_leads_to_those_that_are(house: BotHarness) -> None:
    screen = await house.done("bookmarks show folder:12")
    assert screen.outcome is InvocationOutcome.FAILED
    assert "no such folder" in words(screen.card) and "bookmarks folders" in words(screen.card)


async def test_folders_need_premium(house: BotHarness) -> None:
    await house.control("accounts", body={"username": "xquik_demo", "premium": False})
    screen = await house.done("bookmarks folders")
    assert "X Premium" in words(screen.card)
    assert await house.credits() == 25_000


async def test_the_home_timeline_is_turned_page_by_page(house: BotHarness) -> None:
    first = await confirmed(house, "timeline show")
    assert len(rows_of(first.card)) == 20 and "Page 1." in words(first.card)
    second = await house.press(first, NEXT)
    assert second.steps[0] == ("acknowledge", Audience.CONFIDENTIAL) and second.reply.replace
    assert "Page 2." in words(second.card)
    both = [*rows_of(first.card), *rows_of(second.card)]
    assert 25_000 - await house.credits() == len(both) == len({str(row) for row in both})
    back = await house.press(second, "Back (about 20 credits)")
    assert rows_of(back.card) == rows_of(first.card)


async def test_all_labels_have_no_file_among_them(house: BotHarness) -> None:
    """A file would last, and so would what it is made of."""
    screen = await confirmed(house, "timeline show")
    assert [one.label for one in buttons(screen.card)] == [NEXT]
    writes = ("dm send", "dm delete")
    confidential = [
        one for one in catalogue() if one.audience is Audience.CONFIDENTIAL and one.name not in writes
    ]
    assert {one.name for one in confidential} == {" ".join(line.split()[:2]) for line in LINES}
    assert not any(one.listing and one.listing.columns for one in confidential)


async def test_notifications_tell_what_others_did(house: BotHarness) -> None:
    everything = await confirmed(house, "notifications show")
    assert everything.card.title == "All notifications"
    assert all("followed you" in row[0] for row in rows_of(everything.card))
    nobody = await confirmed(house, "notifications show mentions")
    assert "none of that kind" in words(nobody.card)
    await house.control("accounts", body={"username": "xquik"})
    await house.control("accounts/xquik_demo", "DELETE")
    named = await confirmed(house, "notifications show mentions")
    assert named.card.title == "Mentions, replies and quotes"
    assert any("mentioned you" in row[0] for row in rows_of(named.card))
    verified = rows_of((await confirmed(house, "notifications show verified")).card)
    every = rows_of((await confirmed(house, "notifications show")).card)
    assert verified and verified != every


def _who(quote: Quote) -> str:
    """Whose message it is; below one's own stands its id."""
    return quote.author.removesuffix(" 📎").partition(" · ")[0]


async def test_messages_say_by_whom_they_are_and_lead_to_their_pictures(house: BotHarness) -> None:
    written = {"from": "nasa", "to": "xquik_demo", "text": "See **this** @everyone", "media": "moon"}
    await house.control("messages", body=written)
    screen = await confirmed(house, "dm history @nasa")
    assert screen.card.title == "Messages with @nasa"
    quotes = [block for block in screen.card.blocks if isinstance(block, Quote)]
    assert (quotes[0].author, quotes[0].text) == ("@nasa", "See **this** @everyone")
    assert {_who(one) for one in quotes} == {"@nasa", "@xquik_demo"}
    below = screen.card.blocks[1]
    assert isinstance(below, Text)
    (link,) = below.line
    assert isinstance(link, Link) and link.url.endswith("/media/moon.png")
    assert await house.credits() == 25_000 - 1 - len(quotes), "the look-up, and each message"


async def test_each_of_many_pictures_is_led_to_from_its_message(house: BotHarness) -> None:
    for number in range(20):
        written = {"from": "nasa", "to": "xquik_demo", "text": f"No. {number}", "media": f"m{number}"}
        await house.control("messages", body=written)
    screen = await confirmed(house, "dm history @nasa")
    quotes = [block for block in screen.card.blocks if isinstance(block, Quote)]
    assert {(one.author, one.text, str(one.url).rpartition("/")[2]) for one in quotes} == {
        ("@nasa 📎", f"No. {number}", f"m{number}.png") for number in range(20)
    }


async def test_with_whom_it_is_is_looked_up_once(house: BotHarness) -> None:
    first = await confirmed(house, "dm history github")
    second = await house.press(first, "Next (about 21 credits)")
    quotes = [block for block in second.card.blocks if isinstance(block, Quote)]
    assert {_who(one) for one in quotes} == {"@github", "@xquik_demo"}
    assert await house.requests("/x/users/github") == 1


async def test_an_id_names_somebody_too(house: BotHarness) -> None:
    screen = await confirmed(house, "dm history 11348282")
    assert screen.card.title == "Messages with 11348282"
    assert "@nasa" in words(screen.card)
    assert (told(" @NASA "), told("1893456789012345678")) == ("@NASA", "1893456789012345678")


async def test_what_names_nobody_is_refused_before_anything_is_asked(house: BotHarness) -> None:
    screen = await house.say('dm history user:"no name at all"')
    assert screen.outcome is InvocationOutcome.NOT_UNDERSTOOD and screen.names[-1] == "fail"
    gone = await house.done("dm history missing_x")
    assert gone.outcome is InvocationOutcome.FAILED and await reads(house) == 0


async def test_nobody_wrote_anything(house: BotHarness) -> None:
    screen = await confirmed(house, "dm history somebody_new")
    assert "There are no messages with @somebody_new" in words(screen.card)


async def test_a_type_that_is_none_is_refused(house: BotHarness) -> None:
    assert (await house.say("notifications show type:loud")).outcome is InvocationOutcome.NOT_UNDERSTOOD


@pytest.mark.parametrize(("status", "code"), [(402, "insufficient_credits"), (424, "account_required")])
@pytest.mark.parametrize("line", LINES)
async def test_what_xquik_refuses_after_confirm_is_told(
    house: BotHarness, line: str, status: int, code: str
) -> None:
    asked = await house.say(line)
    await house.fault(path="/x/[!a]*", status=status, code=code, message="In Xquik's words.")
    refused = await house.press(asked, "Confirm")
    assert refused.outcome is InvocationOutcome.FAILED
    assert "What next" in words(refused.card) and refused.reply.replace


# --- who may ---------------------------------------------------------------------------------


async def test_neither_spend_nor_view_opens_it(house: BotHarness) -> None:
    for may in (Permission.SPEND | Permission.VIEW | Permission.PUBLISH, Permission.PRIVATE):
        await house.app.services.grants.grant(HERE, "user", TEAM.id, may)
        assert (await house.say("bookmarks", TEAM)).outcome is InvocationOutcome.NOT_PERMITTED
        await house.app.services.grants.revoke(HERE, "user", TEAM.id, may)


async def test_it_is_granted_and_revoked_by_a_command(house: BotHarness) -> None:
    await house.say(f"policy grant private,spend to:user:{TEAM.id}")
    assert (await house.say("timeline", TEAM)).outcome is InvocationOutcome.OK
    await house.say(f"policy revoke private to:user:{TEAM.id}")
    refused = await house.say("timeline", TEAM)
    assert "policy grant private to:@role" in words(refused.failure)


@pytest.mark.parametrize("label", ["Confirm", "Cancel"])
async def test_nobody_else_answers_the_question(house: BotHarness, label: str) -> None:
    """Not even another administrator: it would be shown to them."""
    other = replace(ADMIN, id="eve", display_name="Eve")
    asked = await house.say("timeline")
    refused = await house.press(asked, label, actor=other)
    assert refused.outcome is InvocationOutcome.NOT_PERMITTED
    assert "Somebody else asked" in words(refused.failure) and await reads(house) == 0
    assert (await house.press(asked, "Confirm")).outcome is InvocationOutcome.OK


async def test_nobody_else_turns_a_page(house: BotHarness) -> None:
    first = await confirmed(house, "timeline show")
    refused = await house.press(first, NEXT, actor=replace(ADMIN, id="eve"))
    assert refused.outcome is InvocationOutcome.NOT_PERMITTED and await reads(house) == 1


async def test_who_may_not_any_more_reads_nothing(house: BotHarness) -> None:
    grants = house.app.services.grants
    await grants.grant(HERE, "user", MEMBER.id, MINE)
    asked = await house.say("timeline", MEMBER)
    shown = await house.press(asked, "Confirm", actor=MEMBER)
    another = await house.say("timeline", MEMBER)
    await grants.revoke(HERE, "user", MEMBER.id, Permission.PRIVATE)
    for pressed, label in ((another, "Confirm"), (shown, NEXT)):
        refused = await house.press(pressed, label, actor=MEMBER)
        assert refused.outcome is InvocationOutcome.NOT_PERMITTED
    assert await reads(house) == 1


async def test_questions_and_pages_end(house: BotHarness) -> None:
    asked, shown = await house.say("timeline"), await confirmed(house, "timeline show")
    house.clock.advance(max(LIFETIME, CONFIDENTIAL_LIFETIME) + 1)
    for pressed, label in ((asked, "Confirm"), (shown, NEXT)):
        assert (await house.press(pressed, label)).failure.title == Expired.title
    assert await reads(house) == 1


@pytest.mark.parametrize("line", LINES)
async def test_where_nobody_can_be_shown_anything_alone_it_is_refused(house: BotHarness, line: str) -> None:
    invocation = house.invocation(ADMIN, HERE)
    screen = Screen(invocation.place, confidential=False)
    outcome = await house.app.dispatcher.run_text(invocation, line, screen)
    assert outcome is InvocationOutcome.FAILED and screen.names == ["fail"]
    assert "in a channel that the bot is in" in words(screen.failure) and await reads(house) == 0


async def test_nor_is_a_page_turned_or_a_question_answered_there(house: BotHarness) -> None:
    asked, shown = await house.say("timeline"), await confirmed(house, "timeline show")
    for pressed, label in ((asked, "Confirm"), (shown, NEXT)):
        invocation = house.invocation(ADMIN, HERE)
        screen = Screen(invocation.place, confidential=False)
        await house.app.dispatcher.press(invocation, ref_of(pressed.card, label), screen)
        assert screen.names[-1] != "answer" or "cannot be given here" in words(screen.card)
    assert await reads(house) == 1


# --- whose it is -----------------------------------------------------------------------------


async def test_without_a_connected_account_it_says_how_to_connect_one(house: BotHarness) -> None:
    await house.control("accounts/xquik_demo", "DELETE")
    for line in LINES:
        refused = await house.say(line)
        assert "Connect one in the Xquik dashboard" in words(refused.failure)
    assert await reads(house) == 0


async def test_of_several_accounts_it_says_that_xquik_chooses(house: BotHarness) -> None:
    await house.control("accounts", body={"username": "acme"})
    asked = await house.say("bookmarks")
    assert field_of(asked.card, "Account") == "@xquik_demo, @acme"
    assert "does not say which" in words(asked.card)


async def test_an_account_that_came_since_is_asked_about(house: BotHarness) -> None:
    asked = await house.say("bookmarks")
    await house.control("accounts", body={"username": "acme"})
    again = await house.press(asked, "Confirm")
    assert "changed since it was asked" in words(again.card) and await reads(house) == 0
    assert again.reply.replace and (await house.press(again, "Confirm")).card.title == "Bookmarks"


@pytest.mark.parametrize("line", ["timeline", "notifications"])
async def test_a_further_page_is_read_only_while_the_accounts_are_those_of_the_question(
    house: BotHarness, line: str
) -> None:
    shown = await house.press(await house.say(line), "Confirm")
    await house.control("accounts", body={"username": "acme"})
    further = next(one.label for one in buttons(shown.card) if one.label.startswith("Next"))
    spent = await house.credits()
    refused = await house.press(shown, further)
    assert "others by now" in words(refused.failure) and "asks anew" in words(refused.failure)
    assert await reads(house) == 1 and await house.credits() == spent, "nothing was read"
    await house.control("accounts/acme", "DELETE")
    assert (await house.press(shown, further)).outcome is InvocationOutcome.OK


async def test_a_page_with_cut_tweets_says_so_and_where_all_of_one_stands(house: BotHarness) -> None:
    from bot.features.inbox.rows import notifications_blocks, tweets_blocks
    from bot.xquik.models import Notification, Tweet

    for number, said in ((3, "`tweet show` with the link"), (40, "X shows all of them")):
        long = [Tweet(id=str(n), text="word " * 300) for n in range(number)]
        assert said in str(tweets_blocks(long)[-1])
        assert len(tweets_blocks([Tweet(id="1", text="short *marks* _here_")])) == 1
    assert "cut" in str(notifications_blocks([Notification(id="1", message="word " * 300)])[-1])
    assert len(notifications_blocks([Notification(id="1", message="short")])) == 1


async def test_messages_are_those_of_the_account_that_was_confirmed(house: BotHarness) -> None:
    await house.control("accounts", body={"username": "acme"})
    form = await house.say("dm history nasa")
    assert form.outcome is InvocationOutcome.FORM, "which account, if none is named"
    await house.say("account use xquik_demo")
    asked = await house.say("dm history nasa")
    assert field_of(asked.card, "Account") == "@xquik_demo (the default here)"
    await house.say("account use acme")
    shown = await house.press(asked, "Confirm")
    quotes = [block for block in shown.card.blocks if isinstance(block, Quote)]
    assert "@xquik_demo" in {_who(one) for one in quotes}, "whose it was when it was confirmed"
    other = await house.done("dm history nasa account:acme")
    assert "There are no messages" in words(other.card)


async def test_an_account_that_cannot_be_used_is_not_read(house: BotHarness) -> None:
    await house.control("accounts", body={"username": "xquik_demo", "health": "locked"})
    for line in LINES:
        assert "locked" in words((await house.say(line)).failure)
