"""What a tweet of X is: read once, from the JSON that an event or an answer of the API holds. Pure.

The JSON is untrusted and its shape varies with the source; what cannot be read is left out, never an
error. Cards, lines, templates, filters and previews all use this reading, so that what is filtered is
what is shown. Texts of X hold `&amp;`, `&lt;` and `&gt;` for three characters; they are decoded here and
nowhere else (docs/decisions/0013-one-reading.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal, TypeAlias

import msgspec

from bot.core.text.shortening import decoded
from bot.core.x.entities import Addresses, hashtags, mentions

MediaKind: TypeAlias = Literal["photo", "video", "gif"]

OBJECT: Final = (dict, Mapping)
"""An object of JSON, for `isinstance`, which takes ten times as long for a dict where it is only Mapping."""

_X_ADDRESSES: Final = ("https://x.com/", "https://twitter.com/")
_ID: Final = re.compile(r"[0-9]{1,25}", re.ASCII)
_LARGEST_ID: Final = 10**25
_COUNT: Final = re.compile(r"[0-9]{1,18}", re.ASCII)
_POLL: Final = "poll"
_CHOICES: Final = range(1, 5)
# Levels of quoting and reposting that are read; X shows one.
_DEPTH: Final = 2
# Entries of a list in the JSON that are looked at.
_ENTRIES: Final = 200
# What a client plays without a long wait, by the bitrate and duration that X tells.
_PLAYED: Final = 100 * 1024 * 1024


class Author(msgspec.Struct, frozen=True):
    """Somebody on X. username: without @; followers: None where X does not tell."""

    id: str = ""
    username: str = ""
    name: str = ""
    followers: int | None = None
    profile_picture: str | None = None
    is_verified: bool = False


class Encoding(msgspec.Struct, frozen=True):
    """A video as MP4. bitrate: bits a second, 0 where it is not told."""

    url: str
    bitrate: int = 0


class MediaReading(msgspec.Struct, frozen=True):
    """A picture, video or GIF. preview: a picture, of a video its still; url: its link in the text."""

    kind: MediaKind = "photo"
    preview: str = ""
    url: str = ""
    alt_text: str | None = None
    width: int | None = None
    height: int | None = None
    duration_millis: int | None = None
    encodings: tuple[Encoding, ...] = ()

    @property
    def best_video(self) -> str | None:
        """The best MP4 that is not larger than a client plays at once, else the smallest; None for none."""
        seconds = (self.duration_millis or 0) / 1000
        fitting = [one for one in self.encodings if one.bitrate * seconds / 8 <= _PLAYED]
        if fitting:
            return max(fitting, key=lambda one: one.bitrate).url
        return min(self.encodings, key=lambda one: one.bitrate).url if self.encodings else None


class PollChoice(msgspec.Struct, frozen=True):
    """What can be chosen in a poll. votes: None where X does not tell."""

    label: str
    votes: int | None = None


class Poll(msgspec.Struct, frozen=True):
    """A poll. Its choices may be unknown."""

    choices: tuple[PollChoice, ...] = ()


class Metrics(msgspec.Struct, frozen=True):
    """Counts of a tweet. A zero can also mean that X did not report the count."""

    likes: int = 0
    retweets: int = 0
    replies: int = 0
    quotes: int = 0
    views: int = 0
    bookmarks: int = 0


class TweetReading(msgspec.Struct, frozen=True, kw_only=True):
    """A post, with what it quotes or reposts inside.

    id: "" where it is not told. text: whole, its entities decoded, its short links written out, without
    the link of its own media. written, addresses: the text with its short links, and what is known of them.
    lang: two letters, as X found it. created_at: as the API writes it.
    """

    id: str = ""
    text: str = ""
    author: Author | None = None
    created_at: str | None = None
    lang: str | None = None
    stated_url: str | None = None
    media: tuple[MediaReading, ...] = ()
    written: str = ""
    addresses: Addresses = msgspec.field(default_factory=Addresses)
    poll: Poll | None = None
    quoted_tweet: TweetReading | None = None
    retweeted_tweet: TweetReading | None = None
    possibly_sensitive: bool = False
    is_note_tweet: bool = False
    is_reply: bool = False
    in_reply_to_id: str | None = None
    in_reply_to_username: str | None = None
    conversation_id: str | None = None
    like_count: int = 0
    retweet_count: int = 0
    reply_count: int = 0
    quote_count: int = 0
    view_count: int = 0
    bookmark_count: int = 0

    @property
    def shown(self) -> TweetReading:
        """What a reader sees of it: of a repost, what is reposted."""
        return self.retweeted_tweet or self

    @property
    def links(self) -> tuple[str, ...]:
        """The addresses in it, written out, without that of its own media."""
        return self.addresses.written_out(self.written or self.text)[1]

    @property
    def has_link(self) -> bool:
        """Whether there is one, also where X does not tell which."""
        return self.addresses.unnamed or bool(self.links)

    @property
    def hashtags(self) -> tuple[str, ...]:
        """Its hashtags without #, in their order."""
        return tuple(hashtags(self.text))

    @property
    def mentions(self) -> tuple[str, ...]:
        """The usernames it mentions, without @, in their order."""
        return tuple(mentions(self.text))

    @property
    def metrics(self) -> Metrics:
        """The counts together."""
        return Metrics(
            likes=self.like_count,
            retweets=self.retweet_count,
            replies=self.reply_count,
            quotes=self.quote_count,
            views=self.view_count,
            bookmarks=self.bookmark_count,
        )

    @property
    def url(self) -> str:
        """The tweet on X: never an address of any other site, whatever the JSON says."""
        if self.stated_url and self.stated_url.startswith(_X_ADDRESSES):
            return self.stated_url
        name = self.author.username if self.author and self.author.username else "i"
        return f"https://x.com/{name}/status/{self.id}"


