from pathlib import Path

import pytest

from engine.evaluation.collection import Collection
from engine.evaluation.entries import Annotations, Entry
from engine.evaluation.topics import make_collection

DOG, CAT, DOGS = (
    Entry(Path("dog.jpg"), ("a dog", "an animal"), {"kind": "animal", "split": "dev"}),
    Entry(Path("cat_1.jpg"), ("a cat", "An animal"), {"kind": "animal", "split": "train"}),
    Entry(Path("dogs.jpg"), (), {"kind": "pack", "split": "dev"}),
)
NOTED = Annotations("noted", (DOG, CAT, DOGS), ("line 9: odd",))


def asked(collection: Collection) -> dict[str, set[int]]:
    """What is asked with, and the right answers."""
    return {topic.text or str(topic.picture): set(topic.relevant) for topic in collection.topics}


def test_a_caption_asks_for_all_images_that_have_it() -> None:
    made = make_collection(NOTED)
    assert asked(made) == {"a dog": {0}, "an animal": {0, 1}, "a cat": {1}}
    assert made.texts == ("dog", "cat 1", "dogs")
    assert made.left_out == ("line 9: odd",)
    assert [topic.group for topic in made.topics] == ["dog.jpg", "dog.jpg", "cat_1.jpg"]


def test_captions_that_keyword_search_knows_are_not_asked_with() -> None:
    made = make_collection(NOTED, known_captions=1)
    assert asked(made) == {"an animal": {0, 1}}
    assert made.texts == ("dog a dog", "cat 1 a cat", "dogs")


def test_a_label_asks_for_all_images_that_have_it() -> None:
    made = make_collection(NOTED, label="kind", template="a photo of a {}")
    assert asked(made) == {"a photo of a animal": {0, 1}, "a photo of a pack": {2}}


def test_an_image_asks_for_others_of_its_label_and_never_for_itself() -> None:
    made = make_collection(NOTED, "image-image", label="kind")
    assert asked(made) == {"dog.jpg": {1}, "cat_1.jpg": {0}}
    assert [topic.unseen for topic in made.topics] == [{0}, {1}]


def test_images_of_one_kind_may_ask_among_those_of_another() -> None:
    made = make_collection(
        NOTED,
        "image-image",
        label="kind",
        searched=lambda entry: entry.labels["split"] == "train",
        asked=lambda entry: entry.labels["split"] == "dev",
    )
    assert made.images == (CAT.file,)
    assert asked(made) == {"dog.jpg": {0}}
    assert made.topics[0].unseen == frozenset()


def test_an_image_asks_for_its_captions() -> None:
    made = make_collection(NOTED, "image-text")
    assert (made.images, made.texts) == ((), ("a dog", "an animal", "a cat", "An animal"))
    assert asked(made) == {"dog.jpg": {0, 1}, "cat_1.jpg": {2, 3}}
    assert len(made) == 4


def test_what_cannot_be_asked_is_refused_with_a_reason() -> None:
    with pytest.raises(ValueError, match="no column 'colour'; there are kind, split"):
        make_collection(NOTED, label="colour")
    with pytest.raises(ValueError, match="needs the name of a label; there are kind, split"):
        make_collection(NOTED, "image-image")
    with pytest.raises(ValueError, match="with task 'text-image': there are no captions"):
        make_collection(Annotations("bare", (DOGS,)))
    with pytest.raises(ValueError, match="there are no two images with the same kind"):
        make_collection(Annotations("bare", (DOGS,)), "image-image", "kind")


def test_pictures_that_cannot_be_read_are_taken_out_everywhere() -> None:
    made = make_collection(NOTED, "image-image", label="kind")
    without = make_collection(NOTED).without({DOG.file: "dog.jpg: damaged"})
    assert without.images == (CAT.file, DOGS.file)
    assert asked(without) == {"an animal": {0}, "a cat": {0}}
    assert without.left_out == ("line 9: odd", "dog.jpg: damaged")
    with pytest.raises(ValueError, match=r"nothing is left of it: cat_1\.jpg: damaged"):
        made.without({CAT.file: "cat_1.jpg: damaged"})
    texts = make_collection(NOTED, "image-text").without({DOG.file: "dog.jpg: damaged"})
    assert asked(texts) == {"cat_1.jpg": {2, 3}}


def test_topics_carry_the_label_that_tells_them_apart() -> None:
    assert [topic.label for topic in make_collection(NOTED, by="split").topics] == [
        "dev",
        "dev",
        "train",
    ]
    alike = make_collection(NOTED, "image-image", label="kind").topics
    assert [topic.label for topic in alike] == ["animal", "animal"]
    alike = make_collection(NOTED, "image-image", label="kind", by="split").topics
    assert [topic.label for topic in alike] == ["dev", "train"]
    with pytest.raises(ValueError, match="no column 'colour'"):
        make_collection(NOTED, by="colour")
