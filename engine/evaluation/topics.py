"""From annotations to a test: captions, labels and images ask for each other."""

from collections import defaultdict
from collections.abc import Callable, Sequence

from engine.evaluation.collection import Collection, Task, Topic, as_words
from engine.evaluation.entries import Annotations, Entry

Choose = Callable[[Entry], bool]


def make_collection(
    annotations: Annotations,
    task: Task = "text-image",
    label: str | None = None,
    template: str = "{}",
    known_captions: int = 0,
    searched: Choose = lambda entry: True,
    asked: Choose = lambda entry: True,
    by: str | None = None,
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
        by: column whose values tell topics apart; by default that of `image-image`.

    Raises:
        ValueError: the annotations have nothing to make topics of.
    """
    for column in (label, by):
        if column is not None:
            annotations.require(column)
    entries = [entry for entry in annotations.entries if searched(entry)]
    about = [entry for entry in annotations.entries if asked(entry)]
    made: Collection
    if task == "image-text":
        made = _texts_of_images(annotations, entries, about, by)
    elif task == "image-image":
        made = _same_label(annotations, entries, about, _required(annotations, label), by)
    elif label is not None and by is not None:
        raise ValueError(f"{annotations.name}: each {label} is a topic; they are not told apart")
    elif label is not None:
        made = _label_names(annotations, entries, label, template)
    else:
        made = _captions(annotations, entries, about, known_captions, by)
    if not made.topics:
        lacks = f"two images with the same {label}" if task == "image-image" else "captions"
        raise ValueError(
            f"{annotations.name}: nothing to ask for with task {task!r}: there are no {lacks}"
        )
    return made


def _captions(
    annotations: Annotations,
    entries: Sequence[Entry],
    about: Sequence[Entry],
    known: int,
    by: str | None,
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
            label=_value(entry, by),
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
    annotations: Annotations,
    entries: Sequence[Entry],
    about: Sequence[Entry],
    label: str,
    by: str | None,
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
                    label=_value(entry, by or label),
                )
            )
    return _of_images(annotations, entries, topics, 0, "image-image")


def _texts_of_images(
    annotations: Annotations, entries: Sequence[Entry], about: Sequence[Entry], by: str | None
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
            label=_value(entry, by),
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


def _value(entry: Entry, column: str | None) -> str:
    return entry.labels.get(column, "") if column else ""


def _folded(text: str) -> str:
    return text.casefold()
