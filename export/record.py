"""What an export measured, as `model.json` keeps it under `measured`."""

from datetime import UTC, datetime
from typing import Any

from engine.machine import describe_machine
from export.guard.calibration import Calibration
from export.guard.candidates import Candidate
from export.guard.choice import Choice
from export.guard.loss import Bounds, Loss
from export.versions import versions


def about_this_run(device: str, command: str) -> dict[str, Any]:
    """Where, when and with what a model was made."""
    return {
        "machine": describe_machine(),
        "device": device,
        "versions": versions(),
        "command": command,
        "date": datetime.now(UTC).date().isoformat(),
    }


def about_the_choice(choice: Choice, calibration: Calibration, bounds: Bounds) -> dict[str, Any]:
    """Every candidate with its figures, and what was chosen against float32."""
    chosen = (choice.vision, choice.text)
    return {
        "calibration": {
            "name": calibration.name,
            "pictures": len(calibration.pictures),
            "texts": len(calibration.texts),
        },
        "bounds": {"points": bounds.points, "overlap": bounds.overlap},
        "precisions": [
            _row(one, any(one is taken for taken in chosen), bounds) for one in choice.candidates
        ],
        "loss": _loss(choice.loss) | {"broken": list(choice.broken)},
        "latency_ms": {"text": choice.text.speed.ms_one, "image": choice.vision.speed.ms_one},
    }


def _row(one: Candidate, chosen: bool, bounds: Bounds) -> dict[str, Any]:
    """A line of the table of precisions."""
    cosines = one.loss.vision if one.tower == "vision" else one.loss.text
    return {
        "tower": one.tower,
        "precision": one.precision,
        "kept_float": len(one.kept),
        "megabytes": one.megabytes,
        "ms_one": one.speed.ms_one,
        "ms_batch": one.speed.ms_batch,
        "peak_megabytes": one.speed.peak_megabytes,
        "cosine_mean": round(cosines.mean, 6),
        "cosine_worst": round(cosines.worst, 6),
        **_windows(one),
        "overlap": round(one.loss.overlap, 4),
        **{f"hit@{k}": round(rate, 4) for k, rate in one.loss.hits.items()},
        "within_bounds": not bounds.broken(one.loss),
        "chosen": chosen,
    }


def _windows(one: Candidate) -> dict[str, float]:
    """Cosines of the windows' vectors, where this tower gives them."""
    found = one.loss.windows if one.tower == "vision" else None
    if found is None:
        return {}
    return {
        "window_cosine_mean": round(found.mean, 6),
        "window_cosine_worst": round(found.worst, 6),
    }


def _loss(loss: Loss) -> dict[str, Any]:
    """Both towers together, against float32."""
    return {
        "text_overlap": round(loss.text_overlap, 4),
        "image_overlap": round(loss.image_overlap, 4),
        "fp32": {f"hit@{k}": round(rate, 4) for k, rate in loss.exact_hits.items()},
        "chosen": {f"hit@{k}": round(rate, 4) for k, rate in loss.hits.items()},
    }
