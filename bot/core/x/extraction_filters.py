"""What an extraction can be narrowed by: the conditions of Xquik's tools, and how people write them. Pure.

Source: the vendor's SDK 0.19 (`types/extraction_run_params.py`), whose descriptions say which tools take
which. `tests/facts/test_extraction_tools.py` compares every field with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from bot.core.messages.message import Joined, JoinedBy, Message, msg
from bot.core.text.numerals import TooLarge, out_of_range, whole_number
from bot.core.text.shortening import cut
from bot.core.times.zone_words import kept_zone
from bot.core.x.gatherings import parse_list_ref
from bot.core.x.languages import code_in_tweets, code_of_people, language_code
from bot.core.x.references import parse_tweet_ref, parse_username
from bot.core.x.searches import day_of

LONGEST_VALUE: Final = 512
"""Characters of a value: as long as a search of X's is."""
_MOST: Final = 10**12
_OLDEST: Final = 10_000
"""Days: more than X has been there."""
_YES: Final = frozenset({"yes", "true", "on", "y", "1"})
_NO: Final = frozenset({"no", "false", "off", "n", "0"})
_SECONDS: Final = re.compile(r"[0-9]{9,11}", re.ASCII)
_NUMBER: Final = r"-?[0-9]{1,3}(?:\.[0-9]{1,9})?"
_POINT: Final = re.compile(rf"{_NUMBER} {_NUMBER} [0-9]{{1,5}}(?:\.[0-9]{{1,9}})?(?:mi|km)", re.ASCII)
_BOX: Final = re.compile(rf"{_NUMBER} {_NUMBER} {_NUMBER} {_NUMBER}", re.ASCII)
_WINDOW: Final = re.compile(r"[0-9]{1,6}[smhd]", re.ASCII)
_COUNTRY: Final = re.compile(r"[A-Za-z]{2}", re.ASCII)


_DAY_LENGTH: Final = len("2026-03-31")


class FilterKind(StrEnum):
    """What a filter takes."""

    NUMBER = "number"
    FLAG = "flag"
    TEXT = "text"
    CHOICE = "choice"
    DAY = "day"
    MOMENT = "moment"
    ACCOUNT = "account"
    TWEET = "tweet"
    LIST = "list"
    LANGUAGE = "language"


class ExtractionFilter(msgspec.Struct, frozen=True):
    """One condition. name: as people write it; key: as Xquik calls it; words: what it asks for. choices:
    as people write them → as Xquik does. least, most: of a number. shape: that a text has, as in sample."""

    name: str
    key: str
    kind: FilterKind
    words: Message
    choices: Mapping[str, str] = msgspec.field(default_factory=dict)
    least: int = 0
    most: int = _MOST
    shape: re.Pattern[str] | None = None
    sample: str = ""

    @property
    def label(self) -> str:
        """What its field is called in a form."""
        return self.name.replace("_", " ").capitalize()

    def read(self, text: str, zone: str = "UTC") -> Any:
        """The value as it is sent; ValueError, with a sentence for people, for what is none. zone: of a time
        without one, by its IANA name."""
        if self.kind is FilterKind.MOMENT:
            return _moment(self, text.strip(), zone)
        return _READ[self.kind](self, text.strip())

    def written(self, value: Any) -> str:
        """A value that is sent, as people write it."""
        if isinstance(value, bool):
            return "yes" if value else "no"  # as it is typed
        if self.kind is FilterKind.LANGUAGE:
            return code_of_people(str(value))
        named = {sent: said for said, sent in self.choices.items()}
        return named.get(value, str(value)) if isinstance(value, str) else str(value)


def _number(one: ExtractionFilter, text: str) -> int:
    try:
        value = whole_number(text)
    except TooLarge:
        value = one.most + 1
    if not one.least <= value <= one.most:
        raise ValueError(out_of_range(cut(text, 20), one.least, one.most))
    return value


def _flag(_one: ExtractionFilter, text: str) -> bool:
    said = text.casefold()
    if said not in _YES | _NO:
        raise ValueError(msg("{text} is neither yes nor no", text=repr(cut(text, 20))))
    return said in _YES


def _text(one: ExtractionFilter, text: str) -> str:
    if len(text) > LONGEST_VALUE:
        raise ValueError(
            msg("it has {length} characters, and {most} fit", length=len(text), most=LONGEST_VALUE)
        )
    text = " ".join(text.split())
    if one.shape is not None and not one.shape.fullmatch(text):
        raise ValueError(
            msg("{text} is not written like {sample}", text=repr(cut(text, 30)), sample=one.sample)
        )
    return text


def _choice(one: ExtractionFilter, text: str) -> str:
    found = one.choices.get(text.casefold())
    if found is None:
        names = Joined(tuple(one.choices), JoinedBy.COMMA)
        raise ValueError(msg("{text} is none of {names}", text=repr(cut(text, 20)), names=names))
    return found


def _day(_one: ExtractionFilter, text: str) -> str:
    return day_of(text).isoformat()


