"""The kind of proposal that reads a listing to its end."""

from __future__ import annotations

from typing import Final

from bot.core.access import Permission
from bot.core.commands.price_list import ROWS_READ
from bot.core.messages.message import msg
from bot.proposals.kinds import PATIENT, Leaves, ProposalKind, Wording

_WORDS = Wording(
    running=msg("Reading…"),
    done=msg("The file is ready"),
    failed=msg("There is no file"),
    unknown=msg("It is not known whether the file was made"),
    once=msg("What was read is stored, and not read again."),
    nothing=msg("Nothing was read."),
    then=msg("This message says how far it is."),
    look=msg("Run the command again and ask for the file once more."),
)

LISTING_FILE: Final = ProposalKind(
    name="listing.file",
    write=None,
    permission=Permission.SPEND,
    cost=ROWS_READ,
    estimate=None,
    words=lambda _payload: _WORDS,
    danger=False,
    edit=None,
    leaves=Leaves.NOTHING,
    retry=PATIENT,
    private=False,
    prices=True,
    partial=None,
    stops=True,
)
"""The payload is `bot.proposals.listing_request.FileRequest`. How many rows there are, and so the cost, is
known to whoever asks. Its permission is the one that commands need which list what costs credits."""
