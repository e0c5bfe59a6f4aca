"""Settings: where they come from, which wins, and errors that name the key, the line and the fix."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import BaseModel, SecretStr, ValidationError

from bot.settings import PREFIX, SECTIONS, Settings, SettingsError, StorageSection, load

EXAMPLE = Path(__file__).resolve().parents[2] / "config.example.toml"
TOKEN = "a-token-that-nobody-may-see"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No config.toml of the working directory takes part."""
    monkeypatch.chdir(tmp_path)


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def keys() -> list[tuple[str, str]]:
    """Every setting there is."""
    found = []
    for section, model in SECTIONS.items():
        assert isinstance(model, type)
        assert issubclass(model, BaseModel)
        found += [(section, key) for key in model.model_fields]
    return found


def test_without_a_file_everything_has_its_default() -> None:
    settings = load(environ={})
    assert settings.xquik.base_url == "https://xquik.com/api/v1"
    assert settings.discord.token is None
    assert settings.ingest == "stream"


def test_a_config_toml_here_is_read_by_itself(tmp_path: Path) -> None:
    written(tmp_path, '[web]\nport = 9999\npublic_url = "https://bot.example/"\n')
    settings = load(environ={})
    assert settings.web.port == 9999
    assert settings.web.public_url == "https://bot.example"
    assert settings.ingest == "webhook", "a public address makes webhooks the way in"


def test_what_an_image_assumes_stands_below_everything_else(tmp_path: Path) -> None:
    defaults = tmp_path / "defaults.toml"
    defaults.write_text('[storage]\nurl = "sqlite:////data/bot.db"\n[web]\nhost = "0.0.0.0"\nport = 1\n')
    environ = {f"{PREFIX}DEFAULTS": str(defaults)}
    settings = load(environ=environ)
    assert (settings.storage.url, settings.web.host) == ("sqlite:////data/bot.db", "0.0.0.0")
    path = written(tmp_path, '[web]\nport = 2\n[storage]\nurl = "postgresql://db/bot"\n')
    settings = load(path, environ=environ | {f"{PREFIX}WEB__HOST": "127.0.0.2"})
    assert settings.storage.url == "postgresql://db/bot"
    assert (settings.web.host, settings.web.port) == ("127.0.0.2", 2)
    defaults.write_text("[web]\nprot = 1\n")
    with pytest.raises(SettingsError, match=r"defaults\.toml, line 2: there is no key web\.prot"):
        load(path, environ=environ)


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, '[web]\nport = 1\nhost = "0.0.0.0"\n[relay]\nmax_age = "2h"\n')
    env = {f"{PREFIX}WEB__PORT": "2", f"{PREFIX}RELAY__INGEST": "both", f"{PREFIX}DISCORD__SHARD_IDS": "0,1"}
    settings = load(path, environ=env)
    assert (settings.web.port, settings.web.host) == (2, "0.0.0.0")
    assert settings.relay.max_age == timedelta(hours=2)
    assert settings.ingest == "both"
    assert settings.discord.shard_ids == (0, 1)


def test_settings_made_directly_do_not_meet_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"{PREFIX}STORAGE__URL", "postgresql://production/db")
    assert Settings().storage.url == "sqlite:///data/bot.db"
    assert load().storage.url == "postgresql://production/db"


def test_vault_keys_are_a_list_newest_first(tmp_path: Path) -> None:
    from_file = load(written(tmp_path, '[vault]\nkeys = ["b", "a"]\n'), environ={})
    from_env = load(environ={f"{PREFIX}VAULT__KEYS": "b, a"})
    for settings in (from_file, from_env):
        assert [key.get_secret_value() for key in settings.vault.keys] == ["b", "a"]


