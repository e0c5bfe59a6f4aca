"""Lists, communities and Spaces on X. Everything textual here is untrusted."""

from __future__ import annotations

from msgspec import field

from bot.core.text.shortening import decoded
from bot.xquik.models.base import Model
from bot.xquik.models.posts import User


class XList(Model, frozen=True, kw_only=True):
    """A public list of accounts. Counts are None where X gave none. subscriber_count: who follows it."""

    id: str
    name: str = ""
    description: str | None = None
    member_count: int | None = None
    subscriber_count: int | None = None
    owner: User | None = None
    created_at: str | None = None

    @property
    def url(self) -> str:
        """Its page on X."""
        return f"https://x.com/i/lists/{self.id}"

    @property
    def title(self) -> str:
        """The name as its owner wrote it."""
        return decoded(self.name)

    @property
    def about(self) -> str:
        """What its owner says of it, "" for nothing."""
        return decoded(self.description or "")


class CommunityRule(Model, frozen=True, kw_only=True):
    """What a community asks of its members."""

    name: str = ""
    description: str = ""


class CommunityTopic(Model, frozen=True, kw_only=True):
    """What a community is about, as X sorts it."""

    name: str = ""


class TopicOfCommunities(Model, frozen=True, kw_only=True):
    """A topic that X groups communities under, with narrower ones."""

    id: str
    name: str = ""
    subtopics: tuple[CommunityTopic, ...] = ()


class CommunityFigure(Model, frozen=True, kw_only=True):
    """A figure of a day. change_percent: against the day before, None where X does not say."""

    count: int = 0
    change_percent: float | None = None


class CommunityFigures(Model, frozen=True, kw_only=True):
    """What happened in a community on a day. likes: of its tweets; unique_posters: who wrote."""

    likes: CommunityFigure = CommunityFigure()
    new_members: CommunityFigure = CommunityFigure()
    posts: CommunityFigure = CommunityFigure()
    replies: CommunityFigure = CommunityFigure()
    unique_posters: CommunityFigure = CommunityFigure()


class CommunityInsights(Model, frozen=True, kw_only=True):
    """How lively a community was on the latest day that X has figures of, and when that ended."""

    id: str = ""
    metrics: CommunityFigures = CommunityFigures()
    period_ends_at: str | None = None


class Community(Model, frozen=True, kw_only=True):
    """A community. Counts are None where X gave none; most names on the wire are in snake case."""

    id: str
    name: str = ""
    description: str | None = None
    member_count: int | None = field(default=None, name="member_count")
    moderator_count: int | None = field(default=None, name="moderator_count")
    join_policy: str | None = field(default=None, name="join_policy")
    is_nsfw: bool = field(default=False, name="is_nsfw")
    created_at: str | None = field(default=None, name="created_at")
    creator: User | None = None
    primary_topic: CommunityTopic | None = field(default=None, name="primary_topic")
    rules: tuple[CommunityRule, ...] = ()

    @property
    def url(self) -> str:
        """Its page on X."""
        return f"https://x.com/i/communities/{self.id}"

    @property
    def title(self) -> str:
        """The name as its creator wrote it."""
        return decoded(self.name)

    @property
    def about(self) -> str:
        """What it says of itself, "" for nothing."""
        return decoded(self.description or "")

    @property
    def topic(self) -> str:
        """What it is about, "" where X does not say."""
        return self.primary_topic.name if self.primary_topic else ""


class Space(Model, frozen=True, kw_only=True):
    """A Space, live, scheduled or over. state: NotStarted, Running, Ended, Canceled or TimedOut, or a newer
    one. Counts are None where X gave none: participant_count is of now, the two totals of all its time."""

    id: str
    title: str | None = None
    state: str = ""
    creator: User | None = None
    admins: tuple[User, ...] = ()
    speakers: tuple[User, ...] = ()
    created_at: str | None = None
    scheduled_start: str | None = None
    started_at: str | None = None
    ended_at: str | None = None
    participant_count: int | None = None
    total_live_listeners: int | None = None
    total_replay_watched: int | None = None
    is_available_for_replay: bool = False

    @property
    def url(self) -> str:
        """Its page on X."""
        return f"https://x.com/i/spaces/{self.id}"

    @property
    def about(self) -> str:
        """Its title, "" for none."""
        return decoded(self.title or "")

    @property
    def host(self) -> User | None:
        """Who made it, else the first of its hosts."""
        return self.creator or next(iter(self.admins), None)

    @property
    def over(self) -> bool:
        """Whether it has been live and is no more: only then there may be a recording."""
        return self.state in ("Ended", "TimedOut")


class SpaceReplay(Model, frozen=True, kw_only=True):
    """The recording of a Space. url: an HLS playlist."""

    url: str = ""


class Broadcast(Model, frozen=True, kw_only=True):
    """A broadcast: live video, scheduled, live or over. state: NotStarted, Running or Ended, or another one.
    Counts are None where X gave none: total_watching is of now, total_watched of all its time. tweet_id: of
    the tweet that announces it."""

    id: str
    title: str | None = None
    state: str = ""
    creator: User | None = None
    scheduled_start: str | None = None
    started_at: str | None = None
    ended_at: str | None = None
    total_watching: int | None = None
    total_watched: int | None = None
    is_available_for_replay: bool | None = None
    tweet_id: str | None = None

    @property
    def url(self) -> str:
        """Its page on X."""
        return f"https://x.com/i/broadcasts/{self.id}"

    @property
    def about(self) -> str:
        """Its title, "" for none."""
        return decoded(self.title or "")


class LiveCheck(Model, frozen=True, kw_only=True):
    """Whether an account broadcasts now, and its latest broadcast; None where X shows none."""

    live: bool = False
    user_name: str = ""
    broadcast: Broadcast | None = None
