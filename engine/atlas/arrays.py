"""Arrays that maps are made of."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int64]
Vectors = npt.NDArray[np.float32]
Places = npt.NDArray[np.float32]
"""Across and down, [n, 2]."""

Tell = Callable[[str, int, int], None]
"""Called with what is being done, for people, and how many of how many pieces are done."""
