from engine.evaluation.slices import slices
from engine.evaluation.topics import Topic


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
        "a number of things": [1],
        "where things are": [1, 2],
        "what is not there": [2],
    }


def test_pictures_are_of_no_kind() -> None:
    assert slices([Topic("x", "x")]) == {}
