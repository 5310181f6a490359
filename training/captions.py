"""Sentences composed from what a data set says about a picture. Plain Python, no PyTorch."""

import re
from collections.abc import Mapping

from training.vocabulary import ARTICLES, CLOTHING, COLOURS, PEOPLE

SPLITTERS = frozenset(
    {
        "a",
        "above",
        "across",
        "after",
        "against",
        "along",
        "also",
        "an",
        "and",
        "another",
        "are",
        "around",
        "as",
        "at",
        "atop",
        "be",
        "been",
        "before",
        "behind",
        "being",
        "below",
        "beside",
        "between",
        "by",
        "down",
        "during",
        "for",
        "four",
        "from",
        "front",
        "had",
        "has",
        "have",
        "he",
        "her",
        "his",
        "in",
        "inside",
        "into",
        "is",
        "it",
        "its",
        "near",
        "next",
        "of",
        "off",
        "on",
        "one",
        "onto",
        "or",
        "other",
        "out",
        "outside",
        "over",
        "she",
        "some",
        "that",
        "the",
        "their",
        "them",
        "there",
        "these",
        "they",
        "this",
        "those",
        "three",
        "through",
        "to",
        "toward",
        "towards",
        "two",
        "under",
        "up",
        "very",
        "was",
        "were",
        "which",
        "while",
        "who",
        "who's",
        "with",
    }
)
_PAIRS = frozenset({"glasses", "sunglasses", "pants", "trousers", "jeans", "shorts"})
_WORD = re.compile(r"[a-z0-9][a-z0-9'\-]*")


def words(text: str) -> list[str]:
    """Lower-case words in order."""
    return _WORD.findall(text.lower())


def stem(word: str) -> str:
    """Singular of a word, roughly: enough to see that "shoes" and "shoe" are one."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def content(text: str) -> frozenset[str]:
    """Stems of the words of `text` that carry meaning."""
    return frozenset(stem(word) for word in words(text) if word not in SPLITTERS)


def phrases(caption: str, longest: int = 3) -> list[str]:
    """Runs of at most `longest` words between function words: what people type as a query."""
    found: list[str] = []
    run: list[str] = []
    for word in [*words(caption), "the"]:
        if word not in SPLITTERS:
            run.append(word)
            continue
        if 1 <= len(run) <= longest:
            found.append(" ".join(run))
            if len(run) > 1:
                found.append(run[-1])
        run = []
    return list(dict.fromkeys(phrase for phrase in found if len(phrase) > 2))


def article(noun: str) -> str:
    """The noun with "a" or "an", or "a pair of" for what is worn in pairs."""
    if noun.rsplit(maxsplit=1)[-1] in _PAIRS:
        return f"a pair of {noun}"
    if noun.endswith("s") and not noun.endswith("ss") and not noun.startswith("pair of"):
        return f"a pair of {noun}"
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def of_fashion(record: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """(sentences, short phrases) of a catalogue record."""
    kind = record["articleType"]
    nouns = ARTICLES.get(kind, (kind.lower().removesuffix("s"),))
    colour = record["baseColour"]
    colours = COLOURS.get(colour, (colour.lower(),)) if colour not in {"NA", ""} else ("",)
    people = PEOPLE[record["gender"]]
    usage, season = record["usage"].lower(), record["season"].lower()
    long: list[str] = list(record.get("captions", ()))
    short: list[str] = [kind.lower()]
    for noun in nouns:
        short += [noun, f"{noun} for {people}"]
        for tint in colours:
            thing = f"{tint} {noun}".strip()
            short += [thing, f"{people}'s {thing}"]
            long += [f"{article(thing)} for {people}", f"a product photo of {article(thing)}"]
            if usage not in {"na", ""}:
                long.append(f"{article(f'{thing}')} for {people}, {usage} wear")
                short.append(f"{usage} {thing}")
            if season in {"summer", "winter"}:
                long.append(f"{article(thing)} for {season}")
    return list(dict.fromkeys(long)), list(dict.fromkeys(short))


def of_clothing(label: str, kids: bool) -> tuple[list[str], list[str]]:
    """(sentences, short phrases) of a garment's label."""
    long, short = [], []
    for noun in CLOTHING[label]:
        long += [f"a photo of {article(noun)}", f"{article(noun)} lying on a flat surface"]
        short.append(noun)
        if kids:
            long.append(f"{article(noun)} for a child")
            short += [f"kids {noun}", f"children's {noun}"]
    return long, short


def of_grocery(label: str, group: str) -> tuple[list[str], list[str]]:
    """(sentences, short phrases) of a supermarket label and its group."""
    fine, coarse = label.replace("-", " ").lower(), group.replace("-", " ").lower()
    full = fine if coarse.split()[-1].rstrip("s") in fine else f"{fine} {coarse}"
    names = list(dict.fromkeys([full, fine, coarse]))
    long = [f"a photo of {name}" for name in names]
    long += [f"{full} in a supermarket", f"{coarse} on a shop shelf", f"{full}, groceries"]
    return long, names


def of_class(names: str) -> tuple[list[str], list[str]]:
    """(sentences, short phrases) of an ImageNet class, "tench, Tinca tinca"."""
    synonyms = [name.strip() for name in names.split(",") if name.strip()]
    long = [f"a photo of {article(synonyms[0].lower())}"]
    long += [f"a picture of {article(name.lower())}" for name in synonyms[1:]]
    return long, [name.lower() for name in synonyms]
