"""The search page: query bar, chips, and the results."""

from dataclasses import replace

import streamlit as st

from engine import (
    ImageError,
    ModelChangedError,
    Query,
    QueryError,
    ResultPage,
    SearchEngine,
)
from ui import (
    chips,
    feedback,
    gallery,
    header,
    job_view,
    query_bar,
    question,
    resources,
    state,
    suggestions,
)
from ui.state import MOST, PAGE, SearchState
from ui.text import code, count


def show(engine: SearchEngine) -> None:
    """Draw the whole page for the search in its address."""
    asked, problems = state.read()
    asked, unknown = question.known(asked, engine)
    header.show()
    job_view.show()
    query_bar.show(engine, asked)
    if asked.has_picture:
        with st.container(key="pictures", horizontal=True, vertical_alignment="center"):
            chips.show(engine, asked)
            query_bar.balance(asked)
    chips.show_words(engine, asked)
    if problems or unknown:
        st.warning("  \n".join([*problems, *unknown]), icon=":material/link_off:")
    if asked.is_empty:
        suggestions.show(engine)
    else:
        _results(engine)


@st.fragment
def _results(engine: SearchEngine) -> None:
    """Search and show; runs alone after a thumb or "show more", the rest of the page stays."""
    asked, _ = question.known(state.read()[0], engine)
    query = question.build(asked, engine)
    try:
        page = engine.search(query, limit=asked.shown)
    except ModelChangedError:
        st.rerun()  # the whole page, which opens the library with its new model
    except (QueryError, ImageError) as error:
        st.error(f"This search cannot be answered: {code(str(error))}", icon=":material/error:")
        return
    if page.total == 0:  # another process has emptied the library
        resources.forget_facts()
        st.rerun()
    _verdict(page)
    if page.verdict != "strong" and asked.text and not asked.has_picture:
        _advice(engine, asked)
    where = _summary(engine, query, page)
    gallery.show(engine, query, page, where)
    _show_more(asked, page)


def _advice(engine: SearchEngine, asked: SearchState) -> None:
    """Buttons for what finds more than the words do."""
    found = engine.advice(engine.parse(asked.text))
    if not found:
        return
    titles = {"filter": "Without a filter", "spelling": "Spelt", "fewer words": "Only"}
    with st.container(horizontal=True, vertical_alignment="center", key="advice"):
        st.caption("These find more:", width="content")
        for number, one in enumerate(found):
            text = engine.written(one.query)
            st.button(
                f"{titles[one.kind]}: {code(text)}",
                key=f"advice_{number}",
                on_click=_take,
                args=(replace(asked, text=text, shown=PAGE),),
            )


def _take(asked: SearchState) -> None:
    state.go(asked)
    st.rerun()  # the whole page: the query bar shows the text, too


def _verdict(page: ResultPage) -> None:
    if not page.matching:
        st.info("No image passes all of the filters.", icon=":material/filter_alt_off:")
    elif not page.results:
        st.info("Nothing is left to show: all images are hidden by your thumbs down.")
    elif page.verdict == "none":
        with_picture = any(term.kind != "text" for term in page.results[0].terms)
        st.warning(
            "Nothing in your library comes near the picture; the most similar are shown below."
            if with_picture
            else "Nothing in your library seems to match; the nearest are shown below.",
            icon=":material/search_off:",
        )


def _summary(engine: SearchEngine, query: Query, page: ResultPage) -> str:
    """The line above the results; returns the text whose places are to be shown."""
    said = f"{count(page.total, 'image')} searched in {page.took_ms:.0f} ms"
    if page.matching < page.total:
        passing = f"{page.matching:,} of {count(page.total, 'image')} pass the filters"
        said = f"{passing}, searched in {page.took_ms:.0f} ms"
    if page.results and page.verdict == "weak":
        said += "; no sure match, the best guesses come first"
    with st.container(horizontal=True, vertical_alignment="center", key="summary"):
        st.caption(said, width="content")
        feedback.hidden(engine, query, page)
        words = " ".join(t.text for t in query.terms if t.kind == "text" and t.weight > 0)
        shows_where = (
            words
            and page.results
            and st.toggle(
                "Show where",
                key="where",
                help="Colours the parts of the pictures that match the words",
            )
        )
    return words if shows_where else ""


def _show_more(asked: SearchState, page: ResultPage) -> None:
    shown = len(page.results)
    if shown < asked.shown or shown + page.hidden >= page.matching:
        is_whole = page.matching == page.total
        said = "images of your library" if is_whole else "images that pass the filters"
        if shown:
            st.caption(f"These are all {said}.")
    elif shown >= MOST:
        st.caption(f"The first {MOST} images are shown. To see others, say more about them.")
    else:
        with st.container(horizontal_alignment="center"):
            st.button(
                "Show more",
                key="show_more",
                icon=":material/expand_more:",
                on_click=state.go,
                args=(replace(asked, shown=asked.shown + PAGE),),
            )
