"""Facets in a file: the same ones, or none."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vs_filled import fill
from vs_known import Known, known_images

from engine.encoder import Encoder
from engine.library import Library
from engine.library.facets import facet_keeper
from engine.library.facets.facet_keeper import FacetKeeper
from engine.library.facets.facets import gather_facets
from engine.library.facets.kept_facets import KeptFacets
from engine.metadata import PhotoFacts


@given(st.lists(known_images(), max_size=8, unique_by=lambda one: one.path))
def test_what_was_kept_is_what_was_gathered(
    library: Library, tmp_path: Path, images: list[Known]
) -> None:
    fill(library, images)
    facets = gather_facets(library.database)
    kept = KeptFacets(tmp_path / "facets.json")
    kept.save("now", facets)
    assert kept.load("now") == facets
    assert kept.load("later") is None


@pytest.mark.parametrize("content", ["", "{", "[]", "3", '{"version": 1, "state": "now"}'])
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, content: str) -> None:
    file = tmp_path / "facets.json"
    file.write_text(content)
    assert KeptFacets(file).load("now") is None


def test_where_nothing_can_be_written_nothing_is_kept(library: Library, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    KeptFacets(tmp_path / "file" / "facets.json").save("now", gather_facets(library.database))


def test_the_next_start_has_them_without_gathering(
    library: Library, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facet_keeper, "_WORTH", 2)
    monkeypatch.setattr(facet_keeper, "_PAUSE", 0)
    fill(library, [Known(f"/p/{n}.jpg", 1, n, 1, 1 + n, PhotoFacts(), ()) for n in range(3)])
    facets = FacetKeeper(library).facets()
    other = Library(library.folder, encoder.manifest)
    with monkeypatch.context() as patched:
        patched.setattr(facet_keeper, "gather_facets", lambda _: pytest.fail("gathered"))
        keeper = FacetKeeper(other)
        assert keeper.facets() == facets
    library.attributes.put({1: {"tag": ("new",)}})
    assert len(keeper.facets().columns) == 1
    assert FacetKeeper(library).facets() == keeper.facets()
    other.close()


def test_facets_of_few_images_are_gathered_sooner_than_read(library: Library) -> None:
    fill(library, [Known("/p/1.jpg", 1, 1, 1, 1, PhotoFacts(), ())])
    FacetKeeper(library).facets()
    assert not (library.folder / "index" / "facets.json").exists()
