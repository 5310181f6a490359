from pathlib import Path

import pytest

from ui import folders


def test_a_home_folder_is_spelled_out(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "Pictures").mkdir()
    assert folders.checked(" ~/Pictures ") == tmp_path / "Pictures"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Type the path"),
        ("  ", "Type the path"),
        ("/no/such/*folder*", "`/no/such/*folder*`: there is no such folder"),
        ("Pictures", "give the whole path"),
        ("~nobody-of-this-name/x", "there is no such user"),
        ("/a\0b", "is not a path"),
        ("/" + "x" * 5000, "File name too long"),
        (__file__, "is a file, not a folder"),
    ],
)
def test_what_is_no_folder_is_explained(typed: str, told: str):
    with pytest.raises(folders.FolderError) as error:
        folders.checked(typed)
    assert told in str(error.value)
