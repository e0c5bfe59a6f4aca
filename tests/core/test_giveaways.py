"""The rules of a giveaway, read from its text: follow, repost, hashtags; and what is no rule."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.x.giveaways import MOST_NAMES, Stated, stated
from tests.fuzzing import examples

HOST = "Host"

# Text, whom to follow, whether to repost, which hashtags to use.
STATED = [
    # English
    (
        "Giveaway time! Reply with #giveaway, follow @xquik and repost to enter.",
        ["xquik"],
        True,
        ["giveaway"],
    ),
    ("To enter: follow us, RT this post and comment using #WinIt", [HOST], True, ["WinIt"]),
    (
        "Follow @nasa & @esa + Retweet. Use the hashtag #Moon, #Mars",
        ["nasa", "esa"],
        True,
        ["Moon", "Mars"],
    ),
    ("Must be following @nasa. Don't forget to repost!", ["nasa"], True, []),
    ("🎁 Follow + RT 🎁", [HOST], True, []),
    (
        "Follow the @xquik account.\nThen repost.\nThen reply with #one and #two",
        ["xquik"],
        True,
        ["one", "two"],
    ),
    # Spanish
    ("¡SORTEO! Sigue a @marca, dale RT y comenta con #MiSorteo", ["marca"], True, ["MiSorteo"]),
    ("Para participar: síguenos y comparte este post", [HOST], True, []),
    ("Hay que seguir a @marca y a @otra, y retuitear", ["marca", "otra"], True, []),
    ("No olvides seguir a @marca. Usa #Regalo", ["marca"], False, ["Regalo"]),
    ("Sígueme y haz RT. ¡Suerte!", [HOST], True, []),
    # Turkish
    (
        "ÇEKİLİŞ! @marka hesabını takip et, RT yap, #çekiliş etiketiyle yorum yaz",
        ["marka"],
        True,
        ["çekiliş"],
    ),
    ("Katılmak için bizi takip edin ve retweetleyin", [HOST], True, []),
    ("@bir ve @iki hesaplarını TAKİP ET, gönderiyi paylaş", ["bir", "iki"], True, []),
    ("RT'le, takip et, #KAZAN ile yanıtla", [HOST], True, ["KAZAN"]),
    ("@marka hesabını takip etmeyi unutmayın!", ["marka"], False, []),
    (
        "Çekilişe katılmak için @xquik hesabını takip et, RT yap ve #çekiliş yaz",
        ["xquik"],
        True,
        ["çekiliş"],
    ),
    ("#KAZAN yazın, RT yapın", [], True, ["KAZAN"]),
    ("Yoruma #hediye ekleyin ve @marka'yı takip edin", ["marka"], False, ["hediye"]),
    ("Takip et ve #çekiliş yazıp RT yap", [HOST], True, ["çekiliş"]),
    ("#tatil yaz fırsatları, RT yap", [], True, []),
    ("Write #WinIt and repost", [], True, ["WinIt"]),
    ("Escribe #Sorteo y sigue a @marca", ["marca"], False, ["Sorteo"]),
    ("Schreib #Gewinn, folge @marke", ["marke"], False, ["Gewinn"]),
    ("Напишите #приз и сделайте репост", [], True, ["приз"]),
    ("اكتب #سحب وتابع @nasa", ["nasa"], False, ["سحب"]),
    ("#इनाम लिखें और रीट्वीट करें", [], True, ["इनाम"]),
    # Portuguese
    ("Sorteio! Siga @loja, retuíte e comente com #Sorteio", ["loja"], True, ["Sorteio"]),
    ("Para participar: seguir @loja e compartilhar", ["loja"], True, []),
    ("Siga-nos e dê RT nesse post", [HOST], True, []),
    ("Não esqueça de seguir @loja e @amiga", ["loja", "amiga"], False, []),
    ("Responda usando a hashtag #Prêmio e reposte", [], True, ["Prêmio"]),
    # German
    ("Gewinnspiel: Folgt @firma, teilt diesen Post, antwortet mit #Gewinn", ["firma"], True, ["Gewinn"]),
    ("Folge uns und retweete!", [HOST], True, []),
    ("Um teilzunehmen, müsst ihr @firma folgen und den Post reposten", ["firma"], True, []),
    ("Nicht vergessen: @firma folgen. Kommentiert mit dem Hashtag #Glück", ["firma"], False, ["Glück"]),
    ("Teile den Beitrag und folge @eins und @zwei", ["eins", "zwei"], True, []),
    # Japanese
    (
        "プレゼント企画！ @xquik_jp をフォロー＆この投稿をリポスト #当たれ をつけて返信",
        ["xquik_jp"],
        True,
        ["当たれ"],
    ),
    ("フォロー&RTで応募完了", [HOST], True, []),
    ("@xquik_jpをフォローして、この投稿をリツイート！", ["xquik_jp"], True, []),
    ("応募方法①フォロー②拡散", [HOST], True, []),
    ("フォローとＲＴをお忘れなく", [HOST], True, []),
    # Others
    ("Concours ! Suivez @marque et partagez. Répondez avec #Concours", ["marque"], True, ["Concours"]),
    ("Seguite @marca e ricondividi, commenta con #Vinci", ["marca"], True, ["Vinci"]),
    ("Подпишись на @brand и сделай репост с хештегом #приз", ["brand"], True, ["приз"]),
    ("تابع @xquik وريتويت مع #مسابقة", ["xquik"], True, ["مسابقة"]),
    ("@xquik को फ़ॉलो करें और रीट्वीट करें, #इनाम के साथ जवाब दें", ["xquik"], True, ["इनाम"]),
    ("@xquik 팔로우하고 리트윗 하세요", ["xquik"], True, []),
    ("关注 @xquik 并转发，带上 #抽奖", ["xquik"], True, ["抽奖"]),
    ("ติดตาม @xquik และรีทวีต", ["xquik"], True, []),
]


@pytest.mark.parametrize(("text", "follow", "repost", "tags"), STATED)
def test_a_rule_is_read_in_its_language(text: str, follow: list[str], repost: bool, tags: list[str]) -> None:
    found = stated(text, HOST)
    assert (list(found.follow), found.repost, list(found.hashtags)) == (follow, repost, tags)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Python 3.14 is out. No pictures, only words. #python",
        "The following rules apply. Thanks for 10k followers!",
        "Follow the rules. Follow these steps",
        "No RT needed",
        "You do not have to follow us or repost",
        "Sin RT. No hace falta seguir a @marca",
        "Kein Retweet nötig, ohne Folgen",
        "RT şart değil, takip etmenize gerek yok",
        "フォロー不要、リポスト不要",
        "无需关注，不用转发",
        "फॉलो करना ज़रूरी नहीं",
        "Celebrate our new #iPhone! What a win #lucky",
        "Read https://x.com/follow/@evil and https://retweet.example/rt",
        "START, sport, art, repostería, retweeter_bot",
        "フォロワー1万人 ありがとう",
        "mail me: follow@example.com",
        "Reply with #moon or #mars",
        "Comenta con #luna o #marte",
        "#bir veya #iki ile yanıtla",
    ],
)
def test_what_is_no_rule_is_not_read_as_one(text: str) -> None:
    found = stated(text, HOST)
    assert (found.follow, found.repost, found.hashtags) == ((), False, ())


@pytest.mark.parametrize(
    ("text", "like", "friends", "mentioned"),
    [
        ("Follow, RT, like and tag 2 friends", True, True, ()),
        ("Dale like y etiqueta a 2 amigos", True, True, ()),
        ("Beğen ve 2 arkadaşını etiketle", True, True, ()),
        ("Curta e marque 3 amigos", True, True, ()),
        ("Liked? No", False, False, ()),
        ("いいねして友達をメンション", True, True, ()),
        ("Follow us and tag @nasa in your reply", False, False, ("nasa",)),
        ("إعجاب ومنشن", True, True, ()),
        ("लाइक करें और दोस्तों को टैग करें", True, True, ()),
    ],
)
def test_what_nobody_can_check_is_known(
    text: str, like: bool, friends: bool, mentioned: tuple[str, ...]
) -> None:
    found = stated(text, HOST)
    assert (found.like, found.friends, found.mentions) == (like, friends, mentioned)


def test_without_an_author_nobody_is_meant_by_us() -> None:
    assert stated("Follow us and RT", None) == Stated(repost=True)


def test_names_keep_their_letters_and_stand_once() -> None:
    assert stated("Follow @NASA and @nasa. Reply with #Moon. Reply with #MOON", HOST).follow == ("NASA",)


def test_a_heap_of_names_is_bounded() -> None:
    crowd = " ".join(f"@a{number} and" for number in range(400))
    found = stated(f"Follow {crowd} " + "reply with #x " * 300 + "follow " * 900, HOST)
    assert len(found.follow) <= MOST_NAMES + 1


@settings(max_examples=examples(60))
@given(
    st.lists(
        st.sampled_from(
            [
                "follow",
                "@a",
                "@b_",
                "#x",
                "#çekiliş",
                "RT",
                "with",
                ",",
                ".",
                "\u202e",
                "\u200b",
                "フォロー",
                "no",
                "＠c",
            ]
        )
        | st.text(max_size=6),
        max_size=40,
    )
)
def test_any_text_is_read_and_names_nobody_that_it_does_not(parts: list[str]) -> None:
    text = " ".join(parts)
    found = stated(text, HOST)
    for name in (*found.follow, *found.mentions):
        assert name == HOST or name.lower() in text.lower()
    for tag in found.hashtags:
        assert tag in text
