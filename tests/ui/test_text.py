import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui import text


def test_printable_shows_what_cannot_be_shown_as_an_escape():
    assert text.printable("a\nb\x1b\u202e\udce9") == r"a\nb\x1b\u202e\udce9"


def test_printable_leaves_emoji_and_scripts_alone():
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    assert text.printable(f"{family} 日本語 العربية") == f"{family} 日本語 العربية"


@given(st.text(st.characters(codec=None)))
def test_printable_can_always_be_sent_to_a_browser(name: str):
    shown = text.printable(name)
    shown.encode("utf-8")
    assert "\n" not in shown


@pytest.mark.parametrize(
    ("name", "span"),
    [
        ("a.jpg", "`a.jpg`"),
        ("*a*.jpg", "`*a*.jpg`"),
        ("a`b", "``a`b``"),
        ("``a", "``` ``a ```"),
        (" a", "`  a `"),
        ("a\nb", r"`a\nb`"),
        ("", ""),
        ("  ", "  "),
    ],
)
def test_code_holds_any_name(name: str, span: str):
    assert text.code(name) == span


@given(st.text(st.sampled_from("`a <")))
def test_nothing_in_a_name_ends_its_code_span(name: str):
    span = text.code(name)
    if not name.strip():
        assert span == name
        return
    fence = span[: len(span) - len(span.lstrip("`"))]
    inside = span[len(fence) : -len(fence)]
    assert span == fence + inside + fence
    assert all(run != fence for run in inside.replace("a", " ").replace("<", " ").split())
    assert not inside.startswith("`")
    assert not inside.endswith("`")


def test_code_block_is_fenced_longer_than_its_content():
    assert text.code_block("/x/```.jpg") == "````text\n/x/```.jpg\n````"
    assert text.code_block("/a\n/b") == "```text\n/a\\n/b\n```"


def test_file_name_is_the_last_part():
    assert text.file_name("/pictures/red\nshoes.jpg") == r"red\nshoes.jpg"


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (0.0, "0 %"),
        (0.001, "< 1 %"),
        (0.0099, "< 1 %"),
        (0.01, "1 %"),
        (0.014, "1 %"),
        (0.87, "87 %"),
        (0.99, "99 %"),
        (0.9999, "> 99 %"),
        (1.0, "100 %"),
    ],
)
def test_percent(share: float, shown: str):
    assert text.percent(share) == shown


def test_count():
    assert text.count(1, "image") == "1 image"
    assert text.count(2000, "image") == "2,000 images"


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (2300, "2.3 kB"),
        (17_400, "17 kB"),
        (5 * 10**15, "5000 TB"),
    ],
)
def test_size(number: int, shown: str):
    assert text.size(number) == shown


@pytest.mark.parametrize(
    ("number", "unit", "name"),
    [
        (0, 1, "bytes"),
        (999, 1, "bytes"),
        (1000, 1000, "kB"),
        (3e6, 10**6, "MB"),
        (9e15, 10**12, "TB"),
    ],
)
def test_unit_of(number: float, unit: int, name: str):
    assert text.unit_of(number) == (unit, name)
