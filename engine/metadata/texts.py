"""Texts as they are compared: without regard to case."""

import re
from pathlib import PurePath


def folded_name(path: str | None) -> str | None:
    """The file's name, without regard to case."""
    return None if path is None else PurePath(readable(path)).name.casefold()


def folded_folder(path: str | None) -> str | None:
    """The folder of a file, without regard to case, with a slash at both ends."""
    if path is None:
        return None
    return f"{str(PurePath(readable(path)).parent).casefold().rstrip('/')}/"


def words_of(value: str) -> str:
    """The words of a text without regard to case, one space between them; signs if it has none."""
    return " ".join(re.findall(r"\w+", value.casefold())) or value.casefold().strip()


def tidy(value: str, longest: int) -> str:
    """One line without signs that cannot be printed, of so many characters at most."""
    printable = "".join(sign if sign.isprintable() else " " for sign in value)
    return " ".join(printable.split())[:longest].rstrip()


def is_sayable(value: str) -> bool:
    """Whether a text can be the value of a filter, just as it is."""
    return value.isprintable() and '"' not in value and value == " ".join(value.split()) != ""


def readable(path: str) -> str:
    """A path as the database keeps it (see `PathText`), its odd bytes as question marks."""
    if "//" not in path:
        return path
    return re.sub("//[0-9A-F]{2}", "?", path)
