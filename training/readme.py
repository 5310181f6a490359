"""The checkpoint's `README.md`: what the model is, with what training measured.

The exporter takes this text into the model card of the folder that it writes, and adds files,
sizes, times and what quantizing costs.
"""

import csv
from collections.abc import Mapping
from pathlib import Path

from training.holdout import UNKNOWN
from training.samples import DRAWN

_README = """\
---
license: other
license_name: research-and-demonstration
language: en
pipeline_tag: feature-extraction
tags:
- image-text-retrieval
---

# The default model

A small dual encoder that ships with the project: texts and images become unit vectors of
{dim} numbers in one space. It is there so that the first start understands images without a
download. It is not a replacement for a full CLIP: `python -m export` brings one in.

## What it is made of

| part | made from | licence |
|---|---|---|
| image network | MobileNetV2 1.0 224 (ImageNet, 8-bit TensorFlow Lite file) | Apache-2.0 |
| text network | all-MiniLM-L6-v2, 6 layers; lower-case English word pieces | Apache-2.0 |
| two heads, and both networks tuned | trained on the images below | research only, see below |
| tokenizer | that of all-MiniLM-L6-v2 | Apache-2.0 |

The image head reads mean and spread of every level of the image network, not its last layer
alone: the lower levels carry colour and texture. The text head reads several layers likewise.

`training/` first trained the heads alone, then both networks with them, on pairs of image and text,
as `training/recipe.toml` says:

| images | texts | terms of the images |
|---|---|---|
| flickr8k, 6,000 photos | five captions each | their authors'; non-commercial research |
| fashion catalogue, 2,900 | titles, attributes made into sentences | research and demonstration |
| clothing, 2,400 | labels made into sentences | CC0 |
| grocery, 2,640 | labels made into sentences | MIT |
| web images, 879 | alt text | research only |
| ImageNet, 1,000, one a class | class names | non-commercial research |
| drawings by `engine.sample`, {drawn:,} | exact captions | this project's own |

Two losses hold the model to what its networks knew before: for each image the opinion of the
ImageNet classifier on 1,000 class names, and for common English words the similarities that
all-MiniLM-L6-v2 gives them.

None of these images is in the project. Since most may be used for research and non-commercial
purposes only, treat the model as a whole as **for research and demonstration**. For a product,
export a model whose weights are licensed for it, or train one on images of your own.

## What training measured

On dev splits that were not trained on, in PyTorch and float32. Settings were chosen on the same
splits, so expect slightly less on other images. `hit@10`: share of whole captions whose own image
is among the first 10. `precision@10`: share of right images among the first 10 for short queries
such as "red shoes", out of those that exist.

| dev images | hit@1 | hit@5 | hit@10 | precision@10 |
|---|---|---|---|---|
{rows}

The drawn images come from the same program as those trained on, only with another seed: that row
shows that the demonstration works, not how the model does on photos.

## What it makes of the unknown

Until the last stage of training, which uses everything, one data set was held out (web images with
alt text, by other people than all others), and every second ImageNet class, image and name. Before
that stage the model was asked to find the 879 web images by their alt texts, and to name 500 images
of held-out classes among the 500 held-out names.

| held out | heads alone | both networks tuned |
|---|---|---|
{unknown}

## Good at

- everyday scenes and objects in photos: people, dogs, sports, water, streets, food, clothes
- colours and kinds of single products: "red dress", "black shoes"
- short plain English: one word to one sentence

## Bad at

- counting, left and right, who does what to whom, "without"
- reading text in images; names of people, places and brands
- fine kinds (birds, car models) beyond the 1,000 classes of ImageNet
- art, diagrams, medical and aerial images, and anything far from its few training images
- languages other than English

It saw fewer than 16,000 photos with text, largely of people and their dogs outdoors and of one
shop's catalogue, and has their biases. Do not use it to decide anything about people.
"""
_COLUMNS = ("hit@1", "hit@5", "hit@10", "precision@10")


def write_readme(
    dim: int,
    report: Mapping[str, Mapping[str, float]],
    unknown: Mapping[str, tuple[float, float]],
) -> str:
    """The text.

    Args:
        dim: of the vectors.
        report: the figures of each data set (see `evaluate.evaluate`).
        unknown: those on what was held out, with the heads alone and after tuning.
    """
    held = [f"| {name} | {first:.3f} | {last:.3f} |" for name, (first, last) in unknown.items()]
    drawn, rows = DRAWN["train"][0], "\n".join(_rows(report))
    return _README.format(dim=dim, drawn=drawn, rows=rows, unknown="\n".join(held))


def read_unknown(before: Path, after: Path) -> dict[str, tuple[float, float]]:
    """The figures on what was held out, at the ends of two curves that training has written."""
    first, last = _last_row(before), _last_row(after)
    names = [name for name in last if name.startswith(UNKNOWN)]
    return {
        name.removeprefix(UNKNOWN).strip(): (float(first[name]), float(last[name]))
        for name in names
    }


def _last_row(curve: Path) -> dict[str, str]:
    with curve.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))[-1]


def _rows(report: Mapping[str, Mapping[str, float]]) -> list[str]:
    rows = []
    for dataset, figures in report.items():
        cells = [f"{figures[name]:.3f}" if name in figures else "" for name in _COLUMNS]
        rows.append(f"| {dataset} | {' | '.join(cells)} |")
    return rows
