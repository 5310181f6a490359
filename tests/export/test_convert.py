import json
import shutil

import numpy as np
import pytest
from vs_checkpoints import MODEL_TYPES, make_checkpoint

from engine import Query, SearchEngine
from engine.encoder import load
from engine.sample import write_sample_library
from export.errors import ExportError
from export.guard.choice import INT8
from export.guard.loss import Bounds

DRAWN = 40
WITHOUT_PATCHES = {"align"}


@pytest.fixture(scope="session")
def convert(torch):
    """`convert` on few drawn pictures."""
    from export.convert import Options
    from export.convert import convert as run

    def convert(source, out, say=lambda message: None, **options):
        return run(str(source), out, Options(drawn=DRAWN, **options), say)

    return convert


@pytest.fixture(scope="module")
def clip(torch, tmp_path_factory):
    """A tiny CLIP; read only."""
    return make_checkpoint("clip", tmp_path_factory.mktemp("checkpoints") / "tiny-clip")


@pytest.fixture(scope="module")
def chosen(convert, clip, tmp_path_factory):
    """The tiny CLIP in the precision that is best for it; read only."""
    out = tmp_path_factory.mktemp("models") / "tiny"
    convert(clip, out)
    return out


@pytest.mark.parametrize("model_type", MODEL_TYPES)
def test_the_engine_searches_with_every_architecture(convert, model_type, tmp_path):
    out = tmp_path / "model"
    convert(make_checkpoint(model_type, tmp_path / "checkpoint"), out, precision="fp32")
    measured = load(out).manifest.measured
    for kind in ("tensors", "processors"):
        assert max(measured["parity"][kind].values()) <= 1e-4
    write_sample_library(tmp_path / "pictures", 12)
    with SearchEngine.open(tmp_path / "library", out) as engine:
        assert engine.index([tmp_path / "pictures"]).added == 12
        first = engine.search(Query.text("a red circle"), limit=3).results
        assert len(first) == 3
        example = engine.search(Query.image(first[0].path), limit=1).results
        assert example[0].path == first[0].path
        assert engine.encoder.window_grid is None
        grid = engine.encoder.patch_grid
        assert (grid is None) == (model_type in WITHOUT_PATCHES)
        if grid:
            patches = engine.encoder.encode_patches([first[0].path])
            assert patches.shape == (1, grid[0] * grid[1], engine.encoder.dim)
            assert np.linalg.norm(patches, axis=2) == pytest.approx(1, abs=1e-4)


def test_every_precision_is_measured_and_the_taken_one_is_within_the_bounds(chosen):
    manifest = load(chosen).manifest
    rows = manifest.measured["precisions"]
    for tower in ("vision", "text"):
        mine = [row for row in rows if row["tower"] == tower]
        assert {*INT8, "fp32"} <= {row["precision"] for row in mine}
        (taken,) = [row for row in mine if row["chosen"]]
        assert taken["within_bounds"]
        assert taken["precision"] == getattr(manifest, tower).precision
        exact = next(row for row in mine if row["precision"] == "fp32")
        assert exact["overlap"] == 1
        smallest = next(row for row in mine if row["precision"] == "int8-weights")
        assert smallest["megabytes"] < 0.7 * exact["megabytes"]
        assert all(row["ms_one"] > 0 and row["peak_megabytes"] > 10 for row in mine)
    assert manifest.measured["loss"]["broken"] == []


def test_the_manifest_says_where_the_model_is_from(chosen):
    manifest = load(chosen).manifest
    assert (manifest.name, manifest.source) == ("tiny", "tiny-clip")
    assert manifest.licence["weights"] == "apache-2.0"
    measured = manifest.measured
    assert measured["command"] == "python -m export tiny-clip --out tiny --precision auto"
    assert measured["calibration"]["pictures"] == DRAWN
    assert {"onnxruntime", "torch", "transformers"} <= set(measured["versions"])
    assert measured["machine"]


def test_nothing_of_this_machine_is_written(chosen):
    for file in chosen.iterdir():
        content = file.read_bytes()
        for place in (b"/tmp/", b"site-packages", str(chosen.parent).encode()):
            assert place not in content, file.name


def test_the_card_has_the_figures_and_the_source_card(chosen):
    card = (chosen / "MODEL_CARD.md").read_text(encoding="utf-8")
    for said in ("# tiny\n", "int8-blocks", "| taken |", "### A tiny model", "| fp32 |"):
        assert said in card


def test_a_named_precision_is_taken_for_both_towers(convert, clip, tmp_path):
    for precision in ("int8-weights", "fp16"):
        convert(clip, tmp_path / precision, precision=precision, bounds=Bounds(100, 0))
        manifest = load(tmp_path / precision).manifest
        assert manifest.vision.precision == manifest.text.precision == precision


def test_score_curves_are_fitted(chosen):
    manifest = load(chosen).manifest
    for curve in (manifest.text_score, manifest.image_score):
        assert curve.scale >= 1.0
        assert np.isfinite(curve.midpoint)


