"""What the command line prints: data to stdout, messages and progress to stderr."""

import json
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as ProgressBar
from rich.text import Text

from engine import (
    Hit,
    IngestReport,
    LibraryInfo,
    ModelInfo,
    Progress,
    ProgressCallback,
    Query,
    ResultPage,
    Tuning,
    filter_text,
)
from engine.cli.model_printing import model_lines

out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)


class _SpeedColumn(ProgressColumn):
    """How many a second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.0f}/s" if speed else "", style="progress.data.speed")


@contextmanager
def progress_shown() -> Generator[ProgressCallback]:
    """A bar on stderr while something runs; the callback to hand to the engine."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _SpeedColumn(),
        TimeRemainingColumn(),
    )
    with ProgressBar(*columns, console=err) as bar:
        tasks: dict[str, TaskID] = {}

        def show(progress: Progress) -> None:
            total = progress.total or None  # unknown
            if progress.stage not in tasks:
                tasks[progress.stage] = bar.add_task(progress.stage, total=total)
            skipped = f", {progress.skipped} skipped" if progress.skipped else ""
            bar.update(
                tasks[progress.stage],
                description=f"{progress.stage}{skipped}",
                completed=progress.done,
                total=total,
            )

        yield show


def recall_text(info: LibraryInfo) -> str:
    """What is known of what searches find."""
    if info.tuning is not None:
        return tuning_text(info.tuning)
    if info.index_backend == "flat":
        return "none needed: every search compares all images"
    return "not measured yet: python -m engine tune"


def tuning_text(tuning: Tuning) -> str:
    """What an index was measured to find, in a sentence or two."""
    kinds = (
        ("texts", tuning.bound_text, tuning.recall_text, tuning.texts),
        ("images", tuning.bound_image, tuning.recall_image, tuning.images),
    )
    found = "; ".join(
        f"{name}: at least {bound:.1%} of the true first 10 ({mean:.1%} in {asked} queries)"
        for name, bound, mean, asked in kinds
    )
    missed = "" if tuning.is_reached else f"; less than the {tuning.target:.1%} wanted"
    return (
        f"{tuning.backend}, {tuning.dim} dimensions, effort {tuning.effort}, "
        f"{tuning.candidates} candidates; {found}{missed}"
    )


def print_report(report: IngestReport) -> None:
    """What a run of indexing did: counts to stdout, what went wrong to stderr."""
    for note in report.notes:
        err.print(f"[yellow]note:[/yellow] {escape(printable(note))}")
    for skip in report.skipped:
        err.print(f"[yellow]skipped[/yellow] {escape(printable(skip.path))}: {escape(skip.reason)}")
    if report.passed_over:
        kinds = ", ".join(
            f"{number} {ending or 'without one'}" for ending, number in report.passed_over.items()
        )
        err.print(
            f"[dim]passed over, no pictures by the ending of their name: {escape(kinds)}[/dim]"
        )
    counts = ("added", "updated", "moved", "removed", "unchanged")
    shown = ", ".join(f"{getattr(report, name)} {name}" for name in counts)
    read = report.added + report.updated + report.moved
    speed = f", {read / report.seconds:.0f} images/s" if read else ""
    out.print(f"{shown}, {len(report.skipped)} skipped in {report.seconds:.1f} s{speed}")
    if report.limited_by:
        alone = ", ".join(f"{s.name} {s.per_second:,.0f}" for s in report.stages if s.images)
        err.print(
            f"[dim]limited by: {report.limited_by}; alone, the stages reach in images/s: "
            f"{alone}[/dim]"
        )


def print_page(page: ResultPage) -> None:
    """Results to stdout, one a line; verdict and time to stderr."""
    if page.total == 0:
        err.print("the library is empty: python -m engine index FOLDER")
        return
    # No table of Rich's: on a pipe it would break long paths into lines of 80 characters.
    width = max((len(str(hit.id)) for hit in page.results), default=2)
    out.print(f"[bold]score  {'id':>{width}}  path[/bold]")
    for hit in page.results:
        out.print(f"{hit.score:5.2f}  {hit.id:>{width}}  {escape(printable(hit.path))}")
    if page.verdict != "strong":
        said = {"weak": "only weak matches", "none": "nothing in the library seems to match"}
        err.print(f"[yellow]{said[page.verdict]}[/yellow]")
    elif page.likely is not None:
        among = "all" if page.likely == len(page.results) else f"the first {page.likely}"
        err.print(f"likely matches: {among} of these {len(page.results)}")
    if page.matching < page.total:
        err.print(f"[dim]{page.matching} of {page.total} images pass the filters[/dim]")
    err.print(f"[dim]{page.total} images searched in {page.took_ms:.0f} ms[/dim]")


def print_facts(facts: Mapping[str, Any]) -> None:
    """What is known of a library, one fact a line, and then the files that were skipped."""
    for name, value in facts.items():
        if name == "skipped":
            continue
        values = value if isinstance(value, tuple) else (value,)
        for number, shown in enumerate(values or ("none",)):
            label = "" if number else name.replace("_", " ")
            out.print(f"{label:<14} {escape(printable(str(shown)))}")
    out.print(f"{'skipped files':<14} {len(facts['skipped'])}")
    for skip in facts["skipped"]:
        out.print(f"  {escape(printable(skip['path']))}: {escape(skip['reason'])}")


def print_model(info: ModelInfo) -> None:
    """What is known of a model, and what its export has measured."""
    for line in model_lines(info):
        out.print(escape(printable(line)))


def page_as_dict(query: Query, page: ResultPage) -> dict[str, Any]:
    """A page as `search --json` prints it."""
    terms = [{"kind": t.kind, "label": t.label, "weight": t.weight} for t in query.terms]
    return {
        "query": terms,
        "filters": [filter_text(where) for where in query.filters],
        "model": page.model,
        "took_ms": round(page.took_ms, 3),
        "verdict": page.verdict,
        "likely": page.likely,
        "possible": page.possible,
        "total": page.total,
        "matching": page.matching,
        "results": [_hit_as_dict(hit) for hit in page.results],
    }


def _hit_as_dict(hit: Hit) -> dict[str, Any]:
    names = ("id", "path", "score", "similarity", "by_thumbs", "copies")
    return {**{name: getattr(hit, name) for name in names}, "terms": [asdict(t) for t in hit.terms]}


def print_json(value: dict[str, Any]) -> None:
    """One object to stdout."""
    # ASCII escapes carry any file name, also one that is not UTF-8.
    sys.stdout.write(json.dumps(value, default=str, indent=2) + "\n")


def print_json_line(value: dict[str, Any]) -> None:
    """One object a line to stdout, at once: for whoever follows along."""
    sys.stdout.write(json.dumps(value, default=str) + "\n")
    sys.stdout.flush()


def printable(text: str) -> str:
    """A file name may hold line breaks, control characters and bytes that are not UTF-8."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
