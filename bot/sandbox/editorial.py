"""Writing advice in the numbers the API fixes: 18 rules, 19 signals, 7 sources, 9 checks."""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox.weighted import weighted_length

_RULES = {
    "engagement": [
        "Open with the most surprising true thing you have.",
        "Ask something that can be answered in one line.",
        "Name one person or thing, not a category.",
        "Leave a gap that a reply can fill.",
    ],
    "followers": [
        "Show what you post about, so that a stranger knows why to follow.",
        "Make the tweet stand alone; newcomers have no context.",
        "Give away something useful in full.",
        "End where the next tweet will begin.",
    ],
    "authority": [
        "Put the number first and the source second.",
        "Say how you know it.",
        "Admit the limit of the claim.",
        "Prefer a measured result to an opinion.",
    ],
    "conversation": [
        "Take a side that reasonable people could argue with.",
        "Answer the first replies within the hour.",
        "Quote somebody you disagree with, fairly.",
        "Ask for experience, not for agreement.",
    ],
}
_GENERAL = ["Cut the first sentence and see whether anything is missing.", "One idea a tweet."]
GOALS = {
    "engagement": "Aim for a reaction: one claim, one question.",
    "followers": "Aim for a follow: show what comes regularly.",
    "authority": "Aim for trust: evidence before adjectives.",
    "conversation": "Aim for replies: leave room to disagree.",
}

# What people do with a tweet, and the name of the prediction in X's public ranking code.
SIGNALS = [
    ("Likes", "favorite_score"),
    ("Replies", "reply_score"),
    ("Reposts", "retweet_score"),
    ("Photo opens", "photo_expand_score"),
    ("Clicks", "click_score"),
    ("Profile visits", "profile_click_score"),
    ("Video views", "vqv_score"),
    ("Shares", "share_score"),
    ("Shares by message", "share_via_dm_score"),
    ("Link copies", "share_via_copy_link_score"),
    ("Time spent", "dwell_score"),
    ("Quotes", "quote_score"),
    ("Clicks on a quoted tweet", "quoted_click_score"),
    ("Follows of the author", "follow_author_score"),
    ("Long reads", "dwell_time"),
    ("Not interested", "not_interested_score"),
    ("Blocks of the author", "block_author_score"),
    ("Mutes of the author", "mute_author_score"),
    ("Reports", "report_score"),
]
PENALTIES = [
    "People mark the tweet as not interesting.",
    "People mute the author.",
    "People block the author.",
    "People report the tweet.",
]
_SOURCES = {
    "reddit": ("Questions people ask each other", "Answer one well instead of repeating it."),
    "github": ("Projects that rise today", "Say what it replaces and for whom."),
    "trustmrr": ("Small companies that grow", "Give the number and what drove it."),
    "hacker_news": ("Arguments among builders", "Add what you measured yourself."),
    "google_trends": ("What many people look up", "Explain it in one sentence."),
    "wikipedia": ("Background that is suddenly read", "Tell the part nobody mentions."),
    "polymarket": ("What people expect", "Say what would change the odds."),
}


def rules_for(goal: str) -> list[str]:
    """All 18 rules, those for ``goal`` first."""
    others = [rule for name, rules in _RULES.items() if name != goal for rule in rules]
    return [*_RULES[goal], *_GENERAL, *others]


def questions(topic: str, goal: str) -> list[str]:
    return [
        f"What is the one thing about {topic} you would tell a friend?",
        "Who should stop scrolling for it?",
        f"What would make it work for {goal}?",
        "What can you show instead of say?",
    ]


def radar_recommendations() -> list[dict[str, str]]:
    return [
        {"endpoint": f"/api/v1/radar?source={source}", "guidance": guidance, "source": source, "useFor": use}
        for source, (use, guidance) in _SOURCES.items()
    ]


def patterns(topic: str) -> list[dict[str, str]]:
    return [
        {
            "description": "A result first",
            "pattern": f"We tried {topic} for a month. Here is what changed: …",
        },
        {"description": "A mistake owned", "pattern": f"I was wrong about {topic}. What I missed: …"},
        {"description": "A short list", "pattern": f"Three things nobody says about {topic}: …"},
    ]


_URL = re.compile(r"https?://\S+")
_EMOJI = re.compile("[\u2600-\u27bf\U0001f000-\U0001faff]")


def _shouts(draft: str) -> bool:
    letters = [char for char in _URL.sub("", draft) if char.isalpha() and char.upper() != char.lower()]
    return len(letters) >= 10 and sum(char.isupper() for char in letters) / len(letters) > 0.3


def score(draft: str) -> list[dict[str, Any]]:
    """The nine deterministic checks of a draft; a failed one carries a suggestion."""
    length = weighted_length(draft)
    link = bool(_URL.search(draft))
    words = re.findall(r"\w+", draft)
    table = [
        ("No external links in body", not link, "Move the link to the first reply."),
        ("No hashtags", not re.search(r"(?<!\w)#\w", draft), "Drop the hashtags; say the word instead."),
        ("No excessive capitalization", not _shouts(draft), "Use capitals for names only."),
        (
            "Length between 50 and 280 characters",
            50 <= length <= 280,
            f"It has {length} weighted characters.",
        ),
        ("No excessive punctuation", not re.search(r"[!?]{2,}|\.{4,}", draft), "One mark is enough."),
        ("No emojis", not _EMOJI.search(draft), "Let the words do it."),
        ("No em dashes or double dashes", "—" not in draft and "--" not in draft, "Use a full stop."),
        ("Sufficient substance", len(set(map(str.lower, words))) >= 8, "Say more than a slogan."),
        ("Link-in-reply strategy", not link, "Post first, then reply with the link."),
    ]
    return [
        {"factor": factor, "passed": bool(passed), **({} if passed else {"suggestion": suggestion})}
        for factor, passed, suggestion in table
    ]
