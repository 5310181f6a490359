"""The sample library: repeatable, varied, and true to what its captions say."""

import json
import re
from collections import Counter, defaultdict
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from PIL import Image

from engine.sample import (
    MANIFEST,
    Recipe,
    SampleItem,
    plan,
    recipes,
    render,
    write_sample_library,
)
from engine.sample.backdrops import PAPERS
from engine.sample.catalogue import KINDS
from engine.sample.palette import COLOURS, NAMES
from engine.sample.words import counted, each_with, number, slug, tidy

KIND_NAMES = [kind.name for kind in KINDS]


@cache
def many() -> dict[str, list[Recipe]]:
    """Recipes enough to hold several of every kind, by kind."""
    grouped: dict[str, list[Recipe]] = defaultdict(list)
    for recipe in recipes(4000, seed=11):
        grouped[str(recipe.item.attributes["kind"])].append(recipe)
    return grouped


def pick(kind: str, limit: int = 1, **facts: str | int) -> list[Recipe]:
    """The first recipes of a kind with these facts; there must be `limit` of them."""
    fitting = [r for r in many()[kind] if facts.items() <= r.item.attributes.items()]
    assert len(fitting) >= limit, f"no {kind} with {facts}"
    return fitting[:limit]


def made(kind: str, index: int = 0, **facts: str | int) -> Recipe:
    """The recipe of this index of a kind, with some of its facts replaced."""
    recipe = many()[kind][index]
    item = replace(recipe.item, attributes={**recipe.item.attributes, **facts})
    return replace(recipe, item=item)


def pixels(image: Image.Image) -> np.ndarray:
    return np.asarray(image.convert("RGB"), dtype=float)


def nearest_names(colours: np.ndarray) -> Counter[str]:
    """How many of the pixels [n, 3] lie nearest to each named colour."""
    table = np.array([COLOURS[name] for name in NAMES], dtype=float)
    nearest = np.argmin(((colours[:, None, :] - table[None]) ** 2).sum(axis=2), axis=1)
    return Counter(NAMES[i] for i in nearest)


def middle(image: Image.Image, share: float = 0.16) -> np.ndarray:
    """The pixels [n, 3] around the middle."""
    data = pixels(image)
    height, width, _ = data.shape
    dy, dx = round(height * share / 2), round(width * share / 2)
    return data[height // 2 - dy : height // 2 + dy, width // 2 - dx : width // 2 + dx].reshape(
        -1, 3
    )


def where(image: Image.Image, colour: str) -> np.ndarray:
    """A mask [height, width] of the pixels close to the named colour."""
    distance = np.abs(pixels(image) - np.array(COLOURS[colour], dtype=float)).max(axis=2)
    return distance < 40


def centre_of(mask: np.ndarray) -> tuple[float, float]:
    """The centre (x, y) of a mask, as shares of its width and height."""
    ys, xs = np.nonzero(mask)
    assert len(xs) > 50, "too few pixels of that colour"
    return float(xs.mean() / mask.shape[1]), float(ys.mean() / mask.shape[0])


def blobs(mask: np.ndarray, smallest: int) -> int:
    """How many connected patches of at least `smallest` pixels a mask holds."""
    left = {(int(y), int(x)) for y, x in zip(*np.nonzero(mask), strict=True)}
    found = 0
    while left:
        queue, size = [left.pop()], 0
        while queue:
            y, x = queue.pop()
            size += 1
            for near in ((y + 1, x), (y - 1, x), (y, x + 1), (y, x - 1)):
                if near in left:
                    left.remove(near)
                    queue.append(near)
        found += size >= smallest
    return found


# The plan


def test_plan_repeats_and_a_longer_plan_starts_with_the_shorter():
    assert plan(80, seed=4) == plan(80, seed=4)
    assert plan(200, seed=4)[:80] == plan(80, seed=4)
    assert plan(80, seed=4) != plan(80, seed=5)


def test_plan_is_pinned_so_that_every_machine_gets_the_same():
    assert [item.file for item in plan(3)] == [
        "scenes/0001-red-bench-in-park.jpg",
        "products/0002-purple-wooden-chair.jpg",
        "scenes/0003-rainbow-over-field.jpg",
    ]


