"""Images that show the same: reviewed group by group, never deleted."""

import math
from collections.abc import Iterator

import streamlit as st

from engine import Duplicate, DuplicateGroup, DuplicateReport, ImageRecord, SearchEngine
from ui import permissions, pictures, resources, tables
from ui.jobs import job_view
from ui.jobs.job import Tell, Work, told
from ui.text import code, count, percent, size

_PAGE = 8  # groups
_MOST = 24  # pictures of a group


def show(engine: SearchEngine) -> None:
    """A button to look for them, and what was found."""
    job = resources.index_job()
    latest = job.latest("duplicates")
    st.markdown(
        "Finds files with the same content, and pictures that were scaled, cropped a little or "
        "saved again. Once found, the search can fold them: it then shows the best of each group, "
        "and the others behind it. **Nothing is ever deleted**: the list tells you what you could."
    )
    if permissions.may_change() and st.button(
        "Look for new ones" if latest else "Find duplicates",
        key="find_duplicates",
        icon=":material/content_copy:",
        type="secondary" if latest else "primary",
        help="After the first time only new and changed pictures are compared.",
        disabled=job.state.running,
    ):
        job_view.start(find(engine), "duplicates")
    if latest is not None and isinstance(latest.report, DuplicateReport):
        _review(latest.report)


def find(engine: SearchEngine) -> Work:
    """The job that looks for duplicates."""

    def work(tell: Tell) -> DuplicateReport:
        return engine.duplicates(progress=told(tell))

    return work


def _review(report: DuplicateReport) -> None:
    if not report.groups:
        st.success("No two pictures of your library show the same.", icon=":material/check:")
        return
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        copies, groups = count(report.copies, "copy", "copies"), count(len(report.groups), "group")
        st.markdown(
            f"**{copies}** in {groups} take **{size(report.copied_bytes)}**", width="content"
        )
        st.download_button(
            "Download the list",
            lambda: as_csv(report),
            "duplicates.csv",
            "text/csv",
            key="duplicates_csv",
            icon=":material/download:",
            on_click="ignore",
        )
    pages = math.ceil(len(report.groups) / _PAGE)
    page = min(st.session_state.get("duplicates_page", 1), pages)
    for group in report.groups[(page - 1) * _PAGE : page * _PAGE]:
        _group(group)
    if pages > 1:
        with st.container(horizontal_alignment="center"):
            st.pagination(pages, key="duplicates_page")
    if report.threshold is not None:
        how = "measured in this library" if report.is_calibrated else "as is usual"
        least = f"{100 * report.threshold:.1f} %"
        st.caption(f"Pictures that are at least {least} alike count as copies, {how}.")


def _group(group: DuplicateGroup) -> None:
    saved = f"{count(len(group.copies), 'copy', 'copies')}, {size(group.copied_bytes)}"
    with st.container(border=True, key=f"group_{group.id}"):
        st.caption(saved)
        with st.container(horizontal=True, key=f"copies_{group.id}"):
            _picture(group.best, ":green-badge[best]")
            for copy in group.copies[: _MOST - 1]:
                _picture(copy.image, _kind(copy))
        if len(group.copies) >= _MOST:
            st.caption(f"and {len(group.copies) - _MOST + 1:,} more; the list has all")


def _kind(copy: Duplicate) -> str:
    if copy.kind == "exact":
        return ":gray-badge[same content]"
    return f":gray-badge[{percent(copy.similarity)} alike]"


def _picture(image: ImageRecord, badge: str) -> None:
    with st.container(width=190, gap="xsmall", key=f"copy_{image.id}"):
        pictures.small(image, "copy")
        figures = f"{image.width:,} x {image.height:,}, {size(image.size)}"
        st.markdown(f"{badge} :small[{figures}]  \n{code(image.path)}")


def as_csv(report: DuplicateReport) -> bytes:
    """One row an image, the best of each group first."""
    heading = ("group", "role", "similarity", "width", "height", "bytes", "path")
    return tables.as_csv(heading, _rows(report))


def _rows(report: DuplicateReport) -> Iterator[tuple[object, ...]]:
    for group in report.groups:
        members = [(group.best, "best", 1.0)]
        members += [(copy.image, copy.kind, copy.similarity) for copy in group.copies]
        for image, role, similarity in members:
            figures = (f"{similarity:.4f}", image.width, image.height, image.size)
            yield (group.id, role, *figures, image.path)
