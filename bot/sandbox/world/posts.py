"""The tweets that exist before anybody writes one: a giveaway, galleries, and awkward cases."""

from __future__ import annotations

import random
from functools import lru_cache
from typing import Any

from msgspec.structs import replace

from bot.sandbox.records import MediaRecord, Post
from bot.sandbox.world import snowflake
from bot.sandbox.world.articles import ARTICLES, COMET_ID
from bot.sandbox.world.people import CROWD, WORLD_START, PeopleOfX, PersonOfX
from bot.sandbox.world.spaces import LIVE_ID, RECORDED_ID

GIVEAWAY_ID = "1893456789012345678"
GIVEAWAY_REPLIES = 120
GIVEAWAY_REPOSTERS = ("nasa", "esa", "github", "python")
"""Who of the known accounts reposted it, besides half the crowd."""

GALLERY_IDS = {
    1: "1893500000000000001",
    2: "1893500000000000002",
    3: "1893500000000000003",
    4: "1893500000000000004",
}
"""Posts with this many pictures."""
VIDEO_ID = "1893500000000000005"
PLAIN_ID = "1893500000000000006"
SENSITIVE_ID = "1893500000000000007"
QUOTE_ID = "1893500000000000008"
REPLY_ID = "1893500000000000009"
HOSTILE_ID = "1893500000000000010"
LONG_ID = "1893500000000000011"
POLL_ID = "1893500000000000012"
THREAD_ID = "1893600000000000001"
"""The first of five posts that @nasa strung together."""

HOSTILE_TEXTS = [
    "@everyone @here wake up <!channel> <!here> <@U012AB3CD> <@&123456789>",
    "**bold** __under__ ~~gone~~ `code` ```\nblock\n``` > quote\n# heading",
    "[Your bank](https://evil.example/login) and <https://evil.example|slack link>",
    "right-to-left \u202eevil.exe\u202c and \u2066isolates\u2069",
    "z\u0335\u0321a\u0334\u0315l\u0337\u0322g\u0338\u0313o\u0336\u0327 t̷e̶x̵t̸",
    "{{ template }} ${shell} <script>alert(1)</script> &amp; \\u0000",
    "||spoiler|| discord.gg/aaaaaaa :smile: <:emoji:123> </command:123>",
]

_REPLIES = {
    "en": ["Count me in! #giveaway", "I never win these but here goes @xquik",
           "Done and done #xquik #giveaway", "Love the new draws", "Following and reposted, good luck all"],
    "es": ["¡Participo! #giveaway", "Ojalá gane esta vez @xquik", "Suerte a todos #sorteo"],
    "tr": ["Ben de varım #giveaway", "Herkese bol şans @xquik", "Çekiliş için teşekkürler"],
    "de": ["Bin dabei #giveaway", "Viel Glück an alle @xquik"],
    "ja": ["参加します #giveaway", "当たりますように @xquik"],
    "pt": ["Tô dentro #giveaway", "Boa sorte a todos @xquik"],
    "fr": ["Je participe #giveaway", "Bonne chance à tous @xquik"],
}  # fmt: skip

_THREAD = (
    "How a rover wakes up on Mars, in five posts. 🧵",
    "First the heaters: at minus 90 °C nothing else may move.",
    "Then the clock. A Martian day is 39 minutes longer, so tomorrow begins later than today.",
    "Now the antenna looks for an orbiter. If none passes, it waits, and so do we.",
    "And then, 14 minutes later, one beep on Earth. Good morning! #mars #notes",
)
_ASKED = (
    "How do the heaters know?",
    "39 minutes! No wonder the team looks tired.",
    "@nasa What if no orbiter passes for a day?",
    "Best thread this week.",
)
_QUOTED = (
    "Worth a try, good people run this.",
    "Three winners, drawn in public. I like that. @xquik",
    "Upgrading tonight. Wish me luck, @python",
    "I am in, are you?",
    "Only words, and I read them twice.",
    "Read all five. @nasa",
)


