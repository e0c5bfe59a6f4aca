"""The languages that X can find a tweet to be in."""

from __future__ import annotations

from typing import Final

# ISO 639-1, all of it.
_ISO: Final = """
aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz
ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik
io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml
mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd
se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi
vo wa wo xh yi yo za zh zu
"""
# What X says besides: undecided, nothing but mentions, cashtags, hashtags or media, too short, without
# words, made up; and languages by an older or a longer code.
_OF_X: Final = "und qam qct qht qme qst zxx art in iw ckb fil"

LANGUAGES: Final = frozenset((_ISO + _OF_X).split())
# The older codes, and what they are called today: X says the older ones, people write either.
_TODAY: Final = {"iw": "he", "in": "id", "ji": "yi", "fil": "tl"}


def same_language(one: str, other: str) -> bool:
    """Whether two codes mean the same language."""
    return _TODAY.get(one, one) == _TODAY.get(other, other)
