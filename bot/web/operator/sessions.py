"""Who is signed in: a signed cookie that ends after some hours, and at once when its bearer signs out.

The key that signs is made from the operator's token, so another token ends every session, and every
process of the installation knows the cookies of the others. What was signed out is remembered in the
database (`StoredClaims`) for longer than a cookie lives.

The cookie carries its end in wall time, since every process and every start of one must know it. So that
a clock that is set back does not make it last longer, each process also counts the seconds itself, and
ends a session for all when its time is over.
"""

from __future__ import annotations

import hashlib
import hmac
import re

import msgspec
from cachetools import FIFOCache
from pydantic import SecretStr

from bot.core.clocks import Clock, Monotonic, RandomBytes
from bot.core.ports import Remember, not_remembered
from bot.storage.places.claims import StoredClaims

LIFETIME = 12 * 3600
COOKIE = "xquik_operator"
_SHAPE = re.compile(r"([0-9a-f]{32})\.([0-9]{10,12})\.([0-9a-f]{64})")
_ENDED = "operator.ended"
# Seconds by which the clocks of two machines may differ.
CLOCKS_APART = 300.0
# Sessions whose seconds are counted; only who has the token can begin one.
_REMEMBERED = 1000


class Session(msgspec.Struct, frozen=True):
    """A cookie that holds. id: random; until: epoch seconds."""

    id: str
    until: int


class OperatorSessions:
    """Makes, checks and ends sessions."""

    def __init__(
        self,
        token: SecretStr,
        claims: StoredClaims,
        clock: Clock,
        monotonic: Monotonic,
        random: RandomBytes,
        remember: Remember = not_remembered,
    ) -> None:
        """clock: epoch seconds; monotonic: seconds that never go back. random: that many random bytes.
        remember: told of what signs somebody in."""
        self._token = _digest(token.get_secret_value())
        self._key = hmac.digest(self._token, b"xquik-bot operator session", "sha256")
        self._claims = claims
        self._clock = clock
        self._monotonic = monotonic
        self._ends: FIFOCache[str, float] = FIFOCache(_REMEMBERED)
        self._random = random
        self._remember = remember

    def is_token(self, given: str) -> bool:
        """Whether this is the token; how long it takes does not tell how much of it is right."""
        return hmac.compare_digest(_digest(given), self._token)

    def begin(self) -> tuple[Session, str]:
        """A new session, and the value of its cookie."""
        session = Session(self._random(16).hex(), int(self._clock()) + LIFETIME)
        self._seen(session, LIFETIME)
        seal = self._seal("session", session.id, session.until)
        self._note(session, seal)
        return session, f"{session.id}.{session.until}.{seal}"

    async def of(self, cookie: str | None) -> Session | None:
        """The session of a cookie; None when it was forged, is over, or was ended.

        StorageUnavailable when nobody can say whether it was ended.
        """
        found = _SHAPE.fullmatch(cookie or "")
        if found is None:
            return None
        session = Session(found[1], int(found[2]))
        seal = self._seal("session", session.id, session.until)
        left = session.until - self._clock()
        if not hmac.compare_digest(seal, found[3]) or not 0 < left <= LIFETIME + CLOCKS_APART:
            return None
        if self._seen(session, left) <= self._monotonic():
            await self.end(session)
            return None
        self._note(session, seal)
        return None if await self._claims.claimed(_ENDED, session.id) else session

    def _note(self, session: Session, seal: str) -> None:
        """What signs somebody in, and what the forms of the session bring along."""
        for one in (seal, self.form_token(session.id)):
            self._remember(one, passing=True)

    def _seen(self, session: Session, left: float) -> float:
        """When it ends by the clock that never goes back. left: seconds, by the other."""
        return self._ends.setdefault(session.id, self._monotonic() + left)

    async def end(self, session: Session) -> None:
        """Let the session hold no longer, in any process."""
        await self._claims.claim(_ENDED, session.id)

    def form_token(self, about: str) -> str:
        """What a form must bring along. about: a session's id."""
        return self._seal("form", about, 0)

    def is_form_token(self, about: str, given: str) -> bool:
        """Whether a form that brings this was made by us for that session."""
        return hmac.compare_digest(self.form_token(about).encode(), given.encode())

    @staticmethod
    def login_form(about: str) -> str:
        """What the login form must bring along: it is made from the random value of a cookie, and of
        nothing secret. Strangers get it, and could try tokens at home on anything made from the token."""
        return hashlib.sha256(f"xquik-bot operator login {about}".encode()).hexdigest()

    def is_login_form(self, about: str, given: str) -> bool:
        """Whether it comes from where the cookie is."""
        return bool(about) and hmac.compare_digest(self.login_form(about).encode(), given.encode())

    def _seal(self, use: str, id: str, until: int) -> str:
        return hmac.new(self._key, f"{use}.{id}.{until}".encode(), hashlib.sha256).hexdigest()


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.strip().encode("utf-8", "surrogatepass")).digest()
