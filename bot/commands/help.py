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
from bot.presenters.help import help_card


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpArgs:
    """topic: a group, or nothing for all."""

    topic: Annotated[str | None, Option("A command, like draw", main=True, suggest="groups")] = None


def help_group(catalogue: Callable[[], Catalogue]) -> Group:
    """The group; `catalogue` gives the finished catalogue, which this group is itself part of."""

    async def run(_call: CommandCall, args: HelpArgs) -> Reply:
        known = catalogue()
        if args.topic is None:
            return Reply(help_card(known))
        name = args.topic.removeprefix("/").split(maxsplit=1)[0].lower()
        group = known.group(name)
        if group is None:
            names = [one.name for one in known.groups]
            close = names_close_to(name, names)
            hint = f" Did you mean {close[0]!r}?" if close else f" There are: {', '.join(names)}."
            raise UsageError(f"There is no command {name[:40]!r}.{hint}", option="topic", example="help draw")
        return Reply(help_card(known, group))

    command = Command(
        path=("help",),
        summary="What this bot can do, and how each command is written",
        args=HelpArgs,
        run=run,
        effect=Effect.READ,
        needs=Permission.USE,
        audience=Audience.PRIVATE,
        examples=("help", "help draw"),
        needs_key=False,
    )
    return Group("help", "What this bot can do", (command,))
