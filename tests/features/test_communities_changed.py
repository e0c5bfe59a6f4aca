"""`community create|join|leave|delete` and `user remove-follower`, from the line to what X has then."""

from __future__ import annotations

from bot.core.commands.dispatch import InvocationOutcome
from tests.features.edge import field_of, words
from tests.features.harness import BotHarness

WATCHERS = "https://x.com/i/communities/1490000000000000001"


async def test_a_community_is_created_with_exactly_the_name_that_was_shown(house: BotHarness) -> None:
    proposed = await house.say('community create "Tea at five" description:"For everybody"')
    assert proposed.card.title == "Create this community on X?"
    assert field_of(proposed.card, "Name") == "Tea at five"
    assert field_of(proposed.card, "Description") == "For everybody"
    done = await house.confirm(proposed)
    assert done.title == "Community created on X"
    address = done.buttons[0].url or ""
    shown = await house.say(f"community show {address}")
    assert "Tea at five" in words(shown.card) and "For everybody" in words(shown.card)
    assert "1" in field_of(shown.card, "Members")


async def test_the_name_can_be_edited_before_it_is_created(house: BotHarness) -> None:
    proposed = await house.say('community create "Tea at five" description:"For everybody"')
    form = await house.press(proposed, "Edit")
    edited = await house.submit(form, name="Tea at six", description="")
    assert field_of(edited.card, "Name") == "Tea at six"
    done = await house.confirm(edited)
    assert "Tea at six" in words(done)
    again = await house.press(await house.say("community create Tea"), "Edit")
    refused = await house.submit(again, name="x" * 101)
    assert "1 to 100 characters" in words(refused.failure)


async def test_a_name_is_asked_for_where_it_is_blank_and_refused_with_what_nobody_sees(
    house: BotHarness,
) -> None:
    assert (await house.say('community create "   "')).outcome is InvocationOutcome.FORM
    refused = await house.say('community create "Tea\u200bat five"')
    assert "U+200B" in words(refused.failure)


async def test_one_joins_and_leaves(house: BotHarness) -> None:
    proposed = await house.say(f"community join {WATCHERS}")
    assert proposed.card.title == "Join this community on X?" and "Space watchers" in words(proposed.card)
    account = field_of(proposed.card, "Account").split()[0]

    async def inside() -> bool:
        return account in words((await house.say(f"community members {WATCHERS}")).card)

    assert not await inside()
    assert (await house.confirm(proposed)).title == "Joined on X"
    assert await inside()
    twice = await house.confirm(await house.say(f"community join {WATCHERS}"))
    assert twice.title == "Joined on X" and await inside()
    assert (await house.confirm(await house.say(f"community leave {WATCHERS}"))).title == "Left on X"
    assert not await inside()


async def test_only_the_name_as_it_is_leads_to_a_deletion(house: BotHarness) -> None:
    done = await house.confirm(await house.say('community create "Tea at five"'))
    mine = done.buttons[0].url
    wrong = await house.say(f'community delete {mine} name:"Tea at four"')
    assert "“Tea at five”, not “Tea at four”" in words(wrong.failure)
    proposed = await house.say(f'community delete {mine} name:"Tea at five"')
    assert (await house.confirm(proposed)).title == "Community deleted from X"
    assert (await house.say(f"community show {mine}")).failure.title == "Not found"


async def test_a_community_of_somebody_else_is_not_deleted(house: BotHarness) -> None:
    refused = await house.say(f'community delete {WATCHERS} name:"Space watchers"')
    said = words(refused.failure)
    assert "made by @nasa, and only its creator can delete it" in said, "before anybody confirms it"
    assert "Change the text" not in said and "account:" in said


async def test_a_follower_is_removed(house: BotHarness) -> None:
    await house.control("accounts", body={"username": "xquik"})
    before = words((await house.say("user check @cafe_luna others:@xquik")).card)
    proposed = await house.say("user remove-follower @cafe_luna account:xquik")
    assert proposed.card.title == "Remove this account from the followers on X?"
    assert (await house.confirm(proposed)).title == "Follower removed on X"
    assert words((await house.say("user check @cafe_luna others:@xquik")).card) != before
