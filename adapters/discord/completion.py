"""Values suggested while an option is typed."""

from __future__ import annotations

from adapters.discord import limits
from adapters.discord.escape import clean
from adapters.discord.values import Typed
from bot.core.chat.cards import Choice
from bot.core.chat.invocation import Invocation
from bot.core.commands.declaring import Parameter
from bot.core.commands.entry import Commands
from bot.core.messages.speaking import speaking
from bot.core.text.lists import ListError, open_item
from bot.i18n.translator import ENGLISH_TRANSLATOR, Translator


async def completions(
    commands: Commands, invocation: Invocation, asked: Typed, reader: Translator = ENGLISH_TRANSLATOR
) -> list[dict[str, str]]:
    """At most 25 choices. In a list the last item is completed and the others are kept."""
    if asked.focused is None:
        return []
    name, text = asked.focused
    command = commands.catalogue.command(asked.path)
    parameter = command.by_name.get(name) if command else None
    if parameter is None:
        return []
    kept, last = open_item(text) if parameter.many else ("", text.strip())
    already = _items(parameter, kept)
    with speaking(reader.rules):  # what is typed is compared with it
        found = reader.choices(await commands.suggest(invocation, asked.path, name, last, asked.values))
    made = [
        _choice(kept, choice) for choice in found if not already.intersection(_items(parameter, choice.value))
    ]
    return [choice for choice in made if choice][: limits.COMMAND_CHOICES]


def _items(parameter: Parameter, text: str) -> set[str]:
    if not parameter.many:
        return set()
    try:
        return set(parameter.items(text))
    except ListError:
        return set()


def _choice(kept: str, choice: Choice) -> dict[str, str] | None:
    """None where the value is longer than Discord takes: a cut one would be another value."""
    before = f"{kept} " if kept else ""
    value = before + choice.value
    if not choice.value or limits.size(value) > limits.CHOICE_VALUE:
        return None
    # It is shown as it is, on one line.
    label = " ".join(clean(before + choice.label).split()) or choice.value
    return {"name": limits.clip(label, limits.CHOICE_NAME), "value": value}
