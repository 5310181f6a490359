"""An evaluation as one HTML file that needs nothing else, with the pictures in it."""

from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from engine.encoder import ImageError, decode
from engine.evaluation.evaluate import Evaluation
from engine.evaluation.measures import NAMES
from engine.evaluation.report import answers, as_values, extremes
from engine.files import replacing

_TEMPLATE = Path(__file__).with_name("report.html.j2")
_SIDE = 160  # pixels of a picture
_SHOWN = 5  # expected and found answers of a topic
_EXAMPLES = 10
_COMPARED = ("hit@1", "hit@10", "mAP", "nDCG@10")


def write_html(evaluation: Evaluation, path: Path) -> None:
    """Write the report, replacing what was there in one step.

    Raises:
        OSError: it cannot be written.
    """
    page = as_html(evaluation)
    with replacing(path) as part:
        part.write_text(page, encoding="utf-8")


def as_html(evaluation: Evaluation) -> str:
    """The page. Names, captions and reasons are shown as text, whatever is in them."""
    import jinja2

    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, undefined=jinja2.StrictUndefined
    )
    template = environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))
    values = as_values(evaluation)
    best, worst = extremes(evaluation, _EXAMPLES)
    thumbnail = cache(_thumbnail)
    has_several = any(len(topic.relevant) > 1 for topic in evaluation.collection.topics)
    page = template.render(
        name="/".join(Path(values["dataset"]).parts[-2:]),
        task=values["task"],
        topics=values["topics"],
        searched=values["searched"],
        kind="images" if evaluation.collection.images else "texts",
        left_out=values["left_out"],
        runs=values["runs"],
        measures=NAMES,
        charted="mAP" if has_several else "hit@10",
        compared=_COMPARED,
        differences=values["differences"],
        kinds={
            "Kinds of topics": values["slices"][evaluation.runs[0].name],
            "Topics by label": values["labels"][evaluation.runs[0].name],
        },
        worst=[_example(evaluation, number, thumbnail) for number in worst],
        best=[_example(evaluation, number, thumbnail) for number in best],
    )
    return page.encode("utf-8", "replace").decode("utf-8")  # names of files need not be text


def _example(evaluation: Evaluation, number: int, thumbnail: Any) -> dict[str, Any]:
    topic, run = evaluation.collection.topics[number], evaluation.runs[0]
    ranking = run.rankings[number].tolist()
    ranks = [rank for rank, place in enumerate(ranking, start=1) if place in topic.relevant]

    def shown(places: Iterable[int]) -> list[dict[str, Any]]:
        some = list(places)[:_SHOWN]
        return [
            {
                "name": Path(name).name if evaluation.collection.images else name,
                "picture": thumbnail(name) if evaluation.collection.images else "",
                "is_right": place in topic.relevant,
            }
            for place, name in zip(some, answers(evaluation, some), strict=True)
        ]

    return {
        "asked": topic.text or topic.id,
        "asked_picture": thumbnail(str(topic.picture)) if topic.picture else "",
        "precision": float(run.scores.values["mAP"][number]),
        "rank": ranks[0] if ranks else 0,
        "expected": shown(topic.relevant),
        "found": shown(ranking),
    }


def _thumbnail(name: str) -> str:
    """A picture as an address that holds it; empty if it cannot be read any more."""
    try:
        picture = decode(Path(name), at_least=_SIDE).image
    except ImageError:
        return ""
    picture.thumbnail((_SIDE, _SIDE))
    stream = BytesIO()
    picture.save(stream, "JPEG", quality=80)
    return f"data:image/jpeg;base64,{b64encode(stream.getvalue()).decode('ascii')}"
