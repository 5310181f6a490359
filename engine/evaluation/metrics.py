"""Figures for retrieval."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt


def hit_rates(
    similarities: npt.NDArray[np.float32],
    own: npt.NDArray[np.int64],
    ks: Sequence[int] = (1, 5, 10),
) -> dict[int, float]:
    """hit@k: the share of queries whose own image is among the first k.

    Args:
        similarities: [queries, images].
        own: column of each query's own image, [queries].
        ks: list lengths.

    An image that scores the same as the query's own counts as before it, so that a model which
    gives everything the same score hits nothing.
    """
    mine = similarities[np.arange(len(own)), own][:, None]
    before = (similarities >= mine).sum(axis=1) - 1
    return {k: float((before < k).mean()) for k in ks}
