"""Filters as the panel shows and changes them; they are a part of the text, and nowhere else.

What the panel cannot show, such as `-color:red` or `near:48.1,11.5`, it leaves as it is.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from engine import Between, Is, SearchEngine, Where, filter_text
from ui import state
from ui.state import LONGEST, SearchState

Filters = tuple[Where, ...]

_PENDING, _CHANGED, _REFUSED = "filters_pending", "filters_changed", "filters_refused"


@dataclass(frozen=True)
class Field:
    """What a filter looks at.

    Attributes:
        name: of the filter.
        is_column: an imported column is meant.
    """

    name: str
    is_column: bool = False

    def is_of(self, where: Where) -> bool:
        """Whether a condition is about this field, and asks for something to be so."""
        is_same = where.field == self.name and where.is_builtin != self.is_column
        return is_same and not where.is_not


def chosen(filters: Iterable[Where], field: Field) -> tuple[str, ...]:
    """The values of which any will do."""
    for where in filters:
        if _is_choice(where, field):
            return tuple(test.text for test in where.tests if isinstance(test, Is))
    return ()


def with_chosen(filters: Filters, field: Field, values: Sequence[str]) -> Filters:
    """The same filters, with these values in the place of what was chosen."""
    is_asked = [_is_choice(where, field) for where in filters]
    first = is_asked.index(True) if True in is_asked else len(filters)
    new = _condition(field, [Is(value) for value in values])
    return (*filters[:first], *new, *filters[first + 1 :])


def limits(filters: Iterable[Where], field: Field) -> Between:
    """What all conditions about a number or a date leave of it; open where there are none."""
    ends = [_between(where) for where in filters if _is_range(where, field)]
    lows = [(end.low, end.over) for end in ends if end.low is not None]
    highs = [(end.high, not end.under) for end in ends if end.high is not None]
    low, over = max(lows, default=(None, False))
    high, is_included = min(highs, default=(None, True))
    return Between(low, high, over, not is_included)


def with_limits(filters: Filters, field: Field, wanted: Between) -> Filters:
    """The same filters, with these limits in the place of all others of the field."""
    is_asked = [_is_range(where, field) for where in filters]
    first = is_asked.index(True) if True in is_asked else len(filters)
    rest = [where for where, asked in zip(filters, is_asked, strict=True) if not asked]
    is_open = wanted.low is None and wanted.high is None
    return (*rest[:first], *_condition(field, [] if is_open else [wanted]), *rest[first:])


def change(engine: SearchEngine, make: Callable[[Filters], Filters]) -> None:
    """Put other filters into the address; for callbacks of widgets."""
    asked, shown = _latest()
    query = engine.parse(asked.text)
    wanted = make(query.filters)
    text = engine.written(replace(query, filters=wanted))
    written = [filter_text(where) for where in engine.parse(text).filters]
    if len(text) > LONGEST or set(written) != set(map(filter_text, wanted)):
        st.session_state[_REFUSED] = True
        return
    new = replace(asked, text=text, view=None)
    st.session_state[_PENDING] = (shown, new)
    st.session_state[_CHANGED] = True
    state.go(new)


def settle() -> bool:
    """Called once a run, after the callbacks; returns whether a change had to be refused."""
    if not st.session_state.pop(_CHANGED, False):
        st.session_state.pop(_PENDING, None)
    return bool(st.session_state.pop(_REFUSED, False))


def _latest() -> tuple[SearchState, SearchState]:
    """The search to change, and the one that the browser had when it sent the change.

    Two changes may follow each other so quickly that the browser sends the second one with the
    address of before the first. Whoever goes back sends no change: that run ends the wait.
    """
    shown, _ = state.read()
    before, after = st.session_state.get(_PENDING, (None, None))
    return (after, shown) if after is not None and before == shown else (shown, shown)


def _is_choice(where: Where, field: Field) -> bool:
    return field.is_of(where) and all(isinstance(test, Is) for test in where.tests)


def _is_range(where: Where, field: Field) -> bool:
    return field.is_of(where) and len(where.tests) == 1 and _number_or_range(where)


def _number_or_range(where: Where) -> bool:
    (test,) = where.tests
    return isinstance(test, Between) or (isinstance(test, Is) and _number(test.text) is not None)


def _between(where: Where) -> Between:
    """`price:5` is from 5 to 5."""
    (test,) = where.tests
    if isinstance(test, Is):
        return Between(_number(test.text), _number(test.text))
    assert isinstance(test, Between)
    return test


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _condition(field: Field, tests: Sequence[Is | Between]) -> Filters:
    return (Where(field.name, tuple(tests), is_column=field.is_column),) if tests else ()
