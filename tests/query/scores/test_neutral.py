"""Neutral queries are measured once, and measured again where what was kept is of no use."""

from pathlib import Path

import numpy as np
import pytest

from engine.encoder import Encoder
from engine.query.scores.neutral import Kind, NeutralStore


@pytest.mark.parametrize("kind", ["texts", "pictures"])
def test_what_was_measured_is_kept(encoder: Encoder, tmp_path: Path, kind: Kind) -> None:
    found = NeutralStore(encoder, tmp_path / "index").of(kind)
    assert found.mean.shape == (encoder.dim,)
    np.testing.assert_allclose(found.covariance, found.covariance.T, atol=1e-6)
    assert 0 < np.trace(found.covariance) < 1
    (file,) = (tmp_path / "index").iterdir()
    changed = file.stat().st_mtime_ns
    again = NeutralStore(encoder, tmp_path / "index").of(kind)
    np.testing.assert_array_equal(found.mean, again.mean)
    assert file.stat().st_mtime_ns == changed


@pytest.mark.parametrize("damage", [b"", b"PK junk", "shape", "nan"])
def test_a_damaged_file_is_made_again(
    encoder: Encoder, tmp_path: Path, damage: bytes | str
) -> None:
    good = NeutralStore(encoder, tmp_path).of("texts")
    file = tmp_path / "neutral-texts.npz"
    if isinstance(damage, bytes):
        file.write_bytes(damage)
    elif damage == "shape":
        np.savez(file, mean=good.mean[:3], covariance=good.covariance)
    else:
        np.savez(file, mean=good.mean, covariance=good.covariance * np.nan)
    np.testing.assert_array_equal(NeutralStore(encoder, tmp_path).of("texts").mean, good.mean)


def test_a_disk_that_cannot_be_written_costs_only_time(
    encoder: Encoder, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("no folder")
    NeutralStore(encoder, tmp_path / "file" / "index").of("texts")
    assert "cannot be kept" in caplog.text
