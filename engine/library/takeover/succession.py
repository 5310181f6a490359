"""Which models and stores come before and after those in use, and how the change is made."""

import shutil

from engine.encoder import Encoder
from engine.library.library import Library
from engine.library.store.catalogue import next_generation, put_meta
from engine.library.store.database import writing
from engine.library.store.stamp import NEXT, NEXT_DONE, PREVIOUS, ModelStamp, other_stamps
from engine.library.store.vectors import delete_store, store_names


def begin(library: Library, encoder: Encoder) -> ModelStamp:
    """The stamp of the store to fill: that of a run that was stopped, the previous, or a new one.

    Whatever was begun for another model is given up.
    """
    stamps = other_stamps(library.catalogue.facts())
    under_way, previous = stamps.get(NEXT), stamps.get(PREVIOUS)
    wanted, done = encoder.manifest.fingerprint, 0
    if under_way is not None and under_way.model == wanted:
        return under_way
    if under_way is not None:
        _give_up(library, under_way, previous)
    if previous is not None and previous.model == wanted:
        name = previous.vectors
        done = len(library.store(name, encoder.dim))
    else:
        name = free_name(library)
    stamp = ModelStamp.of(encoder.manifest, name)
    library.catalogue.set_meta({NEXT: stamp.text(), NEXT_DONE: str(done)})
    return stamp


def _give_up(library: Library, under_way: ModelStamp, previous: ModelStamp | None) -> None:
    done = int(library.catalogue.meta(NEXT_DONE) or 0)
    library.catalogue.set_meta({NEXT: "", NEXT_DONE: ""})
    if previous is not None and previous.vectors == under_way.vectors:
        library.store(previous.vectors).trim(done)
    else:
        delete_store(library.vectors_folder, under_way.vectors)


def switch(library: Library, stamp: ModelStamp) -> None:
    """Put a model and its store in use, in one transaction; those in use become the previous.

    What was the previous until now is deleted.
    """
    before = library.stamp
    facts = {**stamp.facts(), PREVIOUS: before.text(), NEXT: "", NEXT_DONE: ""}
    replaced = other_stamps(library.catalogue.facts()).get(PREVIOUS)
    with writing(library.database) as connection:
        for key, value in facts.items():
            put_meta(connection, key, value)
        next_generation(connection)
    if replaced is not None and replaced.vectors != stamp.vectors:
        delete_store(library.vectors_folder, replaced.vectors)
        shutil.rmtree(library.index_folder_of(replaced.model), ignore_errors=True)


def forget_previous(library: Library) -> int:
    """Free the room that the way back to the previous model takes; returns the bytes of vectors.

    Raises:
        LibraryError: another process is writing.
    """
    with library.writing():
        previous = other_stamps(library.catalogue.facts()).get(PREVIOUS)
        if previous is None:
            return 0
        library.catalogue.set_meta({PREVIOUS: "", **_not_resuming(library, previous)})
        shutil.rmtree(library.index_folder_of(previous.model), ignore_errors=True)
        return delete_store(library.vectors_folder, previous.vectors)


def _not_resuming(library: Library, previous: ModelStamp) -> dict[str, str]:
    """Facts that end a way back that was begun, where its store is about to go."""
    under_way = other_stamps(library.catalogue.facts()).get(NEXT)
    is_same = under_way is not None and under_way.vectors == previous.vectors
    return {NEXT: "", NEXT_DONE: ""} if is_same else {}


def free_name(library: Library, taken: tuple[str, ...] = ()) -> str:
    """A name that no store has."""
    known = {*store_names(library.vectors_folder), *taken}
    return next(name for n in range(2, 10**9) if (name := f"vectors-{n}") not in known)
