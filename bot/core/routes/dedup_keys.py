"""De-duplication keys: what a message is about, as the text that is unique in its lane and sent once there.

Of events, and of what comes of them; all are made and read here alone:

| de-duplication key | message |
|---|---|
| `t:<tweet>` | a tweet, whichever monitors, types or ways it came by |
| `rt:<account>:<tweet>` | a repost by an account |
| `d:<tweet>` | the news that a tweet was deleted |
| `e:<event>` | any other event |
| `l:<held>` | a list, by the first of what it was made of |
| `o:d:<day>`, `o:a:<account>` | what begins the thread of a day ("2026-11-22") or of an account |
| `x:<key>` | marking or removing the message of that key |
| `x:<list>:<held>` | marking or removing a line of a list, by what was held for it |
| `pub:<key>` | publishing it |
| `m:<held>` | the word about what was missed and left out |
| `cap:<route>:<day>` | the word that a route's cap of the day is reached |
| `r:<dead letter>` | sending a dead letter once more |
| `rp:<question>:<event>` | sending an event once more, as `relay replay` was asked |

Of proposals:

| de-duplication key | message |
|---|---|
| `p:<proposal>` | how it ended |
| `g:<proposal>` | the tweet it made is gone from X |
| `x:<proposal>`, `c:<proposal>` | nobody decided it in time; it was confirmed elsewhere |
| `n<step>:<proposal>` | how far it is |
| `f<part>:<proposal>` | a file that came of it |
| `b:<proposal>` | the top-up that it began has ended |
| `q<stage>:<proposal>`, `r<attempts>:<proposal>` | Xquik is silent, answers again |

Of what is told in places, and to those who manage (`m:<key>`; `mv:<key>` where only people may read it who
have VIEW or MANAGE when it is sent):

| de-duplication key | message |
|---|---|
| `out:<outage>`, `back:<outage>`, `gone:<outage>` | a place cannot be reached, is back, is lost |
| `hint:<delivery key>` | a setup warning |
| `paused:<route>:<time>`, `resumed:<route>:<time>` | a person paused a route, or resumed it |
| `stopped:<time>`, `goes on:<time>` | a person stopped a place, or let it go on |
| `renamed:<account>:<time>` | an account that is followed there has another username |
| `skipped:<mark>` | what is too old to be posted was missed |
| `key-refused:<time>` | Xquik refuses the key |
| `budget:<which>:<end>`, `balance:<time>` | a budget is nearly used up, the balance is low |
| `hook-up:<mark>`, `hook-down:<outage>`, `hook-back:<outage>` | the webhook goes on, is down, is back |
| `quiet:<silence>`, `soon:<silence>`, `over:<silence>` | a silence, in places with `:<time>` |
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NewType, TypeAlias

from bot.core.chat.ids import Destination
from bot.core.routes import event_readings
from bot.core.routes.events import DELETED_TYPE, KEYWORD_TYPES, Event

DedupKey = NewType("DedupKey", str)
"""At most 80 characters; unique in a lane."""
KeyOfProposal: TypeAlias = Callable[[str], DedupKey]
"""Makes the key of a message about a proposal from the proposal's id."""

_REPOST = "tweet.retweet"
# Types that tell of a tweet itself. One that is not known yet may tell of something done to a tweet.
_POSTS = KEYWORD_TYPES - {_REPOST}
_DAY = "o:d:"
_ACCOUNT = "o:a:"
_MANAGERS = "m:"
_CONFIDENTIAL = "mv:"
_OUTAGE = "out:"
_LOSS = "gone:"
_QUIET = "quiet:"
_STRETCH = "rp:"
REPLAYED: Final = "r:"
"""What the key begins with of a message that sends a dead letter once more; its id follows."""
_LIST = re.compile(r"l:([0-9]{1,19})", re.ASCII)
_REPLAY = re.compile(rf"{REPLAYED}([0-9]{{1,19}})", re.ASCII)
NONE: Final = DedupKey("")
"""Of a message that is about nothing else."""
ASKED_FOR: Final = (REPLAYED, _STRETCH)
"""What the keys of messages begin with that a person asked for once more, for queries."""


def stored(text: str) -> DedupKey:
    """A key as it was read from where keys are stored."""
    return DedupKey(text)


def of_event(event: Event) -> DedupKey:
    """The message that an event makes."""
    kind = event.type
    tweet = event_readings.tweet_id(event) if kind.startswith("tweet.") else None
    if tweet is not None:
        if kind in _POSTS:
            return of_tweet(tweet)
        if kind == _REPOST:
            return of_repost(reposting_account(event), tweet)
        if kind == DELETED_TYPE:
            return DedupKey(f"d:{tweet}")
    return DedupKey(f"e:{event.id}")


def reposting_account(event: Event) -> str:
    """Who reposted: the monitored account, else whose post it is; "" where neither is told."""
    return event_readings.account(event) or event_readings.author(event) or ""


def of_tweet(tweet: str) -> DedupKey:
    """The message of a tweet. tweet: its id."""
    return DedupKey(f"t:{tweet}")


