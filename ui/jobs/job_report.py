"""What a job has done, in words."""

import streamlit as st

from engine import CheckUp, DuplicateReport, ImportReport, IngestReport, ReindexReport
from ui.jobs.job import Forgotten, JobState, Kind, Report, Tuned
from ui.text import code, count

_LISTED = 100  # skipped files; the library's page has all

FAILED: dict[Kind, str] = {
    "indexing": "The library was not brought up to date",
    "doctor": "The check-up did not come to its end",
    "duplicates": "The search for duplicates did not come to its end",
    "reindex": "The model was not changed, and the one of before is in use",
    "tuning": "The index was not measured",
    "forgetting": "The folder was not taken out",
    "metadata": "Nothing was imported",
}
"""What is said before the reason."""


def ended(job: JobState) -> None:
    """One line about how a job has ended."""
    if job.stopped:
        st.info(job.error)
    elif job.report is None:
        st.error(f"{FAILED[job.kind]}: {code(job.error)}")
    elif isinstance(job.report, IngestReport) and not _found(job.report):
        st.warning(f"No pictures found: {_changes(job.report)}")
    else:
        st.success(_sentence(job.report))


def details(report: Report) -> None:
    """What else is to be known of it."""
    if isinstance(report, IngestReport):
        for note in report.notes:
            st.info(code(note))
        _skipped(report)
        if report.passed_over:
            kinds = ", ".join(f"{n:,} {ending or '?'}" for ending, n in report.passed_over.items())
            st.caption(f"No pictures by the ending of their name: {code(kinds)}")
    elif isinstance(report, CheckUp):
        for sentence in report.repairs:
            st.info(code(sentence))
    elif isinstance(report, ImportReport) and report.examples:
        lines = "\n".join(f"- {code(example)}" for example in report.examples)
        missed = count(report.unknown + report.ambiguous, "row")
        st.warning(f"{missed} matched no picture, or several; for example:\n\n{lines}")
    elif isinstance(report, ReindexReport) and report.missing:
        lines = "\n".join(f"- {code(s.path)}: {code(s.reason)}" for s in report.missing[:_LISTED])
        unread = count(len(report.missing), "picture")
        with st.expander(f"{unread} that the new model could not read"):
            st.markdown(lines)


def _sentence(report: Report) -> str:
    match report:
        case IngestReport():
            said = _changes(report)
        case CheckUp() if report.is_sound:
            said = f"Checked: nothing has to be repaired ({count(report.images, 'picture')})"
        case CheckUp():
            said = "Checked: something has to be repaired; the section “Check-up” tells what"
        case DuplicateReport():
            groups = count(len(report.groups), "group")
            said = f"{count(report.copies, 'copy', 'copies')} in {groups} found"
        case ReindexReport() if report.changed:
            said = f"The model in use is {code(report.model)} now, in {report.seconds:.1f} s"
        case ReindexReport():
            said = f"{code(report.model)} is the model in use already"
        case ImportReport():
            said = f"{count(report.rows, 'row')} read, {count(report.images, 'picture')} got values"
        case Forgotten():
            images = count(report.images, "picture")
            said = f"{code(report.folder)} is out of the library, and {images} with it"
        case Tuned(tuning=None):
            said = "Every search looks at all pictures: nothing is missed, nothing to tune"
        case Tuned(tuning=tuning):
            assert tuning is not None
            said = f"Measured: at least {tuning.bound:.1%} of the 10 best matches are found"
    return said


def _found(report: IngestReport) -> int:
    return report.added + report.updated + report.moved + report.removed + report.unchanged


def _skipped(report: IngestReport) -> None:
    skipped = report.skipped
    if not skipped:
        return
    with st.expander(f"{count(len(skipped), 'file')} skipped", icon=":material/report:"):
        st.markdown("\n".join(f"- {code(s.path)}: {code(s.reason)}" for s in skipped[:_LISTED]))
        if len(skipped) > _LISTED:
            st.caption(f"and {len(skipped) - _LISTED:,} more; the library's page lists all")


def _changes(report: IngestReport) -> str:
    names = ("added", "updated", "moved", "removed", "unchanged")
    counts = [(getattr(report, name), name) for name in names]
    counts.append((len(report.skipped), "skipped"))
    shown = [f"{number:,} {name}" for number, name in counts if number or name == "added"]
    return f"{', '.join(shown)} in {report.seconds:.1f} s"
