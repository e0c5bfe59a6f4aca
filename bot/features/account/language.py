"""`account language`: the language in which Xquik speaks to whoever holds the account there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

from bot.core.chat.answers import Reply
from bot.core.chat.cards import Bold, Card, Text, Tone, line
from bot.core.commands.declaring import Option
from bot.core.commands.presets import SETTING_AT_XQUIK, command
from bot.core.messages.message import msg
from bot.features.services import CommandCall

_LANGUAGES: Final = {"English": "en", "Spanish": "es", "Turkish": "tr"}
"""Those that Xquik has."""
_SAID: Final = {"en": msg("English"), "es": msg("Spanish"), "tr": msg("Turkish")}


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLanguageArgs:
    """Which language."""

    language: Annotated[str, Option("The language", main=True, choices=_LANGUAGES)]


async def language(call: CommandCall, args: AccountLanguageArgs) -> Reply:
    """Set it. Xquik takes it and tells it nowhere, so what it was before cannot be shown."""
    await (await call.xquik()).account.set_locale(args.language)
    said = msg("Xquik now speaks {language} to this account.", language=Bold(_SAID[args.language]))
    own = msg("It holds wherever this Xquik account is used. The bot's own: `me language`, `setup language`.")
    blocks = (Text(line(said)), Text(line(own), subtle=True))
    return Reply(Card(msg("Language of the Xquik account"), blocks, Tone.SUCCESS))


LANGUAGE: Final = command(
    "account language",
    language,
    SETTING_AT_XQUIK,
    "Set the language of the Xquik account used here",
    "account language tr",
    operations=("PATCH /account",),
)
