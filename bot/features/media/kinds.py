"""The kind of proposal that brings a picture or video to Xquik."""

from __future__ import annotations

from typing import Final

from bot.core.access import Permission
from bot.core.commands.price_list import UPLOAD
from bot.core.messages.message import msg
from bot.proposals.kinds import PATIENT, Leaves, ProposalKind, Wording

_WORDS: Final = Wording(
    question=msg("Upload this to Xquik?"),
    running=msg("Uploading…"),
    done=msg("Uploaded to Xquik"),
    failed=msg("Not uploaded"),
    unknown=msg("It is not known whether this was uploaded"),
    once=msg("It is uploaded at most once."),
    look=msg("`credits show` tells whether it was charged."),
)
MEDIA_UPLOAD: Final = ProposalKind(
    name="media.upload",
    write="upload_media",
    permission=Permission.PUBLISH,
    cost=UPLOAD,
    estimate=lambda _payload: UPLOAD.fixed,
    words=lambda _payload: _WORDS,
    danger=False,
    edit=None,
    leaves=Leaves.MEDIA,
    retry=PATIENT,
    private=False,
    prices=False,
    partial=None,
    stops=False,
)
"""The payload: account, account_id, and attached with the one file."""
