"""Every command of `xquik-bot`, each importing what it needs only when it runs.

Exit codes: 0 done, 1 failed (which may pass), 2 not understood, or settings that cannot be used; `exec` also
3 not permitted. `bot.cli.exits` has the table.
"""

from __future__ import annotations

import asyncio
import sys
import traceback
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from bot.cli.examples import Example
from bot.cli.examples import example as example_of
from bot.cli.exits import exit_code, exit_code_of_run, tell, tell_failed
from bot.cli.options import AsFile, AsRole, Config, Role
from bot.core.errors import BotError


class InOurWords(TyperGroup):
    """The commands; what is wrong with an option is said without the words of the library that checks it."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was named."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            error.message = error.message.removeprefix("Value error, ")
            raise


app = typer.Typer(
    cls=InOurWords,
    name="xquik-bot",
    help="The Xquik API for X in Discord and Slack: slash commands, and a relay of events into channels.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
keys = typer.Typer(help="Make and rotate the keys that encrypt stored secrets.", no_args_is_help=True)
app.add_typer(keys, name="keys")
audit = typer.Typer(help="Check and export the record of who did what.", no_args_is_help=True)
app.add_typer(audit, name="audit")
privacy = typer.Typer(help="What is stored of a place, or of a person in it.", no_args_is_help=True)
app.add_typer(privacy, name="privacy")

_debug = False


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"xquik-bot {version('xquik-bot')}")
        raise typer.Exit


@app.callback()
def _options(
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks.")] = False,
    _: Annotated[
        bool, typer.Option("--version", "-V", is_eager=True, callback=_version, help="Print the version.")
    ] = False,
) -> None:
    global _debug  # noqa: PLW0603 - set once, before any command runs
    _debug = debug


@app.command()
def demo(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Where the page is served; 0 takes a free port.")
    ] = 8750,
    data: Annotated[Path, typer.Option(help="Where everything is kept.")] = Path("data/demo"),
) -> None:
    """Run the whole bot with a sandbox in place of X, on a page in your browser. Ctrl-C stops it."""
    from bot.cli.serve import run_demo

    _run(run_demo(port, data))


@app.command()
def run(
    config: Config = None,
    role: Annotated[
        list[Role] | None, typer.Option("--role", help="What this process does; repeatable. All by default.")
    ] = None,
) -> None:
    """Run the bot: Discord, Slack, webhooks and relay, as far as they are configured.

    Exit code 2 where only other settings help, so that starting it again is of no use; 1 for what may pass.
    """
    from bot.cli.serve import run_bot

    try:
        _serve(run_bot(config, _roles(role)))
    except BotError as error:
        tell_failed(error, debug=_debug)
        raise typer.Exit(exit_code_of_run(error)) from None


@app.command("exec", context_settings={"ignore_unknown_options": True})
def exec_(
    command: Annotated[
        list[str],
        typer.Argument(
            metavar="COMMAND", help='One command, in quotes: "draw run https://x.com/… winners:3".'
        ),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print the card as data.")] = False,
    config: Config = None,
    as_name: Annotated[str, typer.Option("--as", help="The name to act under.")] = "terminal",
    role: Annotated[AsRole, typer.Option(help="What the person may do.")] = AsRole.ADMIN,
    tenant: Annotated[str | None, typer.Option(help="Whose settings apply: PLATFORM:WORKSPACE.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Press Confirm.")] = False,
    partial: Annotated[
        bool,
        typer.Option(
            "--partial", help="With --yes: draw or collect even if the credits do not cover all of it."
        ),
    ] = False,
    file: Annotated[
        AsFile | None, typer.Option("--file", help="Ask for all of the list that is shown, as a file.")
    ] = None,
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="Use a sandbox even if there is a config.toml.")
    ] = False,
    data: Annotated[
        Path | None, typer.Option(help="Keep the sandbox and its database in this directory.")
    ] = None,
    language: Annotated[
        str, typer.Option(help="The language of the answer, by its tag: en. Else your own, or the machine's.")
    ] = "",
) -> None:
    """Run one command as in chat, and print the answer.

    With --tenant it runs for real, with the key of that server or workspace. Without, a sandbox answers.
    """
    from bot.cli.execute import Manner, Where, execute
    from bot.cli.quoted import one_command

    line = one_command(command)
    where = Where(config, tenant, sandbox, data)
    admin = role is AsRole.ADMIN
    manner = Manner(yes, partial, file.value if file else "", language)
    _run(execute(line, where=where, as_json=as_json, name=as_name, admin=admin, manner=manner))


@app.command()
def sandbox(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Where it is served; 0 takes a free port.")
    ] = 8751,
    seed: Annotated[int, typer.Option(help="The same seed makes the same world.")] = 7,
    faults: Annotated[Path | None, typer.Option(help="Faults to simulate, as TOML or JSON.")] = None,
    state: Annotated[Path | None, typer.Option(help="A file that keeps its state.")] = None,
) -> None:
    """Run the local sandbox of the Xquik API on its own; prints its base URL and a key for it."""
    import os

    arguments = ["-m", "bot.sandbox", "--port", str(port), "--seed", str(seed)]
    if faults is not None:
        arguments += ["--faults", str(faults)]
    if state is not None:
        arguments += ["--state", str(state)]
    os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606 - a program of its own, no shell


@app.command("apply")
def apply_(
    file: Annotated[Path, typer.Argument(help="Tenants, routes and policy as TOML.")],
    config: Config = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
) -> None:
    """Set up tenants, routes and policy as a file says. Applying it again changes nothing."""
    from bot.cli.operate import apply_file

    _run(apply_file(file, config, dry_run=dry_run))


@app.command()
def export(config: Config = None) -> None:
    """Print tenants, routes and policy as TOML that `apply` reads. Never prints a secret."""
    from bot.cli.operate import export_state

    _run(export_state(config))


@app.command()
def check(
    config: Config = None,
    role: Annotated[
        list[Role] | None,
        typer.Option("--role", help="Check only what such a process needs, as for run; repeatable."),
    ] = None,
) -> None:
    """Check everything the bot needs, one line each.

    Exit code 1 if something fails that `run` would fail at too; 2 if the settings cannot be used.
    """
    from bot.cli.operate import doctor

    _run(doctor(config, _roles(role)))


@keys.command("new")
def keys_new() -> None:
    """Print a new vault key."""
    from bot.storage.secrets.vault import new_key

    typer.echo(new_key().get_secret_value())


@keys.command("rotate")
def keys_rotate(config: Config = None) -> None:
    """Encrypt every stored secret with the first of `vault.keys`."""
    from bot.cli.operate import rotate_keys

    _run(rotate_keys(config))


@audit.command("verify")
def audit_verify(
    file: Annotated[
        Path | None, typer.Argument(help="An export to be checked by itself; the database if left out.")
    ] = None,
    head: Annotated[
        str, typer.Option(help="The hash that was noted elsewhere of one of the records in the file.")
    ] = "",
    config: Config = None,
) -> None:
    """Check that nothing in the record was changed or left out. Exit code 1 where something was."""
    from bot.cli.record import verify_database, verify_file

    if file is not None:
        raise typer.Exit(verify_file(file, head))
    _run(verify_database(config))


@audit.command("export")
def audit_export(
    tenant: Annotated[str, typer.Argument(help="Whose record: PLATFORM:WORKSPACE.")],
    file: Annotated[Path, typer.Argument(help="A new file.")],
    config: Config = None,
) -> None:
    """Write the whole record of a server or workspace to a file, and print the hash of the newest."""
    from bot.cli.record import export_record

    _run(export_record(config, tenant, file))


@privacy.command("export")
def privacy_export(
    tenant: Annotated[str, typer.Argument(help="Of which place: PLATFORM:WORKSPACE.")],
    file: Annotated[Path, typer.Argument(help="A new file.")],
    person: Annotated[str, typer.Option(help="Only what is about this person, by id.")] = "",
    config: Config = None,
) -> None:
    """Write everything that is stored of a place to an archive, or of a person as JSON lines. No secrets."""
    from bot.cli.privacy import export_stored

    _run(export_stored(config, tenant, file, person))


@app.command()
def alive(config: Config = None) -> None:
    """Ask the bot of these settings, on this machine, whether it lives: for health checks."""
    from bot.cli.alive import ask_alive

    _run(ask_alive(config))


@app.command()
def migrate(
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="URL",
            help="Copy everything from this SQLite file (sqlite:///data/bot.db) into the PostgreSQL database "
            "of storage.url. Can be repeated.",
        ),
    ] = None,
    forget_move: Annotated[
        bool,
        typer.Option("--forget-move", help="Let a bot start again on a SQLite file that was moved."),
    ] = False,
    config: Config = None,
) -> None:
    """Update the database's tables to this version, or move an installation from SQLite to PostgreSQL."""
    from bot.cli import operate

    if forget_move and source is not None:
        raise typer.BadParameter("--from and --forget-move do not go together")
    _run(operate.forget_move(config) if forget_move else operate.migrate_database(config, source))


