"""What is stored of a place or of a person in it, for whoever runs the bot and is asked for it by law."""

from __future__ import annotations

import sys
from pathlib import Path

from bot.app.wiring import App
from bot.core.audit import AuditEntry, AuditEvent
from bot.core.chat.ids import TenantId
from bot.features.privacy.stored import person_lines, place_archive
from bot.settings import SettingsError

_OPERATOR = "operator"


async def export_stored(config: Path | None, tenant: str, file: Path, person: str) -> int:
    """Write it to a new file that its owner alone can open, whole, and record that it was. person: the id of
    one as the platform has it; "": everything of the place. The exit code: 1 where nothing is stored."""
    from bot.cli.operate import opened

    try:
        whose = TenantId.parse(tenant)
    except ValueError as error:
        raise SettingsError(f"{error}.", remedy="Name it as `xquik-bot export` does.") from None
    said = f"{person} in {whose}" if person else str(whose)
    of = "person" if person else "place"
    async with opened(config) as app:
        try:
            with file.open("xb"):
                file.chmod(0o600)
            rows = await _written(app, whose, person, file)
        except FileExistsError:
            raise SettingsError(f"{file} already exists.", remedy="Name a new file.") from None
        except OSError as error:
            why = f"{file} cannot be written: {error.strerror}."
            raise SettingsError(why, remedy="Check the path, and the room on the disk.") from None
        if not rows:
            file.unlink()
            _say(f"Nothing is stored of {said}.")
            return 1
        # Without whom it is about: what is recorded of them can be deleted, and this stays.
        entry = AuditEntry(AuditEvent.PRIVACY, "cli", f"privacy export {of}", "ok")
        audit = app.services.audit
        await audit.append(await audit.prepared(whose, _OPERATOR, _OPERATOR, entry))
    _say(f"{rows} rows of {said} in {file}. The record has that they were exported.")
    return 0


async def _written(app: App, tenant: TenantId, person: str, file: Path) -> int:
    """How many rows there are; half a file is none."""
    try:
        return await (_of_person(app, tenant, person, file) if person else _of_place(app, tenant, file))
    except BaseException:
        file.unlink()
        raise


async def _of_place(app: App, tenant: TenantId, file: Path) -> int:
    with file.open("wb") as out:
        return (await place_archive(app.services.personal, tenant, out)).rows


async def _of_person(app: App, tenant: TenantId, person: str, file: Path) -> int:
    count = 0
    with file.open("wb") as out:
        async for _, line in person_lines(app.services, tenant, person):
            out.write(line)
            count += 1
    return count


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
