"""A model folder of a test's own, and adapters made by hand."""

from pathlib import Path

import numpy as np

from engine.encoder import Adapter, ScoreCurve


def linked_model(model: Path, target: Path) -> Path:
    """The model in the folder `model` once more; adapters beside it are the test's own."""
    target.mkdir(parents=True)
    for file in model.iterdir():
        if file.is_file():
            (target / file.name).symlink_to(file)
    return target


def swapping(encoder, first: str, second: str, name: str = "swapped") -> Adapter:
    """An adapter under which `first` means what `second` did, and the other way round."""
    rows = np.concatenate([encoder.encode_texts([text]) for text in (first, second)])
    turn = np.linalg.pinv(rows) @ (rows[::-1] - rows)
    return Adapter(name, turn.astype(np.float32), ScoreCurve(20.0, 0.3), {"source": "a test"})
