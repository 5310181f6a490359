import json

import pytest

from engine.encoder import Encoder
from engine.library.store.stamp import NEXT, PREVIOUS, ModelStamp, other_stamps

STAMP = ModelStamp("f" * 16, "a model", "/models/a", "vectors-3")


def test_what_is_stored_is_read_back() -> None:
    assert ModelStamp.read(STAMP.facts()) == STAMP
    assert ModelStamp.read({**STAMP.facts(), "generation": "5"}) == STAMP
    assert all(isinstance(value, str) for value in STAMP.facts().values())


def test_a_library_of_schema_1_knows_neither_folder_nor_store() -> None:
    read = ModelStamp.read({"model": "abc", "model_name": "a"})
    assert read == ModelStamp("abc", "a", "", "vectors")


def test_a_model_at_hand_is_stamped_with_its_absolute_folder(encoder: Encoder) -> None:
    stamp = ModelStamp.of(encoder.manifest, "vectors-2")
    assert stamp.model == encoder.manifest.fingerprint
    assert stamp.model_folder == str(encoder.manifest.folder.absolute())
    assert stamp.vectors == "vectors-2"


@pytest.mark.parametrize("key", [PREVIOUS, NEXT])
def test_other_models_are_kept_as_one_fact_each(key: str) -> None:
    assert other_stamps({key: STAMP.text()}) == {key: STAMP}
    assert json.loads(STAMP.text()).keys() == STAMP.facts().keys()


def test_a_fact_that_was_emptied_is_no_stamp() -> None:
    assert other_stamps({PREVIOUS: "", "model": "x"}) == {}
