"""`@Ben` means the Ben of the page where a command is about people, and X's everywhere else."""

from __future__ import annotations

import pytest

from adapters.playground.mentions import in_form, in_line
from adapters.playground.settings import Visitor
from bot.features.catalogue import declared

CATALOGUE = declared()
PEOPLE = (Visitor("ada", "Ada"), Visitor("ben", "Ben"), Visitor("isik", "Işık"), Visitor("nour", "نور"),
          Visitor("mei", "美"))  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("policy grant spend to:@Ben", "policy grant spend to:user:ben"),
        ("policy grant spend to:@ben", "policy grant spend to:user:ben"),
        ('policy grant spend to:"@Ben"', "policy grant spend to:user:ben"),
        ("policy grant spend --to=@Ada", "policy grant spend --to=user:ada"),
        ("policy revoke spend to:@Işık", "policy revoke spend to:user:isik"),
        ("policy grant view to:@نور", "policy grant view to:user:nour"),
        ("policy grant view to:@美", "policy grant view to:user:mei"),
        ("POLICY grant view @Ben", "POLICY grant view user:ben"),
        ("policy grant view to:@nobody", "policy grant view to:@nobody"),
        ("policy grant view to:@everyone", "policy grant view to:@everyone"),
        ("policy grant view to:user:ben", "policy grant view to:user:ben"),
        ("policy grant view to:a@Ben", "policy grant view to:a@Ben"),
        ("policy grant view to:@Benny", "policy grant view to:@Benny"),
        ("tweet post thanks @Ben", "tweet post thanks @Ben"),
        ("monitor add @ben", "monitor add @ben"),
        ("relay add channel:alerts account:@Ada", "relay add channel:alerts account:@Ada"),
        ("credits budget 40 person:@Ben", "credits budget 40 person:user:ben"),
        ("audit recent by:@Ben", "audit recent by:user:ben"),
        ("audit by:@Ben", "audit by:user:ben"),
        ("admin audit recent by:@Ben", "admin audit recent by:user:ben"),
        ("tweet search moon to:@Ben", "tweet search moon to:@Ben"),
        ("credits budget @Ben", "credits budget @Ben"),
        ("@Ben", "@Ben"),
        ("", ""),
    ],
)
def test_lines(typed: str, meant: str) -> None:
    assert in_line(typed, PEOPLE, CATALOGUE) == meant


def test_forms() -> None:
    assert in_form({"person": "@Ben", "by": "@Ada", "group": "everyone"}, PEOPLE) == {
        "person": "user:ben", "by": "user:ada", "group": "everyone",
    }  # fmt: skip
    typed = {"to": " @Ben ", "text": "@Ben", "account": "@ada"}
    assert in_form(typed, PEOPLE) == {"to": "user:ben", "text": "@Ben", "account": "@ada"}
