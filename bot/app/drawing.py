"""The wiring of how a finished draw is shown."""

from __future__ import annotations

from bot.core.chat.cards import Card
from bot.features.draw.results import draw_evidence, draw_result_card
from bot.features.known import KnownLists, What
from bot.proposals.draws import OutcomePresenter
from bot.storage.places.local_numbers import LocalNumbers, Numbered
from bot.storage.writes.draw_backups import DrawBackups
from bot.storage.writes.proposal_rows import StoredProposal
from bot.xquik.models import DrawDetail


def draw_presenter(backups: DrawBackups, numbers: LocalNumbers, known: KnownLists) -> OutcomePresenter:
    """The card of a draw that was confirmed here; from now on it has a number and is suggested."""

    async def present(proposal: StoredProposal, drawn: DrawDetail) -> Card:
        evidence = draw_evidence(proposal, drawn)
        draw = drawn.draw.id
        await known.changed(proposal.tenant, What.DRAWS)
        moves = await backups.moved(proposal.tenant, draw)
        given = await numbers.give(proposal.tenant, Numbered.DRAW, (draw,))
        return draw_result_card(drawn, moves, evidence, number=given[draw])

    return present
