"""The record for whoever runs the bot: checked on an export by itself or in the database, and exported
whole."""

from __future__ import annotations

import sys
from pathlib import Path

from bot.core.audit import ChainCheck, check_lines
from bot.core.chat.ids import TenantId
from bot.core.text.shortening import printable
from bot.settings import SettingsError
from bot.storage.writes.audit import lines_of

_MOST_SAID = 20


def verify_file(file: Path, head: str = "") -> int:
    """Check an export; nothing else is opened. The exit code: 1 where something was changed or is missing."""
    try:
        with file.open(encoding="utf-8") as lines:
            check = check_lines(lines, head.strip().lower())
    except OSError as error:
        raise SettingsError(f"{file} cannot be read: {error.strerror}.", remedy="Check the path.") from None
    except ValueError:
        raise SettingsError(f"{file} is no export of `audit export`.", remedy="Name such a file.") from None
    return _said(check, str(file))


async def verify_database(config: Path | None) -> int:
    """Check the record of every tenant in the database."""
    from bot.cli.operate import opened

    code = 0
    async with opened(config) as app:
        audit = app.services.audit
        tenants = await audit.tenants()
        for tenant in tenants:
            code |= _said(await audit.checked(tenant), str(tenant))
        if not tenants:
            _say("Nothing is recorded yet.")
    return code


async def export_record(config: Path | None, tenant: str, file: Path) -> int:
    """Write all records of a tenant to a new file that its owner alone can open."""
    from bot.cli.operate import opened

    try:
        whose = TenantId.parse(tenant)
    except ValueError as error:
        raise SettingsError(f"{error}.", remedy="Name it as `xquik-bot export` does.") from None
    async with opened(config) as app:
        last: tuple[int, str, str] | None = None
        try:
            with file.open("x", encoding="utf-8") as out:
                file.chmod(0o600)
                async for one in app.services.audit.texts(whose):
                    out.write(lines_of([one]).splitlines()[0] + "\n")
                    last = one
                if last is not None:
                    out.write(lines_of([last]).splitlines()[1] + "\n")
        except FileExistsError:
            raise SettingsError(f"{file} already exists.", remedy="Name a new file.") from None
        except OSError as error:
            why = f"{file} cannot be written: {error.strerror}."
            raise SettingsError(why, remedy="Check the path.") from None
    if last is None:
        _say(f"Nothing is recorded of {whose}.")
        return 1
    _say(f"{last[0]} records of {whose} in {file}. Hash of the newest, to be noted elsewhere: {last[2]}")
    return 0


def _said(check: ChainCheck, whose: str) -> int:
    if not check.faults:
        _say(f"{whose}: {check.count} records, none changed or missing. Hash of the newest: {check.head}")
        return 0
    for fault in check.faults[:_MOST_SAID]:
        where = f"record {fault.number}" if fault.number else "the whole"
        _say(printable(f"{whose}: {where}: {fault.why}"))
    if (left := len(check.faults) - _MOST_SAID) > 0:
        _say(f"{whose}: {left} more faults")
    return 1


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
