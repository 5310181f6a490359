"""Judgements of people, as TREC has them: which image answers which topic, and how well."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from engine.encoder import SUFFIXES
from engine.evaluation.collection import Collection, Topic, as_words
from engine.evaluation.entries import shortened
from engine.evaluation.manifests import text_lines
from engine.files import replacing

SUFFIX = ".qrels"


def read_qrels(path: Path, topics: Path, images: Path | None = None) -> Collection:
    """Read judgements, their topics, and the images that are searched.

    Args:
        path: lines of `topic 0 image grade`; images relative to `images`; a grade of 0 or less is
            a wrong answer.
        topics: lines of a topic's name, a tab, and its words.
        images: every image in this folder is searched; by default the folder of `path`. Those that
            nobody judged count as wrong, as is usual.

    Raises:
        ValueError: a file cannot be read, or nothing in it can be used.
    """
    left_out: list[str] = []
    folder = images or path.parent
    files = images_in(folder)
    places = {file: place for place, file in enumerate(files)}
    words = dict(_topics(topics, left_out))
    relevant: dict[str, dict[int, int]] = {name: {} for name in words}
    for name, file, grade, where in _judgements(path, left_out):
        if name not in words:
            left_out.append(f"{where}: topic {name} is not in {topics.name}")
        elif folder / file not in places:
            left_out.append(f"{where}: {folder / file}: no such image")
        elif grade > 0:
            relevant[name][places[folder / file]] = grade
    for name in [name for name, right in relevant.items() if not right]:
        left_out.append(f"{topics.name}: topic {name} has no right answer")
        del relevant[name]
    if not relevant:
        raise ValueError(f"{path}: no topic can be used: {'; '.join(left_out[:3])}")
    return Collection(
        str(path),
        "text-image",
        tuple(files),
        tuple(as_words(file.stem) for file in files),
        tuple(
            Topic(name, group=name, text=words[name], relevant=right)
            for name, right in relevant.items()
        ),
        tuple(left_out),
    )


def write_qrels(folder: Path, judged: Iterable[tuple[str, Mapping[str, int]]]) -> tuple[Path, Path]:
    """Write judgements and their topics, as `read_qrels` reads them.

    Args:
        folder: where to; made if it is not there.
        judged: each topic's words, and path of an image to its grade.

    Returns:
        `thumbs.qrels` and `topics.tsv` in that folder.

    Raises:
        OSError: they cannot be written.
    """
    lines, topics = list[str](), list[str]()
    for number, (words, grades) in enumerate(judged, start=1):
        name = f"q{number}"
        topics.append(f"{name}\t{' '.join(words.split())}\n")
        lines += (f"{name} 0 {path} {grade}\n" for path, grade in grades.items())
    files = folder / f"thumbs{SUFFIX}", folder / "topics.tsv"
    for file, content in zip(files, (lines, topics), strict=True):
        with replacing(file) as part:
            part.write_text("".join(content), encoding="utf-8", errors="surrogateescape")
    return files


def images_in(folder: Path) -> list[Path]:
    """All that is named as an image there, or deeper."""
    return [file for file in sorted(folder.rglob("*")) if file.suffix.lower() in SUFFIXES]


def _topics(path: Path, left_out: list[str]) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for where, line in text_lines(path, left_out.append):
        name, _, text = line.partition("\t")
        name, text = name.strip(), " ".join(text.split())
        if not (name and text):
            left_out.append(f"{where}: expected a name, a tab and words, found {shortened(line)}")
        elif name in seen:
            left_out.append(f"{where}: topic {name} again")
        else:
            seen.add(name)
            yield name, text


def _judgements(path: Path, left_out: list[str]) -> Iterator[tuple[str, str, int, str]]:
    for where, line in text_lines(path, left_out.append):
        *start, end = line.rsplit(maxsplit=1)
        fields = "".join(start).split(maxsplit=2)  # names of files may hold spaces
        if len(fields) == 3 and end.removeprefix("-").isdecimal():
            yield fields[0], fields[2].strip(), int(end), where
        else:
            left_out.append(f"{where}: expected 'topic 0 image grade', found {shortened(line)}")
