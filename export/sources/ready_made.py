"""Ready-made ONNX towers as a source. Needs onnx and onnxruntime, not PyTorch.

There is no framework to compare with: what is proven is that the engine's graphs compute the same
as those of the folder.
"""

import importlib.util
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from engine.encoder.manifest import Padding, PixelRules, TextRules
from engine.encoder.tokens import TextTokenizer, Tokens
from export.checkpoints.files import CONFIG, WEIGHTS, in_folder, local_path, read_json
from export.checkpoints.provenance import LICENCE, README, digest, read_provenance
from export.errors import ExportError
from export.graphs.canonical import BATCHES, Feed, Ports, find_ports, write_canonical
from export.graphs.files import graph_files, open_session, read
from export.rules import bare_tokenizer
from export.sources import immich, transformers_js
from export.sources.onnx_layout import Layout, check_files
from export.spec import (
    TEXT,
    TOKENIZER,
    VISION,
    Graph,
    ModelSpec,
    Provenance,
    Reference,
    Say,
    Vectors,
)

LAYOUTS: tuple[Layout, ...] = (immich, transformers_js)
_SAME = 1e-4  # largest difference between rows that counts as none
_PROBES = (["a dog"], ["two red shoes and a cat on a wooden table beside the window"])


def recognise(source: str) -> bool:
    """Whether a source is a folder of ready-made ONNX towers.

    Where the weights of a checkpoint lie beside them, these go first if PyTorch is there: then the
    framework itself can be compared with.
    """
    folder = local_path(source)
    if not any(layout.is_laid_out(folder) for layout in LAYOUTS):
        return False
    names = [*WEIGHTS, *(f"{name}.index.json" for name in WEIGHTS)]
    checkpoint = any((folder / name).is_file() for name in names)
    return not checkpoint or importlib.util.find_spec("torch") is None


class ReadyMadeSource:
    """A folder of ready-made ONNX towers."""

    def __init__(self, source: str) -> None:
        """Find both towers.

        Raises:
            ExportError: there are none, not in float32, or damaged ones.
        """
        self._folder = local_path(source)
        self._layout = _layout(self._folder)
        self._vision, self._text = self._layout.towers(self._folder)
        files = [*graph_files(self._vision), *graph_files(self._text)]
        self.provenance = _provenance(self._folder, digest(files))

    def write(self, folder: Path, say: Say) -> ModelSpec:
        """See `spec.Source`."""
        say(f"checking {self._vision.relative_to(self._folder)}")
        vision, pixels, dim = self._write_vision(folder / VISION)
        say(f"checking {self._text.relative_to(self._folder)}")
        text, tokens, text_dim = self._write_text(folder)
        if dim != text_dim:
            raise ExportError(
                f"{self._text}: gives rows of {text_dim} numbers, but {self._vision} of {dim}: "
                "the towers do not belong together"
            )
        return ModelSpec(dim, vision, text, pixels, tokens)

    def reference(self) -> Reference | None:
        """None: there are graphs only."""
        return None

    def _write_vision(self, target: Path) -> tuple[Graph, PixelRules, int]:
        model = read(self._vision)
        ports = find_ports(model, self._vision, "image_embeds", self._layout.VISION_OUTPUTS)
        height, width = ports.sizes["pixel_values"][2:]
        sides = (height, width) if height and width else None
        rules = self._layout.pixels(self._folder, sides)
        random = np.random.default_rng(0)
        feeds = [
            {"pixel_values": random.standard_normal((count, 3, rules.height, rules.width), "f4")}
            for count in _batches(ports)
        ]
        graph, dim = write_canonical(self._vision, target, model, ports, feeds)
        return graph, rules, dim

    def _write_text(self, folder: Path) -> tuple[Graph, TextRules, int]:
        model = read(self._text)
        ports = find_ports(model, self._text, "text_embeds", self._layout.TEXT_OUTPUTS)
        length = ports.sizes["input_ids"][1]
        rules, tokenizer = self._layout.tokens(self._folder, length)
        content = bare_tokenizer(tokenizer)
        (folder / TOKENIZER).write_text(content, encoding="utf-8")
        feeds = _text_feeds(ports, _vocabulary_size(content), rules.context_length)
        graph, dim = write_canonical(self._text, folder / TEXT, model, ports, feeds)
        padding = "max_length" if length else _padding(folder, graph, rules)
        return graph, replace(rules, padding=padding), dim


def _layout(folder: Path) -> Layout:
    for layout in LAYOUTS:
        if layout.is_laid_out(folder):
            return layout
    raise ExportError(
        f"{folder}: no ONNX towers; expected onnx/text_model.onnx and onnx/vision_model.onnx, "
        "or textual/model.onnx and visual/model.onnx"
    )


def _vocabulary_size(tokenizer: str) -> int:
    try:
        return int(Tokenizer.from_str(tokenizer).get_vocab_size(with_added_tokens=False))
    except Exception as error:  # the library raises bare Exception
        raise ExportError(f"tokenizer.json: not a tokenizer: {error}") from error


def _text_feeds(ports: Ports, vocabulary: int, context: int) -> list[Feed]:
    """Random ids of several batch sizes and lengths, as far as the graph takes them."""
    random = np.random.default_rng(0)
    fixed = ports.sizes["input_ids"][1]
    lengths = (fixed,) if fixed else (min(7, context), context, min(3, context))
    feeds = []
    for count, length in zip(_batches(ports), cycle(lengths), strict=False):
        ends = random.integers(1, length + 1, (count, 1))
        given = {
            "input_ids": random.integers(0, vocabulary, (count, length)),
            "attention_mask": (np.arange(length) < ends).astype(np.int64),
            "token_type_ids": np.zeros((count, length), np.int64),
        }
        feeds.append({name: given[name] for name in ports.inputs})
    return feeds


def _batches(ports: Ports) -> tuple[int, ...]:
    return (ports.batch,) * len(BATCHES) if ports.batch else BATCHES


def _padding(folder: Path, graph: Graph, rules: TextRules) -> Padding:
    """`longest` if real texts have the same rows as when padded to the context length.

    They have in CLIP, whose text tower looks back only, and not in SigLIP, which takes the row of
    the last place, whatever is there.
    """
    rows: dict[Padding, Vectors] = {}
    session = open_session(folder / TEXT)
    for padding in ("longest", "max_length"):
        tokenizer = TextTokenizer(folder / TOKENIZER, replace(rules, padding=padding), graph.inputs)
        rows[padding] = np.concatenate([_row(session, graph, tokenizer(text)) for text in _PROBES])
    same = np.abs(rows["longest"] - rows["max_length"]).max() <= _SAME
    return "longest" if same else "max_length"


def _row(session: Any, graph: Graph, tokens: tuple[Tokens, ...]) -> Vectors:
    feed = dict(zip(graph.inputs, tokens, strict=True))
    whole = {name: np.repeat(values, graph.batch or 1, axis=0) for name, values in feed.items()}
    return session.run([graph.output], whole)[0][:1]


def _provenance(folder: Path, revision: str) -> Provenance:
    check_files(folder, (CONFIG,))
    find = in_folder(folder)
    files = {name: path for name in (README, LICENCE) if (path := find(name))}
    return read_provenance(files, read_json(folder / CONFIG), folder.resolve().name, revision)
