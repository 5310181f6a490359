import json
import shutil

import numpy as np
import pytest

BOUND = 1e-4  # largest absolute difference of a component
TEXTS = ["a dog", "", "Two RED shoes on a table", "sea"]


@pytest.fixture
def legacy(checkpoint, tmp_path):
    """OpenAI's configs say that the last token has id 2, and the model knows better."""
    folder = tmp_path / "legacy"
    shutil.copytree(checkpoint, folder)
    config = json.loads((folder / "config.json").read_text())
    config["text_config"]["eos_token_id"] = 2
    (folder / "config.json").write_text(json.dumps(config))
    return folder


def test_the_last_token_is_found_where_the_config_has_its_id_wrong(checkpoint, legacy, tmp_path):
    from engine.encoder import load
    from export.manifest import write_draft
    from export.sources.framework import TransformersSource

    source = TransformersSource(str(legacy))
    write_draft(tmp_path, source.write(tmp_path, lambda message: None))
    found = load(tmp_path, device="cpu", threads=2).encode_texts(TEXTS)
    for folder in (legacy, checkpoint):
        expected = TransformersSource(str(folder)).reference().texts(TEXTS)
        assert np.abs(found - expected).max() <= BOUND


def test_patches_are_the_tokens_that_attend_to_themselves_alone(torch, checkpoint):
    """The same by a mask on the last layer, over all tokens at once."""
    from export.architectures import architecture_for
    from export.checkpoints.checkpoint import open_checkpoint

    architecture = architecture_for("clip")
    model = architecture.load(open_checkpoint(str(checkpoint)))
    towers = architecture.towers(model)
    with torch.inference_mode():
        _, states = towers.vision.module(*towers.vision.examples[0])
        found = towers.patches.module(states)
        count, tokens, _ = states.shape
        mask = torch.full((tokens, tokens), -torch.inf).fill_diagonal_(0)
        mask = mask.expand(count, 1, tokens, tokens)
        (last,) = model.vision_model.encoder.layers[-1](states, mask, None)
        rows = model.visual_projection(model.vision_model.post_layernorm(last[:, 1:]))
    expected = torch.nn.functional.normalize(rows, dim=-1)
    assert torch.allclose(found, expected, atol=1e-5)
