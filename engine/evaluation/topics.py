"""From annotations to a test: what is asked for, and which answers are right.

A *topic* is an information need, in the word of TREC: a text, a picture, or both.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, get_args

from engine.evaluation.entries import Annotations, Entry

Task = Literal["text-image", "image-text", "image-image", "text+image"]
TASKS: tuple[Task, ...] = get_args(Task)

Choose = Callable[[Entry], bool]


@dataclass(frozen=True)
class Topic:
    """Something to look for.

    Attributes:
        id: names it in reports.
        group: topics of one group are about the same image and stand or fall together.
        text: what is asked for in words; empty if a picture asks alone.
        picture: the example picture, if there is one.
        relevant: places in the collection to grades, above 0.
        unseen: places that are left out for this topic: the example picture itself.
    """

    id: str
    group: str
    text: str = ""
    picture: Path | None = None
    relevant: Mapping[int, int] = field(default_factory=dict)
    unseen: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Collection:
    """What is searched and what for.

    Attributes:
        name: for people.
        task: what is asked with, and what is looked for.
        images: that are searched; none if texts are.
        texts: that are searched; else what keyword search knows of each image.
        topics: what is looked for.
        left_out: what could not be used.
    """

    name: str
    task: Task
    images: tuple[Path, ...]
    texts: tuple[str, ...]
    topics: tuple[Topic, ...]
    left_out: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.images) or len(self.texts)

    def without(self, failures: Mapping[Path, str]) -> "Collection":
        """Without these pictures, wherever they are; why is added to `left_out`.

        Raises:
            ValueError: nothing is left to search or to ask for.
        """
        stays = [place for place, file in enumerate(self.images) if file not in failures]
        new = {place: number for number, place in enumerate(stays)}
        if not self.images:  # texts are searched
            stays, new = list(range(len(self.texts))), {n: n for n in range(len(self.texts))}
        topics = tuple(
            replace(
                topic,
                relevant={new[place]: g for place, g in topic.relevant.items() if place in new},
                unseen=frozenset(new[place] for place in topic.unseen if place in new),
            )
            for topic in self.topics
            if topic.picture not in failures and any(place in new for place in topic.relevant)
        )
        if not stays or not topics:
            raise ValueError(f"{self.name}: nothing is left of it: {next(iter(failures.values()))}")
        return replace(
            self,
            images=tuple(self.images[place] for place in stays) if self.images else (),
            texts=tuple(self.texts[place] for place in stays),
            topics=topics,
            left_out=(*self.left_out, *failures.values()),
        )


def make_collection(
    annotations: Annotations,
    task: Task = "text-image",
    label: str | None = None,
    template: str = "{}",
    known_captions: int = 0,
    searched: Choose = lambda entry: True,
    asked: Choose = lambda entry: True,
) -> Collection:
    """Make a test of a data set.

    Args:
        annotations: the data set.
        task: `text-image` asks with captions, or with the values of `label`; `image-text` asks
            with images for their captions; `image-image` asks with images for others that have
            the same value of `label`.
        label: column with the label.
        template: how a label is asked for; `{}` is its value.
        known_captions: the first captions of each image, which keyword search may know; they are
            not asked with.
        searched: which images are searched.
        asked: which images topics are made of.

    Raises:
        ValueError: the annotations have nothing to make topics of.
    """
    if label is not None:
        annotations.require(label)
    entries = [entry for entry in annotations.entries if searched(entry)]
    about = [entry for entry in annotations.entries if asked(entry)]
    made: Collection
    if task == "image-text":
        made = _texts_of_images(annotations, entries, about)
    elif task == "image-image":
        made = _same_label(annotations, entries, about, _required(annotations, label))
    elif label is not None:
        made = _label_names(annotations, entries, label, template)
    else:
        made = _captions(annotations, entries, about, known_captions)
    if not made.topics:
        lacks = f"two images with the same {label}" if task == "image-image" else "captions"
        raise ValueError(
            f"{annotations.name}: nothing to ask for with task {task!r}: there are no {lacks}"
        )
    return made


def _captions(
    annotations: Annotations, entries: Sequence[Entry], about: Sequence[Entry], known: int
) -> Collection:
    """Each caption asks for its image, and for others with the very same caption."""
    owners: dict[str, set[int]] = defaultdict(set)
    for place, entry in enumerate(entries):
        for caption in entry.captions[known:]:
            owners[_folded(caption)].add(place)
    topics = [
        Topic(
            f"{entry.file.name}#{number}",
            group=str(entry.file),
            text=caption,
            relevant=dict.fromkeys(sorted(owners[_folded(caption)]), 1),
        )
        for entry in about
        for number, caption in enumerate(entry.captions[known:], start=known)
        if owners[_folded(caption)]
    ]
    return _of_images(annotations, entries, _each_once(topics), known, "text-image")


def _label_names(
    annotations: Annotations, entries: Sequence[Entry], label: str, template: str
) -> Collection:
    """The name of a label asks for all images that have it."""
    relevant: dict[str, dict[int, int]] = defaultdict(dict)
    for place, entry in enumerate(entries):
        if value := entry.labels.get(label):
            relevant[value][place] = 1
    topics = [
        Topic(value, group=value, text=template.replace("{}", as_words(value)), relevant=places)
        for value, places in sorted(relevant.items())
    ]
    return _of_images(annotations, entries, topics, 0, "text-image")


def _same_label(
    annotations: Annotations, entries: Sequence[Entry], about: Sequence[Entry], label: str
) -> Collection:
    """An image asks for others with its label, but not for itself."""
    places = {entry.file: place for place, entry in enumerate(entries)}
    alike: dict[str, list[int]] = defaultdict(list)
    for place, entry in enumerate(entries):
        if value := entry.labels.get(label):
            alike[value].append(place)
    topics = []
    for entry in about:
        own = places.get(entry.file)
        others = [place for place in alike.get(entry.labels.get(label, ""), []) if place != own]
        if others:
            topics.append(
                Topic(
                    entry.file.name,
                    group=str(entry.file),
                    picture=entry.file,
                    relevant=dict.fromkeys(others, 1),
                    unseen=frozenset() if own is None else frozenset([own]),
                )
            )
    return _of_images(annotations, entries, topics, 0, "image-image")


def _texts_of_images(
    annotations: Annotations, entries: Sequence[Entry], about: Sequence[Entry]
) -> Collection:
    """An image asks for its own captions."""
    places: dict[str, int] = {}
    for entry in entries:
        for caption in entry.captions:
            places.setdefault(caption, len(places))
    topics = [
        Topic(
            entry.file.name,
            group=str(entry.file),
            picture=entry.file,
            relevant={places[caption]: 1 for caption in entry.captions if caption in places},
        )
        for entry in about
        if any(caption in places for caption in entry.captions)
    ]
    return Collection(
        annotations.name, "image-text", (), tuple(places), tuple(topics), annotations.left_out
    )


def _of_images(
    annotations: Annotations,
    entries: Sequence[Entry],
    topics: Sequence[Topic],
    known: int,
    task: Task,
) -> Collection:
    texts = tuple(
        " ".join([as_words(entry.file.stem), *entry.captions[:known]]) for entry in entries
    )
    files = tuple(entry.file for entry in entries)
    return Collection(annotations.name, task, files, texts, tuple(topics), annotations.left_out)


def _each_once(topics: Sequence[Topic]) -> list[Topic]:
    """The same words twice are one topic, of the first image that they are about."""
    first: dict[str, Topic] = {}
    for topic in topics:
        first.setdefault(_folded(topic.text), topic)
    return list(first.values())


def _required(annotations: Annotations, label: str | None) -> str:
    if label is None:
        raise ValueError(
            f"{annotations.name}: this task needs the name of a label; there are "
            f"{', '.join(annotations.columns()) or 'none'}"
        )
    return label


def _folded(text: str) -> str:
    return text.casefold()


def as_words(name: str) -> str:
    """A file name or label as a person would say it."""
    return " ".join(name.replace("/", " ").replace("_", " ").replace("-", " ").split())
