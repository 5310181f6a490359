"""`MODEL_CARD.md`: what the model is, with the figures of its own `model.json`."""

from collections.abc import Mapping

_CARD = """\
# The default model

A small dual encoder that ships with the project: texts and images become unit vectors of
{dim} numbers in one space. It is there so that the first start understands images without a
download. It is not a replacement for a full CLIP: `python -m export` brings one in.

Revision `{revision}`. Made by `training/`; `model.json` beside this file holds all figures.

## What it is made of

| part | made from | licence |
|---|---|---|
| image network | MobileNetV2 1.0 224 (ImageNet, 8-bit TensorFlow Lite file), frozen | Apache-2.0 |
| text network | all-MiniLM-L6-v2, 6 layers, frozen; lower-case English word pieces | Apache-2.0 |
| two heads | trained for this project on the images below | research only, see below |
| tokenizer | that of all-MiniLM-L6-v2 | Apache-2.0 |

The image head reads mean and spread of every level of the image network, not its last layer
alone: the lower levels carry colour and texture. The text head reads several layers likewise.

The heads were trained on pairs of image and text:

| images | texts | terms of the images |
|---|---|---|
| flickr8k, 6,000 photos | five captions each | their authors'; non-commercial research |
| fashion catalogue, 2,900 | titles, attributes made into sentences | research and demonstration |
| clothing, 2,400 | labels made into sentences | CC0 |
| grocery, 2,640 | labels made into sentences | MIT |
| web images, 879 | alt text | research only |
| ImageNet, 1,000, one a class | class names | non-commercial research |
| drawings by `engine.sample`, {samples_train} | exact captions | this project's own |

None of these images is in the project. Since most may be used for research and non-commercial
purposes only, treat the heads, and so the model as a whole, as **for research and demonstration**.
For a product, export a model whose weights are licensed for it, or train the heads on images
of your own.

## What was measured

On dev splits that were not trained on, with the exported files, on {machine}.
Settings were chosen on the same splits, so expect slightly less on other images. `hit@10`: share of
whole captions whose own image is among the first 10. `precision@10`: share of right images among
the first 10 for short queries such as "red shoes", out of those that exist.

| dev images | hit@1 | hit@5 | hit@10 | precision@10 |
|---|---|---|---|---|
{rows}

The drawn images come from the same program as those trained on, only with another seed: that row
shows that the demonstration works, not how the model does on photos.

| file | MB | stored as | ms for one item |
|---|---|---|---|
| `vision.onnx` | {vision_mb} | int8 weights, float32 arithmetic | {image_ms} |
| `text.onnx` | {text_mb} | int8 weights and word table, float32 arithmetic | {text_ms} |

Times are the median of a run, the quietest of ten runs, with 4 threads.

Storing the weights as int8 changes image vectors by a cosine of {image_cosine} and text vectors by
{text_cosine} on average, and hit@10 on flickr8k from {before} to {after}. Weights become float32
when the file is opened, so no processor-specific 8-bit arithmetic is involved and a vector does
not depend on what else is in its batch.

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


def write_card(manifest: Mapping, sizes: Mapping[str, int], samples: int) -> str:
    """The text of the card. `sizes` are bytes by file name, `samples` the drawings trained on."""
    measured = manifest["measured"]
    lost = measured["quantization"]
    return _CARD.format(
        dim=manifest["dim"],
        revision=manifest["revision"],
        samples_train=f"{samples:,}",
        machine=measured["machine"],
        rows="\n".join(_rows(measured)),
        vision_mb=f"{sizes['vision.onnx'] / 1e6:.1f}",
        text_mb=f"{sizes['text.onnx'] / 1e6:.1f}",
        image_ms=measured["latency_ms"]["image"],
        text_ms=measured["latency_ms"]["text"],
        image_cosine=lost["image_cosine"]["mean"],
        text_cosine=lost["text_cosine"]["mean"],
        before=f"{lost['flickr8k_dev_float32']['hit@10']:.3f}",
        after=f"{measured['flickr8k_dev']['hit@10']:.3f}",
    )


def _rows(measured: Mapping) -> list[str]:
    names = ("hit@1", "hit@5", "hit@10", "precision@10")
    rows = []
    for key, figures in measured.items():
        if key.endswith("_dev"):
            cells = [f"{figures[name]:.3f}" if name in figures else "" for name in names]
            rows.append(f"| {key.removesuffix('_dev')} | {' | '.join(cells)} |")
    return rows
