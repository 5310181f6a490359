"""The command, on a library of drawn pictures and on words that the model cannot know."""

import csv
import json
import random
import subprocess
import sys

import pytest
from vs_adapted import linked_model
from vs_command import PROJECT, run_engine

from engine import Query, SearchEngine
from engine.sample import MANIFEST

pytestmark = pytest.mark.slow  # `make test-training` runs them, too

_CODES = ("vorp", "blenk", "zuth", "quasp", "drimble", "snarf", "thwick", "plonth")


def adapt(*arguments):
    command = [sys.executable, "-m", "training", "adapt", *map(str, arguments)]
    return subprocess.run(
        command, cwd=PROJECT, capture_output=True, encoding="utf-8", timeout=300, check=False
    )


@pytest.fixture(scope="module")
def items(sample_folder):
    lines = (sample_folder / MANIFEST).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def model(project, tmp_path_factory):
    return linked_model(project / "models" / "default", tmp_path_factory.mktemp("m") / "model")


@pytest.fixture(scope="module")
def library(model, sample_folder, tmp_path_factory):
    folder = tmp_path_factory.mktemp("adapted") / "library"
    with SearchEngine.open(folder, model) as engine:
        engine.index([sample_folder])
    return folder


def write_pairs(path, sample_folder, items, say):
    """A table of what `say` makes of each item; items without a text are left out."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["image", "text"])
        for item in items:
            if text := say(item):
                table.writerow([sample_folder / item["file"], text])
    return path


@pytest.fixture(scope="module")
def said(items):
    """File to a text: a word that means nothing for an eighth of the kinds, and the colour."""
    kinds = sorted({item["attributes"]["kind"] for item in items})
    code = {kind: _CODES[number % len(_CODES)] for number, kind in enumerate(kinds)}
    facts = {item["file"]: item["attributes"] for item in items}
    return {
        file: f"{each.get('colour', '')} {code[each['kind']]}".strip()
        for file, each in facts.items()
    }


@pytest.fixture(scope="module")
def taught(model, library, sample_folder, items, said, tmp_path_factory):
    """The words are taught; returns what the command said."""
    path = tmp_path_factory.mktemp("p") / "pairs.csv"
    pairs = write_pairs(path, sample_folder, items, lambda item: said[item["file"]])
    general = sample_folder / MANIFEST
    return adapt("--library", library, "--pairs", pairs, "--name", "codes", "--general", general)


def test_words_that_the_model_cannot_know_are_learnt(taught, model):
    assert taught.returncode == 0, taught.stderr
    assert "held out" in taught.stdout
    assert "neutral texts" in taught.stdout
    assert (model / "adapters" / "codes.npz").is_file()


def test_the_library_answers_to_them(taught, model, library, said):
    right = {"": 0, "codes": 0}
    for name in right:
        with SearchEngine.open(library, model, adapter=name) as engine:
            assert engine.info().adapter == (name or None)
            for text in set(said.values()):
                found = engine.search(text, limit=1).results[0].path
                right[name] += said[found.split("/pictures/")[1]] == text
    assert right["codes"] > right[""] + 10


def test_its_record_says_where_it_is_from(taught, model):
    from engine.encoder import load

    about = load(model, adapter="codes").adapter.about
    assert about["source"] == "pairs.csv"
    assert about["held_out"]["gains"]["mAP"]["low"] > 0
    assert about["general"]["topics"] > 100
    assert 0 < about["neutral"]["same ten"] <= 1


@pytest.mark.slow
def test_the_commands_take_it(taught, model, library, sample_folder):
    searched = run_engine(
        "search", "red vorp", "--library", library, "--model", model,
        "--adapter", "codes",
    )  # fmt: skip
    assert searched.returncode == 0, searched.stderr
    judged = run_engine("evaluate", sample_folder, "--model", model, "--adapter", "codes")
    assert judged.returncode == 0, judged.stderr
    assert "default with codes" in judged.stdout
    unknown = run_engine("search", "a", "--library", library, "--model", model, "--adapter", "no")
    assert unknown.returncode == 1
    assert "no such adapter; there are: codes" in unknown.stderr


@pytest.mark.slow
def test_what_does_not_help_is_not_installed(model, library, sample_folder, items, tmp_path):
    draw = random.Random(0)
    words = [item["captions"][0] for item in items]
    draw.shuffle(words)
    wrong = iter(words)
    pairs = write_pairs(tmp_path / "pairs.csv", sample_folder, items, lambda item: next(wrong))
    found = adapt("--library", library, "--pairs", pairs, "--name", "noise")
    assert found.returncode == 1
    assert "Not installed" in found.stdout
    assert not (model / "adapters" / "noise.npz").exists()


def test_too_few_pairs_are_no_proof(model, library, sample_folder, items, tmp_path):
    pairs = write_pairs(tmp_path / "few.csv", sample_folder, items[:30], lambda item: "a thing")
    found = adapt("--library", library, "--pairs", pairs)
    assert found.returncode == 1
    assert "few.csv: 1 texts for 30 images are too few" in found.stderr


def test_images_that_are_not_in_the_library_are_named(model, library, tmp_path, items):
    (tmp_path / "other.jpg").write_bytes(b"x")
    (tmp_path / "pairs.csv").write_text("image,text\nother.jpg,a thing\ngone.jpg,a thing\n")
    found = adapt("--library", library, "--pairs", tmp_path / "pairs.csv")
    assert found.returncode == 1
    assert "gone.jpg: no such image" in found.stderr
    assert "other.jpg: not in the library; index its folder first" in found.stderr


def test_thumbs_are_a_source(model, library, said):
    with SearchEngine.open(library, model, adapter="") as engine:
        ids = {image.path.split("/pictures/")[1]: image.id for image in engine.images()}
        for file, text in said.items():
            engine.mark(Query.text(text), ids[file], 1)
        found = adapt("--library", library, "--from-feedback", "--name", "thumbs")
        for text in set(said.values()):
            engine.clear_marks(Query.text(text))
    assert found.returncode == 0, found.stdout + found.stderr
    assert f"{len(set(said.values()))} texts, 300 images from thumbs" in found.stdout


def test_no_thumbs_are_nothing_to_learn_from(model, tmp_path, sample_folder):
    with SearchEngine.open(tmp_path / "empty", model):
        pass
    found = adapt("--library", tmp_path / "empty", "--from-feedback")
    assert found.returncode == 1
    assert "thumbs: nothing to learn from" in found.stderr


def test_it_runs_without_pytorch():
    code = (
        "import sys; sys.modules['torch'] = None; sys.modules['onnx'] = None;"
        "sys.argv = ['training', 'adapt', '--help'];"
        "import training.adapting.adapt, runpy; runpy.run_module('training', run_name='__main__')"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr
    assert "--from-feedback" in found.stdout


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--name", "my shop"], "a name has up to 64 letters"),
        (["--general-among", "split"], "expected COLUMN=VALUE"),
    ],
)
def test_bad_options_are_refused_before_anything_is_learnt(options, said, tmp_path):
    run = adapt("--library", tmp_path / "none", "--pairs", tmp_path / "none.csv", *options)
    assert run.returncode == 1
    assert said in run.stderr
