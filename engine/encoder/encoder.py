"""`Encoder`: pictures and texts to unit vectors of one space."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from engine.encoder.decode import ImageError, ImageSource, decode
from engine.encoder.manifest import Manifest
from engine.encoder.manifest_file import read_manifest, verify_files
from engine.encoder.pixels import prepare
from engine.encoder.sessions import Device, TowerSession
from engine.encoder.tokens import TextTokenizer
from engine.machine import usable_cores

BATCH = 32

Vectors = npt.NDArray[np.float32]


def load(model_dir: str | Path, device: Device = "auto", threads: int | None = None) -> "Encoder":
    """Open a model folder.

    Args:
        model_dir: folder with `model.json`, both towers and the tokenizer.
        device: `auto` takes CUDA where onnxruntime can use it, and the CPU otherwise.
        threads: threads inside one operator; all usable cores by default.

    Raises:
        ModelError: a file is missing, changed, or not what `model.json` says; the message names
            the file and the field.
    """
    manifest = read_manifest(Path(model_dir).expanduser())
    verify_files(manifest)
    return Encoder(manifest, device, threads or usable_cores())


class Encoder:
    """A dual encoder. Safe to use from several threads."""

    def __init__(self, manifest: Manifest, device: Device, threads: int) -> None:
        self.manifest = manifest
        self.dim = manifest.dim
        folder = manifest.folder
        self._tokenizer = TextTokenizer(folder / manifest.tokenizer.file, manifest.tokens)
        with ThreadPoolExecutor(2) as pool:
            # Texts are queries, and a person waits. Pictures are mostly indexed, beside threads
            # that decode the next ones.
            text, vision = (
                pool.submit(TowerSession, folder, tower, manifest.dim, device, threads, spin)
                for tower, spin in ((manifest.text, True), (manifest.vision, False))
            )
            self._text, self._vision = text.result(), vision.result()
        self._threads = threads

    @property
    def provider(self) -> str:
        """The onnxruntime execution provider really in use for pictures."""
        return self._vision.provider

    @property
    def decode_side(self) -> int:
        """Decoding to sides at least this long loses nothing that the model could see."""
        return 2 * max(self.manifest.pixels.width, self.manifest.pixels.height)

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Unit rows, float32 [n, dim]."""
        if isinstance(texts, str):
            raise TypeError("encode_texts takes a list of texts; got a single str")
        chunks = [list(texts[at : at + BATCH]) for at in range(0, len(texts), BATCH)]
        return self._stack([self._text.run(*self._tokenizer(chunk)) for chunk in chunks])

    def encode_images(self, images: Iterable[ImageSource]) -> Vectors:
        """Unit rows, float32 [n, dim]; takes paths, bytes of files, and Pillow images.

        Raises:
            ImageError: names the picture (its path or place in the list) and what is wrong.
        """
        if isinstance(images, str | bytes):
            raise TypeError("encode_images takes a list of pictures; got a single one")
        sources = list(images)
        rows: list[Vectors] = []
        with ThreadPoolExecutor(self._threads) as pool:
            for at in range(0, len(sources), BATCH):
                chunk = list(enumerate(sources[at : at + BATCH], start=at))
                rows.append(self.encode_pixels(list(pool.map(self._named_pixels, chunk))))
        return self._stack(rows)

    def pixels(self, image: Image.Image) -> npt.NDArray[np.float32]:
        """An upright RGB picture as the vision tower's input, float32 [3, height, width]."""
        return prepare(image, self.manifest.pixels)

    def encode_pixels(self, pixels: Sequence[npt.NDArray[np.float32]]) -> Vectors:
        """Unit rows, float32 [n, dim], for what `pixels` gave; one run, so keep it to a batch."""
        if not pixels:
            return self._stack([])
        return self._vision.run(np.stack(pixels))

    def _named_pixels(self, numbered: tuple[int, ImageSource]) -> npt.NDArray[np.float32]:
        number, source = numbered
        try:
            return self.pixels(decode(source, at_least=self.decode_side).image)
        except ImageError as error:
            name = f"picture {number}" if isinstance(source, bytes | Image.Image) else f"{source}"
            raise ImageError(f"{name}: {error}") from error

    def _stack(self, rows: list[Vectors]) -> Vectors:
        return np.concatenate(rows) if rows else np.zeros((0, self.dim), dtype=np.float32)
