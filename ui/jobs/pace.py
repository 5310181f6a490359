"""How long a piece of work will still take, judged by the pace of its last minute."""

from collections import deque

_WINDOW = 60.0  # seconds that the pace is taken from: long enough to be calm
_FIRST = 3.0  # seconds before anything is said: the first pieces are no measure


class Pace:
    """Learns from what a job tells of itself; a new stage begins anew."""

    def __init__(self) -> None:
        self._stage = ""
        self._total = 0
        self._told = deque[tuple[float, int]]()  # time, pieces done

    def note(self, now: float, stage: str, done: int, total: int) -> None:
        """Take in that so many pieces of a stage were done at a time in seconds."""
        if stage != self._stage or (self._told and done < self._told[-1][1]):
            self._told.clear()
        self._stage, self._total = stage, total
        self._told.append((now, done))
        while len(self._told) > 2 and self._told[1][0] <= now - _WINDOW:
            self._told.popleft()

    def left(self, now: float) -> float | None:
        """Seconds that the stage will still take; None while that cannot be said."""
        if not self._total or len(self._told) < 2:
            return None
        (first, done_then), (last, done) = self._told[0], self._told[-1]
        if done <= done_then or last - first < _FIRST:
            return None
        rate = (done - done_then) / (last - first)
        return max(0.0, (self._total - done) / rate - (now - last))


def in_words(seconds: float) -> str:
    """As people say it: the longer, the coarser, so that it does not jump."""
    if seconds < 10:
        return "a few seconds left"
    if seconds < 55:
        return f"about {round(seconds / 10) * 10} seconds left"
    if seconds < 90:
        return "about a minute left"
    if seconds < 55 * 60:
        minutes = round(seconds / 60)
        return f"about {minutes if minutes < 10 else round(minutes / 5) * 5} minutes left"
    if seconds < 90 * 60:
        return "about an hour left"
    return f"about {round(seconds / 3600)} hours left"
