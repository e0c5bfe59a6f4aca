"""Writing styles: tweets of an account, or texts of one's own, that show how somebody writes."""

from __future__ import annotations

from msgspec.structs import force_setattr

from bot.core.text.shortening import decoded
from bot.xquik.models.base import Model


class StyleTweet(Model, frozen=True, kw_only=True):
    """One text of a style. Its figures are there in the answer about performance alone."""

    id: str = ""
    text: str = ""
    author_username: str | None = None
    created_at: str | None = None
    like_count: int | None = None
    retweet_count: int | None = None
    reply_count: int | None = None
    quote_count: int | None = None
    view_count: int | None = None
    bookmark_count: int | None = None

    def __post_init__(self) -> None:
        """X's texts come with three characters encoded (`decoded`)."""
        if "&" in self.text:
            force_setattr(self, "text", decoded(self.text))


class Style(Model, frozen=True, kw_only=True):
    """A saved style. x_username: the account, or the label of texts of one's own. tweets: none in a list."""

    x_username: str
    tweet_count: int = 0
    is_own_account: bool = False
    fetched_at: str | None = None
    tweets: tuple[StyleTweet, ...] = ()


class StyleComparison(Model, frozen=True, kw_only=True):
    """Two styles side by side."""

    style1: Style
    style2: Style


class StylePerformance(Model, frozen=True, kw_only=True):
    """The tweets of a style with their figures as they are now."""

    x_username: str
    tweet_count: int = 0
    tweets: tuple[StyleTweet, ...] = ()
