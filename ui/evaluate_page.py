"""The page that judges the results: by the library's thumbs, or on a data set."""

import threading
from pathlib import Path

import streamlit as st

from engine import LibraryError, ModelError, SearchEngine, evaluation, load_encoder
from engine.evaluation import TASKS, Setting
from ui import allowed_folders, pages, permissions, resources
from ui.text import code

_REPORT = "evaluation_report"
_THUMBS, _DATA = "The thumbs of this library", "A data set on this machine"
_busy = threading.Lock()  # two at once would take each other's cores, and searches theirs


def show(engine: SearchEngine) -> None:
    """A form, and the report of what was judged last."""
    pages.link("", "Back to the search")
    st.title("How good are the results?", anchor=False)
    st.markdown(
        "Searches whose right answers are known are asked again, and every answer is checked: "
        "those of the model, of a plain search for the words in names and captions, of both "
        "together, and of chance."
    )
    # A data set is read from the machine's disk: not for visitors who may only look.
    sources = [_THUMBS, _DATA] if permissions.may_change() else [_THUMBS]
    source = st.radio("Judge by", sources, key="judge_by", horizontal=True)
    with st.form("evaluation", border=True):
        setting, data, other = _fields() if source == _DATA else (Setting(), "", "")
        if source == _THUMBS:
            st.caption(
                "Every search in words that has a thumb up is asked again, without what the thumbs "
                "have taught. Pictures without a thumb count as wrong."
            )
        has_none = source == _THUMBS and not _has_thumbs_up(engine)
        if has_none:
            how = " Search, press the thumb up on pictures that fit, and come back."
            st.info(
                "No search in words has a thumb up yet." + how * permissions.may_change(),
                icon=":material/thumb_up:",
            )
        begun = st.form_submit_button(
            "Judge", type="primary", icon=":material/analytics:", disabled=has_none
        )
    if begun:
        _judge(engine, source, setting, data.strip(), other.strip())
    if report := st.session_state.get(_REPORT):
        _show_report(report)


def _has_thumbs_up(engine: SearchEngine) -> bool:
    return any(mark > 0 for _, marks in engine.judgements() for mark in marks.values())


def _fields() -> tuple[Setting, str, str]:
    """Setting, data set, and the folder of another model."""
    data = st.text_input(
        "Data set",
        placeholder="~/judged/manifest.jsonl",
        help="JSON lines, CSV, TSV, COCO's or Karpathy's JSON; or a folder, with a manifest or "
        "with one folder for each label. It is only read.",
        key="judge_data",
    )
    first, second, third = st.columns(3)
    task = first.selectbox("Ask with and look for", TASKS[:3], key="judge_task")
    label = second.text_input(
        "Column with labels", help="To ask for these instead of captions.", key="judge_label"
    )
    other = third.text_input(
        "Compare with the model in", help="A model folder; may be empty.", key="judge_other"
    )
    return Setting(task=task, label=(label or "").strip() or None), data or "", other or ""


def _judge(engine: SearchEngine, source: str, setting: Setting, data: str, other: str) -> None:
    if source == _DATA and not data:
        st.error("Say where the data set is.", icon=":material/folder_off:")
        return
    given = [Path(place).expanduser() for place in (data, other) if place]
    if not all(allowed_folders.is_allowed(place) for place in given):
        st.error("Only what lies in the folders of this app can be read.", icon=":material/lock:")
        return
    if not _busy.acquire(blocking=False):
        st.warning("Somebody else is judging right now; try again when that has ended.")
        return
    shown = st.empty()
    try:  # from here on, as whatever draws on the page may end this run of it
        bar = shown.progress(0.0, text="Reading")

        def tell(doing: str, done: int, total: int) -> None:
            bar.progress(done / max(total, 1), text=f"{doing}: {done:,} of {total:,}")

        if source == _THUMBS:
            found = evaluation.evaluate_thumbs(engine, tell)
        else:
            models = {engine.encoder.name: engine.encoder}
            if other:
                models[other] = load_encoder(Path(other).expanduser(), resources.device())
            found = evaluation.evaluate(Path(data).expanduser(), models, setting, tell)
        st.session_state[_REPORT] = evaluation.as_html(found)
    except (ValueError, LibraryError, ModelError, OSError) as error:
        st.error(f"This cannot be judged: {code(str(error))}", icon=":material/error:")
    finally:
        _busy.release()
    shown.empty()


def _show_report(report: str) -> None:
    """The same page that the command writes; captions and names in it are text, never HTML."""
    st.download_button(
        "Download this report",
        report,
        "evaluation.html",
        "text/html",
        icon=":material/download:",
        on_click="ignore",
    )
    st.iframe(report, height="content", alt="Report of the evaluation")
