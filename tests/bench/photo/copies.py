"""Copies of a portrait: a phone's screenshot of it, and a photo of a print that lies on a table."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from bot.media.lettering import font

Colour = tuple[int, int, int]
Point = tuple[float, float]

_WIDTHS: Final = (720, 1080, 1170)
_SCREENS: Final = (19.5 / 9, 20 / 9, 16 / 9)
_BARS: Final = ((0, 0, 0), (18, 18, 20), (255, 255, 255), (246, 246, 248))
_BUTTONS: Final = ("分享", "编辑", "收藏", "删除", "更多")


def screenshot(portrait: Image.Image, chance: random.Random) -> tuple[Image.Image, str]:
    """Show a portrait in a phone's gallery: a bar above with a clock, one below with buttons.

    Half of them are cropped so that a part of each bar is left.
    """
    width = chance.choice(_WIDTHS)
    high = round(width * portrait.height / portrait.width)
    height = round(width * chance.choice(_SCREENS))
    bar = chance.choice(_BARS)
    ink = (235, 235, 235) if bar[0] < 128 else (40, 40, 44)
    image = Image.new("RGB", (width, height), bar)
    top = (height - high) // 2
    image.paste(portrait.resize((width, high), Image.Resampling.BICUBIC), (0, top))
    pen = ImageDraw.Draw(image)
    _status(pen, width, ink, chance)
    if chance.random() < 0.7:
        _buttons(pen, (width, height), ink, chance)
    if chance.random() < 0.5:
        line = (width // 3, height - width // 60, 2 * width // 3, height - width // 90)
        pen.rounded_rectangle(line, width // 200, ink)
    kind = "black" if bar[0] < 128 else "white"
    if chance.random() < 0.5:
        return image, f"{kind}, whole"
    kept = [chance.uniform(0.05, 0.6) * top for _ in range(2)]
    box = (0, round(top - kept[0]), width, round(top + high + kept[1]))
    return image.crop(box), f"{kind}, cropped"


def _status(pen: ImageDraw.ImageDraw, width: int, ink: Colour, chance: random.Random) -> None:
    """Draw clock, signal and battery."""
    size, unit = width // 26, width / 100
    clock = f"{chance.randint(7, 22)}:{chance.randint(0, 59):02}"
    pen.text((5 * unit, 2 * unit), clock, ink, font(size))
    for step in range(4):
        left = (78 + 1.5 * step) * unit
        pen.rectangle((left, (5.5 - 0.8 * step) * unit, left + unit, 6.3 * unit), ink)
    pen.rounded_rectangle((88 * unit, 3 * unit, 95 * unit, 6.3 * unit), unit, None, ink, 2)
    full = 88.6 + chance.uniform(1, 5.8)
    pen.rectangle((88.6 * unit, 3.6 * unit, full * unit, 5.7 * unit), ink)


def _buttons(
    pen: ImageDraw.ImageDraw, size: tuple[int, int], ink: Colour, chance: random.Random
) -> None:
    """Draw a row of buttons at the bottom, some with words."""
    (width, height), count = size, chance.choice((4, 5))
    has_words = chance.random() < 0.5
    middle = height - width * chance.uniform(0.1, 0.13)
    side = width * 0.03
    for at in range(count):
        x = width * (at + 0.5) / count
        shape = chance.choice((pen.ellipse, pen.rectangle))
        shape((x - side, middle - side, x + side, middle + side), None, ink, width // 240 + 1)
        if has_words:
            place = (x, middle + 1.2 * side)
            pen.text(place, _BUTTONS[at], ink, font(width // 36), anchor="ma")


def printed(portrait: Image.Image, chance: random.Random) -> tuple[Image.Image, str]:
    """Photograph a print that lies on a table, which is seen on one side or more."""
    paper, kind = portrait, "no margin"
    if chance.random() < 0.5:
        edge = round(chance.uniform(0.03, 0.07) * portrait.width)
        paper = Image.new("RGB", (portrait.width + 2 * edge, portrait.height + 2 * edge), "#f7f6f2")
        paper.paste(portrait, (edge, edge))
        kind = "margin"
    height = round(1.2 * portrait.height)
    size = (round(height * chance.choice((0.7, 0.75, chance.uniform(0.64, 0.8)))), height)
    shown = chance.sample(range(4), chance.randint(1, 4))
    parts = [
        chance.uniform(0.02, 0.15) if side in shown else -chance.uniform(0.02, 0.05)
        for side in range(4)
    ]
    corners = _corners(size, parts, chance)
    mask = _laid(Image.new("L", paper.size, 255), corners, size).filter(
        ImageFilter.GaussianBlur(0.6)
    )
    table = np.asarray(_table(size, chance), np.float32)
    away = [round(chance.uniform(-0.012, 0.012) * height) for _ in range(2)]
    dark = np.roll(np.asarray(mask.filter(ImageFilter.GaussianBlur(height * 0.008))), away, (0, 1))
    table *= 1 - chance.uniform(0.2, 0.5) * dark[..., None].astype(np.float32) / 255
    cover = np.asarray(mask, np.float32)[..., None] / 255
    pixels = np.asarray(_laid(paper, corners, size), np.float32) * cover + table * (1 - cover)
    x, y = np.meshgrid(np.linspace(-1, 1, size[0]), np.linspace(-1, 1, size[1]))
    turn, fall = chance.uniform(0, 2 * np.pi), chance.uniform(0, 0.12)
    light = 1 - fall * (1 + (x * np.cos(turn) + y * np.sin(turn)) / 1.42)
    image = Image.fromarray((pixels * light[..., None]).clip(0, 255).astype(np.uint8))
    sides = "1 side" if len(shown) == 1 else f"{len(shown)} sides"
    return image.filter(ImageFilter.GaussianBlur(chance.uniform(0.2, 0.7))), f"{kind}, {sides}"


def _corners(
    size: tuple[int, int], parts: Sequence[float], chance: random.Random
) -> tuple[Point, ...]:
    """Return the corners of a sheet whose sides lie so far inside, each up to 4° askew.

    Sides are top, right, bottom, left.
    """
    width, height = size
    turned = chance.uniform(-3, 3)
    top, right, bottom, left = (np.tan(np.radians(turned + chance.uniform(-1, 1))) for _ in parts)
    above, below = parts[0] * height, height - parts[2] * height
    first, last = parts[3] * width, width - parts[1] * width

    def meet(level: float, slope: float, upright: float, lean: float) -> Point:
        # y = level + slope (x - width / 2), x = upright - lean (y - height / 2)
        y = (level + slope * (upright + lean * height / 2 - width / 2)) / (1 + slope * lean)
        return upright - lean * (y - height / 2), y

    return (
        meet(above, top, first, left),
        meet(above, top, last, right),
        meet(below, bottom, last, right),
        meet(below, bottom, first, left),
    )


def _laid(sheet: Image.Image, corners: Sequence[Point], size: tuple[int, int]) -> Image.Image:
    """Return a sheet as it lies in a picture of this size, with its corners there."""
    wide, high = sheet.size
    own = ((0, 0), (wide, 0), (wide, high), (0, high))
    rows, values = [], []
    for (x, y), (u, v) in zip(corners, own, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    found = np.linalg.solve(np.array(rows, float), np.array(values, float))
    way = Image.Transform.PERSPECTIVE
    return sheet.transform(size, way, tuple(map(float, found)), Image.Resampling.BICUBIC)


_TABLES: Final = {
    "wood": ((150, 108, 72), (122, 82, 50), (196, 160, 118), (92, 62, 44)),
    "cloth": ((90, 110, 140), (150, 60, 60), (120, 126, 110), (214, 206, 190)),
    "stone": ((130, 130, 128), (190, 188, 182), (70, 72, 76)),
    "plain": ((205, 206, 208), (60, 62, 66), (225, 218, 204), (176, 182, 188)),
}


def _table(size: tuple[int, int], chance: random.Random) -> Image.Image:
    """Return a table: wood with its grain, woven cloth, speckled stone, or a plain one."""
    kind = chance.choice([*_TABLES])
    generator = np.random.default_rng(chance.getrandbits(32))
    width, height = size

    def noise(across: int, down: int) -> np.ndarray:
        steps = generator.normal(128, 40, (max(2, height // down), max(2, width // across)))
        plane = Image.fromarray(steps.clip(0, 255).astype(np.uint8))
        grown = plane.resize(size, Image.Resampling.BICUBIC)
        return np.asarray(grown, np.float32)[..., None] / 128 - 1

    depth = {"wood": 0.25, "cloth": 0.2, "stone": 0.2, "plain": 0.04}[kind]
    if kind == "wood":
        across = chance.choice((True, False))
        plane = noise(60, 3) if across else noise(3, 60)
    elif kind == "cloth":
        plane = noise(3, 3)
    else:
        plane = 0.6 * noise(40, 40) + 0.6 * noise(4, 4)
    colour = np.array(chance.choice(_TABLES[kind]), np.float32)
    return Image.fromarray((colour * (1 + depth * plane)).clip(0, 255).astype(np.uint8))
