from training.readme import write_readme

REPORT = {
    "flickr8k": {"hit@1": 0.2, "hit@5": 0.4, "hit@10": 0.6, "queries": 3},
    "grocery": {"precision@10": 0.8, "queries": 9},
}


def test_the_readme_shows_the_measured_figures():
    text = write_readme(512, REPORT)
    assert "| flickr8k | 0.200 | 0.400 | 0.600 |  |" in text
    assert "| grocery |  |  |  | 0.800 |" in text
    assert "{" not in text


def test_the_licence_is_in_the_header():
    header = write_readme(512, REPORT).split("---\n")[1].splitlines()
    assert "license: other" in header
    assert "license_name: research-and-demonstration" in header
