"""Draws what the model learns to see: one coloured shape on white, or a small invoice with a total."""

import io
import math
import os

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from .shape import SIDE

SHAPES = ["circle", "square", "triangle", "star"]
# The darkest and the lightest of each colour.
COLOURS = {
    "red": ((200, 0, 0), (255, 45, 45)),
    "green": ((0, 125, 0), (60, 205, 70)),
    "blue": ((0, 0, 190), (50, 80, 255)),
    "yellow": ((235, 195, 0), (255, 255, 60)),
    "black": ((0, 0, 0), (45, 45, 45)),
}
PAGE = 384  # what is drawn, before it is made small
FONT = {size: ImageFont.load_default(size) for size in (28, 40, 116)}
FILTERS = [Image.Resampling.LANCZOS, Image.Resampling.BILINEAR, Image.Resampling.BICUBIC, Image.Resampling.BOX]


def _ring(kind, x, y, radius, turn):
    """The corners of a triangle, a square or a star around its middle."""
    count, inner, first = {"triangle": (3, 1, -90), "square": (4, 1, -45), "star": (10, 0.42, -90)}[kind]
    corners = []
    for i in range(count):
        reach = radius * (inner if i % 2 else 1)
        angle = math.radians(first + turn + 360 * i / count)
        corners.append((x + reach * math.cos(angle), y + reach * math.sin(angle)))
    return corners


def draw_shape(kind, colour, x, y, radius, turn=0.0, size=(PAGE, PAGE), background=(255, 255, 255)):
    page = Image.new("RGB", size, background)
    pen = ImageDraw.Draw(page)
    if kind == "circle":
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
    else:
        pen.polygon(_ring(kind, x, y, radius, turn), fill=colour)
    return page


def draw_invoice(total, bar, lines, at=(0, 0), size=(PAGE, PAGE)):
    width, height = size
    page = Image.new("RGB", size, (255, 255, 255))
    pen = ImageDraw.Draw(page)
    pen.rectangle((0, 0, width, int(height * 0.18)), fill=bar)
    pen.text((20, int(height * 0.09)), "Invoice", font=FONT[40], fill=(255, 255, 255), anchor="lm")
    for i, (length, grey) in enumerate(lines):
        y = int(height * (0.25 + 0.075 * i))
        pen.rectangle((20, y, 20 + int((width - 40) * length), y + 9), fill=(grey, grey, grey))
    right, bottom = width - 26 + at[0], height - 62 + at[1]
    pen.text((22, bottom), "Total", font=FONT[28], fill=(40, 40, 40), anchor="lm")
    pen.text((right, bottom), str(total), font=FONT[116], fill=(0, 0, 0), anchor="rm")
    return page


def _any_shape(dice):
    kind, name = dice.choice(SHAPES), dice.choice(list(COLOURS))
    low, high = (np.array(c) for c in COLOURS[name])
    colour = tuple(int(v) for v in low + dice.random() * (high - low) + dice.integers(-8, 9, 3))
    colour = tuple(min(255, max(0, v)) for v in colour)
    width, height = PAGE, PAGE
    if dice.random() < 0.3:
        width = int(PAGE * dice.uniform(0.75, 1.35))
    least = min(width, height)
    radius = least * dice.uniform(0.16, 0.44)
    x, y = dice.uniform(radius, width - radius), dice.uniform(radius, height - radius)
    paper = 255 if dice.random() < 0.6 else int(dice.integers(235, 256))
    turn = dice.uniform(-12, 12) if dice.random() < 0.6 else 0.0
    page = draw_shape(kind, colour, x, y, radius, turn, (width, height), (paper, paper, paper))
    return page, {"kind": "shape", "shape": kind, "colour": name}


def _any_invoice(dice):
    total = int(dice.integers(10, 100)) if dice.random() < 0.5 else int(dice.integers(100, 1000))
    lines = [(dice.uniform(0.3, 1.0), int(dice.integers(120, 200))) for _ in range(dice.integers(2, 5))]
    bar = tuple(int(v) for v in dice.integers(0, 130, 3))
    width = int(PAGE * dice.uniform(0.9, 1.1)) if dice.random() < 0.3 else PAGE
    at = (int(dice.integers(-14, 15)), int(dice.integers(-14, 15)))
    return draw_invoice(total, bar, lines, at, (width, PAGE)), {"kind": "invoice", "total": total}


def to_side(page, resample=Image.Resampling.LANCZOS):
    return page.resize((SIDE, SIDE), resample)


def draw_any(dice, invoices=0.55):
    """A picture as the model is given it, and what is on it."""
    page, facts = _any_invoice(dice) if dice.random() < invoices else _any_shape(dice)
    small = to_side(page, FILTERS[dice.integers(len(FILTERS))])
    if dice.random() < 0.2:
        packed = io.BytesIO()
        small.save(packed, "JPEG", quality=int(dice.integers(60, 96)))
        small = Image.open(packed).convert("RGB")
    return np.asarray(small, dtype=np.uint8), facts


def draw_many(seed, count, invoices=0.55):
    dice = np.random.default_rng(seed)
    drawn = [draw_any(dice, invoices) for _ in range(count)]
    return np.stack([pixels for pixels, _ in drawn]), [facts for _, facts in drawn]


def write_samples(folder):
    """The pictures that tests show to the engines: as large as the model sees them, and one larger, not square, as JPEG."""
    os.makedirs(folder, exist_ok=True)
    lines = [(0.9, 140), (0.55, 160), (0.7, 150)]
    pages = {
        "red-circle": draw_shape("circle", (225, 20, 20), 200, 190, 120),
        "blue-square": draw_shape("square", (20, 40, 220), 170, 210, 140),
        "green-triangle": draw_shape("triangle", (20, 160, 40), 192, 220, 150),
        "yellow-star": draw_shape("star", (250, 215, 20), 192, 200, 150),
        "invoice-47": draw_invoice(47, (30, 60, 110), lines),
        "invoice-385": draw_invoice(385, (90, 30, 40), lines[:2]),
    }
    for name, page in pages.items():
        to_side(page).save(os.path.join(folder, f"{name}.png"), optimize=True)
    to_side(pages["red-circle"]).save(os.path.join(folder, "red-circle.jpg"), quality=92)
    draw_shape("circle", (225, 20, 20), 260, 190, 120, size=(480, 384)).save(
        os.path.join(folder, "red-circle-480x384.jpg"), quality=90
    )
    pages["invoice-47"].save(os.path.join(folder, "invoice-47-384.png"), optimize=True)
