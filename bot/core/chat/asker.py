"""For whom something is asked of Xquik: a person, or the bot itself."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.chat.invocation import Invocation


@dataclass(frozen=True, slots=True)
class Asker:
    """person: who asks, told apart within a platform; "" for the bot's own work: the relay, and what a
    person has confirmed."""

    person: str = ""

    @property
    def is_person(self) -> bool:
        """Whether a share is kept to, and the reserve left alone."""
        return bool(self.person)


OURSELVES = Asker()


def asker_of(invocation: Invocation) -> Asker:
    """The person of an invocation."""
    return Asker(f"{invocation.tenant.platform}/{invocation.actor.id}")
