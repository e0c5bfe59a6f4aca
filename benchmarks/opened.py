"""The bot on a database to measure on, as it wires itself, with a key that nobody keeps."""

from __future__ import annotations

from bot.app.wiring import App
from bot.settings import Settings, StorageSection, VaultSection
from bot.storage.secrets.vault import new_key


async def open_app(url: str) -> App:
    """The application. url: of the database; close it at the end."""
    settings = Settings(storage=StorageSection(url=url), vault=VaultSection(keys=(new_key(),)))
    return await App.open(settings, migrating=True)
