"""`python -m training features | train | checkpoint`: the three steps that make the default model.

`python -m export CHECKPOINT --out models/default` makes the model folder of the last one's folder.
"""

import argparse
import json
import logging
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
SHARED = PROJECT.parent / "shared"
HEADS = "heads.pt"


def main() -> None:
    """Parse the command line and run one step."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("step", choices=["features", "train", "checkpoint"])
    parser.add_argument("--data", type=Path, default=SHARED / "data")
    parser.add_argument("--pretrained", type=Path, default=SHARED / "pretrained")
    parser.add_argument("--cache", type=Path, required=True, help="features and heads lie here")
    parser.add_argument("--out", type=Path, help="the checkpoint folder; by default in the cache")
    parser.add_argument("--steps", type=int, help="training steps, in place of the plan's")
    parser.add_argument("--threads", type=int, default=3)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    for name in ("torch", "onnxscript", "onnx_ir"):
        logging.getLogger(name).setLevel(logging.ERROR)
    {"features": features, "train": train, "checkpoint": checkpoint}[options.step](options)


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
    from dataclasses import replace

    import torch

    from training.store import save_heads
    from training.train import TrainPlan, read_material
    from training.train import train as run

    torch.set_num_threads(options.threads)
    plan = TrainPlan()
    if options.steps:
        plan = replace(plan, steps=options.steps)
    classes = options.pretrained / "imagenet_labels.txt"
    material = read_material(options.data, options.cache / "samples", classes, options.cache)
    heads, report = run(material, plan)
    save_heads(heads, plan, report, options.cache / HEADS)
    print(json.dumps(report, indent=2))


def checkpoint(options: argparse.Namespace) -> None:
    """Write the checkpoint folder and print what the model reaches on dev."""
    import torch

    from training.checkpoint import write_checkpoint
    from training.corpus import read_pictures
    from training.store import load_heads

    torch.set_num_threads(options.threads)
    roots = folders(options, "dev")
    dev = {name: read_pictures(folder, name, "dev") for name, folder in roots.items()}
    dev = {name: pictures for name, pictures in dev.items() if pictures}
    heads = load_heads(options.cache / HEADS)
    out = options.out or options.cache / "checkpoint"
    print(json.dumps(write_checkpoint(heads, options.pretrained, out, dev, roots), indent=2))


def folders(options: argparse.Namespace, split: str) -> dict[str, Path]:
    """The folder of each data set; drawn samples have one for each split."""
    from training.corpus import REAL, SAMPLES

    found = {name: options.data / name for name in REAL}
    return {**found, SAMPLES: options.cache / SAMPLES / split}


if __name__ == "__main__":
    main()
