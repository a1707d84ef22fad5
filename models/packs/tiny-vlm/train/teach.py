"""The training: pictures and texts together, and at first a helper that says what is on a picture without words."""

import math
import time
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from .drawings import COLOURS, SHAPES, draw_many
from .lessons import Lessons, batches
from .shape import IMAGE_TOKENS, TEXT
from .talk import IMAGE

PARTS = 12  # of a stage's drawings
FRESH = 1000  # seed of the drawings; those of the tests are far from it
PICTURES_A_STEP, STORIES_A_STEP = 40, 2
# The first stages stop near their best rate; each begins with a new optimizer and new drawings, and the last ends at rest.
STAGES = (
    {"seed": 1, "steps": 500, "falls_until": 2500, "warm": 100, "rate": 2.5e-3, "texts": 10, "pictures": 24_000},
    {"seed": 2, "steps": 250, "falls_until": 1000, "warm": 100, "rate": 2.0e-3, "texts": 6, "pictures": 24_000},
    {"seed": 3, "steps": 350, "falls_until": 350, "warm": 30, "rate": 1.6e-3, "texts": 6, "pictures": 9_600},
)
NOTHING = -100


def draw_lessons(seed, count):
    first = FRESH * seed
    with ProcessPoolExecutor(2) as pool:
        parts = list(pool.map(draw_many, range(first, first + PARTS), [count // PARTS] * PARTS))
    return torch.from_numpy(np.concatenate([p for p, _ in parts])), [f for _, facts in parts for f in facts]


class Helper(nn.Module):
    """Shape, colour and the three digits, straight from the features: teaches the eye before it is asked in words."""

    SIZES = (len(SHAPES) + 1, len(COLOURS) + 1, 11, 11, 11)

    def __init__(self):
        super().__init__()
        self.heads = nn.Linear(IMAGE_TOKENS * TEXT["hidden"], sum(self.SIZES))

    def forward(self, features, wanted):
        parts = self.heads(features.flatten(1)).split(self.SIZES, -1)
        return sum(F.cross_entropy(part, wanted[:, i]) for i, part in enumerate(parts))


def labels(facts):
    if facts["kind"] == "shape":
        return [SHAPES.index(facts["shape"]), list(COLOURS).index(facts["colour"]), 10, 10, 10]
    digits = [int(d) for d in str(facts["total"])]
    return [len(SHAPES), len(COLOURS), *([10] * (3 - len(digits))), *digits]


def rate_at(step, stage):
    warm = stage["warm"]
    if step < warm:
        return stage["rate"] * (step + 1) / warm
    done = (step - warm) / (stage["falls_until"] - warm)
    return stage["rate"] * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done)))


def loss_of(network, ids, wanted, features, image_token):
    states, _ = network.model.text_model(network.embed(ids, features, image_token))
    keep = wanted != NOTHING
    return F.cross_entropy(network.logits(states[keep]).float(), wanted[keep])


def teach(network, talk, stage, watch=None):
    torch.manual_seed(stage["seed"])
    lessons, image_token = Lessons(talk, stage["seed"]), talk.id(IMAGE)
    pixels, facts = draw_lessons(stage["seed"], stage["pictures"])
    wanted_labels = torch.tensor([labels(f) for f in facts])
    helper = Helper()
    weights = [*network.parameters(), *helper.parameters()]
    decayed = [w for w in weights if w.dim() > 1]
    groups = [{"params": decayed, "weight_decay": 0.02}, {"params": [w for w in weights if w.dim() == 1], "weight_decay": 0}]
    optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98))
    about_pictures = batches(lambda: lessons.picture(facts), PICTURES_A_STEP)
    about_texts = batches(lessons.text, stage["texts"])
    stories = batches(lessons.story, STORIES_A_STEP)
    began, seen = time.time(), []
    for step in range(stage["steps"]):
        for group in optimizer.param_groups:
            group["lr"] = rate_at(step, stage)
        ids, wanted, used = next(about_pictures)
        once, places = np.unique(used, return_inverse=True)
        with torch.autocast("cpu", torch.bfloat16):
            features = network.see(pixels[once])
            of_pictures = loss_of(network, ids, wanted, features[torch.from_numpy(places)], image_token)
            ids, wanted, _ = next(about_texts)
            of_texts = loss_of(network, ids, wanted, None, image_token)
            if step % 8 == 0:
                ids, wanted, _ = next(stories)
                of_texts = of_texts + 0.5 * loss_of(network, ids, wanted, None, image_token)
        of_helper = helper(features.float(), wanted_labels[once])
        help_weight = 0.3 * max(0.0, 1 - step / (0.7 * stage["falls_until"]))
        optimizer.zero_grad()
        (of_pictures + 0.5 * of_texts + help_weight * of_helper).backward()
        nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        seen.append((of_pictures.item(), of_texts.item(), of_helper.item()))
        if step % 50 == 49:
            losses = " ".join(f"{v:.3f}" for v in np.mean(seen[-50:], axis=0))
            print(f"{step + 1} {time.time() - began:.0f} s: pictures, texts, helper {losses}", flush=True)
            if watch and step % 50 == 49:
                watch(network)