@pytest.mark.parametrize("count", [0, -3])
def test_a_count_below_one_is_refused_by_name(count, tmp_path):
    for call in (plan, lambda n: write_sample_library(tmp_path / "new", n)):
        with pytest.raises(ValueError, match=f"not {count}$"):
            call(count)
    assert not (tmp_path / "new").exists()


def test_half_scenes_half_products_and_some_patterns():
    shares = Counter(item.attributes["category"] for item in plan(300))
    assert shares["scene"] == shares["product"] == 135
    assert shares["pattern"] == 30


def test_there_are_many_kinds_with_names_of_their_own():
    categories = Counter(kind.category for kind in KINDS)
    assert categories["scene"] >= 40
    assert categories["product"] >= 60
    assert len(set(KIND_NAMES)) == len(KIND_NAMES)


def test_a_short_plan_is_varied():
    items = plan(60)
    assert len({item.attributes["kind"] for item in items}) >= 55
    assert len({item.attributes.get("colour") for item in items}) >= 10


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_standard_library_holds_every_kind_and_colour(seed):
    items = plan(300, seed)
    assert {item.attributes["kind"] for item in items} == set(KIND_NAMES)
    assert {item.attributes.get("colour") for item in items} >= set(NAMES)
    assert {item.attributes.get("count") for item in items} >= {1, 2, 3, 4}
    assert {item.attributes.get("position") for item in items} >= {"left", "centre", "right"}
    assert {item.file.rsplit(".")[-1] for item in items} == {"jpg", "png", "webp"}


def test_colours_of_a_kind_come_in_turn():
    mugs = [r.item.attributes["colour"] for r in many()["mug"]]
    assert sorted(mugs[:12]) == sorted(NAMES)
    assert sorted(mugs[12:24]) == sorted(NAMES)


def test_nothing_lies_on_its_own_colour():
    for group in many().values():
        for recipe in group:
            facts = recipe.item.attributes
            ground = str(facts.get("background", "")).removesuffix(" wall")
            assert facts.get("colour") != ground.removeprefix("light "), recipe.item
            assert facts.get("colour", "one") != facts.get("second_colour", "two")


# The words


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda: tidy("a  orange mug "), "an orange mug"),
        (lambda: tidy("a unlit lamp and a umbrella"), "an unlit lamp and an umbrella"),
        (lambda: tidy("a ukulele in a used box"), "a ukulele in a used box"),
        (lambda: counted(1, "egg"), "an egg"),
        (lambda: counted(3, "knife", "knives"), "three knives"),
        (lambda: counted(2, "mug"), "two mugs"),
        (lambda: each_with(1, "red bow"), "with a red bow"),
        (lambda: each_with(2, "red bow"), "with red bows"),
        (lambda: number(12), "12"),
        (lambda: slug("A red mug, on the wooden table!"), "red-mug-on-wooden-table"),
    ],
)
def test_words(call, expected):
    assert call() == expected


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_captions_are_plain_english_and_name_kind_colour_and_count(kind):
    for recipe in many()[kind][:12]:
        item = recipe.item
        assert item.captions[0] == item.caption
        assert 3 <= len(item.captions) <= 5
        assert len(set(item.captions)) == len(item.captions)
        together = " / ".join(item.captions)
        assert len({len(caption.split()) for caption in item.captions}) > 1
        assert not re.search(r"\ba [aeio]|\ban [^aeiou]|  |\{|\}|None", together), together
        assert not re.search(r"\b(\w+) \1\b", together), together
        facts = item.attributes
        named = str(facts.get("shape", kind) if facts["category"] == "pattern" else kind)
        stems = [word[:4] for word in re.findall(r"\w+", named.lower()) if len(word) > 2]
        assert any(stem in together.lower() for stem in stems), (kind, together)


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS if kind.category == "product"])
def test_the_caption_of_a_product_names_its_colour_and_count(kind):
    single_coloured = {"orange", "strawberry", "watermelon", "pizza", "key", "treasure chest"}
    for recipe in many()[kind][:12]:
        facts = recipe.item.attributes
        if kind not in single_coloured:
            assert str(facts["colour"]) in recipe.item.caption
        count = int(facts["count"])
        if count > 1:
            assert recipe.item.caption.startswith(f"{number(count)} ")


