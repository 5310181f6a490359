"""An evaluation as plain values, for JSON and for whoever shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from engine.evaluation.collection import Topic
from engine.evaluation.evaluate import Evaluation, Run
from engine.evaluation.measures import NAMES, Scores

_EXAMPLES = 10


def as_values(evaluation: Evaluation) -> dict[str, Any]:
    """Everything that was measured."""
    collection = evaluation.collection
    return {
        "dataset": collection.name,
        "task": collection.task,
        "topics": len(collection.topics),
        "searched": len(collection),
        "left_out": list(collection.left_out),
        "runs": [
            {
                "name": run.name,
                "measures": {
                    name: {
                        "mean": run.scores.means[name],
                        "low": run.intervals[name][0],
                        "high": run.intervals[name][1],
                    }
                    for name in NAMES
                },
            }
            for run in evaluation.runs
        ],
        "differences": {
            name: {measure: asdict(value) for measure, value in measures.items()}
            for name, measures in evaluation.differences.items()
        },
        "slices": {run.name: _means(evaluation.by_slice(run)) for run in evaluation.runs},
        "labels": {run.name: _means(evaluation.by_label(run)) for run in evaluation.runs},
        "worst": [
            _example(evaluation, evaluation.runs[0], number)
            for number in extremes(evaluation, _EXAMPLES)[1]
        ],
    }


def _means(scores: Mapping[str, Scores]) -> dict[str, dict[str, float]]:
    return {name: {"topics": len(one.groups), **one.means} for name, one in scores.items()}


def extremes(evaluation: Evaluation, count: int) -> tuple[list[int], list[int]]:
    """Numbers of the topics that the first run answers best, and of those that it answers worst.

    Of topics that are answered equally well the first ones are taken.
    """
    precision = evaluation.runs[0].scores.values["mAP"]
    best, worst = (order.argsort(kind="stable")[:count] for order in (-precision, precision))
    return best.tolist(), worst.tolist()


def answers(evaluation: Evaluation, places: Sequence[int]) -> list[str]:
    """Files or texts at places of the collection."""
    names = evaluation.collection.images or evaluation.collection.texts
    return [str(names[place]) for place in places]


def _example(evaluation: Evaluation, run: Run, number: int) -> dict[str, Any]:
    topic: Topic = evaluation.collection.topics[number]
    return {
        "topic": topic.id,
        "asked": topic.text or str(topic.picture),
        "expected": answers(evaluation, list(topic.relevant)[:5]),
        "found": answers(evaluation, run.rankings[number][:5].tolist()),
        "mAP": float(run.scores.values["mAP"][number]),
    }
