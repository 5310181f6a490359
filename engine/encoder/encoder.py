"""`Encoder`: pictures and texts to unit vectors of one space."""

import copy
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
from PIL import Image

from engine.encoder.adapter import Adapter, read_adapter
from engine.encoder.decode import ImageError, ImageSource, decode
from engine.encoder.manifest import (
    WINDOW_EMBEDS,
    Manifest,
    ModelError,
    PatchHead,
    ScoreCurve,
    Tower,
)
from engine.encoder.manifest_file import read_manifest, verify_files
from engine.encoder.parts import check_patches, check_windows
from engine.encoder.pixels import prepare
from engine.encoder.providers import Device, chosen_device
from engine.encoder.sessions import TowerSession
from engine.encoder.tokens import TextTokenizer
from engine.machine import physical_cores, usable_cores

BATCH = 32
PATCH_BATCH = 8  # the states of all patches are many times the size of the vectors

Vectors = npt.NDArray[np.float32]
Pixels = npt.NDArray[np.float32]


def load(
    model_dir: str | Path,
    device: Device | None = None,
    threads: int | None = None,
    adapter: str | None = None,
) -> "Encoder":
    """Open a model folder.

    Args:
        model_dir: folder with `model.json`, both towers and the tokenizer.
        device: `auto` takes CUDA where onnxruntime can use it, and the CPU otherwise; by default
            `VISUAL_SEARCH_DEVICE`, or `auto`.
        threads: threads inside one operator; by default one for each physical core.
        adapter: name of an adapter that lies beside the model; see `adapter.Adapter`.

    Raises:
        ModelError: a file is missing, changed, or not what `model.json` says (the message names
            the file and the field), or the device or the adapter cannot be used.
    """
    device = chosen_device(device)
    return Encoder(verified_manifest(model_dir), device, threads, adapter)


def verified_manifest(model_dir: str | Path) -> Manifest:
    """What `model.json` says of a model whose files are all there, and as it says.

    Raises:
        ModelError: a file is missing or changed (the message names it).
    """
    manifest = read_manifest(Path(model_dir).expanduser())
    verify_files(manifest)
    return manifest