# The files


def test_writing_is_repeatable_and_idempotent(tmp_path):
    items = write_sample_library(tmp_path / "deep" / "one", 40, seed=3)
    write_sample_library(tmp_path / "two", 40, seed=3)
    first = contents(tmp_path / "deep" / "one")
    assert first == contents(tmp_path / "two")
    assert set(first) == {item.file for item in items} | {MANIFEST}
    write_sample_library(tmp_path / "deep" / "one", 40, seed=3)
    assert contents(tmp_path / "deep" / "one") == first


def contents(folder):
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_the_manifest_tells_what_was_written(tmp_path):
    items = write_sample_library(tmp_path, 25, seed=8)
    lines = (tmp_path / MANIFEST).read_text(encoding="utf-8").splitlines()
    read = [json.loads(line) for line in lines]
    again = [SampleItem(**{**row, "captions": tuple(row["captions"])}) for row in read]
    assert again == items == plan(25, seed=8)


def test_files_hold_what_their_endings_say(tmp_path):
    items = write_sample_library(tmp_path, 60)
    formats = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}
    folders = {"scene": "scenes", "product": "products", "pattern": "patterns"}
    by_file = {recipe.item.file: recipe for recipe in recipes(60)}
    assert len(by_file) == len(items)
    for item in items:
        assert re.fullmatch(r"[a-z]+/\d{4}-[a-z0-9-]+\.(jpg|png|webp)", item.file)
        assert item.file.split("/")[0] == folders[str(item.attributes["category"])]
        with Image.open(tmp_path / item.file) as image:
            assert image.format == formats[item.file.rsplit(".")[-1]]
            assert image.size == by_file[item.file].size
            drawn = pixels(render(by_file[item.file]))
            assert np.abs(pixels(image) - drawn).mean() < 6


def test_progress_counts_every_picture(tmp_path):
    seen: list[tuple[int, int]] = []
    write_sample_library(tmp_path, 7, progress=lambda done, count: seen.append((done, count)))
    assert seen == [(n, 7) for n in range(1, 8)]


def test_a_file_in_the_way_is_refused_and_kept(tmp_path):
    taken = tmp_path / "taken"
    taken.write_text("mine")
    with pytest.raises(ValueError, match="taken: it is a file"):
        write_sample_library(taken, 3)
    assert taken.read_text() == "mine"


def test_other_files_in_the_folder_are_left_alone(tmp_path):
    (tmp_path / "note.txt").write_text("mine")
    write_sample_library(tmp_path, 2)
    assert (tmp_path / "note.txt").read_text() == "mine"


# The pictures


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_every_kind_draws_varied_pictures(kind):
    drawn = [(recipe, render(recipe)) for recipe in many()[kind][:3]]
    assert len(drawn) == 3
    for recipe, image in drawn:
        assert image.mode == "RGB"
        assert image.size == recipe.size
        assert 288 <= max(image.size) <= 448
        assert pixels(image).std() > 12, "a flat picture"
    assert render(drawn[0][0]).tobytes() == drawn[0][1].tobytes()
    small = [np.asarray(image.resize((32, 32)), dtype=float) for _, image in drawn]
    assert np.abs(small[0] - small[1]).mean() > 1
    assert np.abs(small[1] - small[2]).mean() > 1


@pytest.mark.parametrize("colour", NAMES)
@pytest.mark.parametrize("kind", ["t-shirt", "suitcase", "mug", "balloon"])
def test_the_thing_in_the_middle_has_the_colour_of_its_caption(kind, colour):
    ground = "yellow" if colour == "white" else "white"
    for index in range(2):
        recipe = made(
            kind,
            index,
            colour=colour,
            count=1,
            pattern="plain",
            position="centre",
            background=ground,
        )
        data = pixels(render(recipe))
        thing = np.abs(data - np.array(PAPERS[ground], dtype=float)).max(axis=2) > 60
        names = nearest_names(data[thing])
        assert names.most_common(1)[0][0] == colour
        assert names[colour] > 0.4 * thing.sum()


