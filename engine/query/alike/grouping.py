"""From pairs of copies to groups in which each member is a copy of the best one."""

from collections.abc import Mapping
from typing import Any

Pairs = Mapping[tuple[int, int], float]
"""Two ids, the smaller first, to their cosine."""


def grouped(pairs: Pairs, ranks: Mapping[int, Any]) -> dict[int, tuple[int, float]]:
    """Put images into groups, the best one first.

    A member is a copy of the best image of its group, not only of some other member: of A, B and
    C, where B is like both others but they are unlike, C stays alone.

    Args:
        pairs: confirmed copies.
        ranks: of every id in them; the largest makes the best image.

    Returns:
        id to the id of its group's best image and the cosine with it; 1 for that one itself.
    """
    alike: dict[int, dict[int, float]] = {}
    for (first, second), cosine in pairs.items():
        alike.setdefault(first, {})[second] = cosine
        alike.setdefault(second, {})[first] = cosine
    found: dict[int, tuple[int, float]] = {}
    for best in sorted(alike, key=lambda image_id: (ranks[image_id], -image_id), reverse=True):
        if best in found:
            continue
        members = {other: cosine for other, cosine in alike[best].items() if other not in found}
        if members:
            found[best] = (best, 1.0)
            found.update((other, (best, cosine)) for other, cosine in members.items())
    return found
