"""The kinds of proposals that begin an extraction and that cancel one."""

from __future__ import annotations

from typing import Final

from bot.core.access import Permission
from bot.core.commands.cost import FREE_OF_CHARGE
from bot.core.commands.price_list import EXTRACTION
from bot.core.messages.message import msg
from bot.core.x.extraction_tools import tool_of
from bot.core.x.prices import EXTRACTION_RESULT
from bot.proposals.kinds import PATIENT, Leaves, Payload, ProposalKind, Wording
from bot.proposals.shortage import PART_OF_AN_EXTRACTION

_RUN = Wording(
    running=msg("Collecting…"),
    done=msg("The extraction is done"),
    failed=msg("The extraction collected nothing"),
    unknown=msg("It is not known how this extraction stands"),
    once=msg("It is looked up, and not run a second time."),
    nothing=msg("Nothing was collected."),
    then=msg("This message says how far it is."),
    look=msg("`extract list` shows it, if it was begun."),
    cancelled=msg("Not collected"),
)


def _most(payload: Payload) -> int:
    """Xquik collects no more than the limit, and each result has the price of its tool."""
    limit, tool = payload.get("resultsLimit"), tool_of(str(payload.get("toolType", "")))
    return limit * (EXTRACTION_RESULT if tool is None else tool.price) if isinstance(limit, int) else 0


EXTRACTION_RUN: Final = ProposalKind(
    name="extraction.run",
    write=None,
    permission=Permission.SPEND,
    cost=EXTRACTION,
    estimate=None,
    words=lambda _payload: _RUN,
    danger=False,
    edit=None,
    leaves=Leaves.NOTHING,
    retry=PATIENT,
    private=False,
    prices=True,
    partial=PART_OF_AN_EXTRACTION,
    stops=False,
    followed=True,
    most=_most,
)
"""The payload is the body of the request (`bot.core.x.extraction_requests.extraction_request`). What it may
cost Xquik says, so the command knows it."""

_CANCEL = Wording(
    running=msg("Cancelling…"),
    done=msg("The extraction was cancelled"),
    failed=msg("The extraction was not cancelled"),
    unknown=msg("It is not known whether the extraction was cancelled"),
    once=msg("Cancelling it twice changes nothing."),
    nothing=msg("It goes on."),
    look=msg("`extract list` shows how it stands."),
    cancelled=msg("Not cancelled"),
)

EXTRACTION_CANCEL: Final = ProposalKind(
    name="extraction.cancel",
    write=None,
    permission=Permission.SPEND,
    cost=FREE_OF_CHARGE,
    estimate=None,
    words=lambda _payload: _CANCEL,
    danger=True,
    edit=None,
    leaves=Leaves.NOTHING,
    retry=PATIENT,
    private=False,
    prices=True,
    partial=None,
    stops=False,
)
"""The payload: `extraction`, the id of the job."""
