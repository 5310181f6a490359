"""`evaluate`: what it prints, writes and refuses."""

import json
from pathlib import Path

import pytest
from PIL import Image
from vs_in_process import CommandLine

from engine import Query, SearchEngine


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Folders of red and of blue pictures."""
    for colour in ("red", "blue"):
        (tmp_path / "shop" / colour).mkdir(parents=True)
        for number in range(3):
            picture = Image.new("RGB", (60 + number, 60), colour)
            picture.save(tmp_path / "shop" / colour / f"{number}.png")
    return tmp_path / "shop"


def test_folders_of_a_shop_are_judged(shop: Path, command_line: CommandLine) -> None:
    run = command_line("evaluate", shop, "--label", "label", "--template", "something {}")
    assert run.returncode == 0
    assert "2 topics, 6 images" in run.stdout
    for shown in ("hit@10", "mAP", "keywords", "chance against default: mAP", "a colour"):
        assert shown in run.stdout


def test_images_ask_for_their_like(shop: Path, command_line: CommandLine) -> None:
    run = command_line("evaluate", shop, "--task", "image-image", "--label", "label", "--json")
    values = json.loads(run.stdout)
    assert values["topics"] == 6
    assert values["runs"][0]["measures"]["precision@1"]["mean"] == 1
    assert values["missed"] == {}
    told = values["labels"]["default"]
    assert {label: one["topics"] for label, one in told.items()} == {"blue": 3, "red": 3}
    run = command_line("evaluate", shop, "--task", "image-image", "--label", "label")
    assert "the worst of 2 labels" in run.stdout


def test_a_value_that_is_missed_guards_a_deployment(shop: Path, command_line: CommandLine) -> None:
    ask = ("evaluate", shop, "--label", "label", "--min", "hit@10=1", "--min")
    assert command_line(*ask, "mAP=0.1").returncode == 0
    run = command_line(*ask, "precision@10=0.9")
    assert run.returncode == 1
    assert "missed: precision@10 is 0.3000, less than the 0.9 asked for" in run.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--task", "text-text"], 2, "expected text-image"),
        (["--min", "hit@3=1"], 2, "'hit@3' is unknown"),
        (["--min", "mAP=much"], 2, "'much' is no number"),
        (["--among", "label"], 2, "expected NAME=VALUE"),
        (["--label", "label", "--by", "label"], 1, "each label is a topic"),
        (["--label", "colour"], 1, "no column 'colour'; there are label"),
        ([], 1, "nothing to ask for"),
        (["--model", "no-model"], 1, "no-model"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(
    arguments: list[str], code: int, said: str, shop: Path, command_line: CommandLine
) -> None:
    run = command_line("evaluate", shop, *arguments)
    assert run.returncode == code
    assert said in " ".join(run.stderr.split())
    assert "Traceback" not in run.stderr


def test_a_library_is_judged_by_its_thumbs(
    shop: Path, tmp_path: Path, command_line: CommandLine
) -> None:
    library = tmp_path / "library"
    assert command_line("index", shop, "--library", library).returncode == 0
    run = command_line("evaluate", "--library", library)
    assert run.returncode == 1
    assert "no question in words has a thumb up yet" in run.stderr
    with SearchEngine.open(library) as opened:
        query = Query.text("something red")
        opened.mark(query, opened.search(query).results[0].id, 1)
    run = command_line("evaluate", "--library", library, "--json", "--min", "hit@1=1")
    assert run.returncode == 0
    assert json.loads(run.stdout)["topics"] == 1


def test_a_report_is_written_or_the_reason_is_said(
    shop: Path, tmp_path: Path, command_line: CommandLine
) -> None:
    ask = ("evaluate", shop, "--label", "label", "--html")
    assert command_line(*ask, tmp_path / "report.html").returncode == 0
    assert "Answered worst" in (tmp_path / "report.html").read_text(encoding="utf-8")
    (tmp_path / "file").write_text("")
    run = command_line(*ask, tmp_path / "file" / "report.html")
    assert run.returncode == 1
    assert "report.html: cannot be written" in run.stderr


def test_a_library_is_not_compared_with_itself(command_line: CommandLine) -> None:
    run = command_line("evaluate", "--model", "a", "--model", "b")
    assert run.returncode == 2
    assert "models are compared on a data set" in " ".join(run.stderr.split())


def test_a_data_set_that_is_not_there(tmp_path: Path, command_line: CommandLine) -> None:
    run = command_line("evaluate", tmp_path / "none.jsonl")
    assert (run.returncode, "Traceback" in run.stderr) == (1, False)
    assert "none.jsonl: cannot be read" in run.stderr
