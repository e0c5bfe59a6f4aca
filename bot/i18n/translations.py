"""Catalogues of translations: gettext's .po files, read by Babel when their language is first spoken.

`make messages` writes what there is to translate to `catalogues/messages.pot`. A translation whose places are
not those of its message is left out, and English counts: a mistake in a catalogue breaks no answer.
"""

from __future__ import annotations

import io
import logging
from gettext import GNUTranslations
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bot.core.messages.message import COUNT, ENGLISH, Message
from bot.core.messages.templates import names_in

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

CATALOGUES: Final = Path(__file__).parent / "catalogues"
_LOG = logging.getLogger(__name__)


class Translations:
    """The translations of one language."""

    def __init__(self, translations: GNUTranslations) -> None:
        self._translations = translations

    @classmethod
    def read(cls, path: Path) -> Translations:
        """The catalogue in a .po file; OSError and babel's errors for what is none."""
        from babel.messages.mofile import write_mo
        from babel.messages.pofile import read_po

        with path.open("rb") as file:
            catalog = read_po(file, abort_invalid=True)
        for message in list(catalog):
            if message.id and mismatched(message.id, message.string):
                _LOG.warning("%s: the places of %r are not those of its message", path.name, message.id)
                catalog.delete(message.id, message.context)
        compiled = io.BytesIO()
        write_mo(compiled, catalog)
        compiled.seek(0)
        return cls(GNUTranslations(compiled))

    def template(self, message: Message) -> str:
        """The template of a message: the translated one of the right plural, else the English one."""
        of, context = self._translations, message.context
        if not message.plural:
            found = of.pgettext(context, message.id) if context else of.gettext(message.id)
            return found or ENGLISH.template(message)
        number = abs(int(str(message.arguments[COUNT])))
        one, many = message.id, message.plural
        return of.npgettext(context, one, many, number) if context else of.ngettext(one, many, number)


def translations_of(tag: str) -> Translations:
    """The catalogue of a language that the bot speaks."""
    return Translations.read(CATALOGUES / f"{tag}.po")


def mismatched(id: Any, string: Any) -> bool:
    """Whether a translation has other places than its message, or is no template. id, string: as Babel has
    them, texts, or a tuple of them where there is a plural; an empty one is not translated yet."""
    wanted = names_in(id[0] if isinstance(id, tuple) else id)
    forms = string if isinstance(string, tuple) else (string,)
    try:
        return any(form and names_in(form) != wanted for form in forms)
    except ValueError:
        return True


def mismatches(catalog: Catalog) -> list[str]:
    """The messages of a catalogue that `mismatched` finds fault with."""
    return [str(message.id) for message in catalog if message.id and mismatched(message.id, message.string)]
