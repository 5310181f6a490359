from pathlib import Path

from benchmarks.described import ROOT, describe
from benchmarks.facets import measure
from engine.encoder import Encoder
from engine.library import Library
from engine.library.facets.facets import gather_facets


def test_the_library_has_something_of_everything(encoder: Encoder, tmp_path: Path) -> None:
    library = Library(tmp_path, encoder.manifest)
    describe(library, 500)
    facets = gather_facets(library.database)
    assert facets.images == 500
    assert library.catalogue.folders() == [ROOT]
    assert 100 < facets.places < 300
    assert len(facets.colours) == 12
    columns = {column.name: column for column in facets.columns}
    assert columns.keys() == {"price", "tag", "title"}
    assert columns["price"].numbers is not None
    assert columns["tag"].choices
    assert min(map(len, (facets.folders, facets.cameras, facets.lenses, facets.types))) > 1
    library.close()


def test_a_table_is_printed(encoder: Encoder, tmp_path: Path) -> None:
    said = measure(encoder, tmp_path, 200)
    assert said.startswith("| filters of 200 images | s | processor s |")
    assert "| gathered |" in said
