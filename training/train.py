"""The training loop over cached features, and what it needs from the cache."""

import logging
import math
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from training import corpus
from training.batches import Batch, Batches
from training.corpus import Picture
from training.evaluate import QUERIES, evaluate, summary
from training.features import Features, open_features
from training.heads import HeadPlan, Heads
from training.loss import also_true, contrastive
from training.texts import TextFeatures, cache_texts

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class TrainPlan:
    """What one training run does. `mixture` is each data set's share of a batch."""

    heads: HeadPlan = field(default_factory=HeadPlan)
    steps: int = 2000
    batch: int = 1024
    rate: float = 1e-3
    decay: float = 0.1
    warmup: int = 100
    averaging: float = 0.998
    share: float = 0.0
    smooth: float = 0.0
    highest_scale: float = 60.0
    mixture: Mapping[str, float] = field(
        default_factory=lambda: {
            "flickr8k": 0.5,
            "fashion": 0.18,
            "clothing": 0.08,
            "grocery": 0.07,
            "web": 0.04,
            "imagenet": 0.06,
            "samples": 0.2,
        }
    )
    short_share: Mapping[str, float] = field(default_factory=lambda: {"flickr8k": 0.2})
    seed: int = 0


@dataclass(frozen=True)
class Material:
    """Pictures and cached features, by data set, of the two splits."""

    train: dict[str, list[Picture]]
    dev: dict[str, list[Picture]]
    features: dict[str, Features]
    dev_features: dict[str, Features]
    texts: TextFeatures


def read_material(data: Path, samples: Path, classes: Path, cache: Path) -> Material:
    """Everything that `python -m training features` left in `cache`."""
    names = corpus.read_classes(classes)
    train: dict[str, list[Picture]] = {}
    dev: dict[str, list[Picture]] = {}
    features: dict[str, Features] = {}
    dev_features: dict[str, Features] = {}
    for dataset in (*corpus.REAL, corpus.SAMPLES):
        folder = data / dataset
        for split, pictures, found in (("train", train, features), ("dev", dev, dev_features)):
            if dataset == corpus.SAMPLES:
                folder = samples / split
            if not (cache / f"{dataset}-{split}" / "done").exists():
                continue
            found[dataset] = open_features(cache / f"{dataset}-{split}")
            pictures[dataset] = corpus.read_pictures(folder, dataset, split)
        if dataset in train and dataset != corpus.SAMPLES:
            logits = features[dataset].logits
            train[dataset] = [
                corpus.add_recognised(picture, row, names)
                for picture, row in zip(train[dataset], logits, strict=True)
            ]
    every = [*train.values(), *dev.values()]
    texts = {text for part in every for picture in part for text in picture.texts()}
    texts |= {text for name in dev if name in QUERIES for text in QUERIES[name](dev[name])}
    return Material(train, dev, features, dev_features, cache_texts(texts, cache / "texts"))


def fit_standards(heads: Heads, batches: Batches, draws: int = 6) -> None:
    """Take mean and spread of every input from a few large batches."""
    drawn = [batches.draw(2048) for _ in range(draws)]
    pooled = torch.cat([batch.pooled for batch in drawn])
    heads.image.projection.standardise.fit(pooled[:, heads.image.columns])
    heads.text.projection.standardise.fit(torch.cat([batch.texts for batch in drawn]))


def train(material: Material, plan: TrainPlan) -> tuple[Heads, dict]:
    """Heads with averaged weights, and what they reach on dev."""
    torch.manual_seed(plan.seed)
    mixture = {name: share for name, share in plan.mixture.items() if name in material.train}
    pictures = {name: material.train[name] for name in mixture}
    batches = Batches(
        pictures, material.features, material.texts, mixture, plan.short_share, plan.seed
    )
    heads = Heads(plan.heads, material.texts.pooled.shape[1])
    fit_standards(heads, batches)
    average = AveragedModel(heads, multi_avg_fn=get_ema_multi_avg_fn(plan.averaging))
    optimiser = torch.optim.AdamW(_groups(heads, plan), lr=plan.rate, betas=(0.9, 0.98))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step, plan))
    log.info("plan %s", asdict(plan))
    started, running = time.perf_counter(), 0.0
    for step in range(1, plan.steps + 1):
        heads.train()
        loss = _loss(heads, batches.draw(plan.batch), plan)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(heads.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        average.update_parameters(heads)
        running += (loss.item() - running) / min(step, 50)
        if step % 300 == 0 or step == plan.steps:
            took = time.perf_counter() - started
            report = evaluate_heads(average.module, material)
            scale = heads.log_scale.exp().item()
            log.info("step %d %.0f s loss %.3f scale %.1f", step, took, running, scale)
            log.info("%s", summary(report))
    return average.module.eval(), evaluate_heads(average.module, material)


def _loss(heads: Heads, batch: Batch, plan: TrainPlan) -> torch.Tensor:
    with torch.autocast("cpu", torch.bfloat16):
        pictures = heads.image(batch.pooled)
        texts = heads.text(batch.texts)
    texts, pictures = texts.float(), pictures.float()
    scale = heads.log_scale.exp().clamp_max(plan.highest_scale)
    true = also_true(batch.text_words, batch.picture_words)
    return contrastive(texts, pictures, scale, true, plan.share, plan.smooth)


def _groups(heads: Heads, plan: TrainPlan) -> list[dict]:
    """Decay for matrices only."""
    parameters = list(heads.parameters())
    return [
        {"params": [p for p in parameters if p.ndim > 1], "weight_decay": plan.decay},
        {"params": [p for p in parameters if p.ndim <= 1], "weight_decay": 0.0},
    ]


def _rate(step: int, plan: TrainPlan) -> float:
    if step < plan.warmup:
        return (step + 1) / plan.warmup
    return 0.5 * (1 + math.cos(math.pi * (step - plan.warmup) / (plan.steps - plan.warmup)))


@torch.inference_mode()
def evaluate_heads(heads: Heads, material: Material) -> dict[str, dict[str, float]]:
    """Dev figures from cached features."""
    heads.eval()

    def encode(texts: list[str]) -> np.ndarray:
        rows = [material.texts.row_of[text] for text in texts]
        return heads.text(torch.from_numpy(material.texts.pooled[rows]).float()).numpy()

    vectors = {}
    for name, pictures in material.dev.items():
        found = material.dev_features[name]
        row_of = found.row_of()
        rows = [row_of[picture.file] for picture in pictures]
        pooled = torch.from_numpy(found.pooled[rows, 0]).float()
        vectors[name] = heads.image(pooled).numpy()
    return evaluate(material.dev, vectors, encode)
