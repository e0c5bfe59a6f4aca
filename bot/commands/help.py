"""`help`: every command, made from the declarations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from bot.commands.services import CommandCall
from bot.core.access import Permission
from bot.core.answers import Audience, Reply
from bot.core.commands import Catalogue, Command, Effect, Group, Option
from bot.core.errors import UsageError
from bot.core.grammar import names_close_to
from bot.core.permits import held, require
from bot.presenters.help import command_card, help_card


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpArgs:
    """topic: a group, one of its commands, or nothing for all."""

    topic: Annotated[
        str | None, Option("A command, like draw or relay filter", main=True, suggest="topics")
    ] = None


def help_group(catalogue: Callable[[], Catalogue]) -> Group:
    """The group; `catalogue` gives the finished catalogue, which this group is itself part of."""

    async def run(call: CommandCall, args: HelpArgs) -> Reply:
        known, access = catalogue(), call.services.grants
        allowed = known.within(await held(access, call.invocation))
        if args.topic is None:
            return Reply(help_card(allowed))
        name, *verb = args.topic.removeprefix("/").lower().split()
        group = known.group(name)
        if group is None:
            names = [one.name for one in known.groups]
            close = names_close_to(name, names)
            hint = f" Did you mean {close[0]!r}?" if close else f" There are: {', '.join(names)}."
            raise UsageError(f"There is no command {name[:40]!r}.{hint}", option="topic", example="help draw")
        if not verb:
            shown = allowed.group(name)
            if shown is None:
                await require(access, call.invocation, group.commands[0].needs)
            return Reply(help_card(allowed, shown))
        about = known.command((name, verb[0]))
        if about is None:
            verbs = [one.path[-1] for one in group.commands]
            close = names_close_to(verb[0], verbs)
            hint = f" Did you mean {close[0]!r}?" if close else f" There are: {', '.join(verbs)}."
            raise UsageError(
                f"{name!r} has no verb {verb[0][:40]!r}.{hint}", option="topic", example=f"help {name}"
            )
        await require(access, call.invocation, about.needs)
        return Reply(command_card(about))

    command = Command(
        path=("help",),
        summary="What this bot can do, and how each command is written",
        args=HelpArgs,
        run=run,
        effect=Effect.READ,
        needs=Permission.USE,
        audience=Audience.PRIVATE,
        examples=("help", "help draw", "help relay filter"),
        needs_key=False,
    )
    return Group("help", "What this bot can do", (command,))