def test_a_secret_comes_from_a_file_of_its_own(tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_text(TOKEN + "\n")
    by_env = load(environ={f"{PREFIX}DISCORD__TOKEN_FILE": str(secret)})
    by_toml = load(written(tmp_path, f'[discord]\ntoken_file = "{secret}"\n'), environ={})
    for settings in (by_env, by_toml):
        assert settings.discord.token == SecretStr(TOKEN)
    direct = {f"{PREFIX}DISCORD__TOKEN_FILE": str(secret), f"{PREFIX}DISCORD__TOKEN": "direct"}
    assert load(environ=direct).discord.token == SecretStr("direct")


def test_proxies_are_given_as_a_list_or_separated_by_commas(tmp_path: Path) -> None:
    wanted = ("10.0.0.0/8", "2001:db8::/32")
    assert load(environ={}).web.trusted_proxies == ()
    text = '[web]\ntrusted_proxies = ["10.0.0.0/8", "2001:db8::/32"]\n'
    assert load(written(tmp_path, text), environ={}).web.trusted_proxies == wanted
    named = {f"{PREFIX}WEB__TRUSTED_PROXIES": "10.0.0.0/8, 2001:db8::/32"}
    assert load(environ=named).web.trusted_proxies == wanted


def test_secrets_are_in_no_repr(tmp_path: Path) -> None:
    secrets = {
        f"{PREFIX}{section}__{key}".upper(): TOKEN
        for section, key in (
            ("vault", "keys"),
            ("discord", "token"),
            ("slack", "bot_token"),
            ("slack", "app_token"),
            ("slack", "signing_secret"),
            ("slack", "client_secret"),
            ("web", "operator_token"),
        )
    }
    settings = load(environ=secrets)
    assert TOKEN not in repr(settings)
    assert TOKEN not in str(settings.model_dump())


def test_the_password_of_the_database_is_in_no_repr_and_no_error() -> None:
    url = f"postgresql://bot:{TOKEN}@db.example/bot"
    settings = load(environ={f"{PREFIX}STORAGE__URL": url})
    assert settings.storage.url == url
    for shown in (repr(settings), str(settings), repr(settings.storage), f"{settings.storage}"):
        assert TOKEN not in shown
    wrong = f"mysql://bot:{TOKEN}@db.example/bot"
    with pytest.raises(SettingsError) as told:
        load(environ={f"{PREFIX}STORAGE__URL": wrong})
    assert TOKEN not in told.value.detail
    with pytest.raises(ValidationError) as raised:
        StorageSection(url=wrong)
    assert TOKEN not in str(raised.value)
    with pytest.raises(ValidationError) as raised:
        Settings.model_validate({"storage": {"url": wrong}})
    assert TOKEN not in str(raised.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[web]\nprot = 1\n", ("line 2", "web.prot", "Did you mean web.port?")),
        ("[wbe]\nport = 1\n", ("line 1", "section wbe", "Did you mean web?")),
        ("\n\n[web]\nport = 99999\n", ("line 4", "web.port", "65535")),
        ('[web]\nport = "eighty"\n', ("line 2", "web.port", "integer")),
        ("web = 1\n", ("line 1", "write [web]")),
        ('[xquik]\nbase_url = "http://xquik.com"\n', ("line 2", "xquik.base_url", "https://")),
        ('[web]\npublic_url = "http://bot.example"\n', ("line 2", "web.public_url", "https://")),
        ('[web]\noperator_token = "short"\n', ("line 2", "web.operator_token", "24 characters")),
        (
            f'[web]\noperator_token = "{"0123456789abcdef" * 2}"\n'[:-3] + '"\n',
            ("line 2", "32 of digits and a-f"),
        ),
        (f'[web]\noperator_token = "{"abc-" * 20}"\n', ("line 2", "web.operator_token", "10 different")),
        ('[web]\ntrusted_proxies = ["10.0.0.0/33"]\n', ("line 2", "web.trusted_proxies", "10.0.0.0/33")),
        ('[otel]\nendpoint = "collector:4318"\n', ("line 2", "otel.endpoint", "http://")),
        ('[otel]\nheaders = "a secret by itself"\n', ("line 2", "otel.headers", "name=value")),
        ('[storage]\nurl = "mysql://x"\n', ("line 2", "storage.url", "sqlite:///PATH")),
        ('[relay]\nmax_age = "soon"\n', ("line 2", "relay.max_age", "1h30m")),
        ('[relay]\ningest = "post"\n', ("line 2", "relay.ingest", "webhook")),
        ('[slack]\nmode = "rtm"\n', ("line 2", "slack.mode", "socket")),
        ("[web\nport = 1\n", ("line 1", "config.toml")),
        ("[web]\nhost = localhost\n", ("line 2", "in quotes")),
        ('[discord]\ntoken_file = "/nowhere/at/all"\n', ("line 2", "discord.token_file", "No such file")),
        ('[discord]\napi_url_file = "x"\n', ("line 2", "discord.api_url_file", "no key")),
    ],
)
def test_a_mistake_names_the_key_the_line_and_the_fix(
    tmp_path: Path, text: str, said: tuple[str, ...]
) -> None:
    with pytest.raises(SettingsError) as caught:
        load(written(tmp_path, text), environ={})
    whole = f"{caught.value.detail} {caught.value.remedy}"
    assert all(word in whole for word in said), whole
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("WEB__PROT", "XQUIK_BOT_WEB__PORT"),
        ("DISCORD_TOKEN", "XQUIK_BOT_DISCORD__TOKEN"),
        ("WEB", "XQUIK_BOT_WEB__KEY"),
        ("WEB__PORT_FILE", "XQUIK_BOT_WEB__PORT"),
    ],
)
def test_a_variable_that_names_no_setting_is_refused(name: str, said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(environ={PREFIX + name: TOKEN})
    whole = f"{caught.value.detail} {caught.value.remedy}"
    assert PREFIX + name in whole
    assert said in whole
    assert TOKEN not in whole


def test_other_variables_of_ours_are_left_alone() -> None:
    load(environ={f"{PREFIX}TEST_POSTGRES": "postgresql://x", "OTHER": "x"})


@pytest.mark.parametrize("name", ["WEB__PORT", "RELAY__MAX_AGE", "STORAGE__URL", "LOG__LEVEL"])
def test_a_wrong_variable_is_named_and_its_value_is_not(name: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(environ={PREFIX + name: "nonsense nobody typed"})
    assert PREFIX + name in caught.value.detail
    if name != "RELAY__MAX_AGE":  # a duration is no secret, and the slip is easier seen than told
        assert "nonsense" not in caught.value.detail


def test_a_wrong_secret_is_not_in_the_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load(written(tmp_path, f'[vault]\nkeys = [["{TOKEN}"]]\n'), environ={})
    assert TOKEN not in f"{caught.value.detail}{caught.value.remedy}{caught.value.__cause__!r}"


def test_a_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read") as caught:
        load(tmp_path / "other.toml", environ={})
    assert "xquik-bot example settings > config.toml" in caught.value.remedy
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="UTF-8"):
        load(binary, environ={})


def test_the_example_documents_every_setting_and_no_other() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    named: list[tuple[str, str]] = []
    section = ""
    for line in text.splitlines():
        if header := re.match(r"#?\s?\[(\w+)\]", line):
            section = header[1]
        elif assigned := re.match(r"#?\s?(\w+)\s*=", line):
            named.append((section, assigned[1]))
    secrets = {key.removesuffix("_file") for _, key in named if key.endswith("_file")}
    assert {pair for pair in named if not pair[1].endswith("_file")} == set(keys())
    assert secrets <= {key for _, key in keys()}


def test_the_example_loads_as_it_is_and_with_every_line_switched_on(tmp_path: Path) -> None:
    load(EXAMPLE, environ={})
    text = EXAMPLE.read_text(encoding="utf-8")
    on = re.sub(r"^#\s?(?=\w+\s*=)", "", text, flags=re.MULTILINE)
    on = re.sub(r"^\w+_file\s*=.*$", "", on, flags=re.MULTILINE)
    with pytest.raises(SettingsError, match=r"discord\.token is not usable"):
        load(written(tmp_path, on), environ={})  # what stands for a token is none
    load(written(tmp_path, on.replace('"…"', '"a-token"')), environ={})


@pytest.mark.parametrize(
    ("section", "key", "scheme"),
    [
        ("xquik", "base_url", "http"),
        ("slack", "api_url", "http"),
        ("discord", "api_url", "http"),
        ("discord", "gateway_url", "ws"),
    ],
)
def test_what_carries_tokens_goes_encrypted_but_on_this_machine(
    tmp_path: Path, section: str, key: str, scheme: str
) -> None:
    def loaded(address: str) -> Settings:
        return load(written(tmp_path, f'[{section}]\n{key} = "{address}"\n'), environ={})

    for host in ("127.0.0.1:8080", "localhost:1", "[::1]:1"):
        loaded(f"{scheme}://{host}/api")
    loaded(f"{scheme}s://vendor.example/api")
    for bad in (f"{scheme}://vendor.example/api", f"{scheme}://127.0.0.1.vendor.example", "ftp://localhost/"):
        with pytest.raises(SettingsError, match=f"it must start with {scheme}s://"):
            loaded(bad)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://bot:hun@ter2@db/bot",
        "postgresql://bot:hun@ter/2@db/bot",
        "postgresql://bot:hun@ter?2@db/bot",
        "postgresql://bot:hun@db/ter?2=x@db/bot",
    ],
)
def test_a_password_of_which_a_part_would_be_the_host_is_refused_unseen(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsError, match="written as %40") as error:
        load(written(tmp_path, f'[storage]\nurl = "{url}"\n'), environ={})
    assert "hun" not in str(error.value)
    assert "ter" not in str(error.value).partition("not usable: ")[2]


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://bot:hun%40ter2@db/bot",
        "postgresql://bot@tenant:pw@db/bot",
        "postgresql://bot:a/b?c:d@db/bot?sslmode=require&options=-c%20x@y",
        "postgresql:///bot?host=/run/a@b",
    ],
)
def test_a_sign_that_is_read_as_it_is_meant_may_stand(tmp_path: Path, url: str) -> None:
    assert load(written(tmp_path, f'[storage]\nurl = "{url}"\n'), environ={}).storage.url == url


