"""OpenCLIP's checkpoints as a source, through `open_clip` where it is installed."""

import importlib.util
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.encoder.manifest import TextRules
from export.checkpoints.files import (
    CONFIG,
    WEIGHTS,
    Find,
    in_folder,
    local_path,
    on_hub,
    read_json,
)
from export.checkpoints.provenance import LICENCE, README, digest, read_provenance
from export.errors import ExportError
from export.sources.open_clip_rules import open_clip_pixels
from export.spec import ModelSpec, Provenance, Say

if TYPE_CHECKING:
    from export.sources.open_clip_reference import OpenClipReference
    from export.sources.traced import Traceable

OPEN_CLIP_CONFIG = "open_clip_config.json"
OPEN_CLIP_WEIGHTS = (
    "open_clip_model.safetensors",
    "open_clip_pytorch_model.safetensors",
    "open_clip_pytorch_model.bin",
)
_HUB, _BUILT_IN = "hf-hub:", "open_clip:"
_CODE = "MIT"  # of open_clip


def recognise(source: str) -> bool:
    """Whether a source is one of OpenCLIP's: `hf-hub:OWNER/NAME`, `open_clip:NAME/TAG`, a folder.

    Folders that transformers can read as well are left to it.
    """
    if source.startswith((_HUB, _BUILT_IN)):
        return True
    folder = local_path(source)
    both = (folder / CONFIG).is_file() and any((folder / name).is_file() for name in WEIGHTS)
    return (folder / OPEN_CLIP_CONFIG).is_file() and not both


@dataclass(frozen=True)
class _Place:
    """Where `open_clip` finds a model: its name there, and the tag or the file of weights."""

    name: str
    pretrained: str | None
    provenance: Provenance
    quick_gelu: bool = False


@dataclass(frozen=True)
class _Loaded:
    """The framework's model and tokenizer, and all that follows from them."""

    model: Any
    tokenizer: Any
    traceable: "Traceable"


class OpenClipSource:
    """A checkpoint of OpenCLIP. See `spec.Source`."""

    def __init__(self, source: str) -> None:
        """Find the files; the weights are loaded when they are first needed.

        Raises:
            ExportError: `open_clip` is not installed, or there are no such files.
        """
        _import_open_clip()
        self._place = _find(source)
        self.provenance = self._place.provenance

    def write(self, folder: Path, say: Say) -> ModelSpec:
        """See `spec.Source`."""
        from export.sources.open_clip_attention import written_out_attention
        from export.sources.traced import write_model

        say(f"loading {self.provenance.source}")
        loaded = self._loaded
        with written_out_attention(loaded.model):
            return write_model(loaded.traceable, folder, say)

    def reference(self) -> "OpenClipReference":
        """The framework's own model, transform and tokenizer."""
        from export.sources.open_clip_reference import OpenClipReference

        return OpenClipReference(self._loaded.model, self._loaded.tokenizer)

    @cached_property
    def _loaded(self) -> _Loaded:
        from export.sources.open_clip_tokenizer import convert
        from export.sources.open_clip_towers import towers
        from export.sources.traced import Traceable

        open_clip = _import_open_clip()
        try:
            model = open_clip.create_model(
                self._place.name,
                self._place.pretrained,
                force_quick_gelu=self._place.quick_gelu,
                require_pretrained=True,
            )
            tokenizer = open_clip.get_tokenizer(self._place.name)
        except Exception as error:  # files, network, formats: each library raises its own
            raise ExportError(f"{self.provenance.source}: cannot be loaded: {error}") from error
        model = model.float().eval().requires_grad_(False)
        pixels = open_clip_pixels(open_clip.get_model_preprocess_cfg(model), "preprocess_cfg")
        converted = convert(tokenizer)
        found = towers(model, (pixels.height, pixels.width), converted)
        tokens = TextRules(
            context_length=converted.context,
            padding=found.padding,
            pad_id=converted.pad,
            lowercase=False,  # the tokenizer does it
            prompt="{}",
        )
        return _Loaded(model, tokenizer, Traceable(found, pixels, tokens, converted.content))


