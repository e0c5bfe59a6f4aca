"""Settings: `config.toml`, environment variables (which win), and files for secrets.

Every key `section.name` is also `XQUIK_BOT_<SECTION>__<NAME>`; a secret is also read from the file
named by `XQUIK_BOT_<SECTION>__<NAME>_FILE` (or `name_file` in the TOML). `config.example.toml`
documents every key; a test holds the two together.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Callable, Mapping, Set
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot.core.errors import BotError
from bot.setting_roles import EVERY_ROLE, needs
from bot.setting_sections import (
    LOOPBACK,
    ChatSection,
    DiscordSection,
    LogSection,
    OtelSection,
    RelaySection,
    SlackSection,
    StorageSection,
    VaultSection,
    WebSection,
    XquikSection,
)

__all__ = [
    "LOOPBACK",
    "PREFIX",
    "SECTIONS",
    "DiscordSection",
    "LogSection",
    "OtelSection",
    "RelaySection",
    "Settings",
    "SettingsError",
    "SlackSection",
    "StorageSection",
    "VaultSection",
    "WebSection",
    "XquikSection",
    "load",
    "secret_files",
]

PREFIX = "XQUIK_BOT_"


class SettingsError(BotError):
    """The settings cannot be used; the detail names the key, its line and the fix."""

    title = "The settings need a change"
    default_remedy = "`xquik-bot example settings` prints every key with what it does."
    exit_code = 2


class Settings(BaseSettings):
    """All settings. Build with `load`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    xquik: XquikSection = XquikSection()
    storage: StorageSection = StorageSection()
    vault: VaultSection = VaultSection()
    web: WebSection = WebSection()
    discord: DiscordSection = DiscordSection()
    slack: SlackSection = SlackSection()
    chat: ChatSection = ChatSection()
    relay: RelaySection = RelaySection()
    log: LogSection = LogSection()
    otel: OtelSection = OtelSection()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Made directly, settings are what the arguments say: a sandbox of our own must not meet the
        environment of a real installation. `load` adds the environment."""
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)

    @property
    def ingest(self) -> Literal["webhook", "stream", "both"]:
        """How events come in: as set, else by webhook when there is a public address."""
        return self.relay.ingest or ("webhook" if self.web.public_url else "stream")


SECTIONS = {name: field.annotation for name, field in Settings.model_fields.items()}


def load(
    path: Path | None = None, *, environ: Mapping[str, str] | None = None, roles: Set[str] = EVERY_ROLE
) -> Settings:
    """Settings from `path` (or `config.toml` here, if there) and the environment; where neither says any,
    from the file that `XQUIK_BOT_DEFAULTS` names, as an image has one.

    roles: of the process. A file with a secret that they do not need (`bot.setting_roles`) may be missing;
    its setting is then not set. SettingsError names the key, the line and the fix.
    """
    env = _given(os.environ if environ is None else environ)
    defaults = _defaults(env)
    path = _default(path)
    text, data = _read(path)
    _check_names(data, text, path)
    _check_empty(data, text, path)
    _check_environment(env)
    mode = env.get(f"{PREFIX}SLACK__MODE") or (defaults.get("slack", {}) | data.get("slack", {})).get("mode")
    _read_secret_files(
        data, env, text, path, lambda section, key: needs(section, key, roles, slack_mode=mode)
    )
    for section, values in defaults.items():
        data[section] = {**values, **data.get(section, {})}
    return _build(data, env, text, path)


def secret_files(path: Path | None = None, *, environ: Mapping[str, str] | None = None) -> tuple[Path, ...]:
    """The files with secrets behind what `load` reads: the TOML, where it holds any, and those named by
    `…_file`. SettingsError when the TOML cannot be read."""
    env = _given(os.environ if environ is None else environ)
    path = _default(path)
    _, data = _read(path)
    named, within = [], False
    for section in SECTIONS:
        values = data.get(section)
        given = values if isinstance(values, dict) else {}
        for key in _fields(section):
            if _is_secret(section, key):
                variable = f"{PREFIX}{section}__{key}_FILE".upper()
                named += [file for file in (env.get(variable), given.get(f"{key}_file")) if file]
                within = within or bool(given.get(key))
    url = data.get("storage", {}).get("url")
    within = within or (isinstance(url, str) and bool(urlsplit(url).password))
    own = [path] if path is not None and within else []
    return tuple(dict.fromkeys([*own, *(Path(str(file)).expanduser() for file in named)]))


def _given(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment. Of our variables those that are empty do not count: `${NAME:-}` of a compose file
    makes such ones."""
    return {name: value for name, value in environ.items() if value.strip() or not name.startswith(PREFIX)}


