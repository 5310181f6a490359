"""Taking values out of JSON with their types, or refusing them by name."""

import math
from pathlib import Path
from typing import Any, cast, get_args

from engine.encoder.manifest import ModelError


class Fields:
    """A JSON object whose fields are taken with their type, or refused by name."""

    def __init__(self, path: Path, prefix: str, value: Any) -> None:
        if not isinstance(value, dict):
            raise ModelError(f"{path}: field '{prefix.rstrip('.')}' must be an object")
        self._path, self._prefix = path, prefix
        self._value = cast("dict[str, Any]", value)

    def take(self, name: str, kind: type[Any]) -> Any:
        """A value of this type; an int is taken for a float, a bool for neither."""
        if name not in self._value:
            raise ModelError(f"{self._path}: field '{self._prefix}{name}' is missing")
        value = self._value[name]
        accepted = (int, float) if kind is float else kind
        if not isinstance(value, accepted) or (kind in (int, float) and isinstance(value, bool)):
            raise ModelError(
                f"{self._path}: field '{self._prefix}{name}' is {value!r}; expected {kind.__name__}"
            )
        return value

    def count(self, name: str) -> int:
        """A whole number from 1 on."""
        value: int = self.take(name, int)
        if value < 1:
            raise self.refuse(name, f"is {value}; expected at least 1")
        return value

    def number(self, name: str) -> float:
        """A finite number."""
        value = self.take(name, float)
        if not is_number(value):
            raise self.refuse(name, f"is {value!r}; expected a finite number")
        return float(value)

    def choice(self, name: str, choices: Any) -> Any:
        """One of the strings of a `Literal`."""
        value = self.take(name, str)
        if value not in get_args(choices):
            known = ", ".join(get_args(choices))
            raise self.refuse(name, f"is {value!r}; expected one of: {known}")
        return value

    def has(self, name: str) -> bool:
        """Whether an optional field is there; null counts as absent."""
        return self._value.get(name) is not None

    def inside(self, name: str) -> "Fields":
        """The fields of an object within this one."""
        return Fields(self._path, f"{self._prefix}{name}.", self.take(name, dict))

    def refuse(self, name: str, why: str) -> ModelError:
        """An error that names the file and the field."""
        return ModelError(f"{self._path}: field '{self._prefix}{name}' {why}")


def is_number(value: object) -> bool:
    """Whether a JSON value is a finite number; true and false are none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # an integer beyond all floats
        return False
