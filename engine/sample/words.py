"""Small helpers for captions in plain English."""

from __future__ import annotations

import re

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def number(n: int) -> str:
    """2 -> "two"; from ten on the digits."""
    return _NUMBERS[n] if n < len(_NUMBERS) else str(n)


def counted(n: int, one: str, many: str = "") -> str:
    """1, "red boat" -> "a red boat"; 3 -> "three red boats"."""
    return tidy(f"a {one}") if n == 1 else f"{number(n)} {many or one + 's'}"


def each_with(n: int, one: str) -> str:
    """What every one of `n` things has: 1, "red bow" -> "with a red bow"; 2 -> "with red bows"."""
    return f"with a {one}" if n == 1 else f"with {one}s"


def tidy(text: str) -> str:
    """Collapses spaces and puts "an" before a vowel sound."""
    text = re.sub(r"\s+", " ", text).strip()
    return re.sub(r"\b([Aa]) (?=[aeio]|un[lo]|umb)", r"\1n ", text)


def slug(caption: str, limit: int = 6) -> str:
    """ "a red mug on the table" -> "red-mug-on-table": the words of a file name."""
    words = [w for w in re.findall(r"[a-z0-9]+", caption.lower()) if w not in {"a", "an", "the"}]
    return "-".join(words[:limit])
