"""`evaluate`: models and other ways to search, judged on one data set."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.encoder import Encoder
from engine.evaluation.collection import Collection, Task
from engine.evaluation.embedding import Tell, embed
from engine.evaluation.entries import Annotations, Entry
from engine.evaluation.intervals import Difference, difference, interval
from engine.evaluation.measures import NAMES, Ranked, Scores, measure
from engine.evaluation.qrels import SUFFIX, read_qrels
from engine.evaluation.rankings import by_both, by_chance, by_index, by_keywords, by_vectors
from engine.evaluation.read import read_annotations
from engine.evaluation.searches import holds_searches, read_searches
from engine.evaluation.slices import by_label, slices
from engine.evaluation.topics import make_collection
from engine.query.scores.statistics import Vector


@dataclass(frozen=True)
class Setting:
    """What to ask of a data set.

    Attributes:
        task: see `make_collection`.
        label: as there.
        template: as there.
        known_captions: as there; by default the first one, if there are several to an image.
        among: columns and values of the images that are searched; all if empty.
        asking: columns and values of the images that topics are about; by default `among`.
        topics: of judgements: the words of their topics; see `read_qrels`, which then counts alone.
        images: the folder that is searched; see `read_qrels` and `read_searches`.
        by: column whose values tell topics apart; see `make_collection`.
    """

    task: Task = "text-image"
    label: str | None = None
    template: str = "{}"
    known_captions: int | None = None
    among: Mapping[str, str] = field(default_factory=dict)
    asking: Mapping[str, str] | None = None
    topics: Path | None = None
    images: Path | None = None
    by: str | None = None


@dataclass(frozen=True, eq=False)
class Run:
    """One way to search, judged.

    Attributes:
        name: for people.
        rankings: places in the collection for each topic, best first.
        scores: of each topic.
        intervals: 95 % intervals of the means, by measure.
    """

    name: str
    rankings: Sequence[Ranked]
    scores: Scores
    intervals: Mapping[str, tuple[float, float]]


@dataclass(frozen=True, eq=False)
class Evaluation:
    """What came of it.

    Attributes:
        collection: what was searched, and what for.
        runs: ways to search; the first one is that of the first model.
        differences: of each later run to the first one, by run and measure.
    """

    collection: Collection
    runs: tuple[Run, ...]
    differences: Mapping[str, Mapping[str, Difference]]

    def by_slice(self, run: Run) -> dict[str, Scores]:
        """The scores of a run for each kind of topic, by its words."""
        found = slices(self.collection.topics)
        return {name: run.scores.of(members) for name, members in found.items()}

    def by_label(self, run: Run) -> dict[str, Scores]:
        """The scores of a run for each label that topics are about, the lowest mAP first."""
        found = by_label(self.collection.topics)
        scores = {name: run.scores.of(members) for name, members in found.items()}
        return dict(sorted(scores.items(), key=lambda each: each[1].means["mAP"]))


def evaluate(
    source: Path,
    models: Mapping[str, Encoder],
    setting: Setting | None = None,
    tell: Tell | None = None,
    backend: str | None = None,
) -> Evaluation:
    """Judge models on a data set, beside keyword search, both together, and chance.

    Args:
        source: see `read_annotations`; of searches with what they must find see `read_searches`,
            and with the words of topics see `read_qrels`.
        models: by the name that reports give them; at least one.
        setting: what to ask; None asks with the captions.
        tell: called as it goes on.
        backend: also search by this index, of `BACKENDS`: what does it miss?

    Raises:
        ValueError: the data set cannot be used so; says why.
        IndexUnavailableError: the package of the index is not installed.
    """
    collection = collection_of(source, setting or Setting())
    runs: dict[str, Sequence[Ranked]] = {}
    known: dict[str, dict[Path, Vector]] = defaultdict(dict)  # an adapter changes no picture
    for name, encoder in models.items():
        embedded = embed(encoder, collection, tell, known[encoder.manifest.fingerprint])
        collection = embedded.collection  # what cannot be read, cannot be read by any model
        runs[name] = by_vectors(collection, embedded.asked, embedded.searched)
        for part, asked in embedded.parts.items():
            runs[f"{name}, {part}"] = by_vectors(collection, asked, embedded.searched)
        if backend:
            missing = by_index(collection, embedded.asked, embedded.searched, backend)
            runs[f"{name}, index {backend}"] = missing
    return judged(collection, runs, tell)


def judged(
    collection: Collection,
    runs: Mapping[str, Sequence[Ranked]],
    tell: Tell | None = None,
    baselines: bool = True,
) -> Evaluation:
    """Judge rankings by name, beside keyword search, each together with it, and chance.

    Without `baselines`, nothing stands beside them.
    """
    every = dict(runs)
    if baselines and collection.task == "text-image":
        keywords = by_keywords(collection)
        every["keywords"] = keywords
        every |= {f"{name} + keywords": by_both(found, keywords) for name, found in runs.items()}
    if baselines:
        every["chance"] = by_chance(collection)
    done = tuple(_run(name, collection, found, tell) for name, found in every.items())
    first = done[0]
    return Evaluation(collection, done, {run.name: _differences(first, run) for run in done[1:]})


def collection_of(source: Path, setting: Setting) -> Collection:
    """The test that a setting makes of a file or folder.

    Raises:
        ValueError: it cannot be used so; says why.
    """
    if setting.topics is not None:
        return read_qrels(source, setting.topics, setting.images)
    if setting.task == "text+image" or holds_searches(source):
        if setting.label or setting.among or setting.asking or setting.by:
            raise ValueError(f"{source}: saved searches have no columns to choose or ask by")
        return read_searches(source, setting.images)
    if source.suffix == SUFFIX:
        raise ValueError(f"{source}: judgements need a file with the words of their topics")
    return collected(read_annotations(source), setting)


def collected(annotations: Annotations, setting: Setting) -> Collection:
    """The test that a setting makes of a data set.

    Raises:
        ValueError: it has no such columns, or nothing to ask for.
    """
    for wanted in (setting.among, setting.asking or {}):
        for name in wanted:
            annotations.require(name)
    asking = setting.among if setting.asking is None else setting.asking
    known = setting.known_captions
    if known is None:
        known = int(any(len(entry.captions) > 1 for entry in annotations.entries))
    return make_collection(
        annotations,
        setting.task,
        setting.label,
        setting.template,
        known,
        searched=lambda entry: _has(entry, setting.among),
        asked=lambda entry: _has(entry, asking),
        by=setting.by,
    )


def _has(entry: Entry, wanted: Mapping[str, str]) -> bool:
    return all(entry.labels.get(name) == value for name, value in wanted.items())


def _run(name: str, collection: Collection, found: Sequence[Ranked], tell: Tell | None) -> Run:
    def told(done: int, total: int) -> None:
        if tell:
            tell(f"judging {name}", done, total)

    scores = measure(collection.topics, found, told)
    intervals = {key: interval(scores.values[key], scores.groups) for key in NAMES}
    return Run(name, found, scores, intervals)


def _differences(first: Run, other: Run) -> dict[str, Difference]:
    return {
        key: difference(first.scores.values[key], other.scores.values[key], first.scores.groups)
        for key in NAMES
    }
