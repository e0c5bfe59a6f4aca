"""Who removes a route, or has it take less, is told what goes on at Xquik and costs, with the step that ends
it; and lists say of each route whether anything comes to it."""

from __future__ import annotations

import pytest

from tests.features.edge import buttons, rows_of, words
from tests.features.harness import ELSEWHERE, HERE, MEMBER, BotHarness
from tests.features.test_pending_monitors import FILE, apply

STILL = "is still watched, for no route"


async def _watched(house: BotHarness) -> list[str]:
    return [one.username for one in await (await house.app.services.xquik.of(HERE)).monitors.list()]


def _labels(screen: object) -> list[str]:
    return [str(one.label) for one in buttons(screen.card)]  # type: ignore[attr-defined]


async def test_the_monitor_behind_a_removed_route_is_named_with_its_price_and_its_end(
    house: BotHarness,
) -> None:
    await house.done("relay add channel:#alerts account:nasa name:space")
    gone = await house.say("relay remove space")
    said = words(gone.card)
    assert f"@nasa {STILL}. It costs about 30 credits an hour" in said
    assert "monitor remove nasa" in said
    assert await _watched(house) == ["nasa"], "nothing is stopped unasked"
    stopped = await house.press(gone, "Stop watching @nasa")
    assert stopped.card.title == "Monitor removed"
    assert await _watched(house) == []


@pytest.mark.parametrize(
    ("watch", "route", "typed"),
    [
        ('monitor keyword "ay tutulması"', 'keyword:"ay tutulması"', 'monitor remove "ay tutulması"'),
        ("monitor add nasa", "", "monitor remove nasa"),
    ],
)
async def test_of_searches_and_of_routes_that_name_nothing_too(
    house: BotHarness, watch: str, route: str, typed: str
) -> None:
    await house.done(watch)
    await house.done(f"relay add channel:#alerts {route} name:r watch:no")
    assert typed in words((await house.say("relay remove r")).card)


async def test_what_another_route_takes_is_not_called_left(house: BotHarness) -> None:
    await house.done("relay add channel:#alerts account:nasa name:one")
    await house.done("relay add channel:#general account:nasa name:two")
    await house.say("relay pause two")
    gone = await house.say("relay remove one")
    assert STILL not in words(gone.card) and _labels(gone) == []


async def test_what_only_the_removed_route_wanted_is_named_and_narrowed(house: BotHarness) -> None:
    await house.done("relay add channel:#alerts account:nasa events:tweet.new,profile.bio.changed name:wide")
    await house.done("relay add channel:#general account:nasa events:tweet.new name:narrow")
    gone = await house.say("relay remove wide")
    said = words(gone.card)
    assert "@nasa is still watched for this, which no route takes any more" in said and STILL not in said
    assert "profile.bio.changed" not in said.partition("events:")[2].partition("\n")[0]
    edited = await house.press(gone, "Report less of @nasa")
    assert edited.card.title == "Monitor changed"
    monitors = await (await house.app.services.xquik.of(HERE)).monitors.list()
    assert "profile.bio.changed" not in monitors[0].event_types and "tweet.new" in monitors[0].event_types


async def test_what_is_paused_costs_nothing_and_is_not_named(house: BotHarness) -> None:
    await house.done("relay add channel:#alerts account:nasa name:space")
    await house.say("monitor pause nasa")
    assert STILL not in words((await house.say("relay remove space")).card)


async def test_what_others_on_the_same_account_use_is_theirs(house: BotHarness) -> None:
    await house.give_key(ELSEWHERE, house.sandbox.api_key)
    await house.done("relay add channel:#alerts account:nasa name:space")
    await house.done("monitor add nasa", tenant=ELSEWHERE)
    assert STILL not in words((await house.say("relay remove space")).card)


