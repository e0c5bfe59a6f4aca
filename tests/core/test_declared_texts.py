"""What is declared of commands, groups and options is a message, by its place, and stays one in forms."""

from __future__ import annotations

from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Choice
from bot.core.commands.forms import form_for, matching_choices
from bot.core.commands.options import OptionKind, Parameter
from bot.core.messages.message import Message, msg
from bot.core.messages.speaking import speaking
from bot.features.catalogue import catalogue
from bot.i18n.extraction import all_messages
from bot.i18n.languages import PSEUDO
from bot.i18n.pseudo import CLOSING, OPENING
from bot.i18n.translator import translator

CATALOGUE = catalogue(())


def test_every_declared_text_is_a_message_of_the_catalogue() -> None:
    known = {one.id for one in all_messages()}
    texts = [group.summary for group in CATALOGUE.groups]
    texts += [command.summary for command in CATALOGUE]
    texts += [one.description for command in CATALOGUE for one in command.parameters]
    assert [text for text in texts if not isinstance(text, Message)] == []
    assert {text.id for text in texts if isinstance(text, Message)} <= known


def test_the_form_of_a_command_is_in_the_language_of_who_fills_it_in() -> None:
    command = CATALOGUE.command(("relay", "add"))
    assert command is not None
    form = translator(PSEUDO).form(form_for(command, {}, ActionRef("form.command", "k")))
    assert form.note.startswith(OPENING) and form.note.endswith(CLOSING)
    assert all(one.hint.startswith(OPENING) for one in form.inputs)


def test_choices_are_found_by_their_labels_in_the_language_that_is_spoken() -> None:
    region = Parameter(
        name="x", kind=OptionKind.CHOICE, description="x", required=True, default=None, many=True, main=True,
        choices=(Choice(msg("Old ones"), "o"), Choice(msg("New ones"), "n")), ge=None, le=None,
        max_length=None, suggest=None, menu=None, paragraph=False, verbatim=False,
    )  # fmt: skip
    with speaking(translator(PSEUDO).rules):
        for typed in ("⟦óĺđ", "Óĺđ", "old ones", "o"):
            assert [one.value for one in matching_choices(region, typed)][:1] == ["o"]
        (after,) = matching_choices(region, "o, ńéŵ")
    assert after.value == "o, n" and after.label.startswith("o, ⟦Ńéŵ óńéš")
    assert matching_choices(region, "óĺđ") == (), "English is spoken elsewhere"


def test_a_label_that_is_offered_alone_stays_a_message() -> None:
    labelled = [one for command in CATALOGUE for one in command.parameters if one.choices and not one.many]
    found = [choice for one in labelled for choice in matching_choices(one, "") if choice in one.choices]
    assert any(isinstance(choice.label, Message) for choice in found)