def read_tweet(body: Mapping[str, Any]) -> TweetReading:
    """The tweet of `{tweet, author}` (a look-up), or of JSON that is the tweet and holds its author."""
    return _tweet(tweet_data(body), _DEPTH, tweet_id(body))


def tweet_data(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The JSON of the tweet itself, wherever a source puts it, with its author inside."""
    inner = body.get("tweet")
    if inner is None or not isinstance(inner, OBJECT):
        return body
    if isinstance(inner.get("author"), OBJECT) or not isinstance(body.get("author"), OBJECT):
        return inner
    return {**inner, "author": body["author"]}


def tweet_id(body: Mapping[str, Any]) -> str | None:
    """The id of the tweet: `id`, `tweetId` in the older shape, or `tweet.id`."""
    found = body.get("id")
    if type(found) is str and (own := digits(found)):
        return own
    inner = body.get("tweet")
    return _first_id(found, body.get("tweetId"), _of(inner, "id"), _of(inner, "tweetId"))


def marked_sensitive(body: Mapping[str, Any]) -> bool:
    """Whether X marks the tweet, or the one it quotes or reposts, as possibly sensitive."""
    data = tweet_data(body)
    if _marked(data):
        return True
    return any(_marked(data[name]) for name in (*_QUOTED, *_REPOSTED) if name in data)


def digits(value: object) -> str | None:
    """A value as an id, None when it is none."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if 0 <= value < _LARGEST_ID else None
    return value if isinstance(value, str) and _ID.fullmatch(value) else None


# As the API names them, and as others do.
_QUOTED: Final = ("quoted_tweet", "quotedTweet")
_REPOSTED: Final = ("retweeted_tweet", "retweetedTweet")


def _tweet(data: Mapping[str, Any], depth: int, own_id: str | None) -> TweetReading:
    quoted = _nested(data, _QUOTED, depth)
    reposted = _nested(data, _REPOSTED, depth)
    own = own_id or ""
    media = tuple(map(_media, _entries(data.get("media"))))
    written, entities = _written(data)
    addresses = _addresses(entities, data, own, media, quoted)
    # Only what has short links to write out is looked through for links now: a text may be long.
    text = addresses.written_out(written)[0] if addresses.shortens(written) else written
    return TweetReading(
        id=own,
        text=text,
        author=_person(data.get("author")),
        created_at=_text(data.get("createdAt")) or None,
        lang=_text(data.get("lang")) or (reposted.lang if reposted else None),
        stated_url=_text(data.get("url")) or None,
        media=media,
        written=written,
        addresses=addresses,
        poll=_poll(data),
        quoted_tweet=quoted,
        retweeted_tweet=reposted,
        possibly_sensitive=_marked(data),
        is_note_tweet=data.get("isNoteTweet") is True,
        is_reply=data.get("isReply") is True,
        in_reply_to_id=digits(data.get("inReplyToId")),
        in_reply_to_username=_text(data.get("inReplyToUsername")).removeprefix("@") or None,
        conversation_id=_first_id(data.get("conversationId"), data.get("conversation_id")),
        like_count=count(data.get("likeCount")) or 0,
        retweet_count=count(data.get("retweetCount")) or 0,
        reply_count=count(data.get("replyCount")) or 0,
        quote_count=count(data.get("quoteCount")) or 0,
        view_count=count(data.get("viewCount")) or 0,
        bookmark_count=count(data.get("bookmarkCount")) or 0,
    )


def _nested(data: Mapping[str, Any], names: tuple[str, ...], depth: int) -> TweetReading | None:
    for name in names:
        found = data.get(name)
        if found is not None and isinstance(found, OBJECT):
            return _tweet(found, depth - 1, tweet_id(found)) if found and depth else None
    return None


def _written(data: Mapping[str, Any]) -> tuple[str, object]:
    """The whole text with the entities that belong to it: of a long post both are in its note."""
    for name in ("noteTweet", "note_tweet"):
        text = _text(_of(data.get(name), "text"))
        if text:
            return text, _of(data.get(name), "entities") or data.get("entities")
    return _text(data.get("text")), data.get("entities")


def _addresses(
    entities: object,
    data: Mapping[str, Any],
    own: str,
    media: tuple[MediaReading, ...],
    quoted: TweetReading | None,
) -> Addresses:
    stated = _of(entities, "urls")
    pairs = []
    for one in _entries(stated if stated is not None else data.get("urls")):
        full = one.get("expanded_url") or one.get("expandedUrl") or one.get("url")
        pairs.append((_text(one.get("url")), _text(full)))
    return Addresses(
        tuple(pairs),
        frozenset(one.url for one in media if one.url),
        frozenset({own} - {""}),
        frozenset({quoted.id} - {""}) if quoted else frozenset(),
    )


def _person(value: object) -> Author | None:
    if not isinstance(value, OBJECT):
        return None
    return Author(
        id=digits(value.get("id")) or _text(value.get("id")),
        username=(_text(value.get("username")) or _text(value.get("userName"))).removeprefix("@"),
        name=_text(value.get("name")),
        followers=count(value.get("followers")),
        profile_picture=_text(value.get("profilePicture")) or None,
        is_verified=value.get("verified") is True or value.get("isBlueVerified") is True,
    )


def _media(value: Mapping[str, Any]) -> MediaReading:
    kind = value.get("type")
    encodings = []
    for one in _entries(value.get("videoVariants") or value.get("video_variants")):
        url, sort = _text(one.get("url")), one.get("contentType") or one.get("content_type")
        if url and sort in ("video/mp4", None, ""):
            encodings.append(Encoding(url, count(one.get("bitrate")) or 0))
    return MediaReading(
        kind="photo" if kind in ("photo", None) else "video" if kind == "video" else "gif",
        preview=_text(value.get("mediaUrl")),
        url=_text(value.get("url")),
        alt_text=_text(value.get("altText")) or None,
        width=count(value.get("width")),
        height=count(value.get("height")),
        duration_millis=count(value.get("durationMillis")),
        encodings=tuple(encodings),
    )


def _poll(data: Mapping[str, Any]) -> Poll | None:
    """A poll comes as a card with `choice1_label`, `choice1_count` …, from older sources as `poll`."""
    card = data.get("card")
    if (
        card is not None
        and isinstance(card, OBJECT)
        and _text(card.get("name")).rpartition(":")[2].startswith(_POLL)
    ):
        values = _bindings(card.get("bindingValues") or card.get("binding_values"))
        labels = [(n, _text(values.get(f"choice{n}_label"))) for n in _CHOICES]
        votes = {n: count(values.get(f"choice{n}_count")) for n in _CHOICES}
        return Poll(tuple(PollChoice(label, votes[n]) for n, label in labels if label))
    poll = data.get("poll")
    if not poll or not isinstance(poll, OBJECT):
        return None
    options = poll.get("options")
    found = []
    for one in options[: len(_CHOICES)] if isinstance(options, list) else ():
        label = _text(_of(one, "label") if isinstance(one, OBJECT) else one)
        if label:
            found.append(PollChoice(label, count(_of(one, "votes"))))
    return Poll(tuple(found))


def _bindings(value: object) -> Mapping[str, object]:
    """The values of a card by name: plain, as `{"string_value": …}`, or as a list of `{key, value}`."""
    listed = ((one.get("key"), one.get("value")) for one in _entries(value))
    found: dict[str, object] = {}
    for key, one in value.items() if isinstance(value, OBJECT) else listed:
        plain = _of(one, "string_value") or _of(one, "stringValue") if isinstance(one, OBJECT) else one
        if isinstance(key, str):
            found[key] = plain
    return found


def count(value: object) -> int | None:
    """A whole number, also one in digits; None for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value if value >= 0 else None
    return int(value) if isinstance(value, str) and _COUNT.fullmatch(value) else None


def _text(value: object) -> str:
    return decoded(value) if isinstance(value, str) else ""


def _of(value: object, name: str) -> Any:
    return value.get(name) if value is not None and isinstance(value, OBJECT) else None


def _entries(value: object) -> Iterator[Mapping[str, Any]]:
    for one in value[:_ENTRIES] if isinstance(value, list) else ():
        if isinstance(one, OBJECT):
            yield one


def _first_id(*values: object) -> str | None:
    return next(filter(None, map(digits, values)), None)


def _marked(tweet: object) -> bool:
    return _of(tweet, "possiblySensitive") is True or _of(tweet, "possibly_sensitive") is True