def of_repost(account: str, tweet: str) -> DedupKey:
    """The message of a repost. account: lower case."""
    return DedupKey(f"rt:{account}:{tweet}")


def of_list(first: int) -> DedupKey:
    """A list. first: the id of the first held event in it."""
    return DedupKey(f"l:{first}")


def first_of_list(key: DedupKey) -> int | None:
    """The id of the first held event of the list; None when the message is no such list."""
    found = _LIST.fullmatch(key)
    return int(found[1]) if found else None


def of_missed(first: int) -> DedupKey:
    """The word about what was missed and left out. first: the id of the first held event of it."""
    return DedupKey(f"m:{first}")


def of_cap(route: str, day: str) -> DedupKey:
    """The word that a route's cap of the day is reached. route: its id; day: "2026-11-22"."""
    return DedupKey(f"cap:{route}:{day}")


def of_day(day: str) -> DedupKey:
    """The opener of a day's thread. day: "2026-11-22"."""
    return DedupKey(f"{_DAY}{day}")


def of_account(account: str) -> DedupKey:
    """The opener of an account's thread. account: its username, lower case, or what its threads are found
    by (`bot.core.routes.account_names`)."""
    return DedupKey(f"{_ACCOUNT}{account}")


def of_replay(dead: int) -> DedupKey:
    """A dead letter once more. dead: its id."""
    return DedupKey(f"{REPLAYED}{dead}")


def of_stretch(question: str, event: int) -> DedupKey:
    """An event of a stretch of time once more. question: what was asked, of random letters."""
    return DedupKey(f"{_STRETCH}{question}:{event}")


def is_replay(key: DedupKey) -> bool:
    """Whether a person asked for the message: a dead letter, or an event of a stretch, once more."""
    return key.startswith(ASKED_FOR)


def replayed(key: DedupKey) -> int | None:
    """The id of the dead letter that the message sends once more; None when it is no such message."""
    found = _REPLAY.fullmatch(key)
    return int(found[1]) if found else None


def done_to(key: DedupKey) -> DedupKey:
    """Marking or removing the message of that key."""
    return DedupKey(f"x:{key}")


def done_in_list(listed: DedupKey, held: int) -> DedupKey:
    """Marking or removing a line of a list. listed: the list's key; held: the id of what was held."""
    return DedupKey(f"x:{listed}:{held}")


def publishing(key: DedupKey) -> DedupKey:
    """Publishing the message of that key."""
    return DedupKey(f"pub:{key}")


def opened_day(key: DedupKey) -> str | None:
    """The day whose thread the message begins; None when it is no such opener."""
    return key.removeprefix(_DAY) if key.startswith(_DAY) else None


def opened_account(key: DedupKey) -> str | None:
    """What the thread of an account is found by that the message begins; None when it is no such opener."""
    return key.removeprefix(_ACCOUNT) if key.startswith(_ACCOUNT) else None


def of_outcome(proposal: str) -> DedupKey:
    """How a proposal ended. proposal: its id, as in all of these."""
    return DedupKey(f"p:{proposal}")


def of_deleted(proposal: str) -> DedupKey:
    """The tweet that a proposal made is gone from X."""
    return DedupKey(f"g:{proposal}")


def of_part_deleted(gone: int) -> KeyOfProposal:
    """A part of the thread that a proposal made is gone from X. gone: how many parts are."""
    return lambda proposal: DedupKey(f"g{gone}:{proposal}")


def of_expired(proposal: str) -> DedupKey:
    """Nobody decided a proposal in time."""
    return DedupKey(f"x:{proposal}")


def of_confirmed(proposal: str) -> DedupKey:
    """A proposal was confirmed elsewhere than in its message."""
    return DedupKey(f"c:{proposal}")


def of_resumed(attempts: int) -> KeyOfProposal:
    """Xquik answers again after so many requests."""
    return lambda proposal: DedupKey(f"r{attempts}:{proposal}")


def of_progress(step: int) -> KeyOfProposal:
    """How far a proposal is, after so many steps."""
    return lambda proposal: DedupKey(f"n{step}:{proposal}")


def of_file(part: int, proposal: str) -> DedupKey:
    """A file that came of a proposal. part: from 1."""
    return DedupKey(f"f{part}:{proposal}")


def of_budget(
    scope: str, subject: str, period: str, until: float, *, limit: int, spent_up: bool, now: float
) -> DedupKey:
    """A budget is nearly used up, or used up. until: when its period ends; now: when that was found: both in
    epoch seconds. limit: of the budget, in credits. One that was set anew is told of anew."""
    # It fits a purpose of 80 characters, with the word that those who manage are told.
    step = f"{limit:x}{'!' if spent_up else ''}"
    return DedupKey(
        f"budget:{scope[:1]}{period[:1]}:{subject[:30]}:{step}:{int(until):x}:{int(now * 1000):x}"
    )


def of_balance(since: float) -> DedupKey:
    """The balance is low, since then (epoch seconds)."""
    return DedupKey(f"balance:{int(since)}")


