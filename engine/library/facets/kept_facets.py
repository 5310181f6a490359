"""`KeptFacets`: facets in a file, so that whoever opens an unchanged library has them at once."""

import json
import logging
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from engine.files import replacing
from engine.library.facets.choices import Choice
from engine.library.facets.column_facets import ColumnFacet
from engine.library.facets.facets import Facets
from engine.metadata.histograms import Bar, DateRange, NumberRange

_log = logging.getLogger(__name__)

_VERSION = 2  # of what is gathered and how it is written
_CHOICES = ("folders", "cameras", "lenses", "types", "orientations", "colours")


class KeptFacets:
    """A file beside the database; it may be deleted at any time."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def load(self, state: str) -> Facets | None:
        """What was kept of this very state of the library; None if nothing of use is there."""
        try:
            kept = json.loads(self._file.read_text(encoding="utf-8"))
            if (kept["version"], kept["state"]) != (_VERSION, state):
                return None
            return _facets(kept["facets"])
        except FileNotFoundError:
            return None
        except Exception as error:  # a damaged file fails in any way
            _log.info("%s: gathered anew: %s", self._file, error)
            return None

    def save(self, state: str, facets: Facets) -> None:
        """Keep them in the place of those of another state; where that fails, they are not kept."""
        kept = {"version": _VERSION, "state": state, "facets": asdict(facets)}
        try:
            with replacing(self._file) as part:
                part.write_text(json.dumps(kept, default=date.isoformat), encoding="utf-8")
        except OSError as error:
            _log.info("%s: %s", self._file, error)


def _facets(kept: dict[str, Any]) -> Facets:
    dates = kept["dates"]
    columns = (
        ColumnFacet(
            one["name"], one["numbers"] and _numbers(one["numbers"]), _choices(one["choices"])
        )
        for one in kept["columns"]
    )
    return Facets(
        images=kept["images"],
        dates=dates and _dates(dates),
        dated=kept["dated"],
        numbers={name: _numbers(one) for name, one in kept["numbers"].items()},
        places=kept["places"],
        columns=tuple(columns),
        **{name: _choices(kept[name]) for name in _CHOICES},
    )


def _choices(kept: list[dict[str, Any]]) -> tuple[Choice, ...]:
    return tuple(Choice(**one) for one in kept)


def _bars(kept: list[dict[str, Any]]) -> tuple[Bar, ...]:
    return tuple(Bar(**one) for one in kept)


def _numbers(kept: dict[str, Any]) -> NumberRange:
    return NumberRange(**{**kept, "bars": _bars(kept["bars"])})


def _dates(kept: dict[str, Any]) -> DateRange:
    days = {name: date.fromisoformat(kept[name]) for name in ("earliest", "latest")}
    return DateRange(**{**kept, **days, "bars": _bars(kept["bars"])})
