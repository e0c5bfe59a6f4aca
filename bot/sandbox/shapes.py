"""Posts and people as the API shows them."""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox.records import MediaRecord, Post
from bot.sandbox.state import Sandbox
from bot.sandbox.world.articles import ARTICLES
from bot.sandbox.world.people import PersonOfX
from bot.sandbox.world.places import place_json, place_of
from bot.sandbox.world.snowflake import iso, seconds_of

# Letters of every script with their marks, which are none of `\w`: what is no space and no punctuation.
TAG = r"[^\s!-/:-@\[-^`{-~\u00a0-\u00bf\u2000-\u206f\u3000-\u303f]{1,100}"
_TAG = re.compile(rf"#({TAG})")
_MENTION = re.compile(r"@(\w{1,15})")
_URL = re.compile(r"https?://\S+")


def user_json(sandbox: Sandbox, person: PersonOfX, origin: str) -> dict[str, Any]:
    """A ``UserProfile``."""
    timeline = sandbox.timeline
    body: dict[str, Any] = {
        "id": person.id,
        "username": person.username,
        "name": person.name,
        "description": person.bio,
        "followers": timeline.followers(person),
        "following": timeline.following(person),
        "verified": person.verified,
        "isBlueVerified": person.verified,
        "profilePicture": f"{origin}/media/{person.face}.png",
        "createdAt": iso(person.created_at),
        "statusesCount": timeline.statuses(person),
        "protected": person.protected,
    }
    if person.banner:
        body["coverPicture"] = f"{origin}/media/{person.banner}.png"
    if person.pinned:
        body["pinnedTweetIds"] = list(person.pinned)
    if person.unavailable:
        body["unavailable"] = True
    if person.badge:
        body["verifiedType"] = person.badge
    if person.location:
        body["location"] = person.location
    if person.url:
        body["url"] = person.url
    return body


def media_json(media: MediaRecord, origin: str) -> dict[str, Any]:
    """A ``TweetMedia``; videos have a poster frame and no file behind it."""
    body: dict[str, Any] = {
        "mediaUrl": f"{origin}/media/{media.key}.png",
        "type": media.kind,
        "url": f"{origin}/media/{media.key}.png",
        "width": media.width,
        "height": media.height,
    }
    if media.alt:
        body["altText"] = media.alt
    if media.kind == "video":
        body |= {"durationMillis": 42_000, "aspectRatio": [16, 10]}
    return body


def entities_of(text: str) -> dict[str, Any]:
    """The hashtags, mentions and links of a text."""
    return {
        "hashtags": [{"text": tag} for tag in _TAG.findall(text)],
        "user_mentions": [{"screen_name": name} for name in _MENTION.findall(text)],
        "urls": [{"url": url, "expanded_url": url} for url in _URL.findall(text)],
    }


def post_json(sandbox: Sandbox, post: Post, origin: str, *, nested: bool = True) -> dict[str, Any]:
    """A post in the shape that ``TweetDetail``, ``SearchTweet`` and ``EmbeddedTweet`` share.

    ``nested`` shows the quoted or reposted post inside; one level deep, as X does.
    """
    author, figures = sandbox.timeline.author(post), sandbox.timeline.figures(post)
    body: dict[str, Any] = {
        "id": post.id,
        "text": post.text,
        "createdAt": iso(seconds_of(post.id)),
        "url": f"https://x.com/{author.username}/status/{post.id}",
        "lang": post.lang,
        "type": "tweet",
        "source": "Xquik sandbox",
        "retweetCount": figures.reposts,
        "replyCount": figures.replies,
        "likeCount": post.likes,
        "quoteCount": figures.quotes,
        "viewCount": post.views,
        "bookmarkCount": post.bookmarks,
        "isReply": post.reply_to is not None,
        "isQuoteStatus": post.quotes is not None,
        "isNoteTweet": post.note,
        "possiblySensitive": post.sensitive,
        "conversationId": sandbox.timeline.root(post),
        "entities": entities_of(post.text),
        "author": user_json(sandbox, author, origin),
    }
    if post.media:
        body["media"] = [media_json(media, origin) for media in post.media]
    if post.note:
        body["noteTweet"] = {"text": post.text}
    if post.poll:
        body["card"] = {
            "name": f"poll{len(post.poll)}choice_text_only",
            "bindingValues": _poll(post.poll),
        }
    if (place := place_of(post, author)) is not None:
        body["place"] = place_json(place)
    if (article := ARTICLES.get(post.id)) is not None:
        body["article"] = {
            "id": article.id,
            "title": article.title,
            "previewText": article.preview,
            "coverMediaUrl": f"{origin}/media/{article.id}.png",
        }
    if (community := sandbox.communities.of(post)) is not None:
        body |= {"communityId": community.id, "communityName": community.name}
    return body | _context(sandbox, post, origin, nested)


def _poll(choices: list[str]) -> dict[str, Any]:
    return {f"choice{number}_label": label for number, label in enumerate(choices, start=1)}


def _context(sandbox: Sandbox, post: Post, origin: str, nested: bool) -> dict[str, Any]:
    context: dict[str, Any] = {}
    parent = sandbox.timeline.get(post.reply_to) if post.reply_to else None
    if post.reply_to:
        context["inReplyToId"] = post.reply_to
    if parent is not None:
        author = sandbox.timeline.author(parent)
        context |= {"inReplyToUserId": author.id, "inReplyToUsername": author.username}
    if nested:
        for field, other in (("quoted_tweet", post.quotes), ("retweeted_tweet", post.reposts)):
            inner = sandbox.timeline.get(other) if other else None
            if inner is not None:
                context[field] = post_json(sandbox, inner, origin, nested=False)
    return context
