"""The kind of proposal that runs a draw."""

from __future__ import annotations

from typing import Final

from bot.core.access import Permission
from bot.core.commands.price_list import DRAW
from bot.core.messages.message import msg
from bot.proposals.kinds import PATIENT, Leaves, ProposalKind, Wording
from bot.proposals.shortage import PART_OF_A_DRAW

_WORDS = Wording(
    running=msg("Drawing…"),
    done=msg("The draw is done"),
    failed=msg("The draw did not run"),
    unknown=msg("It is not confirmed whether this draw ran"),
    once=msg("It is looked up, and not run a second time."),
    cancelled=msg("Draw cancelled"),
)

DRAW_RUN: Final = ProposalKind(
    name="draw.run",
    write=None,
    permission=Permission.SPEND,
    cost=DRAW,
    estimate=None,
    words=lambda _payload: _WORDS,
    danger=False,
    edit=None,
    leaves=Leaves.NOTHING,
    retry=PATIENT,
    private=False,
    prices=True,
    partial=PART_OF_A_DRAW,
    stops=False,
)
"""The payload is `bot.xquik.draw_requests.DrawRequest.body()`. How many entries a tweet has, and so the
cost, is known to the command."""
