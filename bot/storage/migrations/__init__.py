"""The history of the tables. `bot.storage.migrate` runs it; `docs/storage.md` says how to add to it."""
