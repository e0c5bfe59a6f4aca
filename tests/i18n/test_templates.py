"""What is wrong with a template is said whole in another language; what Liquid says itself is English."""

from __future__ import annotations

import pytest

from bot.cards.templates.fields import FIELDS
from bot.cards.templates.filters import EXAMPLES, FILTERS
from bot.cards.templates.language import TAGS
from bot.cards.templates.limits import SOURCE_LIMIT
from bot.cards.templates.templates import TemplateError, check
from bot.core.messages.errors import of_option, said_by
from bot.core.messages.message import Message
from tests.cards.test_templates import BOMBS
from tests.i18n.left_over import english_in

# Names of the language, and what its examples are made of.
NAMES = (
    f"{' '.join((*FIELDS, *FILTERS, *TAGS, *EXAMPLES.values()))} author name in endif link endfor template"
)


@pytest.mark.parametrize(
    "source",
    [
        "   ",
        "x" * (SOURCE_LIMIT + 1),
        "{{ nothing }}",
        "{{ text | shout }}",
        "{{ text | append }}",
        "{{ text | nothing: 1 }}",
        "{{ text",
        "{% if text %}",
        "{% nothing %}",
        "{{ text | append: 'it's' }}",
        "{{ time | date: '%Q' }}",
        "{{ likes | divided_by: 0 }}",
        "{{ text | plus: 1 }}",
        "{{ 999999999999999 | times: 999999 }}",
        "{{ 9999999999999999 | plus: 1 }}",
        *BOMBS.values(),
    ],
)
def test_what_is_wrong_is_said_whole(source: str) -> None:
    try:
        check(source[: SOURCE_LIMIT + 1])
    except TemplateError as error:
        of_liquid = "" if isinstance(error.problem, Message) else error.problem
        values = f"{NAMES} {of_liquid} nothing shout cycle"
        assert english_in(said_by(error), values) == set()
        assert english_in(of_option("template", error), values) == set()
        assert english_in(error.remedy, NAMES) == set()
