"""The training loop of a stage: averaged weights, a curve, and a state from which it goes on."""

import csv
import logging
import math
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import torch
from torch import Tensor
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from engine.files import replacing
from training.batches import Batch, Batches
from training.distil import recognise, relate
from training.loss import also_true, contrastive
from training.material import Material
from training.measure import measure, summary
from training.recipe import Recipe, StagePlan
from training.stages import Stage, encode_texts

log = logging.getLogger(__name__)
MEASURED_EVERY = 100  # steps; the state is saved as often


class Loop:
    """One stage in progress. Everything that a step depends on is in its state."""

    def __init__(self, stage: Stage, plan: StagePlan, material: Material, recipe: Recipe) -> None:
        torch.manual_seed(recipe.seed)
        self.stage, self.plan, self.material = stage, plan, material
        self.batches = Batches(
            material.train,
            material.features, material.texts, plan.mixture, recipe.short_share, recipe.seed,
            maps=stage.uses_maps,
        )  # fmt: skip
        average = get_ema_multi_avg_fn(plan.averaging)
        self.average = AveragedModel(stage.module, multi_avg_fn=average)
        self.optimiser = torch.optim.AdamW(stage.groups(plan), betas=(0.9, 0.98), fused=True)
        rates = torch.optim.lr_scheduler.LambdaLR(self.optimiser, lambda step: _rate(step, plan))
        self.rates, self.done = rates, 0
        self.class_rows = material.class_rows()
        self.names = torch.from_numpy(encode_texts(stage, stage.module.eval(), self.class_rows))

    def run(self, state: Path, curve: Path) -> None:
        """All steps that `state` does not have yet; figures on dev are added to `curve`."""
        if state.exists():
            self._resume(state)
        started, first = time.perf_counter(), self.done
        while self.done < self.plan.steps:
            losses = self.step()
            if self.done % 10 == 0:
                each = (time.perf_counter() - started) / (self.done - first)
                log.info("step %d, %.2f s each: %s", self.done, each, _short(losses))
            if self.done % MEASURED_EVERY == 0 or self.done == self.plan.steps:
                figures = measure(self.stage, self.average.module, self.material)
                log.info("%s", summary(figures))
                add_to_curve(curve, self.done, losses, figures)
                self._save(state)

    def step(self) -> dict[str, float]:
        """One step; returns the parts of its loss."""
        self.stage.module.train()
        losses = self._losses(self.batches.draw(self.plan.batch))
        self.optimiser.zero_grad()
        sum(losses.values()).backward()
        learnt = [p for group in self.optimiser.param_groups for p in group["params"]]
        torch.nn.utils.clip_grad_norm_(learnt, 1.0)
        self.optimiser.step()
        self.rates.step()
        self.average.update_parameters(self.stage.module)
        self.done += 1
        return {name: loss.item() for name, loss in losses.items()}

    def _losses(self, batch: Batch) -> dict[str, Tensor]:
        module, plan = self.stage.module, self.plan
        source = self.batches.source
        with torch.autocast("cpu", torch.bfloat16):
            pictures = self.stage.pictures(module, batch)
            texts = self.stage.texts(module, batch.text_rows)
        pictures, texts = pictures.float(), texts.float()
        scale = module.log_scale.exp().clamp_max(plan.highest_scale)
        true = also_true(batch.text_words, batch.picture_words)
        losses = {"pairs": contrastive(texts, pictures, scale, true)}
        if plan.recognise:
            chosen = source.permutation(len(self.class_rows))[: plan.classes]
            with torch.autocast("cpu", torch.bfloat16):
                fresh = self.stage.texts(module, self.class_rows[chosen]).float()
            names = self.names.index_copy(0, torch.from_numpy(chosen), fresh)
            self.names = names.detach()
            known, seen = self.material.holdout.known, ~batch.drawn
            logits = batch.logits[:, known][seen]
            losses["recognise"] = plan.recognise * recognise(pictures[seen], names, logits, scale)
        if plan.relate:
            rows = source.choice(self.material.words, plan.words, replace=False)
            with torch.autocast("cpu", torch.bfloat16):
                found = self.stage.texts(module, rows).float()
            taught = torch.from_numpy(self.material.taught(rows))
            losses["relate"] = plan.relate * relate(found, taught)
        return losses

    def _parts(self) -> dict[str, object]:
        return {
            "module": self.stage.module, "average": self.average,
            "optimiser": self.optimiser, "rates": self.rates,
        }  # fmt: skip

    def _save(self, path: Path) -> None:
        """Whole or not at all."""
        state = {name: part.state_dict() for name, part in self._parts().items()}
        state |= {
            "done": self.done, "plan": _plain(self.plan), "names": self.names,
            "torch": torch.get_rng_state(), "numpy": self.batches.source.bit_generator.state,
        }  # fmt: skip
        with replacing(path) as part:
            torch.save(state, part)

    def _resume(self, path: Path) -> None:
        state = torch.load(path, weights_only=True)
        if state["plan"] != _plain(self.plan):
            raise ValueError(f"{path} is of another recipe; remove it to begin anew")
        for name, part in self._parts().items():
            part.load_state_dict(state[name])
        self.done, self.names = state["done"], state["names"]
        torch.set_rng_state(state["torch"])
        self.batches.source.bit_generator.state = state["numpy"]
        log.info("going on after step %d of %s", self.done, path.name)


def _plain(plan: StagePlan) -> dict:
    return {**asdict(plan), "mixture": dict(plan.mixture)}


def _rate(step: int, plan: StagePlan) -> float:
    if step < plan.warmup:
        return (step + 1) / plan.warmup
    return 0.5 * (1 + math.cos(math.pi * (step - plan.warmup) / (plan.steps - plan.warmup)))


def _short(figures: Mapping[str, float]) -> str:
    return " ".join(f"{name} {value:.3f}" for name, value in figures.items())


def add_to_curve(
    path: Path, step: int, losses: Mapping[str, float], figures: Mapping[str, Mapping[str, float]]
) -> None:
    """One row: step, parts of the loss, and every figure as `data set measure`."""
    row = {"step": step, **{f"loss {name}": round(value, 4) for name, value in losses.items()}}
    for dataset, measured in figures.items():
        row |= {f"{dataset} {name}": round(value, 4) for name, value in measured.items()}
    new = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(row))
        if new:
            writer.writeheader()
        writer.writerow(row)
