from pathlib import Path

import pytest

from engine.metadata.table_file import TableError
from engine.metadata.table_preview import preview_table


def test_the_first_rows_with_all_of_their_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"Path": "a", "n": 1}\n{"Path": "b", "Tags": ["x", "y"], "gone": null}\n{"z": 1}\n'
    )
    table = preview_table(path, rows=2)
    assert table.columns == ("path", "n", "tags", "gone")
    assert table.rows[1] == {"path": "b", "tags": "x, y", "gone": ""}
    assert table.key == "path"
    assert preview_table(path, rows=3).rows[2] == {"z": "1"}


def test_a_table_without_rows_is_none_that_fails(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("")
    assert preview_table(path).rows == ()
    with pytest.raises(TableError, match="cannot be read"):
        preview_table(tmp_path / "gone.csv")
