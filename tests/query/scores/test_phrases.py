from engine.query.scores.phrases import phrases


def test_phrases_are_different_and_the_same_every_time() -> None:
    some = phrases(1_000)
    assert len(set(some)) == len(some) == 1_000
    assert phrases(1_000) == some
    assert phrases(1_000, seed=1) != some


def test_all_places_of_a_phrase_are_filled() -> None:
    assert not [text for text in phrases(3_000) if "{" in text or not text.strip()]
