"""What a command costs, as a value."""

from __future__ import annotations

import pytest

from bot.core.commands.cost import FREE_OF_CHARGE, Cost, Unit
from bot.core.commands.price_list import DRAW, LOOKUP, MONITOR, OTHER_WRITE, POST, megabytes
from bot.core.messages.message import msg, nmsg

PROFILES = Unit(msg("profile"), nmsg("{n} profile", "{n} profiles", n=1))


def test_a_cost_is_what_is_fixed_and_what_each_unit_adds() -> None:
    """An estimate for ten profiles, two credits on top."""
    assert Cost(fixed=2, each=3, unit=PROFILES).of(10) == 32
    assert Cost(fixed=2).of(10) == 2


def test_what_costs_nothing_is_free_and_nothing_else() -> None:
    """Help and limits ask this alone."""
    assert FREE_OF_CHARGE.free
    assert not Cost(fixed=1).free
    assert not Cost(each=1, unit=PROFILES).free


@pytest.mark.parametrize("wrong", [{"each": 1}, {"unit": PROFILES}])
def test_a_cost_for_each_says_of_what(wrong: dict[str, object]) -> None:
    """Either alone could not be put into words."""
    with pytest.raises(ValueError, match="says of what"):
        Cost(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cost", "said"),
    [
        (FREE_OF_CHARGE, "free"),
        (Cost(1), "1 credit"),
        (Cost(1_500), "1,500 credits"),
        (Cost(1, note="then free for 15 min"), "1 credit, then free for 15 min"),
        (Cost(each=2, unit=PROFILES, at_most=True), "up to 2 credits per profile"),
        (Cost(fixed=5, each=1, unit=PROFILES), "5 credits + 1 per profile"),
        (Cost(10, confirmed=True), "10 credits on Confirm"),
        (Cost(10, confirmed=True).looked_up(1), "1 credit, then 10 on Confirm"),
        (
            Cost(each=1, unit=PROFILES, at_most=True, confirmed=True, look=1),
            "1 credit, then up to 1 per profile on Confirm",
        ),
        (Cost(hourly=30, confirmed=True), "about 30 credits an hour"),
    ],
)
def test_it_is_said_in_a_few_words(cost: Cost, said: str) -> None:
    assert cost.words == said


@pytest.mark.parametrize(
    ("wrong", "why"),
    [({"look": 1}, "confirmed afterwards"), ({"hourly": 1, "fixed": 1}, "either for something done")],
)
def test_a_cost_that_contradicts_itself_is_refused(wrong: dict[str, int], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Cost(**wrong)  # type: ignore[arg-type]


def test_ours_are_made_of_the_table_of_prices() -> None:
    """The figures of the documentation."""
    assert [POST.of(megabytes(size)) for size in (0, 1, 1_000_000, 1_000_001)] == [30, 32, 32, 34]
    assert (OTHER_WRITE.of(0), LOOKUP.of(0), MONITOR.hourly, DRAW.of(1_500)) == (10, 1, 30, 1_500)
