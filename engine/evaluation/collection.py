"""A test: what is searched, what is asked for, and which answers are right.

A *topic* is an information need, in the word of TREC: a text, a picture, or both.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, get_args

Task = Literal["text-image", "image-text", "image-image", "text+image"]
TASKS: tuple[Task, ...] = get_args(Task)


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
        label: what it is about, where topics are told apart by a label; else empty.
    """

    id: str
    group: str
    text: str = ""
    picture: Path | None = None
    relevant: Mapping[int, int] = field(default_factory=dict)
    unseen: frozenset[int] = frozenset()
    label: str = ""


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


def as_words(name: str) -> str:
    """A file name or label as a person would say it."""
    return " ".join(name.replace("/", " ").replace("_", " ").replace("-", " ").split())
