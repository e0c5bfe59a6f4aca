"""Sets of characters by properties of Unicode that Python's `unicodedata` does not tell.

Facts of Unicode 17.0 (DerivedCoreProperties.txt, emoji-data.txt, PropList.txt), as ranges in hex.
Default_Ignorable_Code_Point holds its reserved code points already, so a newer version changes nothing
in it; `tests/core/test_unicode_sets.py` holds all of them against other implementations.

What is made of whole planes of them (`marks`, the expressions elsewhere) is made when it is first used: all
of it would be a tenth of a start, and most runs need little of it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Final

DEFAULT_IGNORABLE: Final = """
    AD 34F 61C 115F-1160 17B4-17B5 180B-180F 200B-200F 202A-202E 2060-206F 3164 FE00-FE0F FEFF FFA0
    FFF0-FFF8 1BCA0-1BCA3 1D173-1D17A E0000-E0FFF
"""  # no message: code points
"""Default_Ignorable_Code_Point: drawn as nothing by whoever does not know better."""

FORMAT: Final = "FFF9-FFFB 13430-1343F"
"""General_Category Cf that is neither of the former nor drawn (Prepended_Concatenation_Mark is)."""

BLANK: Final = "2800 FFFC 13441-13442 16FE4 1D159"
"""Letters and symbols whose drawing is empty: the blank pattern of Braille, the place of an object that
is not there, blanks and fillers of scripts, the note without a head. None is White_Space."""

CONTROL: Final = "0-8 B-1F 7F-9F 2028-2029 D800-DFFF"
"""Controls but tab and line feed, the separators of lines and paragraphs, halves of characters."""

REORDERING: Final = "61C 200E-200F 202A-202E 2066-2069"
"""Bidi_Control: they can show a text in another order than it has."""

PICTOGRAPHIC: Final = """
    A9 AE 203C 2049 2122 2139 2194-2199 21A9-21AA 231A-231B 2328 23CF 23E9-23F3 23F8-23FA 24C2 25AA-25AB
    25B6 25C0 25FB-25FE 2600-2604 260E 2611 2614-2615 2618 261D 2620 2622-2623 2626 262A 262E-262F
    2638-263A 2640 2642 2648-2653 265F-2660 2663 2665-2666 2668 267B 267E-267F 2692-2697 2699 269B-269C
    26A0-26A1 26A7 26AA-26AB 26B0-26B1 26BD-26BE 26C4-26C5 26C8 26CE-26CF 26D1 26D3-26D4 26E9-26EA
    26F0-26F5 26F7-26FA 26FD 2702 2705 2708-270D 270F 2712 2714 2716 271D 2721 2728 2733-2734 2744 2747
    274C 274E 2753-2755 2757 2763-2764 2795-2797 27A1 27B0 27BF 2934-2935 2B05-2B07 2B1B-2B1C 2B50 2B55
    3030 303D 3297 3299 1F004 1F02C-1F02F 1F094-1F09F 1F0AF-1F0B0 1F0C0 1F0CF-1F0D0 1F0F6-1F0FF
    1F170-1F171 1F17E-1F17F 1F18E 1F191-1F19A 1F1AF-1F1E5 1F201-1F20F 1F21A 1F22F 1F232-1F23A 1F23C-1F23F
    1F249-1F25F 1F266-1F321 1F324-1F393 1F396-1F397 1F399-1F39B 1F39E-1F3F0 1F3F3-1F3F5 1F3F7-1F3FA
    1F400-1F4FD 1F4FF-1F53D 1F549-1F54E 1F550-1F567 1F56F-1F570 1F573-1F57A 1F587 1F58A-1F58D 1F590
    1F595-1F596 1F5A4-1F5A5 1F5A8 1F5B1-1F5B2 1F5BC 1F5C2-1F5C4 1F5D1-1F5D3 1F5DC-1F5DE 1F5E1 1F5E3 1F5E8
    1F5EF 1F5F3 1F5FA-1F64F 1F680-1F6C5 1F6CB-1F6D2 1F6D5-1F6E5 1F6E9 1F6EB-1F6F0 1F6F3-1F6FF 1F7DC-1F7F0
    1F80C-1F80F 1F848-1F84F 1F85A-1F85F 1F888-1F88F 1F8AE-1F8AF 1F8BC-1F8BF 1F8C2-1F8CF 1F8D9-1F8FF
    1F90C-1F93A 1F93C-1F945 1F947-1F9FF 1FA58-1FA5F 1FA6E-1FAFF 1FC00-1FFFD
"""
"""Extended_Pictographic: what an emoji sequence is made of."""

JOINED: Final = """
    600-6FF 700-77F 7C0-7FF 840-8FF 900-DFF F00-FFF 1000-109F 1780-18AF 1900-1AAF 1B00-1BFF 1C00-1C4F
    A800-A82F A840-A8FF A930-A9FF AA00-AADF AAE0-AAFF ABC0-ABFF FB50-FDFF FE70-FEFC
    10A00-10A5F 10AC0-10AFF 10D00-10D3F 10F30-10FFF 11000-11FFF 1E900-1E95F
"""  # no message: code points
"""Blocks of scripts whose letters join or stack, where joiners are part of how a word is spelt."""

UNSPACED: Final = (
    "E00-EFF 1000-109F 1780-17FF 1950-19FF 1A20-1AAF A9E0-A9FF AA60-AADF"  # no message: code points
)
"""Blocks of scripts without spaces between words, where U+200B says where a line may break."""

IDEOGRAPHIC: Final = "3400-4DBF 4E00-9FFF F900-FAFF 20000-323AF"  # no message: code points
"""Blocks of ideographs, whose form a variation selector chooses: names need it."""


def _ranges(codes: Iterable[int]) -> str:
    """Ascending code points as ranges."""
    found: list[list[int]] = []
    for code in codes:
        if found and found[-1][1] == code - 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return " ".join(f"{one:X}-{last:X}" for one, last in found)


SYLLABIC: Final = """
    3005-3007 3021-302F 3031-3035 3038-303C 3040-312F 31A0-31BF 31F0-31FF A000-A4CF
"""  # no message: code points
"""Kana, Bopomofo and Yi, and the signs that stand for ideographs: written without spaces, as those are."""


@cache
def marks() -> str:
    """General_Category M without the selectors of forms: what stands on or beside a letter, a part of it."""
    return _ranges(code for code in range(0x300, 0x1F000) if unicodedata.category(chr(code))[0] == "M")


def characters(ranges: str) -> frozenset[str]:
    """The characters of such a set, one by one."""
    return frozenset(chr(code) for first, last in spans(ranges) for code in range(first, last + 1))


def character_class(*sets: str) -> str:
    """What stands between the brackets of a regular expression for any of the sets."""
    return "".join(f"\\U{first:08X}-\\U{last:08X}" for one in sets for first, last in spans(one))


def without(ranges: str, others: str) -> str:
    """Those of the first set that are not in the second."""
    left = [code for first, last in spans(ranges) for code in range(first, last + 1)]
    for first, last in spans(others):
        left = [code for code in left if not first <= code <= last]
    return _ranges(left)


def spans(ranges: str) -> list[tuple[int, int]]:
    """First and last code point of each range."""
    pairs = (text.partition("-") for text in ranges.split())
    return [(int(first, 16), int(last or first, 16)) for first, _, last in pairs]