def _defaults(env: Mapping[str, str]) -> dict[str, Any]:
    """What holds where nobody says otherwise."""
    named = env.get(f"{PREFIX}DEFAULTS")
    if named is None:
        return {}
    path = Path(named)
    text, data = _read(path)
    _check_names(data, text, path)
    return data


def _default(path: Path | None) -> Path | None:
    # Also one that is a directory, or a link to nothing: somebody means it, and is told.
    return Path("config.toml") if path is None and os.path.lexists("config.toml") else path


def _read(path: Path | None) -> tuple[str, dict[str, Any]]:
    if path is None:
        return "", {}
    try:
        text = path.read_text(encoding="utf-8-sig")  # some editors put a mark before the text
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be read: {error.strerror}.",
            remedy="Make one with (umask 077; xquik-bot example settings > config.toml), "
            "or name another file with --config.",
        ) from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path} is not UTF-8 text (byte {error.start}).") from error
    try:
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            f"{path}: {error}.",
            remedy='TOML wants text in quotes: name = "value". ' + SettingsError.default_remedy,
        ) from error


def _fields(section: str) -> dict[str, Any]:
    model = SECTIONS[section]
    assert isinstance(model, type) and issubclass(model, BaseModel)  # noqa: S101 - each section is one
    return dict(model.model_fields)


def _is_secret(section: str, key: str) -> bool:
    annotation = _fields(section)[key].annotation
    return annotation is SecretStr or SecretStr in get_args(annotation)


def _check_names(data: dict[str, Any], text: str, path: Path | None) -> None:
    for section, values in data.items():
        if section not in SECTIONS:
            raise _unknown(section, list(SECTIONS), "section", _line(text, section), path)
        if not isinstance(values, dict):
            raise SettingsError(
                f"{_where(path, _line(text, section))}: {section} is a section; write [{section}]."
            )
        known = list(_fields(section))
        for key in values:
            if key in known or (
                key.endswith("_file")
                and key.removesuffix("_file") in known
                and _is_secret(section, key.removesuffix("_file"))
            ):
                continue
            raise _unknown(
                f"{section}.{key}",
                [f"{section}.{k}" for k in known],
                "key",
                _line(text, section, key),
                path,
            )


def _check_empty(data: dict[str, dict[str, Any]], text: str, path: Path | None) -> None:
    for section, values in data.items():
        for key, value in values.items():
            if isinstance(value, str) and not value.strip():
                where = _where(path, _line(text, section, key))
                raise SettingsError(
                    f"{where}: {section}.{key} is empty.",
                    remedy="Give it a value, or take the line out. " + SettingsError.default_remedy,
                )


def _unknown(name: str, known: list[str], what: str, line: int | None, path: Path | None) -> SettingsError:
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f" Did you mean {close[0]}?" if close else f" There are: {', '.join(known)}."
    return SettingsError(f"{_where(path, line)}: there is no {what} {name}.{hint}")


def _where(path: Path | None, line: int | None) -> str:
    if path is None:
        return "settings"
    return f"{path}, line {line}" if line else str(path)


def _line(text: str, section: str, key: str | None = None) -> int | None:
    """The line on which a section or one of its keys stands."""
    current = ""
    for number, content in enumerate(text.splitlines(), start=1):
        header = re.match(r"\s*\[+\s*([\w.\"'-]+)\s*\]+", content)
        if header:
            current = header[1].strip("\"'")
            if key is None and current.split(".")[0] == section:
                return number
        assigned = re.match(r"\s*([\w.\"'-]+)\s*=", content)
        if assigned is None:
            continue
        name = assigned[1].strip("\"'")
        if key is not None and ((current == section and name == key) or name == f"{section}.{key}"):
            return number
        if key is None and not current and name.split(".")[0] == section:
            return number
    return None


