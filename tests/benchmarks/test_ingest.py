from pathlib import Path

import pytest
from PIL import Image

from benchmarks.growth import grown
from benchmarks.ingest import throughput
from benchmarks.photographs import write_photographs
from engine.encoder import Encoder

SIZE = (800, 600)


@pytest.fixture(scope="module")
def photographs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_photographs(tmp_path_factory.mktemp("photographs"), 40, SIZE)


def test_photographs_are_different_files_of_the_size(photographs: list[Path]) -> None:
    assert len({file.read_bytes() for file in photographs}) == 40
    for file in photographs[:3]:
        with Image.open(file) as image:
            assert (image.format, image.size) == ("JPEG", SIZE)


def test_the_pipeline_is_compared_with_its_parts(
    photographs: list[Path], encoder: Encoder, tmp_path: Path
) -> None:
    measured = throughput(encoder, photographs, tmp_path / "library")
    assert measured.report.added == 40
    alone = measured.decode.core_seconds + measured.encode.core_seconds
    assert measured.possible == pytest.approx(40 * measured.cores / alone)
    assert measured.reached > 0
    said = measured.as_markdown()
    assert f"**{measured.reached / measured.possible:.0%}** of what" in said
    assert "| read and decode alone |" in said


def test_memory_is_that_of_a_process_of_its_own(encoder: Encoder, tmp_path: Path) -> None:
    said = grown(encoder.manifest.folder, tmp_path, (3, 5))
    few, many = (float(line.split("|")[2]) for line in said.splitlines()[-2:])
    assert 50 < few < 2000
    assert 50 < many < 2000