def pictures(prefix: str, count: int, alt: str = "A drawn landscape") -> list[MediaRecord]:
    """``count`` photos that the sandbox draws from keys starting with ``prefix``."""
    return [MediaRecord(key=f"{prefix}-{number}", alt=f"{alt} {number}") for number in range(1, count + 1)]


def giveaway(people: PeopleOfX, rng: random.Random) -> list[Post]:
    """The giveaway by @xquik and its replies: repeat authors, many languages, one by the host."""
    host = _cast(people, "xquik")
    root = Post(
        id=GIVEAWAY_ID,
        author_id=host.id,
        text="Giveaway time! Reply with #giveaway, follow @xquik and repost to enter. "
        "Three winners, drawn in public. 🎁",
        media=pictures(GIVEAWAY_ID, 1),
        likes=412,
        views=48_210,
        bookmarks=37,
    )
    start = snowflake.seconds_of(GIVEAWAY_ID)
    replies = []
    for number in range(GIVEAWAY_REPLIES):
        # About one reply in four comes from somebody who has replied before.
        pool = people.crowd[:90] if number % 4 else people.crowd[:20]
        author = host if number == 60 else rng.choice(pool)
        text = "Thanks everyone, drawing tomorrow!" if author is host else rng.choice(_REPLIES[author.lang])
        if number % 30 == 7:
            text = f"{rng.choice(HOSTILE_TEXTS)} #giveaway"
        replies.append(
            Post(
                id=snowflake.at(start + 40 * (number + 1), number),
                author_id=author.id,
                text=text,
                lang=author.lang,
                reply_to=GIVEAWAY_ID,
                likes=(likes := rng.randint(0, 30)),
                views=likes + rng.randint(20, 900),
            )
        )
    return [root, *replies]


def _cast(people: PeopleOfX, handle: str) -> PersonOfX:
    """Somebody the world always has."""
    person = people.by_handle(handle)
    if person is None:
        raise LookupError(handle)
    return person


