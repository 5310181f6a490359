"""`python -m training make`: the default model, from images and captions to a checkpoint.

`python -m export CHECKPOINT --out models/default` makes the model folder of the last one's folder.
`python -m training adapt` fits any model to a domain.
"""

import argparse
import json
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from engine.files import replacing
from training.adapting import command

if TYPE_CHECKING:
    from training.material import Material
    from training.recipe import Recipe

PROJECT = Path(__file__).resolve().parent.parent
SHARED = PROJECT.parent / "shared"
HEADS = "heads.pt"
TUNED = "tuned.pt"
FINISHED = "finished.pt"


def main() -> None:
    """Parse the command line and run one step."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    commands = parser.add_subparsers(dest="step", required=True)
    for name, step in STEPS.items():
        _add_options(commands.add_parser(name, help=step.__doc__))
    adapt_parser = commands.add_parser("adapt", help="Fit a model to a domain, without PyTorch.")
    command.add_options(adapt_parser)
    options = parser.parse_args()
    if options.step == "adapt":
        sys.exit(command.run(options))
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    for name in ("torch", "onnxscript", "onnx_ir"):
        logging.getLogger(name).setLevel(logging.ERROR)
    STEPS[options.step](options)


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, default=SHARED / "data")
    parser.add_argument("--pretrained", type=Path, default=SHARED / "pretrained")
    parser.add_argument("--cache", type=Path, required=True, help="features and weights lie here")
    parser.add_argument("--out", type=Path, help="the checkpoint folder; by default in the cache")
    parser.add_argument("--recipe", type=Path, default=PROJECT / "training" / "recipe.toml")
    parser.add_argument("--threads", type=int, default=3)


def features(options: argparse.Namespace) -> None:
    """Draw the samples and run the frozen image tower over everything."""
    from training.corpus import SAMPLES, read_manifest
    from training.features import cache_features
    from training.samples import draw_samples
    from training.statistics import export_statistics, open_session
    from training.views import VIEWS

    draw_samples(options.cache / SAMPLES)
    graph = options.cache / "statistics.onnx"
    export_statistics(options.pretrained, graph)
    session = open_session(graph, options.threads)
    for split, views in (("dev", 1), ("train", VIEWS)):
        for name, folder in folders(options, split).items():
            files = [record["file"] for record in read_manifest(folder, split)]
            if files:
                cache_features(session, folder, files, options.cache / f"{name}-{split}", views)


def train(options: argparse.Namespace) -> None:
    """Train the heads on the cached features."""
    import torch

    from training.heads import Heads
    from training.loop import Loop
    from training.minilm import POOLED
    from training.stages import HeadStage, fit_standards
    from training.store import save_heads

    if (options.cache / HEADS).exists():
        return
    recipe, material = _prepare(options, everything=False)
    torch.manual_seed(recipe.seed)
    heads = Heads(recipe.heads, POOLED)
    fit_standards(heads, material, recipe)
    loop = Loop(HeadStage(heads, material), recipe.train, material, recipe)
    loop.run(options.cache / "train.state", options.cache / "train.csv")
    with replacing(options.cache / HEADS) as part:
        save_heads(loop.average.module, part)


def tune(options: argparse.Namespace) -> None:
    """Fine-tune both networks, beginning with the trained heads."""
    _tune(options, "tune", begin=None, out=TUNED)


def finish(options: argparse.Namespace) -> None:
    """Go on from there with everything that was held out until now."""
    _tune(options, "finish", begin=TUNED, out=FINISHED)


def _tune(options: argparse.Namespace, stage: str, begin: str | None, out: str) -> None:
    import torch

    from training.loop import Loop
    from training.stages import TowerStage
    from training.store import load_heads
    from training.towers import for_tuning

    if (options.cache / out).exists():
        return
    recipe, material = _prepare(options, everything=begin is not None)
    model = for_tuning(load_heads(options.cache / HEADS), options.pretrained)
    if begin:
        model.load_state_dict(torch.load(options.cache / begin, weights_only=True))
    loop = Loop(TowerStage(model, material), getattr(recipe, stage), material, recipe)
    loop.run(options.cache / f"{stage}.state", options.cache / f"{stage}.csv")
    with replacing(options.cache / out) as part:
        torch.save(loop.average.module.state_dict(), part)


def checkpoint(options: argparse.Namespace) -> None:
    """Write the checkpoint folder and print what the model reaches on dev."""
    import torch

    from training.checkpoint import write_checkpoint
    from training.corpus import read_pictures
    from training.readme import read_unknown
    from training.store import load_heads
    from training.towers import assemble

    torch.set_num_threads(options.threads)
    roots = folders(options, "dev")
    dev = {name: read_pictures(folder, name, "dev") for name, folder in roots.items()}
    dev = {name: pictures for name, pictures in dev.items() if pictures}
    model = assemble(load_heads(options.cache / HEADS), options.pretrained)
    weights = torch.load(options.cache / FINISHED, weights_only=True)
    weights.pop("log_scale")
    model.load_state_dict(weights)
    out = options.out or options.cache / "checkpoint"
    unknown = read_unknown(options.cache / "train.csv", options.cache / "tune.csv")
    print(json.dumps(write_checkpoint(model, out, dev, roots, unknown), indent=2))


def make(options: argparse.Namespace) -> None:
    """All of them, one after the other; what is done is not done again."""
    for step in (features, train, tune, finish, checkpoint):
        step(options)


def _prepare(options: argparse.Namespace, everything: bool) -> "tuple[Recipe, Material]":
    import torch

    from training.material import read_material
    from training.recipe import read_recipe

    torch.set_num_threads(options.threads)
    classes = options.pretrained / "imagenet_labels.txt"
    material = read_material(options.data, classes, options.cache, everything)
    return read_recipe(options.recipe), material


def folders(options: argparse.Namespace, split: str) -> dict[str, Path]:
    """The folder of each data set that has `split`; drawn samples have one for each of theirs."""
    from training.corpus import REAL, SAMPLES
    from training.samples import DRAWN

    found = {name: options.data / name for name in REAL}
    if split in DRAWN:
        found[SAMPLES] = options.cache / SAMPLES / split
    return found


STEPS = {each.__name__: each for each in (features, train, tune, finish, checkpoint, make)}

if __name__ == "__main__":
    main()
