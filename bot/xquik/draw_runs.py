"""Draws, which spend credits. Imported by `bot.proposals` and `bot.app` alone, like `bot.xquik.writes`.

A draw takes an Idempotency-Key. It is sent once and never repeated by itself: store a durable intent with the
key before calling. When `AnswerLost` comes back, or the process died in between, the same draw with the same
key is the same one draw.
"""

from __future__ import annotations

from bot.core.errors import BotError
from bot.xquik.draw_requests import DrawRequest
from bot.xquik.models import DrawDetail
from bot.xquik.transport.caller import Caller
from bot.xquik.transport.wire import segment


class DrawRuns:
    """The draws that one key may run."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def run(self, request: DrawRequest, idempotency_key: str) -> DrawDetail:
        """Run a draw and return it with its winners. Costs about 1 credit for each entry inspected.

        idempotency_key: 1–255 printable ASCII characters, stored before this call. The same key with the
        same request is the same draw, charged once; with another it is `idempotency_conflict`, and while
        the first still runs `idempotency_in_progress`.

        Raises AnswerLost when it may have run. Should only the winners be missing, because an older
        answer has none and they could not be read afterwards, they are None in the result: the
        draw itself is never lost.
        """
        answer = await self._caller.ask(
            "POST", "/draws", kind="spend", json=request.body(), idempotency_key=idempotency_key
        )
        drawn = DrawDetail.from_body(answer.body)
        if drawn.winners is not None:
            return drawn
        try:
            return DrawDetail.from_body(await self._caller.get(f"/draws/{segment(drawn.draw.id)}"))
        except BotError:
            return drawn
