"""How the command line shows an evaluation."""

from collections.abc import Mapping
from itertools import islice

from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from engine.cli.printing import err, out, printable
from engine.evaluation import Evaluation, Scores

_SHOWN = ("hit@1", "hit@10", "precision@10", "mAP", "nDCG@10")
_COMPARED = ("hit@10", "mAP")
_LEFT_OUT = 10  # lines
_LABELS = 10
_WIDTH = 100  # columns of a table that no terminal limits


def print_evaluation(found: Evaluation) -> None:
    """Tables to stdout, what was left out to stderr."""
    collection = found.collection
    for reason in collection.left_out[:_LEFT_OUT]:
        err.print(f"[yellow]left out:[/yellow] {escape(printable(reason))}")
    if len(collection.left_out) > _LEFT_OUT:
        err.print(f"and {len(collection.left_out) - _LEFT_OUT} more; --json lists all")
    kind = "images" if collection.images else "texts"
    out.print(
        f"{escape(printable(collection.name))}: {len(collection.topics):,} topics, "
        f"{len(collection):,} {kind}; 95 % intervals in brackets"
    )
    _print_table(_table(found))
    for name, differences in found.differences.items():
        for measure in _COMPARED:
            one = differences[measure]
            out.print(
                f"{escape(name)} against {escape(found.runs[0].name)}: {measure} {one.mean:+.3f} "
                f"\\[{one.low:+.3f}, {one.high:+.3f}], p {one.p:.4f}"
            )
    if kinds := found.by_slice(found.runs[0]):
        _print_table(_kinds(found.runs[0].name, "topics with", kinds))
    if labels := found.by_label(found.runs[0]):
        worst = dict(islice(labels.items(), _LABELS))
        title = f"{found.runs[0].name}, the worst of {len(labels):,} labels"
        _print_table(_kinds(title, "topics about", worst))


def _print_table(table: Table) -> None:
    for column in table.columns:
        column.no_wrap = True
    console = out if out.is_terminal else Console(width=_WIDTH, highlight=False)
    console.print(table)


def _kinds(title: str, what: str, kinds: Mapping[str, Scores]) -> Table:
    table = Table(what, "number", *_SHOWN, title=escape(title), box=SIMPLE)
    for name, scores in kinds.items():
        means = (f"{scores.means[measure]:.3f}" for measure in _SHOWN)
        table.add_row(escape(printable(name)), f"{len(scores.groups):,}", *means)
    return table


def _table(found: Evaluation) -> Table:
    table = Table("way to search", *_SHOWN, box=SIMPLE)
    for run in found.runs:
        cells = []
        for measure in _SHOWN:
            low, high = run.intervals[measure]
            cells.append(f"{run.scores.means[measure]:.3f}\n\\[{low:.2f}, {high:.2f}]")
        table.add_row(escape(run.name), *cells)
    return table
