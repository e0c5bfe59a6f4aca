"""The text of an article in parts that fit a message, and whole as Markdown. Pure; all of it is untrusted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from bot.core.chat.cards import File
from bot.core.x.references import TweetRef
from bot.xquik.models import Article, ArticleBlock

PART: Final = 1_500
"""Characters of a part at the most."""
_MOST_BYTES: Final = 10 * 1024 * 1024  # of a file
_HEADINGS: Final = {
    f"header-{name}": "#" * level
    for level, name in enumerate(("one", "two", "three", "four", "five", "six"), start=1)
}
_NUMBERED: Final = "ordered-list-item"
_RULE: Final = "———"


def article_parts(article: Article) -> tuple[str, ...]:
    """The text in order, cut between its blocks where that is possible; none where there is no text."""
    parts: list[str] = []
    for block in _texts(article):
        for piece in _pieces(block):
            if parts and len(parts[-1]) + 2 + len(piece) <= PART:
                parts[-1] = f"{parts[-1]}\n\n{piece}"
            else:
                parts.append(piece)
    return tuple(parts)


def _texts(article: Article) -> Iterator[str]:
    """The blocks as plain text; where there are none, the paragraphs of the body."""
    if article.contents:
        for number, block in _numbered(article.contents):
            if text := _plain(block, number):
                yield text
        return
    for paragraph in (article.body_text or article.body_markdown).split("\n\n"):
        if paragraph.strip():
            yield paragraph.strip()


def _numbered(blocks: Sequence[ArticleBlock]) -> Iterator[tuple[int, ArticleBlock]]:
    """Each block with its number in the list that it belongs to."""
    number = 0
    for block in blocks:
        number = number + 1 if block.type == _NUMBERED else 0
        yield number, block


def _plain(block: ArticleBlock, number: int) -> str:
    text = block.text.strip()
    match block.type:
        case "unordered-list-item":
            return f"• {text}" if text else ""
        case "ordered-list-item":
            return f"{number}. {text}" if text else ""
        case "blockquote":
            return f"“{text}”" if text else ""
        case "divider":
            return _RULE
        case "tweet":
            return TweetRef(block.tweet_id).url if block.tweet_id else text
        case "media":
            mark = "🖼" if block.media_type in (None, "image") else "▶"
            return " ".join(filter(None, (mark, block.caption or block.alt_text or text)))
        case _:
            return text


def _pieces(text: str) -> Iterator[str]:
    """A text of any length in pieces of `PART`, cut at spaces where there are any."""
    begin = 0
    while len(text) - begin > PART:
        at = text.rfind(" ", begin + PART // 2, begin + PART)
        end = at if at > 0 else begin + PART
        if piece := text[begin:end].strip():
            yield piece
        begin = end
    if piece := text[begin:].strip():
        yield piece


def article_file(article: Article) -> File | None:
    """All of it as Markdown; None where there is no text, or more than a file may hold."""
    body = article.body_markdown or "\n\n".join(_marked(article)) or article.body_text
    if not body.strip():
        return None
    heading = f"# {' '.join(article.title.split())}\n\n" if article.title.strip() else ""
    address = TweetRef(article.tweet_id, article.author.username or None if article.author else None).url
    content = f"{heading}{address}\n\n{body.strip()}\n".encode("utf-8", "replace")
    if len(content) > _MOST_BYTES:
        return None
    return File(f"article-{article.tweet_id}.md", "text/markdown", content)


def _marked(article: Article) -> Iterator[str]:
    for number, block in _numbered(article.contents):
        text = block.text.strip()
        address = block.url or block.preview_url
        if block.type in _HEADINGS and text:
            yield f"{_HEADINGS[block.type]} {text}"
        elif block.type == "code-block" and text:
            yield f"```\n{text}\n```"
        elif block.type == "blockquote" and text:
            yield "\n".join(f"> {one}" for one in text.splitlines())
        elif block.type == "unordered-list-item" and text:
            yield f"- {text}"
        elif block.type == "divider":
            yield "---"
        elif block.type == "media" and address:
            yield f"![{block.alt_text or block.caption or ''}]({address})"
        elif plain := _plain(block, number):
            yield plain
