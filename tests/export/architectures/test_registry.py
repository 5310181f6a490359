import pytest
from vs_checkpoints import MODEL_TYPES

from export.architectures import KNOWN, architecture_for
from export.errors import ExportError


def test_an_unknown_model_type_lists_the_known_ones():
    with pytest.raises(ExportError, match="'bert', which cannot be exported; known are:") as caught:
        architecture_for("bert")
    for name in KNOWN:
        assert name in str(caught.value)


@pytest.mark.parametrize("name", KNOWN)
def test_every_known_one_is_there(torch, name):
    architecture = architecture_for(name)
    for part in ("load", "towers", "image_features", "text_features"):
        assert callable(getattr(architecture, part))


def test_a_tiny_checkpoint_can_be_made_of_every_known_one():
    made_elsewhere = {"visual-search-default"}
    assert set(KNOWN) - made_elsewhere <= set(MODEL_TYPES)
