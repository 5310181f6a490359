"""Files that break picture software: none stops a run, each is found or named with a reason."""

import json
import os
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from vs_awkward import GOOD, AwkwardFolder, draw_awkward_folder, turned
from vs_command import run_engine
from vs_drawing import DETAILED, draw, draw_detailed, encode
from vs_powers import file_permissions_count

from engine import Encoder, IngestReport, Query, SearchEngine
from engine.encoder import decode

pytestmark = pytest.mark.filterwarnings("ignore:Corrupt EXIF data")  # the engine silences it


@dataclass
class Indexed:
    """The awkward folder, and what came of indexing it through the Python API."""

    awkward: AwkwardFolder
    engine: SearchEngine
    report: IngestReport


@pytest.fixture(scope="module")
def awkward(tmp_path_factory: pytest.TempPathFactory) -> AwkwardFolder:
    return draw_awkward_folder(tmp_path_factory.mktemp("awkward") / "pictures")


@pytest.fixture(scope="module")
def indexed(
    awkward: AwkwardFolder, encoder: Encoder, tmp_path_factory: pytest.TempPathFactory
) -> Indexed:
    engine = SearchEngine.with_encoder(encoder, tmp_path_factory.mktemp("library"))
    with file_permissions_count():
        report = engine.index([awkward.folder])
    return Indexed(awkward, engine, report)


def test_every_good_file_is_added(indexed: Indexed) -> None:
    expected = len(indexed.awkward.good) + len(indexed.awkward.twins)
    assert indexed.report.added == expected >= 40
    assert indexed.report.notes == ()


def test_every_bad_file_is_skipped_with_its_path_and_a_reason(indexed: Indexed) -> None:
    reasons = {skip.path: skip.reason for skip in indexed.report.skipped}
    expected = {str(path): word for path, word in indexed.awkward.bad.items()}
    assert reasons.keys() == expected.keys()
    for path, word in expected.items():
        assert word in reasons[path], path


@pytest.mark.parametrize("name", GOOD, ids=lambda name: ascii(os.fsdecode(name))[:40])
def test_every_good_file_is_found_by_itself(name: bytes, indexed: Indexed) -> None:
    path = os.fsdecode(os.fsencode(indexed.awkward.folder) + b"/" + name)
    best = indexed.engine.search(Query.image(path), limit=1).results[0]
    twins = {Path(path), *indexed.awkward.twins} if name == b"plain.bmp" else {Path(path)}
    assert Path(best.path) in twins
    assert best.similarity >= 0.99


def test_a_link_is_found_like_its_target(indexed: Indexed) -> None:
    (link,) = indexed.awkward.twins
    page = indexed.engine.search(Query.image(link), limit=2)
    assert {hit.path for hit in page.results} == {str(link), str(link.with_name("plain.bmp"))}
    assert min(hit.similarity for hit in page.results) >= 0.99


def test_hidden_files_and_other_kinds_are_left_alone(indexed: Indexed) -> None:
    hits = indexed.engine.search("a picture", limit=1000).results
    seen = {hit.path for hit in hits} | {skip.path for skip in indexed.report.skipped}
    assert len(hits) == indexed.report.added
    assert not seen & {str(path) for path in indexed.awkward.ignored}


def test_a_second_run_changes_nothing_and_reports_the_same(indexed: Indexed) -> None:
    with file_permissions_count():
        again = indexed.engine.index([indexed.awkward.folder])
    assert (again.added, again.updated, again.moved, again.removed) == (0, 0, 0, 0)
    assert again.unchanged == indexed.report.added
    assert set(again.skipped) == set(indexed.report.skipped)


def test_the_command_names_every_skipped_file_and_succeeds(
    awkward: AwkwardFolder, tmp_path: Path
) -> None:
    done = run_engine(
        "index", awkward.folder, "--library", tmp_path / "library", file_permissions_count=True
    )
    assert done.returncode == 0, done.stderr
    good = len(awkward.good) + len(awkward.twins)
    assert f"{good} added" in done.stdout
    assert f"{len(awkward.bad)} skipped" in done.stdout
    lines = done.stderr.splitlines()
    for path, word in awkward.bad.items():
        assert any(str(path) in line and word in line for line in lines), path
    assert "Warning" not in done.stderr


def test_the_command_prints_any_file_name(awkward: AwkwardFolder, tmp_path: Path) -> None:
    """Names of searched and found files travel through arguments, JSON and tables."""
    library = tmp_path / "library"
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/odd \xff\n\x1b[31m[red].png"))
    odd.write_bytes(encode(draw(1)))
    assert run_engine("index", odd, "--library", library).returncode == 0
    printed = run_engine("search", "--image", odd, "--library", library, "--json")
    assert printed.returncode == 0, printed.stderr
    assert [hit["path"] for hit in json.loads(printed.stdout)["results"]] == [str(odd)]
    shown = run_engine("search", "--image", odd, "--library", library)
    assert r"odd \udcff\n\x1b[31m[red].png" in shown.stdout
    assert "\x1b[31m" not in shown.stdout
    (tmp_path / "second").mkdir()
    assert run_engine("index", tmp_path / "second", "--library", library).returncode == 0
    facts = run_engine("info", "--library", library).stdout.splitlines()
    assert any(line.endswith(r"odd \udcff\n\x1b[31m[red].png") for line in facts)
    assert any(line.endswith(str(tmp_path / "second")) for line in facts)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_photo_embeds_like_the_upright_one(orientation: int, encoder: Encoder) -> None:
    upright = draw(77, (320, 208))
    as_stored = turned(upright, orientation, quality=95, subsampling=0)
    plain = encode(upright, "JPEG", quality=95, subsampling=0)
    wanted, got = encoder.encode_images([plain, as_stored])
    assert wanted @ got >= 0.99
    if orientation > 1:  # or the test would pass without turning anything
        lying = Image.fromarray(np.asarray(Image.open(BytesIO(as_stored))))
        assert wanted @ encoder.encode_images([lying])[0] < 0.99


@pytest.mark.parametrize("kind", DETAILED)
def test_decoding_a_large_photo_smaller_keeps_its_embedding(kind: str, encoder: Encoder) -> None:
    photo = encode(draw_detailed(kind, (4000, 3000)), "JPEG", quality=90)
    small = decode(photo, at_least=encoder.decode_side).image
    assert min(small.size) < 1000
    inputs = [encoder.pixels(image) for image in (small, decode(photo).image)]
    first, second = encoder.encode_pixels(inputs)
    # Fine regular patterns alias a little differently; no photograph is made of them alone.
    assert first @ second >= {"page": 0.995, "strokes": 0.98}.get(kind, 0.999)
    assert np.abs(inputs[0] - inputs[1]).mean() * 127.5 < 1  # in levels of 255
