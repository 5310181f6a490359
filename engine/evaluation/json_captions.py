"""Captions in one JSON file: as COCO has them, and as Karpathy's splits have them."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from engine.evaluation.entries import Annotations, Notes, content_of, shortened

_EXPECTED = (
    'expected COCO\'s {"images": [{"id", "file_name"}], "annotations": [{"image_id", "caption"}]} '
    'or Karpathy\'s {"images": [{"filename", "sentences": [{"raw"}]}]}'
)


def read_json_captions(path: Path) -> Annotations:
    """Read either kind; the images lie in the file's own folder.

    Raises:
        ValueError: it is neither, it cannot be read, or nothing in it can be used.
    """
    stored = content_of(path)
    try:
        content = json.loads(stored)
    except (ValueError, RecursionError) as error:  # also what is not UTF-8
        raise ValueError(f"{path}: no JSON: {error}") from error
    listed = content.get("images") if isinstance(content, dict) else None
    if not isinstance(listed, list):
        raise ValueError(f"{path}: {_EXPECTED}")
    notes = Notes(str(path))
    if isinstance(content.get("annotations"), list):
        _add_coco(listed, content["annotations"], path.parent, notes)
    else:
        _add_karpathy(listed, path.parent, notes)
    return notes.annotations()


def _add_coco(listed: list[Any], annotations: list[Any], folder: Path, notes: Notes) -> None:
    files: dict[object, Path] = {}
    for number, image in enumerate(listed, start=1):
        place = f"image {number}"
        name, key = _field(image, "file_name"), _field(image, "id")
        if not isinstance(name, str) or key is None or isinstance(key, list | dict):
            notes.leave_out(place, f"no id or no file_name: {shortened(image)}")
        elif key in files:
            notes.leave_out(place, f"id {key} again; before it was {files[key].name}")
        else:
            files[key] = folder / name
    captions: dict[object, list[tuple[str, object]]] = defaultdict(list)
    for number, annotation in enumerate(annotations, start=1):
        place, key = f"annotation {number}", _field(annotation, "image_id")
        if isinstance(key, list | dict) or key not in files:
            notes.leave_out(place, f"image_id {shortened(key)} is none of the images")
        else:
            captions[key].append((place, _field(annotation, "caption")))
    for number, (key, file) in enumerate(files.items(), start=1):
        notes.add(file, (), {}, f"image {number}")
        if file.is_file():
            for place, caption in captions[key]:
                notes.add(file, [caption], {}, place)


def _add_karpathy(listed: list[Any], folder: Path, notes: Notes) -> None:
    for number, image in enumerate(listed, start=1):
        place = f"image {number}"
        name, sentences = _field(image, "filename"), _field(image, "sentences")
        if not isinstance(name, str) or not isinstance(sentences, list):
            notes.leave_out(place, f"no filename or no sentences: {shortened(image)}")
            continue
        below = _field(image, "filepath")
        file = folder / below / name if isinstance(below, str) else folder / name
        split = _field(image, "split")
        labels = {"split": split} if isinstance(split, str) else {}
        notes.add(file, [_field(sentence, "raw") for sentence in sentences], labels, place)


def _field(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None
