"""What a command costs, as a value."""

from __future__ import annotations

import pytest

from bot.core.commands.cost import FREE_OF_CHARGE, Cost, Unit

PROFILES = Unit("profile", "profiles")


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