def _moment(one: ExtractionFilter, text: str, zone: str) -> str:
    """A time with its zone; one without is by the clock of `zone`, and a day alone is all of it."""
    if _SECONDS.fullmatch(text):
        return text
    try:
        moment = _whole_day(one, text) or datetime.fromisoformat(text)
    except ValueError:
        shown = repr(cut(text, 30))
        raise ValueError(
            msg("{text} is not a time; write one like 2026-03-31T18:00 or 2026-03-31", text=shown)
        ) from None
    if moment.tzinfo is not None:
        return text
    return moment.replace(tzinfo=ZoneInfo(kept_zone(zone))).isoformat()


def _whole_day(one: ExtractionFilter, text: str) -> datetime | None:
    """The beginning of a day that stands alone, or its end where something lasts until then."""
    if len(text) > _DAY_LENGTH:
        return None
    end = one.name == "until"
    return datetime.combine(date.fromisoformat(text), time(23, 59, 59) if end else time())


def _account(_one: ExtractionFilter, text: str) -> str:
    return str(parse_username(text))


def _tweet(_one: ExtractionFilter, text: str) -> str:
    return parse_tweet_ref(text).id


def _list(_one: ExtractionFilter, text: str) -> str:
    return parse_list_ref(text).id


def _language(_one: ExtractionFilter, text: str) -> str:
    return code_in_tweets(language_code(text))


_READ: Final[Mapping[FilterKind, Callable[[ExtractionFilter, str], Any]]] = {
    FilterKind.NUMBER: _number,
    FilterKind.FLAG: _flag,
    FilterKind.TEXT: _text,
    FilterKind.CHOICE: _choice,
    FilterKind.DAY: _day,
    FilterKind.ACCOUNT: _account,
    FilterKind.TWEET: _tweet,
    FilterKind.LIST: _list,
    FilterKind.LANGUAGE: _language,
}


def _of(name: str, key: str, kind: FilterKind, words: Message) -> ExtractionFilter:
    return ExtractionFilter(name, key, kind, words)


def _figure(name: str, key: str, words: Message, least: int = 0, most: int = _MOST) -> ExtractionFilter:
    return ExtractionFilter(name, key, FilterKind.NUMBER, words, least=least, most=most)


def _only(name: str, key: str, words: Message) -> ExtractionFilter:
    return ExtractionFilter(name, key, FilterKind.FLAG, words)


def _words(name: str, key: str, words: Message) -> ExtractionFilter:
    return ExtractionFilter(name, key, FilterKind.TEXT, words)


def _shaped(name: str, key: str, words: Message, shape: re.Pattern[str], sample: str) -> ExtractionFilter:
    return ExtractionFilter(name, key, FilterKind.TEXT, words, shape=shape, sample=sample)


def _one_of(name: str, key: str, words: Message, **choices: str) -> ExtractionFilter:
    return ExtractionFilter(name, key, FilterKind.CHOICE, words, choices)


def _wanted(name: str, key: str, words: Message) -> ExtractionFilter:
    return _one_of(name, key, words, include="include", exclude="exclude", only="only")


QUERY: Final = _words("query", "searchQuery", msg("What to search for"))
"""The words of a search in a community, whose target is the community."""

OF_PEOPLE: Final = (
    _figure("min_followers", "minFollowers", msg("At least this many followers")),
    _figure("max_followers", "maxFollowers", msg("At most this many followers")),
    _words("bio", "bioContains", msg("One of these words in the bio, parted by commas")),
    _words("location", "locationContains", msg("This in the location")),
    _only("verified", "blueVerifiedOnly", msg("Only accounts with a blue badge")),
    _figure("min_following", "minFollowing", msg("Following at least this many")),
    _figure("max_following", "maxFollowing", msg("Following at most this many")),
    _figure("min_tweets", "minPosts", msg("At least this many tweets")),
    _figure("max_tweets", "maxPosts", msg("At most this many tweets")),
    _figure("account_age", "minAccountAgeDays", msg("Account at least this many days old"), 0, _OLDEST),
    _words("username", "usernameContains", msg("This in the username")),
    _words("badge", "verifiedType", msg("Exactly this type of badge, like business or government")),
    _only("has_website", "hasWebsite", msg("Only with a website")),
    _only("has_location", "hasLocation", msg("Only with a location")),
    _only("has_email", "hasEmail", msg("Only with an email in the profile")),
    _only("business_email", "businessEmailOnly", msg("Only with an email outside free webmail")),
    _words("email_domains", "emailDomains", msg("Only with an email at one of these domains")),
)
"""Of tools that give people."""

ENRICHED: Final = _only(
    "full_profiles", "enrichProfiles", msg("Add the full profile of everybody; takes longer")
)
"""Of some of them."""