class Encoder:
    """A dual encoder. Safe to use from several threads."""

    def __init__(
        self,
        manifest: Manifest,
        device: Device,
        threads: int | None = None,
        adapter: str | None = None,
    ) -> None:
        """As `load`, of a model whose files are verified."""
        self.manifest = manifest
        self.adapter: Adapter | None = read_adapter(manifest, adapter) if adapter else None
        self.dim = manifest.dim
        self.threads = threads or physical_cores()
        self._device: Device = device
        self._tokenizer = TextTokenizer(
            manifest.folder / manifest.tokenizer.file, manifest.tokens, manifest.text.inputs
        )
        with ThreadPoolExecutor(2) as pool:
            # Texts are queries, and a person waits. Pictures are mostly indexed, beside threads
            # that decode the next ones.
            text, vision = (
                pool.submit(self._session, tower, spin)
                for tower, spin in ((manifest.text, True), (manifest.vision, False))
            )
            self._text, self._vision = text.result(), vision.result()
        check_patches(manifest, self._vision.outputs)
        check_windows(manifest, self._vision.outputs.get(WINDOW_EMBEDS))
        self._patches: TowerSession | None = None
        self._opening = threading.Lock()

    def with_adapter(self, name: str | None) -> Self:
        """The same model, already loaded, with the adapter `name` or with none.

        Raises:
            ModelError: the adapter cannot be used.
        """
        if not name and self.adapter is None:
            return self  # and what was measured of it stays known
        other = copy.copy(self)
        other.adapter = read_adapter(self.manifest, name) if name else None
        return other

    @property
    def name(self) -> str:
        """What to call it, with its adapter."""
        own = self.manifest.name
        return f"{own} with {self.adapter.name}" if self.adapter else own

    @property
    def provider(self) -> str:
        """The onnxruntime execution provider really in use for pictures."""
        return self._vision.provider

    @property
    def text_score(self) -> ScoreCurve:
        """From the cosine of a text and a picture to a score."""
        return self.adapter.text_score if self.adapter else self.manifest.text_score

    @property
    def patch_grid(self) -> tuple[int, int] | None:
        """Rows and columns of the patches of a picture; None where the model gives none."""
        patches = self.manifest.patches
        return (patches.rows, patches.columns) if patches else None

    @cached_property
    def words(self) -> frozenset[str]:
        """Words that the model's tokenizer knows whole, in lower case."""
        return self._tokenizer.words()

    @property
    def window_grid(self) -> tuple[int, int] | None:
        """Rows and columns of the windows of a picture; None where the model gives none."""
        windows = self.manifest.windows
        return (windows.rows, windows.columns) if windows else None

    @property
    def decode_side(self) -> int:
        """Decoding to sides at least this long loses nothing that the model could see."""
        pixels = self.manifest.pixels
        return 2 * max(pixels.width, pixels.height, pixels.edge or 0)

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Unit rows, float32 [n, dim], turned by the adapter if there is one."""
        if isinstance(texts, str):
            raise TypeError("encode_texts takes a list of texts; got a single str")
        chunks = [list(texts[at : at + BATCH]) for at in range(0, len(texts), BATCH)]
        rows = self._stack([self._text.run(*self._tokenizer(chunk)) for chunk in chunks])
        return self.adapter(rows) if self.adapter else rows

    def encode_images(self, images: Iterable[ImageSource]) -> Vectors:
        """Unit rows, float32 [n, dim]; takes paths, bytes of files, and Pillow images.

        Raises:
            ImageError: names the picture (its path or place in the list) and what is wrong.
        """
        rows = [self.encode_pixels(batch) for batch in self._batches(images, BATCH)]
        return self._stack(rows)

    def encode_patches(self, images: Iterable[ImageSource]) -> Vectors:
        """Unit rows for the parts of pictures, to explain a match.

        Returns:
            float32 [n, rows * columns of `patch_grid`, dim], row by row from the top left. How
            the picture is cut or squashed before is in `manifest.pixels`.

        Raises:
            ModelError: the model gives none.
            ImageError: as `encode_images`.
        """
        head = self.manifest.patches
        if head is None:
            raise ModelError(
                f"{self.manifest.folder}: the model gives no vectors for parts of a picture "
                "(its model.json has no 'patches')"
            )
        session = self._patch_session(head)
        rows = [
            session.run(self._vision.run(np.stack(batch), output=head.inputs[0]))
            for batch in self._batches(images, PATCH_BATCH)
        ]
        shape = (head.rows * head.columns, self.dim)
        if any(parts.shape[1:] != shape for parts in rows):
            raise ModelError(
                f"{self.manifest.folder / head.file}: the graph gives {rows[0].shape[1]} patches "
                f"a picture, but field 'patches' of model.json says {head.rows} x {head.columns}"
            )
        return np.concatenate([np.zeros((0, *shape), dtype=np.float32), *rows])

    def pixels(self, image: Image.Image) -> Pixels:
        """An upright RGB picture as the vision tower's input, float32 [3, height, width]."""
        return prepare(image, self.manifest.pixels)

    def encode_pixels(self, pixels: Sequence[Pixels]) -> Vectors:
        """Unit rows, float32 [n, dim], for what `pixels` gave; one run, so keep it to a batch."""
        if not pixels:
            return self._stack([])
        return self._vision.run(np.stack(pixels))

    def encode_with_windows(self, pixels: Sequence[Pixels]) -> tuple[Vectors, Vectors | None]:
        """As `encode_pixels`, and from the same run the vectors of windows.

        Returns:
            Unit rows, float32 [n, dim]; and unit rows, float32 [n, rows * columns of
            `window_grid`, dim], row by row from the top left, None where the model gives none.

        Raises:
            ModelError: the graph gives other windows than `model.json` says.
        """
        grid = self.window_grid
        if grid is None:
            return self.encode_pixels(pixels), None
        shape = (grid[0] * grid[1], self.dim)
        if not pixels:
            return self._stack([]), np.zeros((0, *shape), dtype=np.float32)
        outputs = (self.manifest.vision.output, WINDOW_EMBEDS)
        rows, windows = self._vision.run_for(outputs, np.stack(pixels))
        check_windows(self.manifest, windows.shape)
        return rows, windows

    def _session(self, tower: Tower, spin: bool = False) -> TowerSession:
        return TowerSession(self.manifest.folder, tower, self.dim, self._device, self.threads, spin)

    def _patch_session(self, head: PatchHead) -> TowerSession:
        with self._opening:  # few searches are explained: not before it is asked for
            if self._patches is None:
                self._patches = self._session(head)
            return self._patches

    def _batches(self, images: Iterable[ImageSource], size: int) -> Iterator[list[Pixels]]:
        if isinstance(images, str | bytes):
            raise TypeError("a list of pictures is expected; got a single one")
        numbered = list(enumerate(images))
        with ThreadPoolExecutor(usable_cores()) as pool:
            for at in range(0, len(numbered), size):
                yield list(pool.map(self._named_pixels, numbered[at : at + size]))

    def _named_pixels(self, numbered: tuple[int, ImageSource]) -> Pixels:
        number, source = numbered
        try:
            return self.pixels(decode(source, at_least=self.decode_side).image)
        except ImageError as error:
            name = f"picture {number}" if isinstance(source, bytes | Image.Image) else f"{source}"
            raise ImageError(f"{name}: {error}") from error

    def _stack(self, rows: list[Vectors]) -> Vectors:
        return np.concatenate(rows) if rows else np.zeros((0, self.dim), dtype=np.float32)