NEEDED = [
    ("discord.token", "socket", {"discord", "relay"}),
    ("slack.bot_token", "socket", {"slack", "relay"}),
    ("slack.app_token", "socket", {"slack"}),
    ("slack.bot_token", "http", {"slack", "relay", "web"}),
    ("slack.signing_secret", "http", {"slack", "relay", "web"}),
    ("web.operator_token", "socket", {"web"}),
    ("vault.keys", "socket", {"web", "relay", "discord", "slack"}),
    ("otel.headers", "socket", {"web", "relay", "discord", "slack"}),
]


@pytest.mark.parametrize("by", ["file", "environment"])
@pytest.mark.parametrize(("name", "mode", "needed"), NEEDED)
def test_a_file_that_the_roles_do_not_need_may_be_missing(
    tmp_path: Path, name: str, mode: str, needed: set[str], by: str
) -> None:
    section, key = name.split(".")
    nowhere = str(tmp_path / "nowhere")
    if by == "file":
        environ = {"XQUIK_BOT_SLACK__MODE": mode}
        config = written(tmp_path, f'[{section}]\n{key}_file = "{nowhere}"\n')
    else:
        environ = {f"XQUIK_BOT_{section}__{key}_FILE".upper(): nowhere}
        config = written(tmp_path, f'[slack]\nmode = "{mode}"\n')
    found = set()
    for role in ("web", "relay", "discord", "slack"):
        try:
            settings = load(config, environ=environ, roles={role})
        except SettingsError as error:
            assert nowhere in error.detail
            found.add(role)
        else:
            assert not getattr(getattr(settings, section), key)
    assert found == needed
    with pytest.raises(SettingsError):
        load(config, environ=environ)
    (tmp_path / "nowhere").write_text("name=0123456789abcdefghijklmnop")
    for role in ("web", "relay", "discord", "slack"):
        assert getattr(getattr(load(config, environ=environ, roles={role}), section), key)
