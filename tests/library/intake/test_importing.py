"""Which images a table means."""

from pathlib import Path

import pytest

from engine.library import Library, LibraryError
from engine.library.intake.importing import ImportReport, import_table


@pytest.fixture
def filled(library: Library) -> Library:
    paths = ("/p/cats/1.jpg", "/p/dogs/1.jpg", "/p/dogs/2.jpg", "/p/Ü.jpg")
    library.catalogue.apply(
        added=[
            {"path": path, "digest": f"{k:064x}", "size": 1, "mtime_ns": 1, "width": 1}
            | {"height": 1, "vector_row": k}
            for k, path in enumerate(paths)
        ]
    )
    return library


def imported(library: Library, folder: Path, *files: str) -> ImportReport:
    table = folder / "table.csv"
    table.write_text("file,x\n" + "".join(f"{name},y\n" for name in files), encoding="utf-8")
    return import_table(library, table)


def paths_with(library: Library) -> set[str]:
    records = {record.id: record.path for record in library.catalogue.records()}
    return {records[i] for i in library.attributes.of(list(records))}


@pytest.mark.parametrize(
    ("file", "path"),
    [
        ("/p/dogs/1.jpg", "/p/dogs/1.jpg"),
        ("dogs/1.jpg", "/p/dogs/1.jpg"),
        ("./dogs/1.jpg", "/p/dogs/1.jpg"),
        ("dogs/1", "/p/dogs/1.jpg"),
        ("2.jpg", "/p/dogs/2.jpg"),
        ("2", "/p/dogs/2.jpg"),
        ("Ü.jpg", "/p/Ü.jpg"),
    ],
)
def test_an_image_is_found_by_any_end_of_its_path(
    filled: Library, tmp_path: Path, file: str, path: str
) -> None:
    report = imported(filled, tmp_path, file)
    assert (report.rows, report.images, report.columns) == (1, 1, ("x",))
    assert paths_with(filled) == {path}


def test_what_is_unknown_or_could_be_several_is_told(filled: Library, tmp_path: Path) -> None:
    report = imported(filled, tmp_path, "1.jpg", "gone.jpg", "/q/2.jpg", "s/2.jpg", "2.jpg")
    assert (report.rows, report.images, report.unknown, report.ambiguous) == (5, 1, 3, 1)
    assert report.examples[0] == "row 2: '1.jpg': 2 images have this name"
    assert report.examples[1] == "row 3: 'gone.jpg': no such image"


def test_paths_are_looked_for_beside_the_table(library: Library, tmp_path: Path) -> None:
    paths = [str(tmp_path / "1.jpg"), "/elsewhere/1.jpg"]
    library.catalogue.apply(
        added=[
            {"path": path, "digest": f"{k:064x}", "size": 1, "mtime_ns": 1, "width": 1}
            | {"height": 1, "vector_row": k}
            for k, path in enumerate(paths)
        ]
    )
    assert imported(library, tmp_path, "1.jpg").images == 1
    assert paths_with(library) == {paths[0]}


def test_a_damaged_table_changes_nothing(filled: Library, tmp_path: Path) -> None:
    table = tmp_path / "t.jsonl"
    table.write_text('{"file": "2.jpg", "x": "y"}\n{"file":\n')
    with pytest.raises(LibraryError, match=r"t\.jsonl, line 2"):
        import_table(filled, table)
    assert paths_with(filled) == set()
