"""The check-up: what is wrong with the library, and its repair."""

import time

import streamlit as st

from engine import FAULTS, REMARKS, CheckUp, Finding, SearchEngine
from ui import resources
from ui.jobs import job_view
from ui.jobs.job import Tell, Work, told
from ui.text import count, printable

_SHOWN = 1_000  # findings of a kind
_GONE = ("absent", "orphaned", "missing")

_MEANING = {
    "database": "Parts of the database contradict each other. Repairing makes its indexes anew.",
    "vectors": "These are found by no search. Repairing lets the model look at them again, at the "
    "original or at the thumbnail.",
    "index": "Searches may miss pictures. Repairing builds the index again.",
    "missing": "Repairing takes them out of the library, or finds where they were moved to.",
    "changed": "Repairing reads them again.",
    "orphaned": "Their folder was taken out. Repairing drops them, unless they are very many.",
    "unindexed": "Repairing adds them.",
    "absent": "Perhaps a drive that is not plugged in: their pictures are kept in the library.",
    "unreadable": "They do no harm; the section “Skipped files” tells why of each.",
    "leftovers": "They take room and do no harm. Repairing removes them.",
}


def show(engine: SearchEngine) -> None:
    """A button to look, and what was found, with a button to repair it."""
    running = resources.index_job().state.running
    st.markdown(
        "Compares the library with your folders, and its parts with each other. No picture is "
        "opened, and nothing is changed until you ask for a repair."
    )
    latest = resources.index_job().latest("doctor")
    if st.button(
        "Check again" if latest else "Check the library",
        key="check_up",
        icon=":material/health_and_safety:",
        type="secondary" if latest else "primary",
        disabled=running,
    ):
        job_view.start(check(engine), "doctor")
    if latest is None or not isinstance(latest.report, CheckUp):
        return
    found = latest.report
    st.caption(
        f"{_ago(time.time() - latest.ended_at)}, in {found.seconds:.1f} s: {_numbers(found)}"
    )
    if found.busy:
        st.warning("Another process was writing meanwhile: check again when it has ended.")
    if found.is_sound:
        st.success("Nothing has to be repaired.", icon=":material/check:")
    for kind, title in (FAULTS | REMARKS).items():
        if findings := found.findings.get(kind, ()):
            _kind(kind, title, findings)
    if _is_worth_repairing(found):
        _repair(engine, found, running)


def check(engine: SearchEngine, repair: bool = False, remove_missing: bool = False) -> Work:
    """The job that examines the library, after repairing it if asked to."""

    def work(tell: Tell) -> CheckUp:
        return engine.doctor(repair, told(tell), remove_missing)

    return work


def _kind(kind: str, title: str, findings: tuple[Finding, ...]) -> None:
    icon = ":material/error:" if kind in FAULTS else ":material/info:"
    with st.expander(f"{title[0].upper()}{title[1:]}: {len(findings):,}", icon=icon):
        st.caption(_MEANING[kind])
        st.dataframe(
            {
                "What": [printable(finding.subject) for finding in findings[:_SHOWN]],
                "What is wrong": [printable(finding.detail) for finding in findings[:_SHOWN]],
            },
            hide_index=True,
            key=f"findings_{kind}",
        )
        if len(findings) > _SHOWN:
            st.caption(f"The first {_SHOWN:,} are shown.")


def _is_worth_repairing(found: CheckUp) -> bool:
    return not found.is_sound or "leftovers" in found.findings


def _repair(engine: SearchEngine, found: CheckUp, running: bool) -> None:
    st.markdown(
        "Repairing makes good what it can and brings the library up to date with its folders. "
        "Your pictures stay as they are."
    )
    drop = any(kind in found.findings for kind in _GONE) and st.checkbox(
        "Also drop the pictures of folders that are gone or empty",
        key="drop_missing",
        help="Otherwise they are kept, in case a drive is not plugged in.",
        disabled=running,
    )
    if st.button("Repair", key="repair", type="primary", icon=":material/build:", disabled=running):
        job_view.start(check(engine, repair=True, remove_missing=drop), "doctor")


def _numbers(found: CheckUp) -> str:
    copies = f", {found.duplicates:,} of them exact copies" if found.duplicates else ""
    unused = (
        f"; room of {count(found.dead_rows, 'removed one')} is unused" if found.dead_rows else ""
    )
    return f"{count(found.images, 'picture')}{copies}{unused}"


def _ago(seconds: float) -> str:
    """When it was looked at, as people say it."""
    if seconds < 90:
        return "Looked at just now"
    if seconds < 5_400:
        return f"Looked at {round(seconds / 60)} minutes ago"
    return f"Looked at {count(round(seconds / 3600), 'hour')} ago"
