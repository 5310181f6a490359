"""Whether the vision tower gives what `model.json` says of the parts of a picture."""

from collections.abc import Collection, Sequence

from engine.encoder.manifest import WINDOW_EMBEDS, Manifest, ModelError


def check_patches(manifest: Manifest, outputs: Collection[str]) -> None:
    """Refuse patches that need another output than the vision tower's `outputs`.

    Raises:
        ModelError: names the vision tower's file and the field.
    """
    head = manifest.patches
    if head is not None and head.inputs[0] not in outputs:
        raise ModelError(
            f"{manifest.folder / manifest.vision.file}: the graph's outputs are {list(outputs)}, "
            f"but field 'patches.inputs' of model.json says {list(head.inputs)}"
        )


def check_windows(manifest: Manifest, shape: Sequence[int | str | None] | None) -> None:
    """Refuse other windows than the manifest's; fine where it has none.

    Args:
        manifest: of the model.
        shape: of WINDOW_EMBEDS, [n, windows, dim]; names and None stand for sizes that a graph
            leaves open, None in place of the list for an output that it does not have.

    Raises:
        ModelError: names the vision tower's file, what it gives, and what was expected.
    """
    grid = manifest.windows
    if grid is None:
        return
    expected = (grid.rows * grid.columns, manifest.dim)
    if shape is None:
        found = f"has no output '{WINDOW_EMBEDS}'"
    elif _fits(shape, expected):
        return
    else:
        found = f"gives {WINDOW_EMBEDS} of {['n', *shape[1:]]}"
    raise ModelError(
        f"{manifest.folder / manifest.vision.file}: the graph {found}, but field 'windows' of "
        f"model.json says {grid.rows} x {grid.columns}, so {['n', *expected]}; correct it, or "
        "export the model again"
    )


def _fits(shape: Sequence[int | str | None], expected: tuple[int, int]) -> bool:
    return len(shape) == 3 and all(
        size == wanted or not isinstance(size, int)
        for size, wanted in zip(shape[1:], expected, strict=True)
    )
