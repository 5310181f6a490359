"""The running job, and what the latest one did."""

import streamlit as st

from ui import permissions, resources
from ui.jobs import job_report
from ui.jobs.job import JobState, Kind, Work
from ui.jobs.pace import in_words

_WATCHED = "watched"


def start(work: Work, kind: Kind = "indexing", resumes: bool = True) -> None:
    """Begin a job and show it on this page; while another one runs, show that instead.

    Raises:
        ReadOnlyError: nothing may be changed here.
    """
    permissions.require()
    st.session_state[_WATCHED] = resources.index_job().start(work, kind, resumes)
    st.rerun()


def show() -> None:
    """The running job, or the report of the one this page has watched."""
    job = resources.index_job().state
    if job.running:
        st.session_state[_WATCHED] = job.number
        _running()
    elif job.number and st.session_state.get(_WATCHED) == job.number:
        with st.container(key="report", gap="xsmall"):
            _ended(job)


@st.fragment(run_every="500ms")
def _running() -> None:
    job = resources.index_job().state
    if not job.running:
        st.rerun()
    with st.container(border=True, key="job"):
        st.progress(min(job.done / job.total, 1.0) if job.total else 0.0, text=_told(job))
        if permissions.may_change():
            st.button(
                "Stop",
                key="stop_job",
                icon=":material/stop_circle:",
                help="What was done so far is kept.",
                on_click=resources.index_job().stop,
            )


def _told(job: JobState) -> str:
    if not job.total:
        return f"{job.doing}: {job.done:,} so far" if job.done else f"{job.doing} ..."
    said = f"{job.doing}: {job.done:,} of {job.total:,}"
    left = resources.index_job().seconds_left()
    return said if left is None else f"{said}, {in_words(left)}"


def _ended(job: JobState) -> None:
    with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="xsmall"):
        job_report.ended(job)
        st.button(
            "Close this report",
            key="close_report",
            icon=":material/close:",
            type="tertiary",
            on_click=_forget,
        )
    if job.report is not None:
        job_report.details(job.report)
    elif job.work is not None and permissions.may_change():
        st.button(
            "Go on" if job.stopped else "Try again",
            key="resume_job",
            icon=":material/resume:",
            type="primary",
            help="Begins where it ended; what is done already is not done again.",
            on_click=_resume,
            args=(job,),
        )


def _resume(job: JobState) -> None:
    permissions.require()
    if job.work is not None:
        st.session_state[_WATCHED] = resources.index_job().start(job.work, job.kind)


def _forget() -> None:
    st.session_state.pop(_WATCHED, None)
