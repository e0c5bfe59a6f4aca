"""One recogniser of posts and people: every form of the address, in sentences, markup and scripts."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.x.references import (
    TweetRef,
    Username,
    find_people,
    find_posts,
    listed,
    only_reference,
    parse_tweet_ref,
    parse_username,
)

ID = "1893456789012345678"
NASA = TweetRef(ID, "nasa")
NOBODY = TweetRef(ID)


HOSTS = """
    x.com www.x.com mobile.x.com m.x.com pro.x.com X.COM twitter.com www.twitter.com mobile.twitter.com
    m.twitter.com web.twitter.com tweetdeck.twitter.com Twitter.com fixupx.com www.fixupx.com fxtwitter.com
    d.fxtwitter.com vxtwitter.com c.vxtwitter.com fixvx.com twittpr.com pxtwitter.com xcancel.com nitter.net
    nitter.poast.org
"""


@pytest.mark.parametrize("host", HOSTS.split())
@pytest.mark.parametrize("scheme", ["https://", "http://", "HTTPS://", ""])
def test_every_host_of_x_and_the_known_mirrors(scheme: str, host: str) -> None:
    link = f"{scheme}{host}/nasa/status/{ID}"
    assert find_posts(link) == (NASA,)
    assert find_posts(f"Bakın: {link}.") == (NASA,)
    assert parse_tweet_ref(link) == NASA
    assert find_people(f"{scheme}{host}/nasa") == (Username("nasa"),)
    assert parse_username(f"{scheme}{host}/nasa") == Username("nasa")


@pytest.mark.parametrize(
    ("path", "post"),
    [
        (f"nasa/status/{ID}", NASA),
        (f"nasa/statuses/{ID}", NASA),
        (f"@nasa/status/{ID}", NASA),
        (f"NASA/Status/{ID}/", TweetRef(ID, "NASA")),
        (f"/nasa//status/{ID}", NASA),
        (f"nasa/status/{ID}/photo/1", NASA),
        (f"nasa/status/{ID}/video/2?s=20", NASA),
        (f"nasa/status/{ID}/analytics", NASA),
        (f"nasa/status/{ID}/quotes", NASA),
        (f"nasa/status/{ID}/en", NASA),
        (f"nasa/status/{ID}.mp4", NASA),
        (f"nasa/status/{ID}?s=46&t=AbC-d_e", NASA),
        (f"nasa/status/{ID}?s=46&amp;t=AbC", NASA),
        (f"nasa/status/{ID}#m", NASA),
        (f"nasa/status/{ID}%20", NASA),
        (f"nasa/article/{ID}", NASA),
        (f"#!/nasa/status/{ID}", NASA),
        (f"i/status/{ID}", NOBODY),
        (f"i/web/status/{ID}", NOBODY),
        (f"i/web/status/{ID}/photo/1", NOBODY),
        (f"statuses/{ID}", NOBODY),
        (f"intent/like?tweet_id={ID}", NOBODY),
        (f"intent/retweet?related=a&tweet_id={ID}", NOBODY),
        (f"intent/post?in_reply_to={ID}", NOBODY),
        (f"embed/Tweet.html?id={ID}", NOBODY),
        (f"login?redirect_after_login=%2Fnasa%2Fstatus%2F{ID}", NASA),
        (f"i/flow/login?redirect_after_login=%2Fnasa%2Fstatus%2F{ID}%3Fs%3D20", NASA),
        (f"i/redirect?cn=a&url=https%3A%2F%2Ftwitter.com%2Fnasa%2Fstatus%2F{ID}%3Frefsrc%3Demail", NASA),
        ("jack/status/20", TweetRef("20", "jack")),
        ("jack/status/1", TweetRef("1", "jack")),
        ("biz/status/9999", TweetRef("9999", "biz")),
    ],
)
def test_every_path_that_leads_to_a_post(path: str, post: TweetRef) -> None:
    for link in (f"https://x.com/{path}", f"https://twitter.com/{path}", f"mobile.twitter.com/{path}"):
        assert find_posts(link) == (post,)
        assert find_posts(f"“{link}”") == (post,)
        assert parse_tweet_ref(f"<{link}>") == post


AROUND = [
    "{}", "{}.", "({})", "{},", "{}!", "{};", "“{}”", "„{}“", "'{}'", "*{}*",
    "**{}**", "_{}_", "__{}__", "~~{}~~", "`{}`", "```\n{}\n```", "||{}||", "<{}>",
    "<{}|x.com/nasa…>", "<{}|the tweet>", "[here]({})", "[a b]( <{}> )",
    "[here]({} 'nasa on X')", "> {}", "- {}", "link={}", "look:{}", "See {} – wow",
    "Really?{}", "Şuna bak: {}!", "{}'yi gördün mü?", "Привет {} смотри",
    "انظر {}، رائع", "यह देखो {}। अच्छा", "看{}。很好", "これ{}をみて", "「{}」だって", "ดู{}สิ",
    "보세요：{}", "\u2066{}\u2069", "\ufeff{}\u200b", "\u200f{}\u200e\u061c",
    "\u3000{}\u00a0",
]  # fmt: skip


@pytest.mark.parametrize("around", AROUND)
def test_posts_are_found_in_sentences_and_markup_of_every_script(around: str) -> None:
    for link in (f"https://x.com/nasa/status/{ID}", f"https://m.twitter.com/nasa/status/{ID}?s=20"):
        assert find_posts(around.format(link)) == (NASA,)
        assert parse_tweet_ref(around.format(link)) == NASA


def test_unseen_characters_inside_of_a_link_are_taken_off_first() -> None:
    assert find_posts(f"https://x.com/na\u200bsa/sta\u2060tus/{ID[:5]}\ufeff{ID[5:]}") == (NASA,)
    assert parse_username("@na\u00adsa") == Username("nasa")


@pytest.mark.parametrize(
    "text",
    [
        "https://x.com.evil.example/nasa/status/20",
        "https://evilx.com/nasa/status/20",
        "https://evil-x.com/nasa/status/20",
        "evil.x.com/nasa/status/20",
        "https://evil.example/x.com/nasa/status/20",
        "https://evil.example/https://x.com/nasa/status/20",
        "https://evil.example/a,x.com/nasa/status/20",
        "https://evil.example/?to=https://x.com/nasa/status/20",
        "evil.example?to=https://x.com/nasa/status/20",
        "evil.example/x.com/nasa/status/20",
        "https://user@x.com/nasa/status/20",
        "https://user:pass@x.com/nasa/status/20",
        "user@x.com/nasa/status/20",
        "https://x.com@evil.example/nasa/status/20",
        "https://x.com:8080/nasa/status/20",
        "x.com:443/nasa/status/20",
        "https://x.com\\@evil.example/nasa/status/20",
        "https://xn--x-7sb.com/nasa/status/20",
        "https://\u0445.com/nasa/status/20",
        "\u0430x.com/nasa/status/20",
        "https://twіtter.com/nasa/status/20",
        "https://x.co/nasa/status/20",
        "https://x.com.br/nasa/status/20",
        "https://fixupx.com.evil.example/nasa/status/20",
        "javascript://x.com/nasa/status/20",
        "javascript:x.com/nasa/status/20",
        "ftp://x.com/nasa/status/20",
        "<https://evil.example|x.com/nasa/status/20>",
        "[x.com/nasa/status/20](https://evil.example)",
        "[https://x.com/nasa/status/20](https://evil.example/a)",
        "https://x.com/nasa/status/20abc",
        "https://x.com/i/redirect?url=https%3A%2F%2Fevil.example%2Fnasa%2Fstatus%2F20",
        "https://x.com/i/flow/login?redirect_after_login=%40evil.example%2Fnasa%2Fstatus%2F20",
        "https://x.com/i/flow/login?redirect_after_login=.evil.example%2Fnasa%2Fstatus%2F20",
        "https://x.com/nasa/status/2\u0430",
        "https://x.com/nasa/status/0",
        "https://x.com/nasa/status/020",
        f"https://x.com/nasa/status/{'1' * 21}",
        "https://x.com/nasa/status",
        "https://x.com/i/article/20",
        "https://x.com/search?q=20",
        "https://t.co/abc",
    ],
)
def test_what_only_looks_like_a_post_is_none(text: str) -> None:
    assert find_posts(text) == ()
    assert find_posts(f"({text})") == ()
    with pytest.raises(ValueError, match=r"\.$"):
        parse_tweet_ref(text)
    assert not isinstance(only_reference(text), TweetRef)


def test_posts_come_once_and_in_order_with_their_author_where_a_link_names_one() -> None:
    text = (
        "https://x.com/i/status/20, https://fixupx.com/esa/status/30\n(https://twitter.com/jack/status/20?s=1)"
        " https://x.com/jaxa/status/30,https://x.com/a/status/40|https://x.com/b/status/50"
    )
    assert find_posts(text) == (
        TweetRef("20", "jack"),
        TweetRef("30", "esa"),
        TweetRef("40", "a"),
        TweetRef("50", "b"),
    )


@pytest.mark.parametrize("text", ["1", "20", "9999", ID, "9" * 20, " `20` ", "“20”", "\u206620\u2069"])
def test_bare_digits_are_ids(text: str) -> None:
    assert parse_tweet_ref(text).id.isdigit()
    assert find_posts(text) == ()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@nasa", ["nasa"]),
        ("＠nasa", ["nasa"]),
        (".@nasa said so", ["nasa"]),
        ("\u2066@nasa\u2069", ["nasa"]),
        ("(@nasa), @esa. @JAXA_en!", ["nasa", "esa", "JAXA_en"]),
        ("**@nasa** _thinks_ ||@esa||", ["nasa", "esa"]),
        ("@nasa @NASA https://x.com/nasa", ["nasa"]),
        ("https://x.com/nasa's and x.com/@esa", ["nasa", "esa"]),
        ("https://x.com/nasa/status/20 by @esa", ["nasa", "esa"]),
        ("https://x.com/intent/follow?screen_name=nasa", ["nasa"]),
        ("https://twitter.com/#!/nasa", ["nasa"]),
        ("[NASA](https://x.com/nasa/with_replies)", ["nasa"]),
        ("[NASA (@nasa)](https://example.com)", ["nasa"]),
        ("@nasa'nın ve ＠esa’nın", ["nasa", "esa"]),
        ("Спасибо @nasa, и @esa", ["nasa", "esa"]),
        ("شكرا @nasa، و@esa", ["nasa", "esa"]),
        ("धन्यवाद @nasa। और @esa", ["nasa", "esa"]),
        ("谢谢@nasa和@esa", ["nasa", "esa"]),
        ("ขอบคุณ@nasaและ@esa", ["nasa", "esa"]),
        ("@nasa님 감사", ["nasa"]),
        ("https://x.com/nasaをフォロー", ["nasa"]),
        ("me@nasa.gov", []),
        ("@nasa@mastodon.social", []),
        ("https://medium.com/@nasa", []),
        ("@abcdefghijklmnop", []),
        ("@n\u0430sa x.com/n\u0430sa", []),
        ("@na\u0308sa", []),
        ("<@123> <@!1> <@&2> <@U1|nasa> <#3> <!here>", []),
        ("https://x.com/home x.com/i/lists/1 x.com/settings/account", []),
        ("https://x.com/nasa.html", []),
    ],
)
def test_people_are_found_in_every_script(text: str, names: list[str]) -> None:
    assert [one.name for one in find_people(text)] == names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("\u2066@nasa\u2069", "nasa"),
        ("`nasa`", "nasa"),
        ("“@nasa”", "nasa"),
        ("@nasa!", "nasa"),
        ("(.@nasa)", "nasa"),
        ("||@nasa||", "nasa"),
        ("[the agency](https://x.com/nasa)", "nasa"),
        ("<@U1|nasa>", "nasa"),
        ("<https://x.com/nasa|NASA>", "nasa"),
        ("https://fixupx.com/nasa/status/20.", "nasa"),
        ("_nasa_", "_nasa_"),
        ("12345", "12345"),
    ],
)
def test_one_account_is_read_from_what_is_pasted(text: str, name: str) -> None:
    assert parse_username(text) == Username(name)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("<@U1>", "a person of this workspace"),
        ("@nasa and @esa", "2 accounts"),
        ("esa @nasa", "Write only @nasa"),
        ("धन्यवाद @nasa।", "Write only @nasa"),
        ("谢谢 https://x.com/nasa", "Write only @nasa"),
        ("https://x.com/i/user/11348282", "by its number"),
        ("https://x.com/home", "does not lead to a profile"),
        ("me@nasa.gov", "1 to 15 letters"),
    ],
)
def test_what_is_no_one_account_is_refused_and_says_why(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_username(text)


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("@nasa,@esa @jaxa", ["@nasa", "@esa", "@jaxa"]),
        ("- @nasa\n- @esa\n* @jaxa", ["@nasa", "@esa", "@jaxa"]),
        ("<https://x.com/a|the first one>, 20", ["https://x.com/a", "20"]),
        ("[a b](https://x.com/a/status/1)、2", ["https://x.com/a/status/1", "2"]),
        ("@nasa، @esa", ["@nasa", "@esa"]),
        ('"@nasa","@esa"', ['"@nasa"', '"@esa"']),
    ],
)
def test_a_list_is_parted_without_its_markup(text: str, items: list[str]) -> None:
    assert listed(text) == items


@pytest.mark.parametrize(
    "around", ["{}", " {} ", "<{}>", "<{}|x.com/…>", "`{}`", "({})", "{}.", "\u2066{}\u2069", "||{}||"]
)
def test_a_text_that_is_a_reference_alone(around: str) -> None:
    assert only_reference(around.format(f"https://fixupx.com/nasa/status/{ID}?s=20")) == NASA
    assert only_reference(around.format("https://x.com/nasa")) == Username("nasa")
    if "<" not in around:
        assert only_reference(around.format("@nasa")) == Username("nasa")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nasa",
        "20",
        ID,
        "help",
        "draw @nasa",
        f"tweet https://x.com/nasa/status/{ID}",
        "@nasa @esa",
        "look:x.com/a",
        f"https://x.com/a/status/1 https://x.com/b/status/{ID}",
        "看https://x.com/a/status/1",
        "https://x.com/home",
        "@nasa:hello",
        "me@nasa.gov",
        "https://x.com/nasa/status/abc",
    ],
)
def test_a_text_that_is_more_than_a_reference_or_none(text: str) -> None:
    assert only_reference(text) is None


@given(st.text(max_size=80))
def test_every_text_can_be_searched(text: str) -> None:
    for post in find_posts(text):
        assert parse_tweet_ref(post.url) == post
    for person in find_people(text):
        assert parse_username(person.url) == parse_username(person.handle) == person
    only_reference(text)
    listed(text)


@pytest.mark.parametrize(
    "part",
    [
        "https://",
        "x.com/",
        "[",
        "[a](https://x.com/",
        "](",
        "<https://x.com|",
        "@",
        "@a",
        "a.",
        "http",
        "://",
        "?",
        "(",
        "\u200b",
        "_",
        "status/",
        "https://x.com/nasa/status/20 ",
        "<@",
        "1",
        "#!/",
        "&tweet_id=",
    ],
)
def test_time_grows_with_the_length_and_no_faster(part: str) -> None:
    size = 100_000
    text = (part * (size // len(part) + 1))[:size]
    started = time.process_time()
    find_posts(text), find_people(text), only_reference(text), listed(text)
    assert time.process_time() - started < 3.0
    shuffled = "".join(random.Random(1).sample(text, 2_000))
    find_posts(shuffled), find_people(shuffled)
