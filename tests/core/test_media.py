"""What a file is by its content, how long a video is, and how media is named in a command."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import Rejected, UsageError
from bot.core.media.boxes import seconds
from bot.core.media.kinds import MediaKind, kind_of, whole
from bot.core.media.limits import FACES, UPLOAD, check_together, measured, size_words
from bot.core.x.media_refs import MediaFrom, attached_at, kept_as, parse_media_ref, plain_name
from tests.media import ALL, AVIF, GIF, JPEG, WEBP, box, fragmented, ftyp, mp4, png


@pytest.mark.parametrize("name", sorted(ALL))
def test_each_kind_is_known_by_its_content_and_by_where_it_ends(name: str) -> None:
    data = ALL[name]
    kind = kind_of(data)
    assert kind is not None
    assert kind.value.rpartition("/")[2] == name
    assert whole(kind, data)
    assert not whole(kind, data[: len(data) * 2 // 3]), "cut off"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x89PNG",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        b"PK\x03\x04",
        b"<html><script>",
        b"RIFF\0\0\0\0WAVE",
        ftyp(b"heic", b"mif1"),
        ftyp(b"qt  ") + box(b"moov"),
        b"\0\0\0\x18moov",
    ],
)
def test_what_x_does_not_take_is_no_kind(data: bytes) -> None:
    assert kind_of(data) is None


def test_a_polyglot_is_what_its_first_bytes_say_and_nothing_else() -> None:
    script = b"/*<script>alert(1)</script>PK\x03\x04*/"
    for data in (JPEG + script, GIF + script):
        found = measured("x.html", data)
        assert found.kind.value.startswith("image/")
    assert kind_of(script + JPEG) is None


@pytest.mark.parametrize("wide", [False, True])
def test_the_length_of_a_video_is_in_its_header(wide: bool) -> None:
    assert seconds(mp4(139.5, wide=wide)) == 139.5
    assert not measured("a.mp4", mp4(140)).long
    assert measured("a.mp4", mp4(140.5, wide=wide)).long


def test_the_length_of_a_video_in_fragments_is_added_up() -> None:
    assert seconds(fragmented([500, 500, 250])) == 1.25
    assert seconds(fragmented([0] * 4, each=2000)) == 8.0


@pytest.mark.parametrize(
    "data",
    [
        b"",
        ftyp(b"isom"),
        ftyp(b"isom") + box(b"moov"),
        ftyp(b"isom") + box(b"moov", box(b"mvhd", b"\0" * 3)),
        mp4(scale=1)[:60],
        ftyp(b"isom") + box(b"moov", box(b"mvhd", b"\0" * 20)),
    ],
)
def test_a_video_that_does_not_say_its_length_has_none(data: bytes) -> None:
    assert seconds(data) is None


@given(st.binary(max_size=400), st.integers(0, 200), st.binary(max_size=12))
def test_nothing_that_a_stranger_writes_breaks_the_reading_of_a_video(
    data: bytes, at: int, put: bytes
) -> None:
    video = fragmented([3, 4])
    for given_ in (data, ftyp(b"isom") + data, video[:at] + put + video[at + len(put) :]):
        kind = kind_of(given_)
        if kind is not None:
            whole(kind, given_)
        found = seconds(given_)
        assert found is None or found >= 0


def test_the_boxes_of_a_file_that_lies_about_its_sizes_end_where_it_ends() -> None:
    lying = ftyp(b"isom") + b"\xff\xff\xff\xffmoov" + b"\0" * 100
    assert kind_of(lying) is MediaKind.MP4
    assert not whole(MediaKind.MP4, lying)
    assert seconds(lying) is None


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.png", b"", "a.png is empty."),
        ("a.png", b"GIF", "a.png is not such a file, by its content."),
        ("a.png", png()[:-20], "a.png is cut off or damaged."),
        ("a.webp", WEBP[:25], "a.webp is cut off or damaged."),
        ("a.avif", AVIF[:-1], "a.avif is cut off or damaged."),
        ("a.png", bytes(UPLOAD + 1), "a.png is too large: 15.7 MB fit."),
    ],
)
def test_a_file_that_x_would_not_take_is_refused_by_name(name: str, data: bytes, said: str) -> None:
    with pytest.raises(Rejected) as refused:
        measured(name, data)
    assert refused.value.detail == said
    assert refused.value.option == "media"
    assert "Nothing was sent to X." in refused.value.remedy


def test_a_profile_takes_three_kinds() -> None:
    with pytest.raises(Rejected, match=r"a\.gif is a MP4 by its content"):
        measured("a.gif", mp4(), kinds=FACES)
    assert measured("a.gif", GIF, kinds=FACES).kind is MediaKind.GIF


def test_a_tweet_takes_four_pictures_or_one_video() -> None:
    check_together([None] * 4)
    check_together([MediaKind.MP4])
    for kinds in ([MediaKind.PNG] * 5, [MediaKind.MP4, None], [MediaKind.MP4, MediaKind.MP4]):
        with pytest.raises(UsageError, match="up to four images or one MP4"):
            check_together(kinds)


def test_sizes_are_said_as_people_say_them() -> None:
    assert [str(size_words(n)) for n in (1, 1499, 700_000, 15_728_640)] == [
        "1 KB",
        "1 KB",
        "700 KB",
        "15.7 MB",
    ]


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\secret\\moon.png", "moon.png"),
        ("a\r\nSet-Cookie: x.png", "a_Set-Cookie_ x.png"),
        ("\u202egnp.exe", "gnp.exe"),
        ("...", "file"),
        ("", "file"),
        ("m" * 300 + ".jpeg", "m" * 75 + ".jpeg"),
        ("मून.png", "म_न.png"),
    ],
)
def test_a_name_is_nobodys_path_and_has_nothing_unseen(name: str, plain: str) -> None:
    assert plain_name(name) == plain


def test_media_is_named_by_link_key_or_path() -> None:
    key = "0123456789abcdef" * 2
    link = parse_media_ref(" <https://img.example.com/a%20b.png?x=1> ")
    assert (link.source, link.name) == (MediaFrom.LINK, "a b.png")
    assert parse_media_ref(kept_as(key)).source is MediaFrom.KEPT
    chat = parse_media_ref(attached_at("https://cdn.discordapp.com/a/1/moon.png?ex=1,2"))
    assert (chat.source, chat.name) == (MediaFrom.CHAT, "moon.png")
    for path in ("./moon.png", "/tmp/moon.png", "../moon.png", "~/moon.png"):
        found = parse_media_ref(path)
        assert (found.source, found.name) == (MediaFrom.PATH, "moon.png")


@pytest.mark.parametrize(
    "text",
    [
        "moon.png",
        "http://img.example.com/a.png",
        "https://127.0.0.1/a.png",
        "https://user@img.example.com/a.png",
        "https://[::1]/a.png",
        "https://img.example.com:port/a.png",
        "attached:nonsense",
        "attached:http://169.254.169.254/latest",
        "attached:" + "0" * 31,
        "file:///etc/passwd",
    ],
)
def test_what_leads_nowhere_public_is_no_media(text: str) -> None:
    with pytest.raises(ValueError, match="is not a public https link"):
        parse_media_ref(text)
