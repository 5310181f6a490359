"""Which precision to take for each tower: the fastest whose loss is within the bounds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from export.errors import ExportError
from export.guard.candidates import Candidate, TowerName, Workbench
from export.guard.loss import FIRST, Bounds, Loss
from export.spec import Say

INT8 = ("int8-dynamic", "int8-blocks", "int8-static", "int8-weights")
CHOICES = ("auto", "int8", *INT8, "fp16", "fp32")
TOWERS: tuple[TowerName, ...] = ("vision", "text")

_TIE = 1.1
"""Times within 10 % of each other are noise, and so small a difference in size does not matter."""

_BLINK_MS = {"text": 1.0, "vision": 0.0}
"""Nor does anybody notice so little before an answer: where all are quick, what loses less is
better. Pictures are embedded by the hundred thousand, where it adds up."""

_KEPT = (1, 2, 4, 8, 16)
"""So many of the worst layers are left in float before a precision is given up."""


@dataclass(frozen=True)
class Choice:
    """What was chosen, and everything that was measured on the way.

    Attributes:
        vision: the tower for pictures.
        text: the tower for texts.
        loss: with both.
        candidates: all that were made, in the order of making.
        broken: bounds that the choice breaks; only when that was insisted on.
    """

    vision: Candidate
    text: Candidate
    loss: Loss
    candidates: tuple[Candidate, ...]
    broken: tuple[str, ...] = ()


def allowed(precision: str, cuda: bool) -> tuple[str, ...]:
    """The precisions to try for what the user asked for.

    fp16 pays on a GPU only: CPUs compute it by way of float32.
    """
    if precision == "auto":
        return (*INT8, *(("fp16",) if cuda else ()), "fp32")
    return INT8 if precision == "int8" else (precision,)


def choose(
    bench: Workbench,
    names: Sequence[str],
    bounds: Bounds,
    say: Say,
    device: str = "cpu",
    force: bool = False,
) -> Choice:
    """Make and measure all candidates, and take the best of each tower.

    Args:
        bench: where candidates are made.
        names: precisions that may be taken.
        bounds: how much may be lost.
        say: takes a line for each step.
        device: where to measure times, `cpu` or `cuda`.
        force: take the one that loses least where all are beyond the bounds.

    Raises:
        ExportError: no candidate of a tower is within the bounds; names the tower and figures.
    """
    choosers = {tower: _Chooser(bench, tower, bounds, say, device) for tower in TOWERS}
    good = {tower: choosers[tower].within(names) for tower in TOWERS}
    for tower in TOWERS:
        if not good[tower]:
            tried = [one for one in choosers[tower].made if one.precision in names]
            if not (force and tried):
                raise ExportError(_refusal(tower, tried, choosers[tower].failed, bounds))
            good[tower] = [min(tried, key=damage)]
    made = [one for tower in TOWERS for one in choosers[tower].made]
    vision, text = _pair(bench, good["vision"], good["text"], bounds)
    loss = bench.together(vision, text)
    broken = tuple(bounds.broken(loss))
    if broken and not force:
        raise ExportError(
            f"{vision.precision} pictures with {text.precision} texts lose too much together: "
            f"{'; '.join(broken)}. {_ADVICE}"
        )
    return Choice(vision, text, loss, tuple(made), broken)


_ADVICE = (
    "Take another --precision (auto ends with fp32), wider bounds (--max-loss, --min-overlap), "
    "or --force."
)


class _Chooser:
    """The candidates of one tower: those `made`, and why others `failed`."""

    def __init__(
        self, bench: Workbench, tower: TowerName, bounds: Bounds, say: Say, device: str
    ) -> None:
        self._bench, self._tower, self._bounds = bench, tower, bounds
        self._say, self._device = say, device
        self.made: list[Candidate] = []
        self.failed: list[str] = []

    def within(self, names: Sequence[str]) -> list[Candidate]:
        """All candidates within the bounds, best first."""
        # float32 is the measure of all others, and belongs into the table of the model card.
        plain = [one for name in dict.fromkeys([*names, "fp32"]) if (one := self._make(name))]
        plain = [one for one in plain if one.precision in names]
        good = [one for one in plain if not self._bounds.broken(one.loss)]
        for one in sorted(set_apart(plain, good), key=lambda one: one.cost):
            if not good or one.cost * _TIE < min(other.cost for other in good):
                repaired = self._repair(one.precision)
                good += [repaired] if repaired else []
        return by_merit(good)

    def _make(self, precision: str, kept: Sequence[str] = ()) -> Candidate | None:
        try:
            made = self._bench.candidate(self._tower, precision, kept, self._device)
        except ExportError as error:
            self.failed.append(f"{precision}: {error}")
            self._say(self.failed[-1])
            return None
        self.made.append(made)
        return made

    def _repair(self, precision: str) -> Candidate | None:
        """The same precision with the fewest layers in float that bring it within the bounds."""
        layers = self._bench.worst_layers(self._tower, precision)
        for count in (count for count in _KEPT if count <= len(layers) // 2):
            one = self._make(precision, layers[:count])
            if one and not self._bounds.broken(one.loss):
                return one
        return None


def set_apart(every: Sequence[Candidate], good: Sequence[Candidate]) -> list[Candidate]:
    """Candidates that are not good as they are, but might be with some layers in float."""
    kept = {id(one) for one in good}
    return [one for one in every if id(one) not in kept and one.precision.startswith("int8")]


def by_merit(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Candidates of one tower, best first: the fastest; of equals the smallest, then the truest."""
    left, ordered = list(candidates), []
    while left:
        quick = _least(left, lambda one: one.cost, slack=_BLINK_MS[left[0].tower])
        best = min(_least(quick, lambda one: one.megabytes), key=damage)
        ordered.append(best)
        left = [one for one in left if one is not best]
    return ordered


def _least(
    candidates: Sequence[Candidate], size: Callable[[Candidate], float], slack: float = 0.0
) -> list[Candidate]:
    """Those that are as small as the smallest, or nearly."""
    smallest = min(map(size, candidates))
    limit = max(_TIE * smallest, smallest + slack)
    return [one for one in candidates if size(one) <= limit]


def damage(one: Candidate) -> float:
    """How much a candidate loses, in one number: overlap and hit@10 together."""
    return 1.0 - one.loss.overlap - min(0.0, one.loss.change.get(FIRST, 0.0))


def _pair(
    bench: Workbench, vision: list[Candidate], text: list[Candidate], bounds: Bounds
) -> tuple[Candidate, Candidate]:
    """The best pair that is within the bounds together; else the last pair tried."""
    first, second = list(vision), list(text)
    while True:
        pair = first[0], second[0]
        if not bounds.broken(bench.together(*pair)):
            return pair
        # Each is good by itself: the one that costs more of the two gives way.
        options = [ones for ones in (first, second) if len(ones) > 1]
        if not options:
            return pair
        max(options, key=lambda ones: damage(ones[0])).pop(0)


def _refusal(
    tower: TowerName, tried: Sequence[Candidate], failed: Sequence[str], bounds: Bounds
) -> str:
    lines = [
        f"{one.precision}{f', {len(one.kept)} layers in float' if one.kept else ''}: "
        f"{'; '.join(bounds.broken(one.loss))}"
        for one in tried
    ]
    what = "the loss is too high" if tried else "no such precision can be made"
    shown = [f"  {line}" for line in (*lines, *failed)]
    return "\n".join([f"{tower} tower: {what}:", *shown, _ADVICE])
