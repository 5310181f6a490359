from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.encoder import Encoder, ImageError
from engine.query import QueryError, Term
from engine.query.encode import TermEncoder


def nothing_stored(image_id: int) -> None:
    return None


def test_terms_become_the_vectors_that_the_encoder_gives(encoder: Encoder) -> None:
    picture = Image.new("RGB", (50, 40), "teal")
    stored = encoder.encode_images([Image.new("RGB", (9, 9), "red")])[0]
    terms = [Term("text", text="a dog"), Term("image", image=picture), Term("like", image_id=5)]
    found = TermEncoder(encoder).encode(terms, lambda id: stored if id == 5 else None)
    vectors = [each.own[0] for each in found]
    assert all((each.own == each.ranked).all() for each in found)
    np.testing.assert_allclose(vectors[0], encoder.encode_texts(["a dog"])[0], atol=1e-5)
    np.testing.assert_allclose(vectors[1], encoder.encode_images([picture])[0], atol=1e-5)
    np.testing.assert_array_equal(vectors[2], stored)


def test_a_text_is_encoded_once_whatever_its_weight(
    encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []
    original = encoder.encode_texts
    monkeypatch.setattr(
        encoder, "encode_texts", lambda texts: (asked.append(texts), original(texts))[1]
    )
    terms = TermEncoder(encoder)
    first = terms.encode([Term("text", text="a dog"), Term("text", text="snow")], nothing_stored)
    again = terms.encode([Term("text", -2.0, text="A  dog")], nothing_stored)
    assert asked == [["a dog", "snow"]]
    np.testing.assert_array_equal(first[0].own, again[0].own)


def test_what_is_not_wanted_is_ranked_beside_what_is(encoder: Encoder) -> None:
    terms = [Term("text", text="a shirt"), Term("text", -1.0, text="red", others=("blue",))]
    wanted, unwanted = TermEncoder(encoder).encode(terms, nothing_stored)
    np.testing.assert_array_equal(wanted.own, wanted.ranked)
    own, ranked = encoder.encode_texts(["red", "blue"]), ["red a shirt", "blue a shirt"]
    np.testing.assert_allclose(unwanted.own, own, atol=0.02)
    np.testing.assert_allclose(unwanted.ranked, encoder.encode_texts(ranked), atol=0.02)
    (alone,) = TermEncoder(encoder).encode([terms[1]], nothing_stored)
    np.testing.assert_array_equal(alone.own, alone.ranked)


def test_a_changed_image_of_the_library_is_not_remembered(encoder: Encoder) -> None:
    terms = TermEncoder(encoder)
    one, other = np.eye(2, encoder.dim, dtype=np.float32)
    like = [Term("like", image_id=5)]
    np.testing.assert_array_equal(terms.encode(like, lambda _: one)[0].own, [one])
    np.testing.assert_array_equal(terms.encode(like, lambda _: other)[0].own, [other])


def test_an_unknown_image_is_named(encoder: Encoder) -> None:
    with pytest.raises(QueryError, match="image 5 is not in the library"):
        TermEncoder(encoder).encode([Term("like", image_id=5)], nothing_stored)


def test_a_bad_example_is_named_once(encoder: Encoder, tmp_path: Path) -> None:
    path = tmp_path / "notes.jpg"
    path.write_text("milk, eggs")
    with pytest.raises(ImageError, match=r"notes\.jpg: not a picture") as caught:
        TermEncoder(encoder).encode([Term("image", image=path)], nothing_stored)
    assert str(caught.value).count("notes.jpg") == 1
    with pytest.raises(ImageError, match="example image: not a picture"):
        TermEncoder(encoder).encode([Term("image", image=b"milk, eggs")], nothing_stored)
