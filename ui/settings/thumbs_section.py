"""The thumbs of all searches, what they agree on, and how to take them along or back."""

import streamlit as st

from engine import SearchEngine, Taste
from ui import permissions, pictures
from ui.settings.thumbs_export import as_csv, as_trec
from ui.text import code, count

_SHOWN = 200  # searches in the table


def show(engine: SearchEngine) -> None:
    """How many there are, what was learnt, and what can be done with them."""
    judged = engine.judgements()
    if not judged:
        st.caption(
            "No search in words has a thumb yet. Thumbs order the results of their own search; "
            "what the thumbs of several searches agree on orders every search a little."
        )
        return
    marks = [mark for _, marks in judged for mark in marks.values()]
    up = sum(mark > 0 for mark in marks)
    st.markdown(
        f"{count(len(judged), 'search', 'searches')} in words with {count(up, 'thumb')} up and "
        f"{len(marks) - up:,} down."
    )
    with st.expander("Searches with thumbs", icon=":material/thumbs_up_down:"):
        st.dataframe(
            {
                "Search": [engine.written(query) for query, _ in judged[:_SHOWN]],
                "Up": [sum(m > 0 for m in marks.values()) for _, marks in judged[:_SHOWN]],
                "Down": [sum(m < 0 for m in marks.values()) for _, marks in judged[:_SHOWN]],
            },
            hide_index=True,
            key="judged",
        )
    _taste(engine)
    _exports(engine)
    if permissions.may_change():
        _taking_back(engine, len(marks))


def _taste(engine: SearchEngine) -> None:
    taste = engine.taste()
    if taste is None:
        st.markdown("They do not agree on anything beyond their own searches yet.")
        return
    st.markdown(
        f"**Learnt for all searches**: {taste.agreeing} of {taste.questions} searches agree, so "
        "that others show a little more of the one and less of the other."
    )
    for title, words, ids in _sides(taste):
        said = f": {code(', '.join(words))}" if words else ""
        st.markdown(f"{title}{said}")
        with st.container(horizontal=True, gap="small"):
            records = engine.records(ids)
            for image in (records[one] for one in ids if one in records):
                with st.container(width=112):
                    pictures.small(image, title.lower())


def _sides(taste: Taste) -> tuple[tuple[str, tuple[str, ...], tuple[int, ...]], ...]:
    return (("More", taste.more, taste.liked_ids), ("Less", taste.less, taste.disliked_ids))


def _exports(engine: SearchEngine) -> None:
    with st.container(horizontal=True):
        st.download_button(
            "Download as CSV",
            lambda: as_csv(engine),
            "thumbs.csv",
            "text/csv",
            key="thumbs_csv",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            "Download as TREC judgements",
            lambda: as_trec(engine),
            "thumbs.zip",
            "application/zip",
            key="thumbs_trec",
            icon=":material/download:",
            on_click="ignore",
            help="Judgements and topics, as programs that measure searches read them.",
        )


def _taking_back(engine: SearchEngine, marks: int) -> None:
    with st.container(horizontal=True):
        with st.popover("Forget what was learnt", icon=":material/psychology:"):
            st.markdown(
                "Every thumb stays with its own search, but the thumbs of until now do not order "
                "other searches any more."
            )
            st.button(
                "Forget it",
                key="forget_taste",
                type="primary",
                on_click=forget_taste,
                args=(engine,),
            )
        with st.popover("Take back all thumbs", icon=":material/restart_alt:"):
            st.markdown(f"{count(marks, 'thumb')} of all searches are deleted, for everybody.")
            st.button(
                "Take them back",
                key="clear_thumbs",
                type="primary",
                on_click=take_back,
                args=(engine,),
            )


def forget_taste(engine: SearchEngine) -> None:
    """Begin anew to learn what is liked."""
    permissions.require()
    engine.forget_taste()
    st.toast("What the thumbs have taught is forgotten.")


def take_back(engine: SearchEngine) -> None:
    """Delete all thumbs."""
    permissions.require()
    st.toast(f"{count(engine.clear_all_marks(), 'thumb')} taken back.")
