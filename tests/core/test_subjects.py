"""Who is meant by what people and platforms write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import pytest

from bot.core.access import Permission
from bot.core.chat.actions import ActionRef
from bot.core.chat.answers import Audience
from bot.core.chat.cards import InputKind
from bot.core.commands.binding import MissingOptions, bind
from bot.core.commands.declaring import Command, Effect, Option
from bot.core.commands.forms import form_for
from bot.core.commands.subjects import SubjectRef, parse_subject
from bot.core.errors import UsageError


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("everyone", SubjectRef("everyone")),
        ("@Everyone", SubjectRef("everyone")),
        (" members ", SubjectRef("members")),
        ("ADMINS", SubjectRef("admins")),
        ("<@&900100200300400500>", SubjectRef("role", "900100200300400500")),
        ("<@900100200300400500>", SubjectRef("user", "900100200300400500")),
        ("<@!900100200300400500>", SubjectRef("user", "900100200300400500")),
        ("<@U0123|ada>", SubjectRef("user", "U0123")),
        ("<@U0123|Ayşe Güneş>", SubjectRef("user", "U0123")),
        ("\u2068<@U0123>\u2069", SubjectRef("user", "U0123")),
        ("<!subteam^S0123|@東京チーム>", SubjectRef("role", "S0123")),
        ("<!subteam^S0123>", SubjectRef("role", "S0123")),
        ("role:123456", SubjectRef("role", "123456")),
        ("user:ben", SubjectRef("user", "ben")),
    ],
)
def test_it_is_read_in_the_notation_of_every_platform(text: str, subject: SubjectRef) -> None:
    assert parse_subject(text) == subject


@pytest.mark.parametrize(
    "text", ["", "ada", "@ada", "@आदित्य", "<@>", "<#C1|x>", "<!here>", "role:", "everyone else"]
)
def test_anything_else_says_how_to_write_it(text: str) -> None:
    with pytest.raises(ValueError, match="a mention, user:ID or role:ID"):
        parse_subject(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Args:
    what: Annotated[str, Option("What", main=True)]
    to: Annotated[SubjectRef | None, Option("A person")] = None
    group: Annotated[SubjectRef | None, Option("A group", suggest="groups")] = None


async def _never(_call: Any, _args: Any) -> Any:
    raise AssertionError


GIVE = Command(
    ("give", "it"),
    "Give",
    Args,
    _never,
    Effect.READ,
    Permission.USE,
    Audience.PRIVATE,
    ("give it x to:everyone",),
    one_of=("to", "group"),
)


def test_one_of_several_options_is_needed() -> None:
    for name in ("to", "group"):
        made = bind(GIVE, {"what": ("x",), name: ("admins",)})
        assert getattr(made, name) == SubjectRef("admins")
    with pytest.raises(
        MissingOptions, match=r"'give it' needs to \(A person\) or group \(A group\)\."
    ) as missing:
        bind(GIVE, {"what": ("x",)})
    assert missing.value.names == ("to", "group")
    with pytest.raises(UsageError, match="Give to or group, not both"):
        bind(GIVE, {"what": ("x",), "to": ("everyone",), "group": ("admins",)})


def test_a_form_asks_for_them_and_needs_neither_alone() -> None:
    fields = {one.name: one for one in form_for(GIVE, {}, ActionRef("form.command", "k"), most=3).inputs}
    assert [(name, one.kind, one.required) for name, one in fields.items()] == [
        ("what", InputKind.TEXT, True),
        ("to", InputKind.SUBJECT, False),
        ("group", InputKind.SUBJECT, False),
    ]
    assert fields["to"].suggested is None and fields["group"].suggested is not None
