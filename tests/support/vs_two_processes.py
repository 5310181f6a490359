"""One process that changes a library over and over, and one that searches it all the while.

As a script: vs_two_processes.py write|search LIBRARY SECONDS [FOLDER]; prints what it did as JSON.
"""

import json
import random
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT), str(Path(__file__).parent)]

from vs_changing_folder import ChangingFolder  # noqa: E402
from vs_index_worker import upkeep_for_small_libraries  # noqa: E402

from engine import Query, QueryError, SearchEngine  # noqa: E402

TEXTS = ("red stripes", "a green circle")
BACKEND = "hnsw"
START = 60
PATIENCE = 60.0
"""Seconds within which a reader sees the last picture that was indexed, on a busy machine, too."""


def write(engine: SearchEngine, seconds: float, path: Path) -> dict[str, Any]:
    """Index, change the folder, and so on.

    Returns:
        `drawn`: content digest to number of the drawing, of all there were; `lasting`: pictures
        that stayed from then on; `stores`: the names of the vector stores there were; `rounds`.
    """
    folder, end = ChangingFolder(path), time.time() + seconds
    lasting: list[str] = []
    stores: set[str] = set()
    rounds = 0
    while time.time() < end or rounds < 2:
        folder.add(START if not rounds else 0)
        if rounds:
            keep = {Path(name) for name in lasting}
            folder.change(added=12, updated=6, moved=6, removed=12, keep=keep)
        (new,) = folder.add(1)
        engine.index([path])
        lasting.append(str(new))
        stores |= {file.stem for file in engine.info().library.glob("vectors/*.f16")}
        rounds += 1
    return {"drawn": folder.drawn, "lasting": lasting, "stores": sorted(stores), "rounds": rounds}


class Reader:
    """Searches, and notes what does not fit together.

    `similarities` is text to content digest to the similarities that were seen.
    """

    def __init__(self, engine: SearchEngine) -> None:
        self._engine = engine
        self._chance = random.Random(0)
        self.similarities: dict[str, dict[str, list[float]]] = {text: {} for text in TEXTS}
        self.seen: set[str] = set()
        self.counts: Counter[str] = Counter()

    def look(self) -> None:
        """One text, one image like another, and the facts."""
        text = self._chance.choice(TEXTS)
        page = self._engine.search(text, limit=1000)
        self.counts["pages"] += 1
        self.counts["short pages"] += len(page.results) != page.total
        self.counts["twice"] += len({hit.id for hit in page.results}) != len(page.results)
        self.counts["same path"] += len({hit.path for hit in page.results}) != len(page.results)
        for hit in page.results:
            self.seen.add(hit.path)
            seen = self.similarities[text].setdefault(hit.digest, [])
            if not seen or abs(seen[-1] - hit.similarity) > 1e-4:
                seen.append(hit.similarity)
        if page.results:
            self._look_alike(self._chance.choice(page.results).id)
        self.counts["infos"] += self._engine.info().images >= 0

    def _look_alike(self, image_id: int) -> None:
        try:
            best = self._engine.search(Query.like(image_id), limit=1).results
        except QueryError:  # it has been removed since
            self.counts["gone"] += 1
            return
        self.counts["likes"] += 1
        self.counts["not itself"] += [hit.id for hit in best] != [image_id]
        self.counts["not like itself"] += any(hit.similarity < 0.999 for hit in best)


def search(engine: SearchEngine, seconds: float, ended: Path) -> dict[str, Any]:
    """Search until the time is up and the writer has ended, then for what it leaves behind."""
    reader, end = Reader(engine), time.time() + seconds
    while time.time() < end or not ended.exists():
        reader.look()
    last = time.time() + PATIENCE
    lasting = json.loads(ended.read_text())["lasting"]
    while not reader.seen.issuperset(lasting) and time.time() < last:
        reader.look()
    return {
        "similarities": reader.similarities,
        "seen": sorted(reader.seen),
        "counts": reader.counts,
    }


if __name__ == "__main__":
    role, library, length, *folders = sys.argv[1:]
    # What the writer says at its end: the readers go on until it is there.
    end_of_writer = Path(library).with_name("ended.json")
    upkeep_for_small_libraries()
    with SearchEngine.open(library, PROJECT / "models" / "default", backend=BACKEND) as opened:
        print("ready", flush=True)
        sys.stdin.readline()
        if role == "write":
            done = write(opened, float(length), Path(folders[0]))
        else:
            done = search(opened, float(length), end_of_writer)
    if role == "write":
        part = end_of_writer.with_suffix(".part")
        part.write_text(json.dumps(done))
        part.rename(end_of_writer)
    print(json.dumps(done))
