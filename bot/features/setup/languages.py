"""`setup language`, `me language`: in which language the bot speaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, Literal, TypeAlias

from bot.core.access import Permission
from bot.core.chat.answers import Audience, Reply
from bot.core.chat.languages import of_person, of_place
from bot.core.commands.declaring import Effect, Option
from bot.core.commands.presets import SETTING, Rights, command
from bot.core.errors import UsageError
from bot.core.messages.message import msg
from bot.features.services import CommandCall
from bot.features.setup.changing import set_or_taken_back
from bot.features.setup.language_cards import own_language_card, place_language_card
from bot.i18n.languages import LANGUAGES, SOURCE, language_name, spoken
from bot.storage.places.own_values import PLACE

LanguageTag = Literal["en", "en-XA"]
"""Each of `bot.i18n.languages.LANGUAGES`, as a test holds."""
_LABELS: Final = {language.name: language.tag for language in LANGUAGES}
LanguageOption: TypeAlias = Annotated[
    LanguageTag | None, Option("A language; shows the current one if left out", main=True, choices=_LABELS)
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceLanguageArgs:
    """Which language."""

    language: LanguageOption = None
    off: Annotated[bool, Option("Remove it; what the server says of itself counts then")] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLanguageArgs:
    """Which language."""

    language: LanguageOption = None
    off: Annotated[bool, Option("Remove your own language")] = False


async def of_everybody(call: CommandCall, args: PlaceLanguageArgs) -> Reply:
    """Set the language of the place, or say which it is."""
    changed = await _change(call, PLACE, args.language, off=args.off, example="setup language en")
    chosen = await call.services.languages.chosen(call.tenant, PLACE)
    return Reply(place_language_card(_named(of_place(chosen)), set_here=bool(chosen.place), changed=changed))


async def of_oneself(call: CommandCall, args: OwnLanguageArgs) -> Reply:
    """Set one's own language, or say which counts."""
    person = call.invocation.actor.id
    changed = await _change(call, person, args.language, off=args.off, example="me language en")
    chosen = await call.services.languages.chosen(call.tenant, person)
    name = _named(of_person(chosen, call.invocation.locale))
    return Reply(own_language_card(name, set_here=bool(chosen.own), changed=changed))


async def place_language(call: CommandCall) -> str:
    """What the language is called of what everybody sees."""
    return _named(of_place(await call.services.languages.chosen(call.tenant, PLACE)))


async def own_language(call: CommandCall) -> str:
    """What the language is called that counts for a person."""
    chosen = await call.services.languages.chosen(call.tenant, call.invocation.actor.id)
    return _named(of_person(chosen, call.invocation.locale))


def _named(wanted: tuple[str, ...]) -> str:
    return language_name(next(filter(None, map(spoken, wanted)), SOURCE))


async def _change(call: CommandCall, subject: str, language: str | None, *, off: bool, example: str) -> bool:
    stored, tenant = call.services.languages, call.tenant
    return await set_or_taken_back(
        call,
        language,
        off=off,
        put=lambda tag: stored.put(tenant, subject, tag),
        remove=lambda: stored.remove(tenant, subject),
        both=UsageError(msg("Give a language, or off."), option="language", example=example),
    )


PLACE_LANGUAGE = command(
    "setup language",
    of_everybody,
    SETTING,
    "Show or set the language of what everybody sees here",
    "setup language",
    "setup language en",
    looks=(),
)

OWN_LANGUAGE = command(
    "me language",
    of_oneself,
    Rights(Effect.SETTINGS, Permission.USE, Audience.PRIVATE, needs_key=False),
    "Show or set your own language, for what only you see here",
    "me language",
    "me language en",
    looks=(),
)
