"""Files that are not in the library, and why."""

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from engine import SearchEngine, SkippedFile
from ui import resources, tables
from ui.text import code, count, printable

_SHOWN = 5_000  # rows of the table; the file to download has all


def show(engine: SearchEngine) -> None:
    """A table with a filter, and how often there is each reason."""
    skipped = resources.facts(engine).skipped
    if not skipped:
        st.success("Every picture in your folders could be read.", icon=":material/check:")
        return
    st.markdown(
        f"{count(len(skipped), 'file')} could not be used when the folders were last read. The "
        "others are not affected, and a file that is put right comes in with the next refresh."
    )
    reasons = by_reason(skipped)
    chosen = st.pills(
        "Reason",
        list(reasons),
        format_func=lambda reason: f"{code(reason)} {reasons[reason]:,}",
        key="skipped_reason",
        wrap=True,
    )
    wanted = st.text_input(
        "Filter", key="skipped_filter", type="search", placeholder="part of a path or a reason"
    )
    found = matching(skipped, wanted or "", chosen)
    st.dataframe(
        {
            "Path": [printable(skip.path) for skip in found[:_SHOWN]],
            "Reason": [printable(skip.reason) for skip in found[:_SHOWN]],
        },
        hide_index=True,
        key="skipped_files",
    )
    if not found:
        st.caption("No skipped file passes the filter.")
    elif len(found) > _SHOWN:
        st.caption(f"The first {_SHOWN:,} of {len(found):,} are shown.")
    st.download_button(
        "Download the list",
        lambda: as_csv(found),
        "skipped-files.csv",
        "text/csv",
        key="skipped_csv",
        icon=":material/download:",
        on_click="ignore",
        disabled=not found,
    )


def by_reason(skipped: Sequence[SkippedFile]) -> dict[str, int]:
    """How many files there are of each kind of reason, the most frequent first."""
    return dict(Counter(kind_of(skip) for skip in skipped).most_common())


def kind_of(skip: SkippedFile) -> str:
    """The reason without what it says of this file alone."""
    return skip.reason.partition(":")[0].strip()


def matching(
    skipped: Sequence[SkippedFile], wanted: str, reason: str | None = None
) -> list[SkippedFile]:
    """Those with all of the words in their path or reason, and this kind of reason."""
    words = wanted.casefold().split()
    return [
        skip
        for skip in skipped
        if (reason is None or kind_of(skip) == reason)
        and all(word in f"{skip.path}\n{skip.reason}".casefold() for word in words)
    ]


def as_csv(skipped: Sequence[SkippedFile]) -> bytes:
    """A table of them; bytes of names that are no text are kept."""
    return tables.as_csv(("path", "reason"), ((skip.path, skip.reason) for skip in skipped))
