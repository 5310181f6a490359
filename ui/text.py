"""Words for people, and names of files made safe to show.

File names and captions come from others. They are shown as plain text (`st.text`) or in a
Markdown code span (`code`), where HTML, Markdown and Streamlit's own marks mean nothing.
"""

import re
from pathlib import PurePath

_JOINERS = "\u200c\u200d"  # part of emoji and of Persian words, though Unicode says "format"


def printable(text: str) -> str:
    """Line breaks, control characters and bytes that are not UTF-8 as visible escapes."""
    return "".join(c if c.isprintable() or c in _JOINERS else ascii(c)[1:-1] for c in text)


def code(text: str) -> str:
    """Any text as a Markdown code span, on one line; an empty text stays empty."""
    shown = printable(text)
    if not shown.strip():
        return shown
    fence = "`" * (_longest_run(shown) + 1)
    pad = " " if shown.startswith(("`", " ")) or shown.endswith(("`", " ")) else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def code_block(text: str) -> str:
    """Any text as a Markdown code block of one line, which comes with a button to copy it."""
    shown = printable(text)
    fence = "`" * max(3, _longest_run(shown) + 1)
    return f"{fence}text\n{shown}\n{fence}"


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall(r"`+", text)), default=0)


def file_name(path: str) -> str:
    """The last part of a path, printable."""
    return printable(PurePath(path).name or path)


def percent(share: float) -> str:
    """A share of 1 in whole per cent, never rounded to an untrue 0 or 100."""
    if 0 < share < 0.01:
        return "< 1 %"
    if 0.99 < share < 1:
        return "> 99 %"
    return f"{share * 100:.0f} %"


def count(number: int, noun: str, several: str = "") -> str:
    """`1 image`, `2,000 images`; `several` is the plural where an s does not make it."""
    return f"{number:,} {noun if number == 1 else several or f'{noun}s'}"


def size(number: int) -> str:
    """Bytes in the unit people would choose."""
    unit, name = unit_of(number)
    value = number / unit
    return f"{value:.0f} {name}" if value >= 10 or unit == 1 else f"{value:.1f} {name}"


def unit_of(number: float) -> tuple[int, str]:
    """The unit people would choose for so many bytes: its bytes and its name."""
    unit, names = 1, ["bytes", "kB", "MB", "GB", "TB"]
    while number >= 1000 * unit and len(names) > 1:
        unit *= 1000
        names.pop(0)
    return unit, names[0]
