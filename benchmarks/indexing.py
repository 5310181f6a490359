"""Where the time of indexing goes, and what scaled decoding saves."""

from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.timing import time_calls
from engine import Encoder, SearchEngine
from engine.encoder import decode
from export.markdown import table


def measure(encoder: Encoder, photos: Path, library: Path) -> str:
    """Index `photos` into a new library, then once more unchanged."""
    with SearchEngine.with_encoder(encoder, library) as engine:
        first = engine.index([photos])
        again = engine.index([photos])
    rows = [
        ("images", first.added),
        ("seconds", f"{first.seconds:.1f}"),
        ("images per second", f"{first.added / first.seconds:.0f}"),
        *((f"{stage.name}, all threads, s", f"{stage.seconds:.1f}") for stage in first.stages),
        ("limited by", first.limited_by),
        ("again, nothing changed, s", f"{again.seconds:.2f}"),
    ]
    return f"### Indexing\n\n{table(('what', 'figure'), rows)}\n\n{_decoding(encoder)}"


def _decoding(encoder: Encoder) -> str:
    """A 12-megapixel JPEG: full decoding against the decoder's own down-scaling."""
    content = _twelve_megapixels()
    full = time_calls([lambda: encoder.pixels(decode(content).image)] * 5, warm_up=1)
    scaled = time_calls(
        [lambda: encoder.pixels(decode(content, at_least=encoder.decode_side).image)] * 5, warm_up=1
    )
    vectors = [
        encoder.encode_pixels([encoder.pixels(decode(content, at_least=side).image)])[0]
        for side in (None, encoder.decode_side)
    ]
    rows = [
        ("in full", f"{full.p50:.0f}", "1.0", "1"),
        (
            "scaled",
            f"{scaled.p50:.0f}",
            f"{full.p50 / scaled.p50:.1f}",
            f"{float(vectors[0] @ vectors[1]):.4f}",
        ),
    ]
    headings = ("12-megapixel JPEG decoded", "ms", "times faster", "cosine of the embeddings")
    return "### Decoding\n\n" + table(headings, rows)


def _twelve_megapixels() -> bytes:
    rng = np.random.default_rng(0)
    coarse = Image.fromarray(rng.integers(0, 255, (40, 53, 3), dtype=np.uint8))
    picture = np.asarray(coarse.resize((4000, 3000), Image.Resampling.BICUBIC), dtype=np.int16)
    grain = rng.integers(-12, 12, picture.shape, dtype=np.int16)
    stream = BytesIO()
    Image.fromarray(np.clip(picture + grain, 0, 255).astype(np.uint8)).save(stream, "JPEG")
    return stream.getvalue()
