"""De-duplication keys: what a message is about, as the text that is unique in its lane and sent once there.

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
| `quiet:<silence>` | the word to whoever made the routes that their places are quiet |
| `r:<dead letter>` | sending a dead letter once more |
| `rp:<question>:<event>` | sending an event once more, as `relay replay` was asked |
"""

from __future__ import annotations

import re

from bot.core.chat.ids import Destination
from bot.core.routes import event_readings
from bot.core.routes.events import DELETED_TYPE, KEYWORD_TYPES, Event

_REPOST = "tweet.retweet"
# Types that tell of a tweet itself. One that is not known yet may tell of something done to a tweet.
_POSTS = KEYWORD_TYPES - {_REPOST}
_DAY = "o:d:"
_ACCOUNT = "o:a:"
_SILENCE = "quiet:"
_LIST = re.compile(r"l:([0-9]{1,19})", re.ASCII)
_REPLAY = re.compile(r"r:([0-9]{1,19})", re.ASCII)


def of_event(event: Event) -> str:
    """The purpose of the message that an event makes."""
    kind = event.type
    tweet = event_readings.tweet_id(event) if kind.startswith("tweet.") else None
    if tweet is not None:
        if kind in _POSTS:
            return of_tweet(tweet)
        if kind == _REPOST:
            return of_repost(reposting_account(event), tweet)
        if kind == DELETED_TYPE:
            return f"d:{tweet}"
    return f"e:{event.id}"


def reposting_account(event: Event) -> str:
    """Who reposted: the monitored account, else whose post it is; "" where neither is told."""
    return event_readings.account(event) or event_readings.author(event) or ""


def of_tweet(tweet: str) -> str:
    """The message of a tweet. tweet: its id."""
    return f"t:{tweet}"


def of_repost(account: str, tweet: str) -> str:
    """The message of a repost. account: lower case."""
    return f"rt:{account}:{tweet}"


def of_list(first: int) -> str:
    """A list. first: the id of the first held event in it."""
    return f"l:{first}"


def first_of_list(purpose: str) -> int | None:
    """The id of the first held event of the list; None when the message is no such list."""
    found = _LIST.fullmatch(purpose)
    return int(found[1]) if found else None


def of_day(day: str) -> str:
    """The opener of a day's thread. day: "2026-11-22"."""
    return f"{_DAY}{day}"


def of_account(account: str) -> str:
    """The opener of an account's thread. account: its username, lower case, or what its threads are found
    by (`bot.core.routes.account_names`)."""
    return f"{_ACCOUNT}{account}"


def of_silence(silence: str) -> str:
    """The word that places are quiet. silence: its id."""
    return f"{_SILENCE}{silence}"


def silence_of(purpose: str) -> str | None:
    """The id of the silence that the message tells of; None when it tells of none."""
    return purpose.removeprefix(_SILENCE) if purpose.startswith(_SILENCE) else None


def of_replay(dead: int) -> str:
    """A dead letter once more. dead: its id."""
    return f"r:{dead}"


def is_replay(purpose: str) -> bool:
    """Whether a person asked for the message: a dead letter, or an event of a stretch, once more."""
    return purpose.startswith(("r:", "rp:"))


def replayed(purpose: str) -> int | None:
    """The id of the dead letter that the message sends once more; None when it is no such message."""
    found = _REPLAY.fullmatch(purpose)
    return int(found[1]) if found else None


def done_to(purpose: str) -> str:
    """Marking or removing the message of that purpose."""
    return f"x:{purpose}"


def done_in_list(listed: str, held: int) -> str:
    """Marking or removing a line of a list. listed: the list's purpose; held: the id of what was held."""
    return f"x:{listed}:{held}"


def publishing(purpose: str) -> str:
    """Publishing the message of that purpose."""
    return f"pub:{purpose}"


def opened_day(purpose: str) -> str | None:
    """The day whose thread the message begins; None when it is no such opener."""
    return purpose.removeprefix(_DAY) if purpose.startswith(_DAY) else None


def opened_account(purpose: str) -> str | None:
    """What the thread of an account is found by that the message begins; None when it is no such opener."""
    return purpose.removeprefix(_ACCOUNT) if purpose.startswith(_ACCOUNT) else None


def lane_of_publishing(destination: Destination) -> str:
    """The lane in which messages of a place are published, so that no post waits for it."""
    return f"{destination}#publish"
