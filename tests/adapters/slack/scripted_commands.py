"""The commands of the stage as Slack's tests use them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import SecretStr

from bot.core.chat.answers import Audience
from bot.core.commands.declaring import Catalogue, Option
from bot.features.help.offers import OFFERS
from tests.adapters.scripted_commands import SayArgs, ScriptedCommands, actions, groups


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyArgs:
    key: Annotated[SecretStr, Option("The key")]


def catalogue(stage: ScriptedCommands) -> Catalogue:
    """One of every kind of command."""
    made = groups(stage, say=SayArgs, key=KeyArgs, show=Audience.CHANNEL)
    return Catalogue(groups=made, actions=actions(stage, stored=False), offers=OFFERS)
