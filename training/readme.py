"""The checkpoint's `README.md`: what the model is, with what training measured.

The exporter takes this text into the model card of the folder that it writes, and adds files,
sizes, times and what quantizing costs.
"""

from collections.abc import Mapping

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
| image network | MobileNetV2 1.0 224 (ImageNet, 8-bit TensorFlow Lite file), frozen | Apache-2.0 |
| text network | all-MiniLM-L6-v2, 6 layers, frozen; lower-case English word pieces | Apache-2.0 |
| two heads | trained for this project on the images below | research only, see below |
| tokenizer | that of all-MiniLM-L6-v2 | Apache-2.0 |

The image head reads mean and spread of every level of the image network, not its last layer
alone: the lower levels carry colour and texture. The text head reads several layers likewise.

The heads were trained by `training/` on pairs of image and text:

| images | texts | terms of the images |
|---|---|---|
| flickr8k, 6,000 photos | five captions each | their authors'; non-commercial research |
| fashion catalogue, 2,900 | titles, attributes made into sentences | research and demonstration |
| clothing, 2,400 | labels made into sentences | CC0 |
| grocery, 2,640 | labels made into sentences | MIT |
| web images, 879 | alt text | research only |
| ImageNet, 1,000, one a class | class names | non-commercial research |
| drawings by `engine.sample`, {drawn:,} | exact captions | this project's own |

None of these images is in the project. Since most may be used for research and non-commercial
purposes only, treat the heads, and so the model as a whole, as **for research and demonstration**.
For a product, export a model whose weights are licensed for it, or train the heads on images
of your own.

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


def write_readme(dim: int, report: Mapping[str, Mapping[str, float]]) -> str:
    """The text. `report` holds the figures of each data set (see `evaluate.evaluate`)."""
    return _README.format(dim=dim, drawn=DRAWN["train"][0], rows="\n".join(_rows(report)))


def _rows(report: Mapping[str, Mapping[str, float]]) -> list[str]:
    rows = []
    for dataset, figures in report.items():
        cells = [f"{figures[name]:.3f}" if name in figures else "" for name in _COLUMNS]
        rows.append(f"| {dataset} | {' | '.join(cells)} |")
    return rows
