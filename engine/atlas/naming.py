"""Names for clusters: the words that set each of them apart from all the others."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from engine.atlas.arrays import Ids, Vectors
from engine.query.scores.statistics import LibraryStatistics

_NEARLY = 0.8  # of the best word's score, for a second one
_ALIKE = 0.75  # cosine of two words that say the same
_TYPICAL = 1.0  # of the fit to a cluster's images alone, against what sets it apart

Scores = npt.NDArray[np.float64]


def names(
    vectors: Vectors,
    own: Ids,
    words: Sequence[str],
    of_words: Vectors,
) -> list[str]:
    """A name of one or two words for each cluster, no two the same; "" where no word is left.

    Args:
        vectors: unit rows of images [n, dim].
        own: the cluster of each, int64 [n], counted from 0.
        words: to choose from, each once.
        of_words: their vectors, unit rows [m, dim].
    """
    count = int(own.max()) + 1 if len(own) else 0
    if not (count and len(words)):
        return [""] * count
    scores = _scores(vectors, own, count, of_words)
    leading = _leading_words(scores)
    alike = of_words @ of_words.T > _ALIKE
    chosen = [
        _chosen(scores[c], leading.get(c), set(leading.values()), alike) for c in range(count)
    ]
    return [", ".join(words[word] for word in some) for some in chosen]


def _scores(vectors: Vectors, own: Ids, count: int, of_words: Vectors) -> Scores:
    """How well each of the words [m] would name each cluster, [count, m].

    What sets a cluster apart: the mean cosine of its images with a word, against that of all
    images, in units of their spread; for some words come near to any picture. To a smaller part,
    what is on its images: the same cosine against those of all other words, as where all images
    are alike, a word that means nothing here may set a cluster apart, too.
    """
    library = LibraryStatistics.of(vectors)
    means = np.stack([vectors[own == cluster].mean(axis=0) for cluster in range(count)])
    spreads = np.sqrt(np.maximum(np.vecdot(of_words @ library.covariance, of_words), 1e-12))
    apart = (means - library.mean) @ of_words.T / spreads
    near = means @ of_words.T
    typical = (near - near.mean(axis=1, keepdims=True)) / (near.std(axis=1, keepdims=True) + 1e-9)
    return (apart + _TYPICAL * typical).astype(np.float64)


def _leading_words(scores: Scores) -> dict[int, int]:
    """A word of its own for each cluster; where two want the same, it is the one it fits better."""
    found: dict[int, int] = {}
    taken: set[int] = set()
    for place in np.argsort(-scores, axis=None, kind="stable").tolist():
        cluster, word = divmod(place, scores.shape[1])
        if cluster not in found and word not in taken:
            found[cluster] = word
            taken.add(word)
            if len(found) == len(scores):
                break
    return found


def _chosen(
    scores: Scores, leading: int | None, taken: set[int], alike: npt.NDArray[np.bool_]
) -> list[int]:
    """Its own word, and a second one that fits nearly as well and says something else."""
    if leading is None:
        return []
    best = int(scores.argmax())
    if scores[leading] < _NEARLY * scores[best]:  # another cluster has the word that says it all
        return [best, leading]
    for word in np.argsort(-scores, kind="stable").tolist():
        if scores[word] < _NEARLY * scores[leading]:
            break
        if word not in taken and not alike[word, leading]:
            return [leading, word]
    return [leading]
