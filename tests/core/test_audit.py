"""The chain of records: whatever is changed, left out, added or moved is found."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.audit import (
    BEGINNING,
    AuditEntry,
    AuditEvent,
    ChainCheck,
    canonical,
    check_lines,
    digest,
    linked,
    proposal_mark,
)

T = "discord:1"


def chain(length: int) -> list[str]:
    """The lines of an export."""
    lines, before = [], BEGINNING
    for number in range(1, length + 1):
        fields = AuditEntry(AuditEvent.READ, "discord", "trends", "ok", credits=number).fields()
        text, before = linked(T, number, 1_700_000_000.0 + number, before, {**fields, "who": "ab"})
        lines.append(json.dumps({**json.loads(text), "hash": before}))
    return [*lines, json.dumps({"head": before, "number": length})]


def test_a_whole_chain_holds_and_names_its_head() -> None:
    lines = chain(5)
    check = check_lines(lines)
    assert check.faults == [] and check.count == 5
    assert check.head == json.loads(lines[-1])["head"]
    assert check_lines(lines, json.loads(lines[2])["hash"]).faults == []


def test_a_later_part_of_a_chain_holds_by_itself() -> None:
    assert check_lines(chain(9)[4:]).faults == []


@given(st.sampled_from(range(6)), st.sampled_from(["outcome", "credits", "at", "who", "prev", "number"]))
def test_a_changed_record_is_found(place: int, field: str) -> None:
    lines = chain(6)
    record = json.loads(lines[place])
    record[field] = 99 if isinstance(record[field], int) else f"{record[field]}x"
    lines[place] = json.dumps(record)
    faults = check_lines(lines).faults
    assert faults and faults[0].number in (place + 1, 99)


@given(st.sampled_from(range(6)), st.sampled_from(["outcome", "credits"]))
def test_a_record_that_was_hashed_anew_is_found_by_the_next_or_by_the_head(place: int, field: str) -> None:
    lines = chain(6)
    known = json.loads(lines[-1])["head"]
    record = json.loads(lines[place])
    record[field] = "other"
    record["hash"] = digest(canonical(record))
    lines[place] = json.dumps(record)
    if place == 5:
        lines[-1] = json.dumps({"head": record["hash"], "number": 6})
    assert check_lines(lines, known).faults


@pytest.mark.parametrize("gone", range(7))
def test_a_record_that_is_left_out_is_found(gone: int) -> None:
    lines = chain(6)
    first = gone == 0
    del lines[gone]
    assert bool(check_lines(lines).faults) is not first, "without its first records a chain is a later part"


def test_records_in_another_order_twice_or_of_another_place_are_found() -> None:
    lines = chain(4)
    assert check_lines([lines[1], lines[0], *lines[2:]]).faults
    assert check_lines([lines[0], *lines]).faults
    text, said = linked("discord:2", 5, 1.0, json.loads(lines[3])["hash"], {"who": "ab"})
    other = json.dumps({**json.loads(text), "hash": said})
    assert check_lines([*lines[:4], other]).faults


def test_a_chain_that_was_made_anew_is_found_by_a_hash_that_was_noted() -> None:
    noted = json.loads(chain(6)[2])["hash"]
    anew = chain(6)
    record = json.loads(anew[0])
    record["outcome"] = "other"
    before, lines = BEGINNING, []
    for number, line in enumerate(anew[:-1], start=1):
        fields = {k: v for k, v in json.loads(line).items() if k not in ("hash", "prev", "number", "at")}
        text, before = linked(T, number, 5.0, before, fields)
        lines.append(json.dumps({**json.loads(text), "hash": before}))
    lines.append(json.dumps({"head": before, "number": 6}))
    assert check_lines(lines).faults == [], "by itself it holds"
    assert "no record has the hash" in check_lines(lines, noted).faults[0].why


def test_lines_that_are_no_records_are_refused() -> None:
    for line in ("hello", "[1]", "3"):
        with pytest.raises(ValueError, match=r"JSON|Expecting"):
            check_lines([line])


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=20), max_size=5))
def test_there_is_one_text_of_a_record(record: dict[str, str]) -> None:
    record.pop("hash", None)
    text = canonical(record)
    assert text.isascii() and canonical(json.loads(text)) == text
    assert canonical({**dict(reversed(record.items())), "hash": "x"}) == text


def test_each_record_names_the_one_before() -> None:
    records = [json.loads(line) for line in chain(5)[:-1]]
    assert records[0]["prev"] == BEGINNING
    assert all(after["prev"] == one["hash"] for one, after in pairwise(records))


def test_from_the_beginning_nothing_may_be_missing() -> None:
    check = ChainCheck(before=BEGINNING, number=0)
    for line in chain(3)[1:3]:
        record = json.loads(line)
        check.follow(canonical(record), record["hash"])
    assert check.faults[0].number == 2


def test_a_proposal_is_named_without_the_key_of_its_buttons() -> None:
    assert "a" * 32 not in proposal_mark("a" * 32) and proposal_mark("a") != proposal_mark("b")
