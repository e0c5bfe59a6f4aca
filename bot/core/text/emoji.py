"""Which runs of characters are one emoji, as X counts them.

A grammar over small tables of facts: the sequences that Unicode recommends for general interchange
(emoji data, version 17.0). X's published rules are of version 12 and its clients count newer ones alike.
A sequence that nobody recommends counts as the emoji it is made of.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

_VS: Final = "\ufe0f"
_ZWJ: Final = "\u200d"
_TONE: Final = "[\U0001f3fb-\U0001f3ff]"
_REGIONAL_A: Final = 0x1F1E6

# Characters that become an emoji by a variation selector after them.
_PICTURED: Final = (
    "©®‼⁉™ℹ↔↕↖↗↘↙↩↪⌨⏏⏭⏮⏯⏱⏲⏸⏹⏺Ⓜ▪▫▶◀◻◼☀☁☂☃☄☎☑☘☝☠☢☣☦☪☮"
    "☯☸☹☺♀♂♟♠♣♥♦♨♻♾⚒⚔⚕⚖⚧⚗⚙⚛⚜⚠⚰⚱⛈⛏⛑⛓⛩⛰⛱⛴⛷⛸⛹✂✈✉✌✍✏✒✔✖✝"
    "✡✳✴❄❇❣❤➡⤴⤵⬅⬆⬇〰〽㊗㊙🅰🅱🅾🅿🈂🈷🌡🌤🌥🌦🌧🌨🌩🌪🌫🌬🌶🍽🎖🎗🎙🎚🎛🎞🎟🏋🏌🏍🏎"
    "🏔🏕🏖🏗🏘🏙🏚🏛🏜🏝🏞🏟🏳🏵🏷🐿👁📽🕉🕊🕯🕰🕳🕴🕵🕶🕷🕸🕹🖇🖊🖋🖌🖍🖐🖥🖨🖱🖲🖼🗂🗃🗄🗑🗒🗓"
    "🗜🗝🗞🗡🗣🗨🗯🗳🗺🛋🛍🛎🛏🛠🛡🛢🛣🛤🛥🛩🛰🛳"
)
# People and hands that take a skin tone.
_TONED: Final = (
    "☝⛹✊✋✌✍🎅🏂🏃🏄🏇🏊🏋🏌👂👃👆👇👈👉👊👋👌👍👎👏👐👦👧👨👩👫👬👭👮👰👱👲👳👴👵👶👷👸👼💁"
    "💂💃💅💆💇💪🕴🕵🕺🖐🖕🖖🙅🙆🙇🙋🙌🙍🙎🙏🚣🚴🚵🚶🛀🛌🤏🤘🤙🤚🤛🤜🤞🤟🤦🤰🤱🤲🤳🤴🤵🤶🤷🤸🤹🤽"
    "🤾🦵🦶🦸🦹🦻🧍🧎🧏🧑🧒🧓🧔🧕🧖🧗🧘🧙🧚🧛🧜🧝"
    # since version 13
    "💏💑🤌🥷🤝🫃🫄🫅🫰🫱🫲🫳🫴🫵🫶🫷🫸🤼👯"
)
# People that take a gender sign.
_GENDERED: Final = (
    "⛹🏃🏄🏊🏋🏌👮👯👱👳👷💁💂💆💇🕵🙅🙆🙇🙋🙍🙎🚣🚴🚵🚶🤦🤷🤸🤹🤼🤽🤾🦸🦹🧍🧎🧏🧖🧗🧘🧙🧚🧛🧜🧝🧞🧟🤵👰🧔"
)
# What a woman or a man holds or is, as in "woman + rocket".
_ATTRIBUTES: Final = "🌾🍳🎓🎤🎨🏫🏭💻💼🔧🔬🚀🚒🦯🦰🦱🦲🦳🦼🦽🍼⚕⚖✈"
# What looks or goes to the right with an arrow behind it.
_WALKING: Final = "🚶🏃🧎"
_FLAGS: Final = """
    AC AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR
    BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CP CQ CR CU CV CW CX CY CZ DE DG DJ DK DM DO
    DZ EA EC EE EG EH ER ES ET EU FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT
    GU GW GY HK HM HN HR HT HU IC ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR
    KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU
    MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY
    QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TA TC TD TF TG
    TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM UN US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA
    ZM ZW
