"""Articles: long texts on X. All of it is untrusted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.xquik.models.base import Model, Page, paged, parse_paid
from bot.xquik.models.posts import User


class ArticleBlock(Model, frozen=True, kw_only=True):
    """A part of an article. type: paragraph, header-one to header-six, unordered-list-item,
    ordered-list-item, blockquote, code-block, markdown, media, tweet or divider; there may be others.
    tweet_id: of the tweet that it embeds; url, preview_url: of a picture, or the still of a video."""

    type: str = "paragraph"
    text: str = ""
    caption: str | None = None
    alt_text: str | None = None
    media_type: str | None = None
    url: str | None = None
    preview_url: str | None = None
    tweet_id: str | None = None


class Article(Model, frozen=True, kw_only=True):
    """An article and its figures. tweet_id: of the tweet that shows it. body_markdown, body_text: the whole
    text; contents: the same in parts. Not every answer has all of them."""

    tweet_id: str = ""
    title: str = ""
    preview_text: str = ""
    body_markdown: str = ""
    body_text: str = ""
    contents: tuple[ArticleBlock, ...] = ()
    cover_image_url: str | None = None
    created_at: str | None = None
    like_count: int | None = None
    retweet_count: int | None = None
    reply_count: int | None = None
    quote_count: int | None = None
    view_count: int | None = None
    bookmark_count: int | None = None
    author: User | None = None


def article_from_body(body: Mapping[str, Any], tweet_id: str) -> Article:
    """The article of `{article, author}`, or of the older answer that is the article itself."""
    inner = body.get("article")
    told = inner if isinstance(inner, Mapping) else body
    author = body.get("author")
    cover = told.get("coverImageUrl") or told.get("coverImage")
    return parse_paid(
        Article,
        {
            **told,
            "tweetId": tweet_id,
            "coverImageUrl": cover if isinstance(cover, str) else None,
            "author": author if isinstance(author, Mapping) else None,
        },
    )


def article_page(body: Mapping[str, Any]) -> Page[Article]:
    """A page of the tweets that show articles, as those: of their texts the beginning alone."""
    found = body.get("tweets")
    rows = found if isinstance(found, list) else []
    shown = [_shown_by(row) for row in rows if isinstance(row, Mapping)]
    articles = tuple(article for article in shown if article.tweet_id)
    return paged(articles, len(rows) - len(articles), body)


def _shown_by(tweet: Mapping[str, Any]) -> Article:
    """The article of a tweet, with the tweet's figures; its own words where it tells of none."""
    inner = tweet.get("article")
    told: Mapping[str, Any] = inner if isinstance(inner, Mapping) else {"title": tweet.get("text")}
    return parse_paid(
        Article,
        {
            **tweet,
            "tweetId": tweet.get("id"),
            "title": told.get("title"),
            "previewText": told.get("previewText"),
            "coverImageUrl": told.get("coverMediaUrl"),
        },
    )