def _check_environment(env: Mapping[str, str]) -> None:
    known = {f"{PREFIX}{s}__{k}".upper() for s in SECTIONS for k in _fields(s)}
    known |= {f"{PREFIX}{s}__{k}_FILE".upper() for s in SECTIONS for k in _fields(s) if _is_secret(s, k)}
    flat = {name.replace("_", ""): name for name in known}
    for name in env:
        if not name.startswith(PREFIX) or name in known:
            continue
        # Without the double underscore it may be somebody else's, unless it is plainly meant for us.
        meant = flat.get(name.replace("_", ""))
        section = name.removeprefix(PREFIX).lower() in SECTIONS
        if "__" in name or meant or section:
            if section:
                raise SettingsError(
                    f"The environment variable {name} names a section, not a setting.",
                    remedy=f"Write {name}__KEY=…; " + SettingsError.default_remedy,
                )
            close = [meant] if meant else difflib.get_close_matches(name, sorted(known), n=1)
            hint = f" Did you mean {close[0]}?" if close else ""
            raise SettingsError(f"The environment variable {name} names no setting.{hint}")


def _read_secret_files(
    data: dict[str, Any],
    env: dict[str, str],
    text: str,
    path: Path | None,
    needed: Callable[[str, str], bool],
) -> None:
    """Put the content of `…_FILE` where the secret itself would be. needed: whether it must be there."""
    for section in SECTIONS:
        for key in _fields(section):
            if not _is_secret(section, key):
                continue
            variable = f"{PREFIX}{section}__{key}".upper()
            values = data.setdefault(section, {})
            from_env = env.pop(f"{variable}_FILE", None)
            from_toml = values.pop(f"{key}_file", None)
            try:
                if from_env is not None and variable not in env:
                    env[variable] = _content(from_env, f"{variable}_FILE")
                elif from_toml is not None and key not in values:
                    where = f"{_where(path, _line(text, section, f'{key}_file'))}: {section}.{key}_file"
                    values[key] = _content(str(from_toml), where)
            except SettingsError:
                if needed(section, key):
                    raise


def _content(file: str, where: str) -> str:
    try:
        content = Path(file).expanduser().read_text(encoding="utf-8-sig").strip()
    except (OSError, ValueError, RuntimeError) as error:  # the last: a home of nobody
        reason = "not text" if isinstance(error, UnicodeDecodeError) else "there is no such path"
        said = error.strerror if isinstance(error, OSError) else reason
        raise SettingsError(f"{where} names {file}, which cannot be read: {said}.") from error
    if not content:
        raise SettingsError(f"{where} names {file}, which is empty.", remedy=f"Put the secret into {file}.")
    return content


class _Environment(EnvSettingsSource):
    """The environment given, instead of the process's own."""

    def __init__(self, settings_cls: type[BaseSettings], env: Mapping[str, str]) -> None:
        self._given = env
        super().__init__(settings_cls)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return {name.lower(): value for name, value in self._given.items()}


def _build(data: dict[str, Any], env: Mapping[str, str], text: str, path: Path | None) -> Settings:
    class Loaded(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            del env_settings, dotenv_settings, file_secret_settings
            return (_Environment(settings_cls, env), init_settings)

    try:
        return Loaded(**data)
    except ValidationError as error:
        # The values themselves stay out of the message: some of them are secrets.
        found = error.errors(include_input=False, include_url=False, include_context=False)
        told = [_told([str(part) for part in one["loc"]], one["msg"], env, text, path) for one in found]
        raise SettingsError("\n".join(dict.fromkeys(told))) from None


def _told(names: list[str], reason: str, env: Mapping[str, str], text: str, path: Path | None) -> str:
    """One value that cannot be used: where it stands, its key, and what it has to be."""
    key = ".".join(names[:2])
    variable = f"{PREFIX}{'__'.join(names[:2])}".upper()
    line = _line(text, names[0], names[1]) if len(names) > 1 else _line(text, names[0])
    where = f"The environment variable {variable}" if variable in env else _where(path, line)
    return f"{where}: {key} is not usable: {reason.removeprefix('Value error, ')}."