"""  # no message: countries
_SUBDIVISIONS: Final = ("gbeng", "gbsct", "gbwls")


def _flag(letters: str) -> str:
    return "".join(chr(_REGIONAL_A + ord(letter) - ord("A")) for letter in letters)


def _subdivision(name: str) -> str:
    return "\U0001f3f4" + "".join(chr(0xE0000 + ord(char)) for char in name) + "\U000e007f"


SUBDIVISION_FLAGS: Final = tuple(map(_subdivision, _SUBDIVISIONS))
"""England, Scotland and Wales: a black flag with letters that nobody sees."""

_SEQUENCES: Final = (
    # families: one or two parents, one or two children
    f"(?:👨{_ZWJ}[👨👩]{_ZWJ}|👩{_ZWJ}👩{_ZWJ}|[👨👩]{_ZWJ})(?:👧{_ZWJ}[👦👧]|👦{_ZWJ}👦|[👦👧])",
    f"🧑{_ZWJ}(?:🧑{_ZWJ})?🧒(?:{_ZWJ}🧒)?",
    # couples, with a kiss or without
    f"[🧑👩👨]{_TONE}{_ZWJ}❤{_VS}?{_ZWJ}(?:💋{_ZWJ})?[🧑👩👨]{_TONE}",
    f"(?:👩{_ZWJ}❤{_VS}?{_ZWJ}(?:💋{_ZWJ})?[👨👩]|👨{_ZWJ}❤{_VS}?{_ZWJ}(?:💋{_ZWJ})?👨)",
    # holding hands
    f"🧑{_ZWJ}🤝{_ZWJ}🧑(?!{_TONE})",
    f"[🧑👩]{_TONE}{_ZWJ}🤝{_ZWJ}[🧑👩👨]{_TONE}|👨{_TONE}{_ZWJ}🤝{_ZWJ}👨{_TONE}",
    # since version 17: two of a pair, each with a tone
    f"[🧑👩👨]{_TONE}{_ZWJ}[🐰🫯]{_ZWJ}[🧑👩👨]{_TONE}|🫱{_TONE}{_ZWJ}🫲{_TONE}",
    # going to the right, with a stick or a chair or on foot
    f"[🧑👨👩]{_TONE}?{_ZWJ}[🦯🦼🦽]{_ZWJ}➡{_VS}?",
    f"[{_WALKING}]{_TONE}?(?:{_ZWJ}[♀♂]{_VS}?)?{_ZWJ}➡{_VS}?",
    f"[🧑👨👩]{_TONE}?{_ZWJ}(?:[⚕⚖✈]{_VS}?|[{_ATTRIBUTES}])|🧑{_TONE}?{_ZWJ}[🎄🩰]",
    f"[{_GENDERED}](?:{_VS}|{_TONE})?{_ZWJ}[♀♂]{_VS}?",
    f"[🐈🐦]{_ZWJ}⬛|🐦{_ZWJ}🔥|🐻{_ZWJ}❄{_VS}?|🏳{_VS}?{_ZWJ}⚧{_VS}?|❤{_VS}?{_ZWJ}[🔥🩹]",
    f"😶{_ZWJ}🌫{_VS}?|😮{_ZWJ}💨|😵{_ZWJ}💫|🍋{_ZWJ}🟩|🍄{_ZWJ}🟫|⛓{_VS}?{_ZWJ}💥|🙂{_ZWJ}[↔↕]{_VS}?",
    f"👁{_VS}?{_ZWJ}🗨{_VS}?|🏳{_VS}?{_ZWJ}🌈|🏴{_ZWJ}☠{_VS}?|🐕{_ZWJ}🦺",
    "|".join(SUBDIVISION_FLAGS),
    "|".join(map(_flag, _FLAGS.split())),
    f"[0-9#*]{_VS}?\u20e3",
    f"[{_TONED}]{_TONE}",
    f"[{_PICTURED}]{_VS}",
    # the two signs that are light as text and heavy as the emoji X takes them for
    "[©®]",
)


@cache
def sequence() -> re.Pattern[str]:
    """An emoji of several characters, or one that X counts heavier than its character."""
    return re.compile("|".join(_SEQUENCES))
