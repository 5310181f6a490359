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
    vectors = TermEncoder(encoder).vectors(terms, lambda id: stored if id == 5 else None)
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
    first = terms.vectors([Term("text", text="a dog"), Term("text", text="snow")], nothing_stored)
    again = terms.vectors([Term("text", -2.0, text="A  dog")], nothing_stored)
    assert asked == [["a dog", "snow"]]
    np.testing.assert_array_equal(first[0], again[0])


def test_a_changed_image_of_the_library_is_not_remembered(encoder: Encoder) -> None:
    terms = TermEncoder(encoder)
    one, other = np.eye(2, encoder.dim, dtype=np.float32)
    like = [Term("like", image_id=5)]
    np.testing.assert_array_equal(terms.vectors(like, lambda _: one)[0], one)
    np.testing.assert_array_equal(terms.vectors(like, lambda _: other)[0], other)


def test_an_unknown_image_is_named(encoder: Encoder) -> None:
    with pytest.raises(QueryError, match="image 5 is not in the library"):
        TermEncoder(encoder).vectors([Term("like", image_id=5)], nothing_stored)


def test_a_bad_example_is_named_once(encoder: Encoder, tmp_path: Path) -> None:
    path = tmp_path / "notes.jpg"
    path.write_text("milk, eggs")
    with pytest.raises(ImageError, match=r"notes\.jpg: not a picture") as caught:
        TermEncoder(encoder).vectors([Term("image", image=path)], nothing_stored)
    assert str(caught.value).count("notes.jpg") == 1
    with pytest.raises(ImageError, match="example image: not a picture"):
        TermEncoder(encoder).vectors([Term("image", image=b"milk, eggs")], nothing_stored)
