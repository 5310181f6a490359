"""How good the results are, measured on images whose captions or labels are known."""

from engine.evaluation.collection import TASKS, Collection, Task, Topic, as_words
from engine.evaluation.entries import Annotations, Entry
from engine.evaluation.evaluate import Evaluation, Run, Setting, evaluate
from engine.evaluation.html import as_html, write_html
from engine.evaluation.intervals import Difference
from engine.evaluation.measures import NAMES, Scores
from engine.evaluation.metrics import hit_rates
from engine.evaluation.read import read_annotations
from engine.evaluation.report import as_values
from engine.evaluation.thumbs import evaluate_thumbs, write_thumbs

__all__ = [
    "NAMES",
    "TASKS",
    "Annotations",
    "Collection",
    "Difference",
    "Entry",
    "Evaluation",
    "Run",
    "Scores",
    "Setting",
    "Task",
    "Topic",
    "as_html",
    "as_values",
    "as_words",
    "evaluate",
    "evaluate_thumbs",
    "hit_rates",
    "read_annotations",
    "write_html",
    "write_thumbs",
]