def test_pictures_of_ones_own_are_compared_on(convert, clip, tmp_path):
    write_sample_library(tmp_path / "mine", 24)
    convert(clip, tmp_path / "out", precision="fp32", calibration=tmp_path / "mine")
    measured = load(tmp_path / "out").manifest.measured
    assert measured["calibration"]["name"] == "mine"
    assert measured["calibration"]["pictures"] == 24


ATTENTION = ("layer_norm1", ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"))
MLP = ("layer_norm2", ("mlp.fc1",))


def with_outliers(clip, folder, places):
    """The same model in float32, but in 8 bits the text tower is ruined at some places.

    One channel before a product is thousands of times as large as the others, and its weights are
    as much smaller: what real transformers do by themselves, overdone.
    """
    from safetensors.torch import load_file, save_file

    shutil.copytree(clip, folder)
    weights = load_file(folder / "model.safetensors")
    for layer, (norm, products) in places:
        before = f"text_model.encoder.layers.{layer}."
        for part in ("weight", "bias"):
            weights[f"{before}{norm}.{part}"][0] *= 3000
        for product in products:
            weights[f"{before}{product}.weight"][:, 0] /= 3000
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    return folder


@pytest.fixture(scope="module")
def outliers(clip, tmp_path_factory):
    """Ruined in 8 bits in every layer; read only."""
    places = [(layer, part) for layer in range(3) for part in (ATTENTION, MLP)]
    return with_outliers(clip, tmp_path_factory.mktemp("checkpoints") / "outliers", places)


def test_a_tower_that_8_bits_ruin_is_refused_with_its_name_and_figures(convert, outliers, tmp_path):
    out = tmp_path / "models" / "bad"
    with pytest.raises(ExportError) as caught:
        convert(outliers, out, precision="int8-dynamic")
    said = str(caught.value)
    assert said.startswith("text tower: the loss is too high:\n  int8-dynamic: ")
    assert "of the first 10 stay the same, 0.9 are the least" in said
    assert "--force" in said
    assert list(out.parent.iterdir()) == []


def test_what_is_insisted_on_is_written_with_what_it_breaks(convert, outliers, tmp_path):
    convert(outliers, tmp_path / "bad", precision="int8-dynamic", force=True)
    manifest = load(tmp_path / "bad").manifest
    assert manifest.text.precision == "int8-dynamic"
    assert "stay the same" in "".join(manifest.measured["loss"]["broken"])
    assert "insisted on" in (tmp_path / "bad" / "MODEL_CARD.md").read_text()


def test_auto_spares_a_tower_that_8_bits_ruin(convert, outliers, tmp_path):
    said = []
    choice = convert(outliers, tmp_path / "good", said.append)
    assert choice.broken == ()
    assert choice.loss.overlap >= 0.9
    ruined = [one for one in choice.candidates if one.tower == "text" and not one.kept]
    assert sum(bool(Bounds().broken(one.loss)) for one in ruined) >= 3
    assert any("int8-static: the text tower" in line for line in said)


def test_a_single_layer_that_8_bits_ruin_stays_in_float(convert, clip, tmp_path):
    source = with_outliers(clip, tmp_path / "one", [(1, MLP)])
    choice = convert(source, tmp_path / "out", precision="int8-dynamic")
    assert choice.text.precision == "int8-dynamic"
    assert {name for name in choice.text.kept if "layers.1/mlp/fc1" in name}
    assert len(choice.text.kept) <= 2
    assert "layers in float" in (tmp_path / "out" / "MODEL_CARD.md").read_text()


def test_a_failed_replacement_leaves_the_old_model(convert, clip, outliers, chosen, tmp_path):
    out = shutil.copytree(chosen, tmp_path / "model")
    before = (out / "model.json").read_bytes()
    with pytest.raises(ExportError, match="--replace"):
        convert(clip, out)
    with pytest.raises(ExportError, match="text tower"):
        convert(outliers, out, precision="int8-dynamic", replace=True)
    assert (out / "model.json").read_bytes() == before
    load(out)
    convert(clip, out, precision="fp32", replace=True)
    assert json.loads((out / "model.json").read_text())["vision"]["precision"] == "fp32"
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_large_weights_lie_beside_their_graph_and_are_checked(convert, clip, tmp_path, monkeypatch):
    monkeypatch.setattr("export.graphs.files.SINGLE_FILE_BYTES", 1000)
    convert(clip, tmp_path / "out", precision="int8-weights", bounds=Bounds(100, 0))
    assert (tmp_path / "out" / "vision.onnx.data").exists()
    encoder = load(tmp_path / "out")
    assert encoder.encode_texts(["a dog"]).shape == (1, encoder.dim)
    with (tmp_path / "out" / "vision.onnx.data").open("r+b") as data:
        data.write(b"damaged")
    with pytest.raises(Exception, match=r"vision\.onnx\.data.*sha256"):
        load(tmp_path / "out")