def of_topup(proposal: str) -> DedupKey:
    """The top-up that a proposal began has ended."""
    return DedupKey(f"b:{proposal}")


def of_quiet(stage: int) -> KeyOfProposal:
    """Xquik is silent, told once in each stage."""
    return lambda proposal: DedupKey(f"q{stage}:{proposal}")


def to_managers(key: DedupKey, *, confidential: bool) -> DedupKey:
    """Telling those who manage of it. confidential: it is read only by people who have VIEW or MANAGE when it
    is sent."""
    return DedupKey(f"{_CONFIDENTIAL if confidential else _MANAGERS}{key}")


def is_to_managers(key: DedupKey) -> bool:
    """Whether it is told to those who manage, one after the other until one can be told."""
    return key.startswith((_MANAGERS, _CONFIDENTIAL))


def is_confidential(key: DedupKey) -> bool:
    """Whether what is told has figures or causes in it."""
    return key.startswith(_CONFIDENTIAL)


def is_of_outage(key: DedupKey) -> bool:
    """Whether those who manage are told that a place cannot be reached, or is lost."""
    return is_to_managers(key) and told(key).startswith((_OUTAGE, _LOSS))


def told(key: DedupKey) -> DedupKey:
    """Of what those who manage are told with the message."""
    return DedupKey(key.partition(":")[2])


def of_outage(outage: str) -> DedupKey:
    """A place cannot be reached. outage: its name, as in all of these."""
    return DedupKey(f"{_OUTAGE}{outage}")


def of_recovery(outage: str) -> DedupKey:
    """A place can be reached again."""
    return DedupKey(f"back:{outage}")


def of_loss(outage: str) -> DedupKey:
    """A place is lost."""
    return DedupKey(f"{_LOSS}{outage}")


def of_setup_warning(warning: str) -> DedupKey:
    """What keeps messages from looking as their route says. warning: the delivery key of lane and reason."""
    return DedupKey(f"hint:{warning}")


def of_pause(route: str, now: float) -> DedupKey:
    """A person paused a route. now: epoch seconds, as in all of these."""
    return DedupKey(f"paused:{route}:{now:.6f}")


def of_resumption(route: str, now: float) -> DedupKey:
    """A person resumed a route."""
    return DedupKey(f"resumed:{route}:{now:.6f}")


def of_stop(now: float) -> DedupKey:
    """A person stopped a place."""
    return DedupKey(f"stopped:{now:.6f}")


def of_going_on(now: float) -> DedupKey:
    """A person let a place go on."""
    return DedupKey(f"goes on:{now:.6f}")  # no message: a key


def of_place(key: DedupKey, place: str) -> DedupKey:
    """The same of one place, told elsewhere. place: a short name of it."""
    return DedupKey(f"{key}:{place}")


def of_renaming(account: str, since: float) -> DedupKey:
    """An account has another username. account: X's id; since: epoch seconds."""
    return DedupKey(f"renamed:{account}:{since:.3f}")


def of_skipped(event: str | None, happened_at: float) -> DedupKey:
    """What is too old was missed. event, happened_at: of the watermark that the gap begins at."""
    return DedupKey(f"skipped:{event or f'{happened_at:.6f}'}")


def of_refused_key(since: float) -> DedupKey:
    """Xquik refuses a key. since: when it was stored, epoch seconds."""
    return DedupKey(f"key-refused:{since:.6f}")


def of_hook_up(mark: str | None) -> DedupKey:
    """The webhook was switched on again. mark: the event of the watermark."""
    return DedupKey(f"hook-up:{mark or 'start'}")


def of_hook_down(outage: str) -> DedupKey:
    """The webhook is switched off, and cannot be switched on."""
    return DedupKey(f"hook-down:{outage}")


def of_hook_back(outage: str) -> DedupKey:
    """The webhook works again."""
    return DedupKey(f"hook-back:{outage}")


def of_silence(silence: str, now: float | None = None) -> DedupKey:
    """Places are quiet. silence: its id. now: in a place, which may hear of it more than once."""
    return _in_place(DedupKey(f"{_QUIET}{silence}"), now)


def of_silence_over(silence: str, now: float | None = None) -> DedupKey:
    """Places are quiet no more. silence, now: as `of_silence`."""
    return _in_place(DedupKey(f"over:{silence}"), now)


def of_silence_soon(silence: str) -> DedupKey:
    """Places will be quiet soon, told in them where nobody else could be told."""
    return DedupKey(f"soon:{silence}")


def silence(key: DedupKey) -> str | None:
    """The id of the silence that is told of; None when the message tells of something else."""
    return key.removeprefix(_QUIET) if key.startswith(_QUIET) else None


def _in_place(key: DedupKey, now: float | None) -> DedupKey:
    return key if now is None else DedupKey(f"{key}:{now:.6f}")


def lane_of_publishing(destination: Destination) -> str:
    """The lane in which messages of a place are published, so that no post waits for it."""
    return f"{destination}#publish"
