"""The rules that the text of a giveaway states: whom to follow, to repost it, which hashtag to use. Pure.

It is a reading of somebody else's words, and the words may be hostile: what comes of it is shown, and
applied by nobody but a person. Where it is in doubt it reads no rule: one that is missed can be typed, one
too many would shut people out. The time is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Final

import msgspec

from bot.core.text.sameness import folded
from bot.core.x import giveaway_words as vocabulary
from bot.core.x.entities import hashtags, mentions
from bot.core.x.links import find_links

MOST_NAMES: Final = 20
_LONGEST: Final = 6_000  # characters: a rule that stands further down is typed
_MOST_TAGS: Final = 40
# Words that may stand between a rule and the name that it is about.
_NEAR: Final = 3
_NEXT: Final = 2
_CONTEXT: Final = 40  # characters around a hashtag that say whether it is asked for

_SENTENCE: Final = re.compile(r"[.!?。！？…;；؟।\n\r\u2022•✅➡👉]+")
_CLAUSE: Final = re.compile(r"[,、，،:：()（）/|]|[-–—] ")
# Letters that are written with spaces between the words.
_SPACED: Final = "0-9_a-z\u00c0-\u02af\u0300-\u0dff\u1e00-\u1fff"
_SPACE: Final = re.compile(r"(\s+)")
_MAIL: Final = re.compile(r"[A-Za-z0-9]@[A-Za-z0-9-]{1,60}\.")
_ARABIC: Final = re.compile("[\u0621-\u064a]")
_NO_SPACES: Final = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\\w\\s'&+-]")


def _words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(folded(word) for word in text.split(",") if word.strip()))


def _found(*lists: str) -> str:
    """An expression for any of the words: whole ones where words have spaces between them."""
    known = {word for text in lists for word in _words(text)}
    # In Arabic "and" is written together with what follows.
    known |= {f"و{word}" for word in known if _ARABIC.match(word)}
    every = sorted(known, key=len, reverse=True)
    spaced = [re.escape(word) for word in every if not _NO_SPACES.search(word)]
    anywhere = [re.escape(word) for word in every if _NO_SPACES.search(word)]
    parts = [f"(?<![{_SPACED}])(?:{'|'.join(spaced)})(?![{_SPACED}])"] if spaced else []
    return "|".join([*parts, *anywhere])


@cache
def _rule_words() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<follow>{_found(vocabulary.FOLLOW)})"
        rf"|(?P<named>{_found(vocabulary.FOLLOW_WITH_NAME)})"
        rf"|(?P<repost>{_found(vocabulary.REPOST)})"
        rf"|(?P<like>{_found(vocabulary.LIKE)})"
        rf"|(?P<tag>{_found(vocabulary.TAG)})"
        r"|@(?P<name>[a-z0-9_]{1,15})(?![a-z0-9_])"
    )


@cache
def _not_words() -> re.Pattern[str]:
    return re.compile(_found(vocabulary.NOT))


@cache
def _encouraged_words() -> re.Pattern[str]:
    return re.compile(_found(vocabulary.ENCOURAGED))


@cache
def _elsewhere_words() -> re.Pattern[str]:
    return re.compile(_found(vocabulary.ELSEWHERE))


@cache
def _no_account() -> frozenset[str]:
    return frozenset(_words(vocabulary.NO_ACCOUNT))


@cache
def _or_words() -> re.Pattern[str]:
    return re.compile(_found(vocabulary.OR))


@cache
def _words_before() -> re.Pattern[str]:
    return re.compile(f"(?:{_found(vocabulary.WITH_BEFORE)})$")


@cache
def _words_between() -> re.Pattern[str]:
    return re.compile(f"(?:{_found(vocabulary.BETWEEN)})$")


@cache
def _words_behind() -> re.Pattern[str]:
    return re.compile(
        f"(?:{_found(vocabulary.WITH_BEHIND)})"
        rf"|(?:{_found(vocabulary.WITH_LAST)})\s*(?:$|[^\w\s]|(?:{_found(vocabulary.AND)}))"
    )


class Stated(msgspec.Struct, frozen=True):
    """What a giveaway asks for. follow: usernames, in the order of the text. repost: the tweet itself.
    hashtags, mentions: of the reply, without their signs. like, friends: that it asks for a like, or to name
    friends, which nobody can check."""

    follow: tuple[str, ...] = ()
    repost: bool = False
    hashtags: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    like: bool = False
    friends: bool = False


class _Sign(msgspec.Struct, frozen=True):
    """A word that states a rule, or a name. kind: as the groups of `_rule_words`."""

    kind: str
    start: int
    end: int
    name: str = ""


def stated(text: str, author: str | None) -> Stated:
    """The rules in the text of a tweet. author: who wrote it, whom "follow us" means."""
    whole = _without_links(text[:_LONGEST])
    people: dict[str, str] = {}
    tags: dict[str, str] = {}
    for name in islice(mentions(whole), MOST_NAMES):
        people.setdefault(name.lower(), name)
    for tag in islice(hashtags(whole), _MOST_TAGS):
        tags.setdefault(f"#{folded(tag)}", tag)
    follow: list[str] = []
    named: list[str] = []
    asked: list[str] = []
    kinds: set[str] = set()
    for sentence in _SENTENCE.split(whole):
        plain = folded(sentence)
        allowed = _without_refusals(plain)
        signs = [one for one in _signs(allowed) if one.kind != "name" or one.name in people]
        kinds |= {one.kind for one in signs}
        for place, sign in enumerate(signs):
            if sign.kind in ("follow", "named"):
                found = _whom(allowed, signs, place)
                mine = [author.lower()] if author and _author_meant(allowed, sign) else []
                follow += found or mine
            elif sign.kind == "tag":
                named += (found := _behind(allowed, signs, place))
                kinds |= set() if found else {"friends"}
        asked += _tags(allowed, tags)
    known = {**people, **({author.lower(): author} if author else {})}
    return Stated(
        follow=tuple(known.get(name, name) for name in dict.fromkeys(follow)),
        repost="repost" in kinds,
        hashtags=tuple(tags[tag] for tag in dict.fromkeys(asked)),
        mentions=tuple(known.get(name, name) for name in dict.fromkeys(named)),
        like="like" in kinds,
        friends="friends" in kinds,
    )


def _without_links(text: str) -> str:
    kept, end = [], 0
    for link in find_links(text):
        kept.append(text[end : link.start])
        end = link.end
    words = _SPACE.split(" ".join([*kept, text[end:]]))
    return "".join(word for word in words if "://" not in word and not _MAIL.search(word))


def _author_meant(sentence: str, sign: _Sign) -> bool:
    """Whether a rule to follow that names nobody means who wrote it."""
    after = sentence[sign.end :].split(maxsplit=1)
    return sign.kind == "follow" and not (after and after[0] in _no_account())


def _without_refusals(sentence: str) -> str:
    """The sentence with the clauses that say no left out. Places in it are its own."""
    kept: list[str] = []
    for clause in _CLAUSE.split(sentence):
        if not _not_words().search(_encouraged_words().sub(" ", clause)):
            kept.append(clause)
    return " , ".join(kept)


def _signs(sentence: str) -> Iterator[_Sign]:
    for found in _rule_words().finditer(sentence):
        kind = found.lastgroup or ""
        yield _Sign(kind, found.start(), found.end(), found["name"] or "")


def _whom(sentence: str, signs: Sequence[_Sign], place: int) -> list[str]:
    """The accounts that a rule to follow is about: those behind it, else those before it."""
    behind = _behind(sentence, signs, place)
    if behind or signs[place].kind == "named":
        return behind
    before: list[str] = []
    end = signs[place].start
    for sign in reversed(signs[:place]):
        gap = sentence[sign.end : end]
        if sign.kind != "name" or len(gap.split()) > _NEAR:
            break
        before.insert(0, sign.name)
        end = sign.start
    return before


def _behind(sentence: str, signs: Sequence[_Sign], place: int) -> list[str]:
    found: list[str] = []
    end = signs[place].end
    for sign in signs[place + 1 :]:
        gap = sentence[end : sign.start]
        near = _NEXT if found else _NEAR
        if sign.kind != "name" or len(gap.replace(",", " ").split()) > near or _elsewhere_words().search(gap):
            break
        if found and _or_words().search(gap):
            return found[:-1]
        found.append(sign.name)
        end = sign.end
    return found


def _tags(sentence: str, tags: dict[str, str]) -> list[str]:
    """The hashtags that a sentence asks to use, all of them."""
    end, asked = 0, False
    found: list[str] = []
    start = sentence.find("#")
    while start >= 0:
        tag = max((one for one in tags if sentence.startswith(one, start)), key=len, default=None)
        if tag is None:
            end, asked = start + 1, False
        else:
            gap = sentence[max(end, start - _CONTEXT) : start].rstrip()
            either = bool(_or_words().fullmatch(gap.strip()))
            if either and asked:
                found.pop()
            end = start + len(tag)
            asked = not either and _asks(gap, sentence[end : end + _CONTEXT], chained=asked)
            if asked:
                found.append(tag)
        start = sentence.find("#", max(end, start + 1))
    return found


def _asks(before: str, behind: str, *, chained: bool) -> bool:
    """Whether the words around a hashtag ask for it. chained: they asked for the one before it."""
    if chained and not _less_between(before.replace(",", " ")):
        return True
    return bool(_words_before().search(_less_between(before)) or _words_behind().match(behind.lstrip(" '’")))


def _less_between(text: str) -> str:
    """The text without the words at its end that say nothing."""
    left = text.rstrip()
    while (found := _words_between().search(left)) is not None:
        left = left[: found.start()].rstrip()
    return left