def test_pictures_of_different_colours_differ():
    facts = {"count": 1, "pattern": "plain", "position": "centre", "background": "white"}
    means = [middle(render(made("mug", colour=colour, **facts))).mean(axis=0) for colour in NAMES]
    for i, one in enumerate(means):
        for other in means[i + 1 :]:
            assert np.abs(one - other).max() > 25


@pytest.mark.parametrize("background", PAPERS)
@pytest.mark.parametrize("kind", ["mug", "book", "chair"])
def test_the_corners_show_the_background(kind, background):
    for index in range(2):
        data = pixels(render(made(kind, index, background=background, count=1, position="centre")))
        corners = np.concatenate([data[:12, :12], data[:12, -12:]]).reshape(-1, 3)
        distances = {
            name: float(np.abs(corners.mean(axis=0) - np.array(tone)).max())
            for name, tone in PAPERS.items()
        }
        assert min(distances, key=distances.__getitem__) == background, distances


@pytest.mark.parametrize(
    ("side", "low", "high"), [("left", 0.1, 0.44), ("centre", 0.45, 0.55), ("right", 0.56, 0.9)]
)
@pytest.mark.parametrize("kind", ["balloon", "backpack", "t-shirt"])
def test_things_stand_on_the_side_that_is_told(kind, side, low, high):
    ground = np.array(PAPERS["white"], dtype=float)
    for index in range(2):
        facts = {"position": side, "background": "white", "count": 1, "colour": "red"}
        thing = np.abs(pixels(render(made(kind, index, **facts))) - ground).max(axis=2) > 90
        assert low < centre_of(thing)[0] < high


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_as_many_shapes_as_the_caption_says(count):
    for recipe in pick("shapes", 2, count=count, background="white"):
        colour = str(recipe.item.attributes["colour"])
        small = render(recipe).resize((160, 120))
        assert blobs(where(small, colour), smallest=40) == count, recipe.item


@pytest.mark.parametrize("count", [1, 2, 3, 4])
@pytest.mark.parametrize("kind", ["apple", "balloon", "heart"])
def test_as_many_things_as_the_caption_says(kind, count):
    for index in range(2):
        facts = {"count": count, "colour": "red", "background": "white", "position": "centre"}
        small = pixels(render(made(kind, index, **facts)).resize((160, 120)))
        reddish = small[..., 0] - small[..., 1:].max(axis=2) > 60
        assert blobs(reddish, smallest=100) == count


@pytest.mark.parametrize(("kind", "axis"), [("shapes side by side", 0), ("shape above another", 1)])
def test_left_is_left_and_above_is_above(kind, axis):
    for recipe in pick(kind, 6):
        facts = recipe.item.attributes
        image = render(recipe)
        first = centre_of(where(image, str(facts["colour"])))
        second = centre_of(where(image, str(facts["other_colour"])))
        assert first[axis] + 0.2 < second[axis], recipe.item


@pytest.mark.parametrize("direction", ["horizontal", "vertical"])
def test_stripes_run_as_told(direction):
    data = pixels(render(made("stripes", direction=direction)))
    down, along = data.mean(axis=1).std(axis=0).max(), data.mean(axis=0).std(axis=0).max()
    assert (down > 2 * along) == (direction == "horizontal")
    assert (along > 2 * down) == (direction == "vertical")


@pytest.mark.parametrize("kind", ["lighthouse", "cabin in the snow"])
def test_night_is_darker(kind):
    before = "day" if kind == "lighthouse" else "dusk"
    light, dark = (pixels(render(made(kind, time=time))).mean() for time in (before, "night"))
    assert dark < 0.93 * light


@pytest.mark.parametrize("kind", ["table lamp", "floor lamp", "candle"])
def test_a_light_that_is_on_brightens_and_warms_the_picture(kind):
    facts = {"background": "grey", "count": 1, "position": "centre", "colour": "white"}
    on, off = (pixels(render(made(kind, lit=lit, **facts))) for lit in ("yes", "no"))
    gain = (on - off).mean(axis=(0, 1))
    assert gain[0] > 2
    assert gain[0] > gain[2] + 2
