"""The search page: query bar, chips, and the results."""

from dataclasses import replace
from functools import partial

import streamlit as st

from engine import ImageError, ModelChangedError, QueryError, ResultPage, SearchEngine
from ui import gallery, resources, state
from ui.filters import filters_panel
from ui.jobs import job_view
from ui.permissions import may_change
from ui.search import (
    chips,
    display,
    feedback,
    header,
    query_bar,
    question,
    selection,
    suggestions,
    viewer,
)
from ui.state import Picture, SearchState
from ui.text import code, count

_GALLERY = "gallery"


def show(engine: SearchEngine) -> None:
    """Draw the whole page for the search in its address."""
    state.resume()
    asked, problems = state.read()
    asked, unknown = question.known(asked, engine)
    header.show()
    job_view.show()
    query_bar.show(engine, asked)
    with st.container(key="parts", horizontal=True, vertical_alignment="center", gap="small"):
        filters_panel.show(engine, asked)
        chips.show(engine, asked)
    if problems or unknown:
        st.warning("  \n".join([*problems, *unknown]), icon=":material/link_off:")
    if asked.is_empty:
        suggestions.show(engine)
        page = None
    else:
        page = _results(engine)
    viewer.show(engine, asked, page)


@st.fragment
def _results(engine: SearchEngine) -> ResultPage | None:
    """Search and show; runs alone after a thumb or for more, the rest of the page stays."""
    asked, _ = question.known(state.read()[0], engine)
    query = question.build(asked, engine)
    shown = display.shown(asked)
    try:
        page = engine.search(query, shown, fold=asked.fold, diversity=asked.diversity)
    except ModelChangedError:
        st.rerun()  # the whole page, which opens the library with its new model
    except (QueryError, ImageError) as error:
        st.error(f"This search cannot be answered: {code(str(error))}", icon=":material/error:")
        return None
    if page.total == 0:  # another process has emptied the library
        resources.forget_facts()
        st.rerun()
    _verdict(page)
    if page.verdict != "strong" and asked.text and not asked.pictures:
        _advice(engine, asked)
    with st.container(horizontal=True, vertical_alignment="center", key="summary"):
        _summary(page)
        feedback.line(engine, query, page)
        words = " ".join(t.text for t in query.terms if t.kind == "text" and t.weight > 0)
        density, where = display.options(asked, bool(words and page.results))
    bar = st.container()
    heat = engine.heat_maps(words, [hit.id for hit in page.results]) if where else {}
    has_more = len(page.results) == shown < min(page.matching - page.hidden, display.MOST)

    def act(kind: str, image_id: int) -> None:
        if kind in ("up", "down"):
            feedback.give(engine, query, image_id, 1 if kind == "up" else -1)
            return
        _lead(kind, image_id)

    chosen = gallery.show(
        _GALLERY,
        page.results,
        act,
        partial(display.show_more, asked) if has_more else None,
        bool(query.terms) and may_change(),
        density,
        heat,
        _ends(page),
    )
    with bar:
        selection.show(engine, _GALLERY, page.results, chosen)
    if not has_more:
        _end(page)
    return page


def _lead(kind: str, image_id: int) -> None:
    """To another search, or to a picture of this one; the whole page shows it."""
    if kind == "open":
        viewer.open_image(image_id)
    else:
        asked, _ = state.read()
        state.go(asked.with_picture(Picture("like", str(image_id), kind == "more")))
    st.rerun()


def _advice(engine: SearchEngine, asked: SearchState) -> None:
    """Buttons for what finds more than the words do."""
    found = engine.advice(engine.parse(asked.text))
    if not found:
        return
    titles = {"filter": "With fewer filters", "spelling": "Spelt", "fewer words": "Only"}
    with st.container(horizontal=True, vertical_alignment="center", key="advice"):
        st.caption("These find more:", width="content")
        for number, one in enumerate(found):
            text = engine.written(one.query)
            st.button(
                f"{titles[one.kind]}: {code(text)}",
                key=f"advice_{number}",
                on_click=_take,
                args=(replace(asked, text=text),),
            )


def _take(asked: SearchState) -> None:
    state.go(asked)
    st.rerun()  # the whole page: the query bar shows the text, too


def _verdict(page: ResultPage) -> None:
    if not page.matching:
        st.info("No picture passes all of the filters.", icon=":material/filter_alt_off:")
    elif not page.results:
        st.info("Nothing is left to show: all pictures are hidden by your thumbs down.")
    elif page.verdict == "none":
        with_picture = any(term.kind != "text" for term in page.results[0].terms)
        among = "Nothing in your library"
        if page.matching < page.total:
            among = f"Of {count(page.matching, 'picture')} that your filters let through, none"
        st.warning(
            f"{among} comes near the picture; the most similar are shown below."
            if with_picture
            else f"{among} seems to match; the nearest are shown below.",
            icon=":material/search_off:",
        )


def _ends(page: ResultPage) -> dict[int, str]:
    """What stands between results: where likely matches end, and where possible ones do."""
    ends = {page.likely: "Less likely from here on", page.possible: "Hardly a match from here on"}
    return {place: words for place, words in ends.items() if place and place < len(page.results)}


def _summary(page: ResultPage) -> None:
    """How much was searched, and how sure the best results are."""
    said = f"{count(page.total, 'picture')} searched in {page.took_ms:.0f} ms"
    if page.matching < page.total:
        passing = f"{page.matching:,} of {count(page.total, 'picture')} pass the filters"
        said = f"{passing}, searched in {page.took_ms:.0f} ms"
    if page.results and page.verdict == "weak":
        said += "; no sure match, the best guesses come first"
    elif page.likely:
        more = (
            "" if page.likely < len(page.results) or page.likely == page.matching else "more than "
        )
        matches = "1 likely match" if page.likely == 1 else f"{page.likely:,} likely matches"
        said += f"; {more}{matches}"
    st.caption(said, width="content")


def _end(page: ResultPage) -> None:
    if len(page.results) >= display.MOST:
        st.caption(
            f"The first {display.MOST:,} pictures are shown. To see others, say more about them."
        )
    elif page.results:
        is_whole = page.matching == page.total
        said = "pictures of your library" if is_whole else "pictures that pass the filters"
        but = ", but for those that your thumbs down hide" if page.hidden else ""
        st.caption(f"These are all {said}{but}.")