def _popular(rng: random.Random, author: PersonOfX, post_id: str, text: str) -> Post:
    """A tweet with the likes and views that an author of that reach gets."""
    reach = min(author.followers, 400_000)
    return Post(
        id=post_id,
        author_id=author.id,
        text=text,
        likes=(likes := rng.randint(5, 9 + reach // 40)),
        views=CROWD + 2 * likes + rng.randint(100, 400 + reach * 2),
        bookmarks=rng.randint(0, 40),
    )


def _special(people: PeopleOfX, rng: random.Random) -> list[Post]:
    def by(handle: str, post_id: str, text: str, **fields: Any) -> Post:
        return replace(_popular(rng, _cast(people, handle), post_id, text), **fields)

    texts = [
        "One picture from the archive.",
        "Two views of the same valley.",
        "A triptych.",
        "Four from this morning.",
    ]
    galleries = [
        by(
            "nasa" if count % 2 else "esa",
            GALLERY_IDS[count],
            texts[count - 1],
            media=pictures(GALLERY_IDS[count], count),
        )
        for count in GALLERY_IDS
    ]
    video = MediaRecord(key=f"{VIDEO_ID}-1", kind="video", alt="A launch at dawn")
    long_text = "A long note about why small tools win. " + " ".join(
        f"{number}. Small tools are read in one sitting." for number in range(1, 15)
    )
    return [
        *galleries,
        by("spacex", VIDEO_ID, "Liftoff! Full launch below.", media=[video]),
        by("python", PLAIN_ID, "Python 3.14 is out. No pictures, only words."),
        by("cafe_luna", SENSITIVE_ID, "Marked as sensitive.", sensitive=True, media=pictures("beach", 1)),
        by("github", QUOTE_ID, "This is worth a read.", quotes=PLAIN_ID),
        by("cafe_luna", REPLY_ID, "@python Congratulations! ☕", reply_to=PLAIN_ID),
        by("hostile_henry", HOSTILE_ID, "\n".join(HOSTILE_TEXTS)),
        by("xquik", LONG_ID, long_text, note=True),
        by("slackhq", POLL_ID, "Tabs or threads?", poll=["Tabs", "Threads", "Both"]),
    ]  # fmt: skip


def everyday(people: PeopleOfX, rng: random.Random) -> list[Post]:
    """A few ordinary tweets by each known account, so that searches and profiles have something."""
    subjects = [
        "the new release",
        "a quiet morning",
        "our status page",
        "open source",
        "the launch window",
        "coffee",
    ]
    posts = []
    for number, handle in enumerate(
        ["xquik", "nasa", "esa", "spacex", "github", "python", "slackhq", "discord"] * 4
    ):
        author = _cast(people, handle)
        moment = WORLD_START + 3_600 * number
        posts.append(
            Post(
                id=snowflake.at(moment, number),
                author_id=author.id,
                text=f"Notes on {rng.choice(subjects)}. #{handle} #notes",
                media=pictures(f"day-{number}", 1) if number % 5 == 0 else [],
                likes=(likes := rng.randint(10, 9_000)),
                views=CROWD + 2 * likes + rng.randint(1_000, 500_000),
            )
        )
    return posts


def conversations(people: PeopleOfX, rng: random.Random) -> list[Post]:
    """A thread by @nasa with answers between, quotes of the giveaway and of a release, and an article."""
    nasa = _cast(people, "nasa")
    start = snowflake.seconds_of(THREAD_ID)
    thread: list[Post] = []
    for number, text in enumerate(_THREAD):
        answered = thread[-1].id if thread else None
        post_id = snowflake.at(start + 60 * number, number) if thread else THREAD_ID
        post = _popular(rng, nasa, post_id, text)
        thread.append(replace(post, reply_to=answered, media=pictures(post_id, 1) if number == 1 else []))
    between = [
        Post(
            id=snowflake.at(start + 3_600 + number, number),
            author_id=people.crowd[100 + number].id,
            text=text,
            reply_to=thread[number % len(thread)].id,
            likes=number,
            views=40 + number,
        )
        for number, text in enumerate(_ASKED)
    ]
    quoted = [GIVEAWAY_ID, GIVEAWAY_ID, PLAIN_ID, GIVEAWAY_ID, PLAIN_ID, THREAD_ID]
    quotes = [
        Post(
            id=snowflake.at(snowflake.seconds_of(quoted[number]) + 7_200 + number, number),
            author_id=people.crowd[200 + number].id,
            text=text,
            quotes=quoted[number],
            likes=3 * number,
            views=90 + number,
        )
        for number, text in enumerate(_QUOTED)
    ]
    comet = ARTICLES[COMET_ID]
    text = f"{comet.title}: https://x.com/i/article/{comet.id}"
    return [*thread, *between, *quotes, _popular(rng, _cast(people, "esa"), COMET_ID, text)]


def announcements(people: PeopleOfX) -> list[Post]:
    """Who tells of Spaces, as they are found through the posts that share them."""
    told = (
        ("Python release party tonight, come along!", RECORDED_ID, 31),
        ("Listening to this launch talk", LIVE_ID, 12),
        ("Missed the Python release party? It was recorded:", RECORDED_ID, 4),
    )
    start = snowflake.seconds_of(THREAD_ID)
    return [
        Post(
            id=snowflake.at(start + 600 * (number + 1), number),
            author_id=people.crowd[220 + number].id,
            text=f"{text} https://x.com/i/spaces/{space}",
            likes=likes,
            views=200 + 3 * likes,
        )
        for number, (text, space, likes) in enumerate(told)
    ]


def everything(seed: int) -> dict[str, Post]:
    """All tweets of the fixed world, by id. They are shared: what changes is written beside them."""
    return dict(_everything(seed))


@lru_cache(maxsize=4)
def _everything(seed: int) -> dict[str, Post]:
    people = PeopleOfX(seed)
    rng = random.Random(f"posts:{seed}")
    posts = [*giveaway(people, rng), *_special(people, rng), *everyday(people, rng)]
    posts += conversations(people, random.Random(f"conversations:{seed}"))
    posts += announcements(people)
    return {post.id: post for post in posts}
