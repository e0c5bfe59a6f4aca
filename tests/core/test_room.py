"""How parts share the room of a message."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.core.chat.cards import Priority
from bot.core.chat.room import ORDER, allot, shares

LEAST = 60
_parts = st.lists(st.tuples(st.integers(0, 9000), st.sampled_from(Priority)), max_size=30)


def test_short_parts_stay_whole_and_long_ones_are_cut_alike() -> None:
    assert shares([5, 5000, 4000], 1005) == [5, 500, 500]
    assert allot([5, 5000, 4000], [Priority.ORDINARY] * 3, 1005, LEAST) == [5, 500, 500]


def test_essentials_come_first_then_the_own_text_then_the_rest() -> None:
    wanted = [11_900, 2_000, 500, 300]
    ranks = [Priority.QUOTED, Priority.OWN, Priority.ORDINARY, Priority.ESSENTIAL]
    assert allot(wanted, ranks, 4_000, LEAST) == [1_200, 2_000, 500, 300]
    assert allot(wanted, ranks, 1_000, LEAST) == [LEAST, 580, LEAST, 300]


def test_the_own_text_keeps_a_quarter_however_much_is_essential() -> None:
    assert allot([9_000, 9_000], [Priority.ESSENTIAL, Priority.OWN], 4_000, LEAST) == [3_000, 1_000]


def test_where_not_even_the_cuts_can_be_told_the_last_of_the_lowest_get_nothing() -> None:
    ranks = [*[Priority.QUOTED] * 3, Priority.ESSENTIAL]
    assert allot([500] * 4, ranks, 150, LEAST) == [LEAST, 0, 0, 90]


@given(_parts, st.integers(0, 5000))
def test_nothing_is_given_twice_and_a_lower_priority_never_at_the_cost_of_a_higher(
    parts: list[tuple[int, Priority]], budget: int
) -> None:
    wanted, ranks = [want for want, _ in parts], [rank for _, rank in parts]
    given_ = allot(wanted, ranks, budget, LEAST)
    assert sum(given_) <= budget
    assert all(0 <= got <= want for got, want in zip(given_, wanted, strict=True))
    for i, (want, rank) in enumerate(parts):
        if given_[i] < want and rank is Priority.ESSENTIAL:
            lower = [j for j, other in enumerate(ranks) if ORDER.index(other) > 1]
            assert all(given_[j] <= LEAST for j in lower)


@given(st.lists(st.integers(0, 5000), max_size=12), st.integers(0, 4000))
def test_shares_give_no_more_than_there_is_and_no_more_than_wanted(wanted: list[int], budget: int) -> None:
    given_shares = shares(wanted, budget)
    assert sum(given_shares) <= budget
    assert all(share <= want for share, want in zip(given_shares, wanted, strict=True))
    if sum(wanted) <= budget:
        assert given_shares == wanted


@given(_parts, st.integers(0, 5000))
def test_where_all_fits_all_is_whole(parts: list[tuple[int, Priority]], spare: int) -> None:
    wanted = [want for want, _ in parts]
    assert allot(wanted, [rank for _, rank in parts], sum(wanted) + spare, LEAST) == wanted