async def test_a_route_is_removed_though_xquik_does_not_answer(house: BotHarness) -> None:
    await house.done("relay add channel:#alerts account:nasa name:space")
    await house.fault(path="/monitors", status=503, times=20)
    gone = await house.say("relay remove space")
    assert gone.card.title == "Route removed"
    assert "could not be asked which monitors go on" in words(gone.card)


async def test_a_route_that_takes_less_leaves_monitors_too(house: BotHarness) -> None:
    await house.done("relay add channel:#alerts account:nasa,esa name:space")
    changed = await house.say("relay edit space account:esa")
    assert f"@nasa {STILL}" in words(changed.card) and "@esa" not in _labels(changed)
    assert _labels(changed) == ["Stop watching @nasa"]


@pytest.mark.parametrize(
    ("before", "said", "silent"),
    [
        ("monitor remove nasa", "@nasa is not watched. Next: monitor add nasa", True),
        ("monitor pause nasa", "the monitor of @nasa is paused. Next: monitor resume nasa", True),
        (
            "monitor edit nasa events:profile.bio.changed",
            "the monitor of @nasa does not report this: New tweet. Next: monitor edit nasa events:",
            True,
        ),
        ("relay list", "", False),
    ],
)
async def test_a_list_marks_the_route_that_gets_nothing(
    house: BotHarness, before: str, said: str, silent: bool
) -> None:
    await house.done("relay add channel:#alerts account:nasa events:tweet.new name:space")
    await house.done(before)
    for typed in ("relay list", "relay show space"):
        card = (await house.say(typed)).card
        assert (said in words(card)) and ("Next:" in words(card)) == silent
    [row] = rows_of((await house.say("relay list")).card)
    assert ("gets nothing" in row) == silent


async def test_what_xquik_stopped_says_why(house: BotHarness) -> None:
    await house.done("relay add channel:#alerts account:nasa name:space")
    await house.control("monitors", body={"username": "nasa", "reason": "x_account_protected"})
    said = words((await house.say("relay list")).card)
    assert "Xquik stopped the monitor of @nasa: the account is protected." in said


async def test_one_of_several_that_is_not_watched_is_named_and_the_route_is_on(house: BotHarness) -> None:
    await house.done("relay add channel:#alerts account:nasa,esa name:space")
    await house.done("monitor remove esa")
    card = (await house.say("relay list")).card
    [row] = rows_of(card)
    assert "on" in row and "@esa is not watched. Next: monitor add esa" in words(card)


async def test_a_search_that_cannot_bring_what_is_taken_leads_to_other_types(house: BotHarness) -> None:
    await house.done("relay add channel:#alerts keyword:moon events:profile.bio.changed name:r watch:no")
    assert "Next: relay edit r events:tweet.new" in words((await house.say("relay list")).card)


async def test_a_route_that_names_nothing_is_marked_while_nothing_is_watched(house: BotHarness) -> None:
    await house.done("relay add channel:#alerts name:all")
    assert "nothing that it takes is watched. Next: monitor add" in words(
        (await house.say("relay list")).card
    )
    await house.done("monitor add nasa")
    assert "Next:" not in words((await house.say("relay list")).card)


async def test_a_paused_route_is_called_that_alone(house: BotHarness) -> None:
    await house.done("relay add channel:#alerts account:nasa name:space")
    await house.done("monitor remove nasa")
    await house.say("relay pause space")
    assert "Next:" not in words((await house.say("relay list")).card)


async def test_where_xquik_does_not_answer_no_route_is_called_silent(house: BotHarness) -> None:
    await house.done("relay add channel:#alerts account:nasa name:space")
    await house.fault(path="/monitors", status=503, times=20)
    card = (await house.say("relay list")).card
    assert "could not be asked what is watched" in words(card) and "gets nothing" not in words(card)


async def test_a_tweet_that_a_filter_names_no_more_is_left_running(house: BotHarness) -> None:
    await house.done("relay add channel:#alerts tweet:1893456789012345678 name:one")
    changed = await house.say("relay filter one clear:yes")
    assert f"tweet 1893456789012345678 {STILL}" in words(changed.card)
    await house.press(changed, "Stop watching tweet 1893456789012345678")
    assert not await (await house.app.services.xquik.of(HERE)).post_monitors.list()


