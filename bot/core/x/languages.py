"""The languages that X can find a tweet to be in, and what people call them. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from unicodedata import combining, normalize

from bot.core.messages.message import Joined, JoinedBy, LanguageName, msg
from bot.core.text.nearest import names_close_to
from bot.core.text.sameness import folded
from bot.core.text.shortening import cut

# ISO 639-1, all of it.
_ISO: Final = """
aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz
ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik
io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv lg mg mh mi mk ml
mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd
se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi
vo wa wo xh yi yo za zh zu
"""  # no message: names
# What X says besides: undecided, nothing but mentions, cashtags, hashtags or media, too short, without
# words, made up; and languages by an older or a longer code.
_OF_X: Final = "und qam qct qht qme qst zxx art in iw ckb fil"  # no message: names

LANGUAGES: Final = frozenset((_ISO + _OF_X).split())
# The older codes, and what they are called today: X says the older ones, people write either.
_TODAY: Final = {"iw": "he", "in": "id", "ji": "yi", "fil": "tl"}
_OF_TWEETS: Final = {"he": "iw", "id": "in", "fil": "tl"}

# A language's English name first, then its own and what its neighbours call it.
_NAMES: Final = """
af: Afrikaans
am: Amharic, አማርኛ
ar: Arabic, العربية, عربي, Arapça, Árabe, Arabisch, Arabe
ar: Egyptian Arabic, Gulf Arabic
az: Azerbaijani, Azərbaycanca, Azeri, Azerice
bg: Bulgarian, Български
bn: Bengali, Bangla, বাংলা
bo: Tibetan
bs: Bosnian, Bosanski
ca: Catalan, Català
ckb: Sorani, Central Kurdish
cs: Czech, Čeština
cy: Welsh, Cymraeg
da: Danish, Dansk
de: German, Deutsch, Almanca, Alemán, Alemão, Allemand, ドイツ語, 德语
de: Swiss German, Austrian German
dv: Divehi, Dhivehi
el: Greek, Ελληνικά, Yunanca
en: English, İngilizce, Englisch, Inglés, Inglês, Anglais, Inglese, Английский, الإنجليزية, अंग्रेज़ी
en: 英語, 英语, 영어, ภาษาอังกฤษ
en: American English, British English, US English, UK English
es: Spanish, Español, Castellano, İspanyolca, Spanisch, Espanhol, Espagnol, スペイン語, 西班牙语
es: Mexican Spanish, Latin American Spanish
et: Estonian, Eesti
eu: Basque, Euskara
fa: Persian, Farsi, فارسی, Farsça
fi: Finnish, Suomi
fr: French, Français, Fransızca, Französisch, Francés, Francês, フランス語, 法语
fr: Canadian French
ga: Irish, Gaeilge
gl: Galician, Galego
gu: Gujarati, ગુજરાતી
he: Hebrew, עברית, İbranice
hi: Hindi, हिन्दी, हिंदी
hr: Croatian, Hrvatski
ht: Haitian, Haitian Creole, Kreyòl
hu: Hungarian, Magyar
hy: Armenian, Հայերեն
id: Indonesian, Bahasa Indonesia, Bahasa
is: Icelandic, Íslenska
it: Italian, Italiano, İtalyanca, Italienisch, Italien
ja: Japanese, 日本語, Japonca, Japanisch, Japonés, Japonês, Japonais
ka: Georgian, ქართული
kk: Kazakh, Қазақша
km: Khmer, Cambodian
kn: Kannada, ಕನ್ನಡ
ko: Korean, 한국어, Korece, Koreanisch, Coreano
ku: Kurdish, Kurdî, Kürtçe
ky: Kyrgyz
la: Latin
lo: Lao, Laotian, ລາວ
lt: Lithuanian, Lietuvių
lv: Latvian, Latviešu
mk: Macedonian, Македонски
ml: Malayalam, മലയാളം
mn: Mongolian, Монгол
mr: Marathi, मराठी
ms: Malay, Bahasa Melayu
mt: Maltese
my: Burmese, Myanmar, မြန်မာ
ne: Nepali, नेपाली
nl: Dutch, Nederlands, Flemish, Niederländisch
no: Norwegian, Norsk
or: Odia, Oriya
pa: Punjabi, ਪੰਜਾਬੀ
pl: Polish, Polski
ps: Pashto, پښتو
pt: Portuguese, Português, Portekizce, Portugiesisch, Portugués, Portugais
pt: Brazilian Portuguese, European Portuguese, Brazilian
ro: Romanian, Română
ru: Russian, Русский, Rusça, Russisch, Ruso, Russo, Russe
sd: Sindhi, سنڌي
si: Sinhala, Sinhalese, සිංහල
sk: Slovak, Slovenčina
sl: Slovenian, Slovene, Slovenščina
so: Somali
sq: Albanian, Shqip
sr: Serbian, Српски, Srpski
sv: Swedish, Svenska
sw: Swahili, Kiswahili
ta: Tamil, தமிழ்
te: Telugu, తెలుగు
tg: Tajik
th: Thai, ไทย, ภาษาไทย
tk: Turkmen
tl: Tagalog, Filipino
tr: Turkish, Türkçe, Türkisch, Turco, Turc, トルコ語
tt: Tatar
ug: Uyghur, ئۇيغۇرچە
uk: Ukrainian, Українська
ur: Urdu, اردو
uz: Uzbek, Oʻzbekcha
vi: Vietnamese, Tiếng Việt
yi: Yiddish
yo: Yoruba
zh: Chinese, Mandarin, 中文, 汉语, 漢語, Çince, Chinesisch, Chino, Chinês, 中国語
zh: Simplified Chinese, Traditional Chinese, Cantonese, 简体中文, 繁體中文, 繁体中文
zu: Zulu
und: Undetermined, Unknown
"""  # no message: names
_SAID: Final = tuple(
    (code, name.strip())
    for code, names in (entry.split(":", 1) for entry in _NAMES.strip().splitlines())
    for name in names.split(",")
)
LANGUAGE_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    code: tuple(name for of, name in _SAID if of == code) for code, _ in _SAID
}
"""What each language is called, by code: its English name, its own, and what others call it."""
_CODE_OF: Final = {folded(name): code for code, name in _SAID}
# pt-BR, zh_Hant: X tells neither regions nor scripts apart.


def _plain(name: str) -> str:
    """A name as people type it who leave its marks out: turkce, francais."""
    return "".join(char for char in normalize("NFKD", folded(name)) if not combining(char))


def _unmarked() -> dict[str, str]:
    """Codes by names without marks, where only one language is meant."""
    codes: dict[str, set[str]] = {}
    for name, code in _CODE_OF.items():
        codes.setdefault(_plain(name), set()).add(code)
    return {name: min(of) for name, of in codes.items() if len(of) == 1}


_CODE_OF_PLAIN: Final = _unmarked()
_TAG: Final = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]{2,8}){1,3}", re.ASCII)
_LONGEST: Final = 60


def language_said(code: str) -> LanguageName:
    """What a language is called that X gives by its code, older ones and those with a region too; by the code
    where we have no name for it."""
    base, dash, region = code.strip().lower().replace("_", "-").partition("-")
    base = _TODAY.get(base, base)
    return LanguageName(f"{base}{dash}{region}", LANGUAGE_NAMES.get(base, (base,))[0])


def same_language(one: str, other: str) -> bool:
    """Whether two codes mean the same language."""
    return _TODAY.get(one, one) == _TODAY.get(other, other)


def same_but_for_region(one: str, other: str) -> bool:
    """Whether two codes mean the same language, wherever it is written: pt and pt-BR."""
    bases = (code.strip().lower().replace("_", "-").partition("-")[0] for code in (one, other))
    return same_language(*bases)


def named_language(name: str) -> str | None:
    """The code of the language that is called so; None for what is no name of one."""
    return _CODE_OF.get(folded(name.strip())) or _CODE_OF_PLAIN.get(_plain(name.strip()))


def language_code(text: str) -> str:
    """The code of a language given by code, by tag (pt-BR) or by name (English, İngilizce, 日本語).

    ValueError, with names that are near, where X finds no such language.
    """
    said = text.strip()
    code = said.lower()
    if code in LANGUAGES:
        return code
    if len(said) <= _LONGEST:
        if (named := named_language(said)) is not None:
            return named
        tag = _TAG.fullmatch(code)
        if tag is not None and tag[1] in LANGUAGES:
            return tag[1]
    near = _near(said[:_LONGEST])
    shown = repr(cut(said, 30))
    if not near:
        raise ValueError(
            msg("{text} is not a language that X knows; write codes or names, like en or German", text=shown)
        )
    raise ValueError(
        msg(
            "{text} is not a language that X knows; did you mean {near}?",
            text=shown,
            near=Joined(tuple(near), JoinedBy.OR),
        )
    )


def code_in_tweets(code: str) -> str:
    """The code by which X itself marks tweets in that language."""
    return _OF_TWEETS.get(code, code)


def code_of_people(code: str) -> str:
    """The other way round: the code that `language_code` reads, of one by which X marks tweets."""
    return next((said for said, marked in _OF_TWEETS.items() if marked == code), code)


def _near(said: str) -> list[str]:
    """The names that are most like it, two languages at most."""
    found = {_CODE_OF[folded(name)]: name for name in reversed(names_close_to(said, [n for _, n in _SAID]))}
    return [f"{name} ({code})" for code, name in reversed(found.items())][:2]
