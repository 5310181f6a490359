from base64 import b64decode

import numpy as np
import pytest

from engine import Atlas, SearchEngine
from ui import serving
from ui.map import map_data


@pytest.fixture
def atlas(shared_engine: SearchEngine) -> Atlas:
    return shared_engine.make_atlas()


def unpacked(text: str, kind: str) -> np.ndarray:
    return np.frombuffer(b64decode(text), dtype=kind)


def test_the_browser_gets_all_that_it_draws(shared_engine: SearchEngine, atlas: Atlas) -> None:
    data = map_data.of(shared_engine, "here", atlas.stamp, atlas)
    places = unpacked(data["places"], "<u2").reshape(-1, 2) / 65_535
    np.testing.assert_allclose(places, atlas.places, atol=1e-5)
    np.testing.assert_array_equal(unpacked(data["own"], "u1"), atlas.own)
    np.testing.assert_array_equal(unpacked(data["ids"], "<f8"), atlas.ids)
    records = shared_engine.records(atlas.ids.tolist())
    digests = b64decode(data["digests"])
    for place, image_id in enumerate(atlas.ids.tolist()):
        digest = digests[32 * place : 32 * place + 32].hex()
        assert digest == records[image_id].digest
        assert data["address"].replace("DIGEST", digest) == serving.small(digest)
    assert len(data["names"].split("\n")) == len(atlas.ids)
    assert [cluster["name"] for cluster in data["clusters"]] == [c.name for c in atlas.clusters]


def test_an_image_that_has_just_gone_is_left_out(
    shared_engine: SearchEngine, atlas: Atlas, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_records = shared_engine.records
    gone = int(atlas.ids[3])

    def records(ids: list[int]) -> dict:
        return {one: record for one, record in all_records(ids).items() if one != gone}

    monkeypatch.setattr(shared_engine, "records", records)
    data = map_data.of(shared_engine, "elsewhere", atlas.stamp, atlas)
    assert unpacked(data["ids"], "<f8").tolist() == [i for i in atlas.ids.tolist() if i != gone]
    assert len(data["names"].split("\n")) == len(atlas.ids) - 1
    assert len(b64decode(data["digests"])) == 32 * (len(atlas.ids) - 1)


def test_a_name_cannot_break_the_list(
    shared_engine: SearchEngine, atlas: Atlas, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    all_records = shared_engine.records

    def records(ids: list[int]) -> dict:
        return {one: replace(r, path="/a/x\ny\udcff.jpg") for one, r in all_records(ids).items()}

    monkeypatch.setattr(shared_engine, "records", records)
    data = map_data.of(shared_engine, "odd", atlas.stamp, atlas)
    assert set(data["names"].split("\n")) == {"x\\ny\\udcff.jpg"}
