"""The running job, and what the latest one did."""

import streamlit as st

from engine import IngestReport, SkippedFile
from ui import resources
from ui.jobs import JobState
from ui.text import code, count

_LISTED = 100  # skipped files; the command line shows all


def show() -> None:
    """The running job, or the report of the one this page has watched."""
    job = resources.index_job().state
    if job.running:
        st.session_state["watched"] = job.number
        _running()
    elif job.number and st.session_state.get("watched") == job.number:
        with st.container(key="report", gap="xsmall"):
            _ended(job)


@st.fragment(run_every="500ms")
def _running() -> None:
    job = resources.index_job().state
    if not job.running:
        st.rerun()
    with st.container(border=True, key="job"):
        pieces = f"{job.done:,} of {job.total:,}" if job.total else "..."
        st.progress(job.done / job.total if job.total else 0.0, text=f"{job.doing}: {pieces}")
        st.button(
            "Stop",
            key="stop_job",
            icon=":material/stop_circle:",
            help="What was added so far is kept.",
            on_click=resources.index_job().stop,
        )


def _ended(job: JobState) -> None:
    with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="xsmall"):
        if job.stopped:
            st.info(job.error)
        elif job.report is None:
            st.error(f"The library was not brought up to date: {code(job.error)}")
        elif _found(job.report):
            st.success(_changes(job.report))
        else:
            st.warning(f"No pictures found: {_changes(job.report)}")
        st.button(
            "Close this report",
            key="close_report",
            icon=":material/close:",
            type="tertiary",
            on_click=_forget,
        )
    if job.report is not None:
        for note in job.report.notes:
            st.info(code(note))
        skipped_files(job.report.skipped)
        if job.report.passed_over:
            kinds = ", ".join(
                f"{n:,} {ending or '?'}" for ending, n in job.report.passed_over.items()
            )
            st.caption(f"No pictures by the ending of their name: {code(kinds)}")


def _found(report: IngestReport) -> int:
    return report.added + report.updated + report.moved + report.removed + report.unchanged


def skipped_files(skipped: tuple[SkippedFile, ...]) -> None:
    """The files that are not in the library, and why."""
    if not skipped:
        return
    with st.expander(f"{count(len(skipped), 'file')} skipped", icon=":material/report:"):
        st.markdown("\n".join(f"- {code(s.path)}: {code(s.reason)}" for s in skipped[:_LISTED]))
        if len(skipped) > _LISTED:
            st.caption(f"and {len(skipped) - _LISTED:,} more; `python -m engine info` lists all")


def _changes(report: IngestReport) -> str:
    names = ("added", "updated", "moved", "removed", "unchanged")
    counts = [(getattr(report, name), name) for name in names]
    counts.append((len(report.skipped), "skipped"))
    shown = [f"{number:,} {name}" for number, name in counts if number or name == "added"]
    return f"{', '.join(shown)} in {report.seconds:.1f} s"


def _forget() -> None:
    st.session_state.pop("watched", None)