def _import_open_clip() -> Any:
    if importlib.util.find_spec("open_clip") is None:
        raise ExportError(
            "OpenCLIP's checkpoints need a package that is not installed: "
            "pip install -r requirements-openclip.txt"
        )
    try:
        import open_clip
    except Exception as error:  # a torchvision of another build raises RuntimeError
        raise ExportError(
            f"open_clip is installed but cannot be loaded: {error}. torchvision must be of the "
            "same build (CPU or CUDA) as torch: install both from the same index"
        ) from error
    return open_clip


def _find(source: str) -> _Place:
    if source.startswith(_BUILT_IN):
        return _built_in(source)
    if source.startswith(_HUB):
        name = source.removeprefix(_HUB)
        find, place = on_hub(name), source
    else:
        folder = local_path(source)
        find, name, place = in_folder(folder), folder.resolve().name, f"local-dir:{folder}"
    config = find(OPEN_CLIP_CONFIG)
    weights = next((path for each in OPEN_CLIP_WEIGHTS if (path := find(each))), None)
    if config is None or weights is None:
        lacking = OPEN_CLIP_CONFIG if config is None else " or ".join(OPEN_CLIP_WEIGHTS)
        raise ExportError(
            f"{source}: missing, or not to be had from the hub: {lacking}. Put {OPEN_CLIP_CONFIG}, "
            "the weights and the tokenizer's files into a folder and give its path"
        )
    hub = source.startswith(_HUB)
    settings = read_json(config)
    _refuse_code(settings, config)
    revision = config.parent.name if hub else digest([weights])
    return _Place(place, None, _provenance(find, settings, name, revision))


def _refuse_code(settings: dict[str, Any], config: Path) -> None:
    """`open_clip` hands these settings on to transformers, which would then run the source's code.

    Raises:
        ExportError: they ask for that.
    """
    text = (settings.get("model_cfg") or {}).get("text_cfg") or {}
    if "trust_remote_code" in (text.get("tokenizer_kwargs") or {}):
        raise ExportError(
            f"{config}: field 'tokenizer_kwargs' asks for 'trust_remote_code': code of a source is "
            "never run here; remove the field, if the tokenizer works without"
        )


def _built_in(source: str) -> _Place:
    """`open_clip:NAME/TAG`; in place of the tag, the path of a file of weights goes too."""
    import open_clip

    name, _, tag = source.removeprefix(_BUILT_IN).partition("/")
    if name not in open_clip.list_models():
        raise ExportError(f"{source}: open_clip has no model {name!r}; see open_clip.list_models()")
    file = local_path(tag)
    config = open_clip.get_pretrained_cfg(name, tag) or {}
    if not config and not file.is_file():
        tags = ", ".join(open_clip.list_pretrained_tags_by_model(name))
        raise ExportError(
            f"{source}: {tag!r} is no file, and no tag of {name}; its tags are: {tags or 'none'}"
        )
    try:
        weights = Path(open_clip.download_pretrained(config)) if config else file
        revision = digest([weights])
    except Exception as error:  # the network: each layer below has its own
        raise ExportError(
            f"{source}: its weights cannot be had: {error}. Where there is no network, download "
            f"them elsewhere and give the file: {_BUILT_IN}{name}/PATH"
        ) from error
    named = f"{name}/{tag if config else file.name}"
    provenance = Provenance(named, revision, {"code": _CODE, "weights": "see source"})
    pretrained = tag if config else str(file)
    return _Place(name, pretrained, provenance, bool(config.get("quick_gelu")))


def _provenance(find: Find, settings: dict[str, Any], name: str, revision: str) -> Provenance:
    files = {each: path for each in (README, LICENCE) if (path := find(each))}
    found = read_provenance(files, settings, name, revision)
    return replace(found, licence={**found.licence, "code": _CODE})
