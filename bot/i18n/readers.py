"""In whose language something is said: a person's own where they alone see it, else that of the place."""

from __future__ import annotations

import logging
from typing import Final

from bot.core.chat.ids import TenantId
from bot.core.chat.languages import ChosenLanguages, of_person, of_place
from bot.core.errors import BotError
from bot.core.ports import ReaderLanguages
from bot.i18n.languages import SOURCE, spoken
from bot.i18n.translator import Translator, translator

_LOG = logging.getLogger(__name__)


class Readers:
    """Finds the translator for who reads. languages: what is stored of them; None for what is told alone."""

    def __init__(self, languages: ReaderLanguages | None = None) -> None:
        self._languages = languages

    async def person(self, tenant: TenantId, person: str, locale: str = "") -> Translator:
        """For what a person alone sees. locale: what the platform or browser tells of them."""
        return _first(of_person(await self._chosen(tenant, person), locale))

    async def place(self, tenant: TenantId) -> Translator:
        """For what everybody sees in a server or workspace."""
        return _first(of_place(await self._chosen(tenant, "")))

    async def both(self, tenant: TenantId, person: str, locale: str = "") -> tuple[Translator, Translator]:
        """Those of `person` and of `place`, looked up once."""
        chosen = await self._chosen(tenant, person)
        return _first(of_person(chosen, locale)), _first(of_place(chosen))

    async def told(self, tenant: TenantId, locale: str) -> None:
        """The platform says in which language a server is. It counts where nobody set one."""
        language = spoken(locale)
        if self._languages is None or not language:
            return
        try:
            await self._languages.told(tenant, language)
        except BotError as error:  # it is told with every command
            _LOG.info("the language of a place could not be stored: %s", error.detail)

    async def _chosen(self, tenant: TenantId, person: str) -> ChosenLanguages:
        if self._languages is None:
            return ChosenLanguages()
        try:
            return await self._languages.chosen(tenant, person)
        except BotError:  # what is said is worth more than in which language
            return ChosenLanguages()


TOLD_ALONE: Final = Readers()
"""For where nothing is stored: by what the platform tells of the person."""


def _first(wanted: tuple[str, ...]) -> Translator:
    return translator(next(filter(None, map(spoken, wanted)), SOURCE))
