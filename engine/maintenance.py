"""What follows a run of indexing or a repair, so that library and index stay small and in step."""

from dataclasses import replace

from engine.index import IndexMirror
from engine.library import IngestReport, Library, ProgressCallback, compact
from engine.query import Upkeep


def tidied(
    report: IngestReport,
    library: Library,
    upkeep: Upkeep,
    progress: ProgressCallback | None = None,
) -> IngestReport:
    """Compact the library and bring the index up to date after a run; the report, with notes."""
    compacted = compact(library) if report.removed or report.updated else None
    upkeep.run(progress)
    notes = (compacted.note,) if compacted and compacted.note else ()
    return replace(report, notes=(*report.notes, *notes))


def repair_index(
    library: Library,
    index: IndexMirror,
    upkeep: Upkeep,
    progress: ProgressCallback | None = None,
) -> tuple[str, ...]:
    """Make the saved index that of the library; what was done, in words."""

    def faults() -> list[str]:
        changes = library.changes.changes()
        return index.audit(changes.ids, changes.versions)

    before = faults()
    upkeep.run(progress)
    if faults():  # of an index that is not in use at present, say
        index.discard_saved()
        upkeep.run(progress)
    return ("made the search index good again",) if before else ()
