from pathlib import Path

from engine import SearchEngine
from ui import resources
from ui.jobs import indexing


def test_sample_pictures_are_drawn_beside_the_library(open_page, library: Path):
    engine = resources.open_engine()
    steps: list[tuple[str, int, int]] = []
    report = indexing.draw_sample(engine, count=4)(lambda *step: steps.append(step))
    assert report.added == 4
    assert engine.info().folders == (str(library.parent / "sample-pictures"),)
    assert steps[0] == ("Drawing sample pictures", 1, 4)
    assert steps[-1] == ("Adding pictures", 4, 4)


def test_refreshing_takes_all_folders(shared_engine: SearchEngine):
    report = indexing.add(shared_engine, None)(lambda *step: None)
    assert report.unchanged == 40