OF_SEARCHES: Final = (
    _one_of(
        "order",
        "queryType",
        msg("Which come first"),
        newest="Latest",  # no message: Xquik's own values
        top="Top",  # no message: as above
        both="Both",  # no message: as above
    ),
    _of("since", "sinceDate", FilterKind.DAY, msg("From this day on, like 2026-03-31")),
    _of("until", "untilDate", FilterKind.DAY, msg("Up to this day")),
    _of("language", "language", FilterKind.LANGUAGE, msg("In this language, like en or German")),
    _figure("min_likes", "minFaves", msg("At least this many likes")),
    _figure("min_reposts", "minRetweets", msg("At least this many reposts")),
    _figure("min_replies", "minReplies", msg("At least this many replies")),
    _figure("min_views", "minViews", msg("At least this many views")),
    _one_of(
        "media", "mediaType", msg("With this attached"),
        images="images", videos="videos", gifs="gifs", media="media", links="links", none="none",
    ),
    _only("verified", "verifiedOnly", msg("Only by verified accounts")),
    _only("native_reposts", "nativeRetweets", msg("Only reposts without words of their own")),
)  # fmt: skip
"""Of searches among tweets, on X and in a community."""

OF_TWEET_SEARCH: Final = (
    _of("author", "fromUser", FilterKind.ACCOUNT, msg("By this account")),
    _of("to", "toUser", FilterKind.ACCOUNT, msg("In reply to this account")),
    _of("mentioning", "mentioning", FilterKind.ACCOUNT, msg("That mention this account")),
    _words("phrase", "exactPhrase", msg("With exactly these words, in this order")),
    _words("any", "anyWords", msg("With any of these words")),
    _words("without", "excludeWords", msg("Without these words")),
    _words("hashtags", "hashtags", msg("With these hashtags")),
    _words("cashtags", "cashtags", msg("With these cashtags")),
    _words("link", "url", msg("With a link that has this in it")),
    _wanted("replies", "replies", msg("Replies among them, none, or alone")),
    _wanted("reposts", "retweets", msg("Reposts among them, none, or alone")),
    _wanted("quotes", "quotes", msg("Quotes among them, none, or alone")),
    _figure("min_quotes", "minQuotes", msg("At least this many quotes")),
    _figure("min_bookmarks", "minBookmarks", msg("At least this many bookmarks")),
    _figure("max_likes", "maxLikes", msg("At most this many likes")),
    _figure("max_reposts", "maxRetweets", msg("At most this many reposts")),
    _figure("max_replies", "maxReplies", msg("At most this many replies")),
    _figure("max_quotes", "maxQuotes", msg("At most this many quotes")),
    _only("blue_verified", "blueVerifiedOnly", msg("Only by accounts with a blue badge")),
    _of("conversation", "conversationId", FilterKind.TWEET, msg("In the conversation of this tweet")),
    _of("answers", "inReplyToTweetId", FilterKind.TWEET, msg("Only replies to this tweet")),
    _of("quotes_of", "quotesOfTweetId", FilterKind.TWEET, msg("Only quotes of this tweet")),
    _of("reposts_of", "retweetsOfTweetId", FilterKind.TWEET, msg("Only reposts of this tweet")),
    _of("after", "sinceId", FilterKind.TWEET, msg("Only tweets after this one")),
    _of("before", "maxId", FilterKind.TWEET, msg("Only this tweet and those before it")),
    _of("list", "listId", FilterKind.LIST, msg("By members of this list")),
    _words("near", "near", msg("From near this place, by its name")),
    _words("place", "place", msg("From the place with this id")),
    _shaped("country", "placeCountry", msg("From this country, by its code, like DE"), _COUNTRY, "DE"),
    _shaped(
        "around", "pointRadius", msg("From around a point, like -73.99 40.73 25mi"), _POINT,
        "-73.99 40.73 25mi",
    ),
    _shaped(
        "box", "boundingBox", msg("From inside a box, like -74.1 40.6 -73.9 40.8"), _BOX,
        "-74.1 40.6 -73.9 40.8",
    ),
    _shaped("recent", "withinTime", msg("From the last while, like 2d"), _WINDOW, "2d"),
    _words("card", "cardName", msg("With a card of this name")),
    _only("safe", "safe", msg("Without what may be sensitive")),
    _words("advanced", "advancedQuery", msg("More operators of X, as they are")),
)  # fmt: skip
"""Of searches on all of X."""

OF_REPLIES: Final = (
    _one_of(
        "order", "sort", msg("Which come first"),
        relevance="relevance", latest="latest", oldest="oldest", likes="likes",
    ),
    _one_of("depth", "scope", msg("Replies to it, replies to replies, or both"),
            all="all", direct="direct", nested="nested"),
    _only("others_only", "excludeOriginalAuthor", msg("Without replies by the author")),
    _only("with_media", "hasMediaOnly", msg("Only replies with media")),
    _only("with_tweet", "includeOriginalPost", msg("With the tweet itself")),
    _of("since", "sinceTime", FilterKind.MOMENT, msg("From this time on, like 2026-03-31T18:00")),
    _of("until", "untilTime", FilterKind.MOMENT, msg("Up to this time")),
    _figure("max_depth", "maxDepth", msg("At most so many levels of replies"), least=1),
    _figure("max_pages", "maxPagesPerTarget", msg("At most this many pages of replies"), least=1),
    _one_of("collecting", "collectionStrategy", msg("How replies are collected"),
            auto="auto", complete="complete", direct="direct", search="search", thread="thread"),
)  # fmt: skip
"""Of the replies to a tweet."""
