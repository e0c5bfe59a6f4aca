"""Cards of the languages of a place and of a person. Pure."""

from __future__ import annotations

from bot.core.chat.cards import Card, Text, Tone, line
from bot.core.messages.message import msg


def place_language_card(name: str, *, set_here: bool, changed: bool) -> Card:
    """The language of what everybody sees. set_here: somebody chose it."""
    said = msg("Messages in channels here are in {language}.", language=name)
    more = (
        msg("What only one person sees is in their own language. `setup language off:yes` removes this.")
        if set_here
        else msg("Nobody set a language here. To set one: `setup language en`.")
    )
    blocks = (Text(line(said)), Text(line(more), subtle=True))
    return Card(msg("Language here"), blocks, Tone.SUCCESS if changed else Tone.INFO)


def own_language_card(name: str, *, set_here: bool, changed: bool) -> Card:
    """The language of what a person alone sees. set_here: they chose it."""
    said = msg("What only you see here is in {language}.", language=name)
    more = (
        msg("It applies only to you, here. `me language off:yes` removes it.")
        if set_here
        else msg("You set none here, so your app or browser decides. To set one: `me language en`.")
    )
    blocks = (Text(line(said)), Text(line(more), subtle=True))
    return Card(msg("Your language"), blocks, Tone.SUCCESS if changed else Tone.INFO)
