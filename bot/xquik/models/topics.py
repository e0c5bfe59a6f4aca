"""Trends on X, and the radar of seven other sources."""

from __future__ import annotations

from typing import Any, TypeAlias

from msgspec import field
from msgspec.structs import force_setattr

from bot.core.text.shortening import decoded
from bot.xquik.models.base import Model, Page
from bot.xquik.models.posts import User


class Trend(Model, frozen=True, kw_only=True):
    """One topic. tweet_volume: posts about it, where X says so."""

    name: str
    rank: int | None = None
    query: str | None = None
    description: str | None = None
    tweet_volume: int | None = None
    url: str | None = None
    promoted_content: str | None = None

    def __post_init__(self) -> None:
        """X's texts come with three characters encoded (`decoded`)."""
        if "&" in self.name:
            force_setattr(self, "name", decoded(self.name))


class TrendLocation(Model, frozen=True, kw_only=True):
    """A place that X has trends for. country: None of the whole world; place_type: X's word for its kind."""

    name: str
    woeid: int
    country: str | None = None
    country_code: str | None = None
    place_type: str | None = None

    @property
    def full_name(self) -> str:
        """ "Istanbul, Turkey"; of a country its name."""
        return self.name if self.country in (None, self.name) else f"{self.name}, {self.country}"


class TaggedPlace(Model, frozen=True, kw_only=True):
    """A place that tweets are tagged with. full_name: with what it lies in; place_type: X's word for its
    kind, like city or country."""

    id: str
    name: str
    full_name: str | None = None
    country: str | None = None
    country_code: str | None = None
    place_type: str | None = None

    @property
    def title(self) -> str:
        """ "Istanbul, Türkiye"; of a country its name."""
        return self.full_name or self.name


class TaggedPlaces(Model, frozen=True, kw_only=True):
    """Places that match a name, the likeliest first. total: how many there are."""

    places: tuple[TaggedPlace, ...] = ()
    total: int = 0


class TrendLocations(Model, frozen=True, kw_only=True):
    """Places that match. total: how many there are, of which these may be the first."""

    locations: tuple[TrendLocation, ...] = ()
    total: int = 0


class Trends(Model, frozen=True, kw_only=True):
    """The topics of one place, highest first. location: the place, where it was asked for by name."""

    trends: tuple[Trend, ...] = ()
    woeid: int = 1
    location: TrendLocation | None = None


class TrendSnapshot(Model, frozen=True, kw_only=True):
    """The topics of a place as they were at one moment (ISO), highest first."""

    captured_at: str
    trends: tuple[Trend, ...] = ()


class RadarItem(Model, frozen=True, kw_only=True):
    """One item of the radar. metadata: differs by source, free-form."""

    id: str
    title: str = ""
    source: str = ""
    category: str = ""
    region: str = "global"
    language: str | None = None
    score: float = 0.0
    description: str | None = None
    url: str | None = None
    image_url: str | None = None
    source_id: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    published_at: str | None = None
    created_at: str | None = None


RadarPage: TypeAlias = Page[RadarItem]


class SuggestedTopic(Model, frozen=True, kw_only=True):
    """Words that X suggests to search for."""

    topic: str = ""


class SuggestedHashtag(Model, frozen=True, kw_only=True):
    """A hashtag that X suggests, with its #."""

    hashtag: str = ""


class SuggestedCashtag(Model, frozen=True, kw_only=True):
    """A stock or a token that X suggests. ticker: without the $."""

    ticker: str = ""
    name: str | None = None


class SearchSuggestions(Model, frozen=True, kw_only=True):
    """What X suggests while a search is typed, each list in its order."""

    users: tuple[User, ...] = ()
    topics: tuple[SuggestedTopic, ...] = ()
    hashtags: tuple[SuggestedHashtag, ...] = ()
    cashtags: tuple[SuggestedCashtag, ...] = ()


class NewsVersion(Model, frozen=True, kw_only=True):
    """What X wrote of a news story at a time. Untrusted, as a machine made it of what strangers wrote."""

    id: str
    headline: str = ""
    text: str = ""
    created_at: str | None = None