@app.command()
def backup(
    target: Annotated[
        Path,
        typer.Argument(help="A new file, or a directory: the copy in it is then named after the time."),
    ],
    keep: Annotated[
        int | None,
        typer.Option(min=1, help="How many copies stay in the directory; older ones are deleted."),
    ] = None,
    config: Config = None,
) -> None:
    """Copy the database (SQLite) while the bot runs. Run daily with --keep 7, it keeps a week of copies."""
    from bot.cli.operate import backup_database

    _run(backup_database(config, target, keep))


@app.command()
def example(
    file: Annotated[Example, typer.Argument(help="config.toml, or the file of `apply`.")] = Example.SETTINGS,
) -> None:
    """Print a whole example of a settings file, or of a file for `apply`."""
    typer.echo(example_of(file), nl=False)


@app.command("slack-manifest")
def slack_manifest(config: Config = None) -> None:
    """Print the Slack app manifest, made from the commands, to paste at api.slack.com/apps."""
    from bot.cli.declared import print_slack_manifest

    print_slack_manifest(config)


@app.command("discord-invite")
def discord_invite(config: Config = None) -> None:
    """Print the link that adds the bot to a Discord server."""
    from bot.cli.declared import print_discord_invite

    _run(print_discord_invite(config))


@app.command()
def docs(
    write: Annotated[Path | None, typer.Option(help="A directory to write to, instead of printing.")] = None,
    verify: Annotated[bool, typer.Option("--check", help="Fail when the files are not up to date.")] = False,
) -> None:
    """Write the reference of all commands."""
    from bot.cli.declared import write_reference

    raise typer.Exit(write_reference(write, verify=verify))


def _roles(given: list[Role] | None) -> frozenset[str]:
    return frozenset(str(one) for one in given or [Role.ALL])


def _serve(work: Coroutine[Any, Any, int]) -> None:
    """Run what runs for long, on the quicker loop where there is one (not on Windows)."""
    try:
        import uvloop
    except ImportError:
        _run(work)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        raise typer.Exit(runner.run(work))


def _run(work: Coroutine[Any, Any, int]) -> None:
    raise typer.Exit(asyncio.run(work))


def main() -> None:
    """The entry point: a mistake in input or settings is two lines, never a traceback."""
    try:
        app()
    except BotError as error:
        tell_failed(error, debug=_debug)
        sys.exit(exit_code(error))
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(1)
    except Exception as error:
        if _debug:
            tell(traceback.format_exc())
        else:
            tell(
                f"Something went wrong: {type(error).__name__}: {error}\nRun it with --debug to see where.\n"
            )
        sys.exit(1)
