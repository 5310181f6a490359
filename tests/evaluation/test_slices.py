from engine.evaluation.collection import Topic
from engine.evaluation.slices import by_label, slices


def test_topics_are_sorted_by_their_words() -> None:
    texts = [
        "A red car.",
        "two dogs in black and white running next to each other over the green grass today",
        "a man without a hat stands left of the door",
        "scored",
        "",
    ]
    found = {
        name: members.nonzero()[0].tolist()
        for name, members in slices([Topic(text, text, text) for text in texts]).items()
    }
    assert found == {
        "up to 5 words": [0, 3],
        "6 to 12 words": [2],
        "more than 12 words": [1],
        "a colour": [0, 1],
        "several colours": [1],
        "two kinds of attributes": [1],
        "a number of things": [1],
        "where things are": [1, 2],
        "what is not there": [2],
    }


def test_pictures_are_of_no_kind() -> None:
    assert slices([Topic("x", "x")]) == {}


def test_topics_are_told_apart_by_their_labels() -> None:
    topics = [
        Topic("1", "1", label="cat"),
        Topic("2", "2", label="dog"),
        Topic("3", "3", label="cat"),
        Topic("4", "4"),
    ]
    found = {name: members.tolist() for name, members in by_label(topics).items()}
    assert found == {"cat": [True, False, True, False], "dog": [False, True, False, False]}
    assert by_label(topics[:1]) == {}
