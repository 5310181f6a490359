"""What photo programs write into files, and what is made of it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from vs_written import data_set, picture, xmp

from engine.encoder import decode
from engine.metadata import Written, written

ALL = {
    "tag": ("holiday", "Grüße & <more>"),
    "title": ("The sea",),
    "caption": ("Waves at night",),
    "rating": ("4",),
}
PACKET = xmp(ALL["tag"], "The sea", "Waves at night", 4)
IPTC = (
    data_set(90, b"\x1b%G", record=1)
    + data_set(5, b"The sea")
    + data_set(25, b"holiday")
    + data_set(25, "Grüße & <more>".encode())
    + data_set(120, b"Waves\nat night")
)


def of_file(content: bytes) -> Written:
    blocks = decode(content).blocks
    return written(blocks.xmp, blocks.iptc)


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF", "AVIF"])
def test_every_format_tells_what_its_xmp_says(format_: str) -> None:
    assert of_file(picture(format_, PACKET)) == ALL
    assert of_file(picture(format_)) == {}


@pytest.mark.parametrize("format_", ["JPEG", "TIFF"])
def test_iptc_is_read_where_it_can_be(format_: str) -> None:
    found = of_file(picture(format_, iptc=IPTC))
    assert found == {name: texts for name, texts in ALL.items() if name != "rating"}


def test_keywords_of_both_count_and_other_texts_of_xmp() -> None:
    iptc = data_set(25, b"holiday") + data_set(25, b"boat") + data_set(5, b"other")
    found = of_file(picture("JPEG", xmp(["sea", "holiday"], "A title"), iptc))
    assert found == {"tag": ("sea", "holiday", "boat"), "title": ("A title",)}


@pytest.mark.parametrize(
    ("rating", "expected"),
    [("5", "5"), ("5.0", "5"), ("-1", "-1"), ("0", None), ("6", None), ("x", None), ("nan", None)],
)
def test_a_rating_is_a_number_of_stars(rating: str, expected: str | None) -> None:
    assert written(xmp(rating=rating), b"").get("rating") == (expected and (expected,))


def test_a_rating_may_be_an_element_and_a_title_mere_text() -> None:
    packet = xmp(["sea"]).replace(
        b"<xmp:CreatorTool>",
        b"<xmp:Rating>3</xmp:Rating><dc:title> Plain </dc:title><xmp:CreatorTool>",
    )
    assert written(packet, b"") == {"tag": ("sea",), "title": ("Plain",), "rating": ("3",)}


def test_of_several_languages_the_default_is_taken() -> None:
    other = b'<rdf:li xml:lang="de-DE">Das Meer</rdf:li><rdf:li xml:lang="x-default">'
    packet = xmp(title="The sea").replace(b'<rdf:li xml:lang="x-default">', other)
    assert written(packet, b"") == {"title": ("The sea",)}


def test_what_is_said_of_pictures_that_went_into_it_is_not_its_own() -> None:
    inner = (
        b'<xmp:Ingredients><rdf:Bag><rdf:li><rdf:Description xmp:Rating="5">'
        b"<dc:title>inner</dc:title></rdf:Description></rdf:li></rdf:Bag></xmp:Ingredients>"
    )
    packet = xmp(["sea"]).replace(b"<xmp:CreatorTool>", inner + b"<xmp:CreatorTool>")
    assert written(packet, b"") == {"tag": ("sea",)}


def test_texts_are_one_clean_line_of_bounded_length() -> None:
    found = written(xmp([" a\u200b\n b ", "\u202e", "x" * 1000], "t" * 10_000, "c " * 10_000), b"")
    assert found["tag"] == ("a b", "x" * 200)
    assert len(found["title"][0]) == 500
    assert 4_990 < len(found["caption"][0]) <= 5_000
    assert len(written(xmp([f"tag {n}" for n in range(2_000)]), b"")["tag"]) == 500


def test_latin_letters_are_read_where_nothing_names_the_characters() -> None:
    assert written(b"", data_set(25, "Gr\u00fc\u00dfe".encode("latin-1"))) == {"tag": ("Grüße",)}


BOMB = (
    b'<!DOCTYPE x [<!ENTITY a "ha">'
    + b"".join(
        b'<!ENTITY %c "%s">' % (new, b"&%c;" % old * 10)
        for old, new in zip(b"abcdefgh", b"bcdefghi", strict=True)
    )
    + b"]>"
    + xmp(["&i;"]).replace(b"&amp;i;", b"&i;").partition(b"?>")[2]
)
OUTSIDE = (
    b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    + xmp(["sea"]).replace(b"sea", b"&a;").partition(b"?>")[2]
)


@pytest.mark.parametrize(
    "packet",
    [
        BOMB,
        OUTSIDE,
        PACKET[:600],
        PACKET.replace(b"</rdf:RDF>", b""),
        b"<a>" * 300_000,
        b'<?xml version="1.0" encoding="none-such"?>' + PACKET,
        PACKET + b" " * (1 << 20) + b"<",
        b"\0" * 100,
    ],
    ids=["bomb", "outside", "cut", "unclosed", "deep", "characters", "large", "zeros"],
)
def test_hostile_and_damaged_packets_say_nothing(packet: bytes) -> None:
    assert written(packet, b"") == {}
    assert decode(picture("WEBP", packet)).image.size == (40, 30)


def test_zeros_after_a_packet_do_no_harm() -> None:
    assert written(PACKET + b"\0\0\n", b"") == ALL


@given(packet=st.binary(max_size=300), iptc=st.binary(max_size=300))
@example(packet=b"", iptc=b"\x1c\x02\x19\xff\xff")
@example(packet=b"\xff\xfe<\0a\0/\0>\0", iptc=b"\x1c\x02\x19\x00")
def test_any_bytes_are_taken(packet: bytes, iptc: bytes) -> None:
    for texts in written(packet, iptc).values():
        assert texts
        assert all(one.isprintable() and one == one.strip() != "" for one in texts)


@given(at=st.integers(0, len(PACKET) - 1), byte=st.integers(0, 255), end=st.integers(0, len(IPTC)))
def test_damaged_blocks_never_raise(at: int, byte: int, end: int) -> None:
    found = written(PACKET[:at] + bytes([byte]) + PACKET[at + 1 :], IPTC[:end])
    assert found.keys() <= ALL.keys()


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"])), max_size=5))
def test_keywords_come_back_from_either_block(tags: list[str]) -> None:
    clean = [" ".join(tag.split()) for tag in tags]
    tags = [tag for tag in clean if tag.isprintable() and tag and "\x1c" not in tag]
    expected = {"tag": tuple(dict.fromkeys(tags))} if tags else {}
    assert written(xmp(tags), b"") == expected
    assert written(b"", b"".join(data_set(25, tag.encode()) for tag in tags)) == expected
