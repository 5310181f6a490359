from training.readme import read_unknown, write_readme

REPORT = {
    "flickr8k": {"hit@1": 0.2, "hit@5": 0.4, "hit@10": 0.6, "queries": 3},
    "grocery": {"precision@10": 0.8, "queries": 9},
}
UNKNOWN = {"web hit@10": (0.25, 0.3)}


def test_the_readme_shows_the_measured_figures():
    text = write_readme(512, REPORT, UNKNOWN)
    assert "| flickr8k | 0.200 | 0.400 | 0.600 |  |" in text
    assert "| grocery |  |  |  | 0.800 |" in text
    assert "| web hit@10 | 0.250 | 0.300 |" in text
    assert "{" not in text


def test_the_unknown_is_read_at_the_end_of_both_curves(tmp_path):
    for name, rows in (("train", ("1,9,0.1", "2,9,0.25")), ("tune", ("1,9,0.2", "2,9,0.3"))):
        lines = ["step,flickr8k hit@10,left out web hit@10", *rows]
        (tmp_path / f"{name}.csv").write_text("\n".join(lines), encoding="utf-8")
    assert read_unknown(tmp_path / "train.csv", tmp_path / "tune.csv") == UNKNOWN


def test_the_licence_is_in_the_header():
    header = write_readme(512, REPORT, UNKNOWN).split("---\n")[1].splitlines()
    assert "license: other" in header
    assert "license_name: research-and-demonstration" in header