async def test_who_may_not_remove_monitors_gets_no_button_for_it(house: BotHarness) -> None:
    await house.done("relay add channel:#alerts account:nasa name:space")
    await house.done("policy grant manage to:user:ben")
    await house.done("policy deny monitor remove to:user:ben")
    gone = await house.say("relay remove space", MEMBER)
    assert STILL in words(gone.card) and _labels(gone) == []


async def test_a_list_with_many_gaps_leads_to_the_page_of_the_route(house: BotHarness) -> None:
    names = ",".join(f"a{number}" for number in range(14))
    await house.done(f"relay add channel:#alerts account:{names} name:many watch:no")
    listed = words((await house.say("relay list")).card)
    assert listed.count("Next: ") == 1 and "many: and 13 more. relay show many" in listed
    shown = words((await house.say("relay show many")).card)
    assert shown.count("Next: ") == 10 and "many: and 4 more. monitor list" in shown


async def test_an_edit_that_starts_a_monitor_names_what_is_left_too(house: BotHarness) -> None:
    await house.done("relay add channel:#alerts account:nasa name:space")
    changed = await house.done("relay edit space account:esa")
    said = words(changed.card)
    assert changed.card.title == "Route changed"
    assert f"@nasa {STILL}. It costs about 30 credits an hour" in said and "monitor remove nasa" in said
    assert sorted(await _watched(house)) == ["esa", "nasa"], "nothing is stopped unasked"
    assert f"@esa {STILL}" not in said


async def test_an_edit_that_starts_a_search_names_what_is_reported_for_nothing(house: BotHarness) -> None:
    await house.done("relay add channel:#alerts account:nasa events:tweet.new,profile.bio.changed name:r")
    await house.done("relay add channel:#general account:nasa events:tweet.new name:narrow")
    changed = await house.done("relay edit r keyword:moon every:account")
    said = words(changed.card)
    assert "@nasa is still watched for this, which no route takes any more" in said and STILL not in said
    assert "monitor edit nasa events:" in said


async def test_an_edit_whose_outcome_xquik_cuts_short_says_so(house: BotHarness) -> None:
    await house.done("relay add channel:#alerts account:nasa name:space")
    asked = await house.say("relay edit space account:esa")
    await house.fault(method="GET", path="/monitors/keywords", status=503, times=20)
    changed = await house.press(asked, "Confirm")
    assert changed.card.title == "Route changed"
    assert "could not be asked which monitors go on" in words(changed.card)


async def test_an_applied_file_names_what_its_routes_leave(house: BotHarness) -> None:
    await apply(house, FILE)
    changed = FILE.replace('accounts = ["nasa"]', 'accounts = ["esa"]')
    said, _ = await apply(house, changed)
    [told] = [one for one in said if STILL in one]
    assert f"@nasa {STILL}. It costs about 30 credits an hour" in told and "monitor remove nasa" in told
    assert sorted(await _watched(house)) == ["esa", "nasa"], "nothing is stopped unasked"
    again, _ = await apply(house, changed)
    assert again == []


async def test_an_applied_file_names_what_the_routes_leave_that_it_removes(house: BotHarness) -> None:
    await apply(house, FILE)
    said, _ = await apply(house, FILE.partition("[[tenant.route]]")[0])
    told = [one for one in said if STILL in one]
    assert len(told) == 2 and "monitor remove nasa" in told[0] and 'monitor remove "地震 速報"' in told[1]


async def test_a_file_is_applied_though_xquik_does_not_say_what_goes_on(house: BotHarness) -> None:
    await apply(house, FILE)
    await house.fault(path="/monitors", status=503, times=20)
    said, undone = await apply(house, FILE.partition("[[tenant.route]]")[0])
    assert "could not be asked which monitors go on" in said[-1] and not undone
