"""The labelled variants: good photos, and each planted fault in many strengths; all seeded."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from bot.media.lettering import font
from states.photo.checks import Check
from tests.bench.photo import copies
from tests.bench.photo.sources import Cutout, cutouts

RATIO: Final = 0.7
HEIGHTS: Final = (600, 660, 740, 860)
SEED: Final = 18


@dataclass(frozen=True, slots=True)
class Variant:
    """A JPEG of a person, made of a picture, with its planted fault; None in a good photo.

    ``unknown`` are checks that are not asked of it.
    """

    person: str
    picture: str
    fault: str | None
    content: bytes
    unknown: frozenset[Check] = frozenset()
    strength: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a photo is made; the values of a good one."""

    height: int = 600
    share: float = 0.66
    shift: float = 0.0
    tilt: float = 0.0
    ground: tuple[int, int, int] = (250, 250, 250)
    gain: float = 1.0
    skin: float = 1.0


def compose(cutout: Cutout, plan: Plan) -> Image.Image:
    """Put a cut-out head on a plain background, with the head's part of the height."""
    high = cutout.chin - cutout.crown
    scale = plan.share * plan.height / high
    person = cutout.picture
    if plan.skin != 1:
        curve = [round(255 * (value / 255) ** plan.skin) for value in range(256)]
        colours = [band.point(curve) for band in person.split()[:3]]
        person = Image.merge("RGBA", [*colours, person.getchannel("A")])
    size = (round(person.width * scale), round(person.height * scale))
    person = person.resize(size, Image.Resampling.LANCZOS)
    width = round(plan.height * RATIO)
    if plan.tilt:
        centre = (cutout.middle * scale, (cutout.crown + 0.5 * high) * scale)
        person = person.rotate(plan.tilt, Image.Resampling.BICUBIC, center=centre)
    canvas = Image.new("RGB", (width, plan.height), plan.ground)
    top = (1 - plan.share) * 0.35 * plan.height - cutout.crown * scale
    left = width * (0.5 + plan.shift) - cutout.middle * scale
    _fill_below(canvas, person, round(left), round(top))
    canvas.paste(person, (round(left), round(top)), person)
    return canvas.point(lambda v: min(255, round(v * plan.gain))) if plan.gain != 1 else canvas


def _fill_below(canvas: Image.Image, person: Image.Image, left: int, top: int) -> None:
    """Continue the clothes where the cut-out ends above the bottom."""
    end = top + person.height
    if end >= canvas.height:
        return
    last = person.crop((0, person.height - 2, person.width, person.height - 1))
    strip = last.resize((person.width, canvas.height - end + 2))
    canvas.paste(strip, (left, end - 2), strip)


def grain(image: Image.Image, chance: random.Random, strength: float = 2.0) -> Image.Image:
    """Add a camera's noise."""
    generator = np.random.default_rng(chance.getrandbits(32))
    noise = generator.normal(0, strength, (*image.size[::-1], 3))
    pixels = np.asarray(image, np.float32) + noise
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def saved(image: Image.Image, quality: int = 92) -> bytes:
    """Return a JPEG."""
    out = BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


Fault = Callable[[Cutout, Plan, random.Random], tuple[Image.Image, str]]


def _ground(cutout: Cutout, plan: Plan, chance: random.Random) -> tuple[Image.Image, str]:
    colours = {
        "blue": (67, 142, 219),
        "bright blue": (0, 120, 255),
        "red": (200, 20, 30),
        "grey": (190, 190, 190),
        "beige": (222, 205, 178),
        "dark": (60, 60, 66),
        "light grey": (222, 222, 222),
        "green": (120, 170, 130),
    }
    name = chance.choice(list(colours))
    return compose(cutout, replace(plan, ground=colours[name])), name


def _uneven(cutout: Cutout, plan: Plan, chance: random.Random) -> tuple[Image.Image, str]:
    kind = chance.choice(("gradient", "shadow", "pattern"))
    image = compose(cutout, plan)
    clean = compose(cutout, replace(plan, ground=(0, 255, 0)))
    behind = (np.abs(np.asarray(clean, np.int16) - (0, 255, 0)).sum(axis=-1) < 60)[..., None]
    width, height = image.size
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    if kind == "gradient":
        shade = 1 - chance.uniform(0.35, 0.6) * x
    elif kind == "shadow":
        far = np.hypot((x - chance.uniform(0.75, 0.95)) / 0.25, (y - 0.3) / 0.3)
        shade = 1 - chance.uniform(0.35, 0.6) * np.exp(-far * far)
    else:
        step = chance.randint(20, 50) / width
        shade = 1 - chance.uniform(0.25, 0.5) * ((x // step + y // step) % 2)
    pixels = np.asarray(image, np.float32)
    mixed = np.where(behind, pixels * shade[..., None], pixels)
    return Image.fromarray(mixed.astype(np.uint8)), kind


def _tilt(cutout: Cutout, plan: Plan, chance: random.Random) -> tuple[Image.Image, str]:
    degrees = chance.choice((-1, 1)) * chance.uniform(8, 20)
    return compose(cutout, replace(plan, tilt=degrees)), f"{abs(degrees):.0f}°"


def _turned(cutout: Cutout, plan: Plan, chance: random.Random) -> tuple[Image.Image, str]:
    """Take the picture of a face that did turn, to either side; a flat picture cannot be turned."""
    image, side = compose(cutout, plan), chance.choice(("left", "right"))
    return (image if side == "left" else image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)), side


def _two(cutout: Cutout, plan: Plan, chance: random.Random) -> tuple[Image.Image, str]:
    image = compose(cutout, replace(plan, share=0.42, shift=-0.24))
    other = chance.choice(cutouts())
    right = compose(other, replace(plan, share=0.42, shift=0.24))
    image.paste(right.crop((image.width // 2, 0, *image.size)), (image.width // 2, 0))
    return image, "two"


def _none(_cutout: Cutout, plan: Plan, chance: random.Random) -> tuple[Image.Image, str]:
    kind = chance.choice(("white", "paper", "circle"))
    width = round(plan.height * RATIO)
    image = Image.new("RGB", (width, plan.height), (246, 246, 246))
    pen = ImageDraw.Draw(image)
    if kind == "paper":
        for row in range(40, plan.height - 40, 24):
            pen.line((40, row, width - chance.randint(40, 160), row), (40, 40, 40), 3)
    if kind == "circle":
        pen.ellipse((width * 0.2, width * 0.2, width * 0.8, width * 0.9), (190, 150, 120))
    return image, kind


def _small(cutout: Cutout, plan: Plan, chance: random.Random) -> tuple[Image.Image, str]:
    share = chance.uniform(0.25, 0.5)
    return compose(cutout, replace(plan, share=share)), f"{share:.0%}"


def _aside(cutout: Cutout, plan: Plan, chance: random.Random) -> tuple[Image.Image, str]:
    shift = chance.choice((-1, 1)) * chance.uniform(0.09, 0.16)
    return compose(cutout, replace(plan, shift=shift)), f"{abs(shift):.0%}"


def _blur(cutout: Cutout, plan: Plan, chance: random.Random) -> tuple[Image.Image, str]:
    radius = chance.uniform(2.5, 5) * plan.height / 600
    return compose(cutout, plan).filter(ImageFilter.GaussianBlur(radius)), f"{radius:.1f} px"


def _bright(cutout: Cutout, plan: Plan, chance: random.Random) -> tuple[Image.Image, str]:
    """Brighten until the brighter half of the face has no detail, whatever the skin."""
    image = compose(cutout, plan)
    width, height = image.size
    face = image.crop((width * 4 // 10, height * 45 // 100, width * 6 // 10, height * 65 // 100))
    middle = float(np.median(np.asarray(face).min(axis=-1)))
    gain = 255 / middle * chance.uniform(1.0, 1.3)
    return image.point(lambda v: min(255, round(v * gain))), f"×{gain:.1f}"


def _dark(cutout: Cutout, plan: Plan, chance: random.Random) -> tuple[Image.Image, str]:
    gain = chance.uniform(0.12, 0.25)
    return compose(cutout, replace(plan, gain=gain)), f"×{gain:.2f}"


def _grey(cutout: Cutout, plan: Plan, _chance: random.Random) -> tuple[Image.Image, str]:
    return compose(cutout, plan).convert("L").convert("RGB"), "grey"


def _enlarged(factor: float) -> Fault:
    def make(cutout: Cutout, plan: Plan, chance: random.Random) -> tuple[Image.Image, str]:
        height = round(plan.height / factor)
        small = compose(cutout, replace(plan, height=height))
        small = Image.open(BytesIO(saved(grain(small, chance), chance.choice((85, 92, 96)))))
        way = chance.choice(
            (Image.Resampling.BILINEAR, Image.Resampling.BICUBIC, Image.Resampling.LANCZOS)
        )
        size = (round(plan.height * RATIO), plan.height)
        return small.convert("RGB").resize(size, way), way.name.lower()

    return make


def _screen(cutout: Cutout, plan: Plan, chance: random.Random) -> tuple[Image.Image, str]:
    """Photograph a screen: stripes of three colours, a little turned, and a soft lens."""
    image = compose(cutout, plan)
    pitch, angle = chance.uniform(2.3, 4.5), np.radians(chance.uniform(1, 12))
    width, height = image.size
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    along = x * np.cos(angle) + y * np.sin(angle)
    down = y * np.cos(angle) - x * np.sin(angle)
    phases = [np.cos(2 * np.pi * (along / pitch + shift / 3)) for shift in range(3)]
    rows = np.cos(2 * np.pi * down / pitch)
    depth = chance.uniform(0.12, 0.3)
    pixels = np.asarray(image, np.float32)
    lit = [
        pixels[..., band] * (1 - depth + depth * (0.6 * phases[band] + 0.4 * rows))
        for band in range(3)
    ]
    shown = Image.fromarray(np.stack(lit, axis=-1).clip(0, 255).astype(np.uint8))
    return shown.filter(ImageFilter.GaussianBlur(0.5)), f"{pitch:.1f} px"


def _text(cutout: Cutout, plan: Plan, chance: random.Random) -> tuple[Image.Image, str]:
    """Write a studio's name beside or above the head."""
    image = compose(cutout, plan)
    size = chance.randint(image.height // 24, image.height // 14)
    words = chance.choice(("样本照相馆", "STUDIO 2026", "2026-01-15"))
    label = Image.new("L", (round(font(size).getlength(words)) + 4, size * 3 // 2))
    ImageDraw.Draw(label).text((2, 0), words, 255, font(size))
    kind = chance.choice(("above", "beside"))
    if kind == "beside":
        label = label.rotate(90, expand=True)
    place = (4, 8) if kind == "above" else (3, 4)
    colour = chance.choice(((0, 0, 0), (200, 30, 30), (40, 70, 160), (120, 120, 120)))
    image.paste(colour, place, label)
    return image, kind


def _border(cutout: Cutout, plan: Plan, chance: random.Random) -> tuple[Image.Image, str]:
    image = compose(cutout, plan)
    colour = chance.choice(((0, 0, 0), (30, 60, 140), (180, 30, 40), (110, 110, 110)))
    wide = chance.randint(5, 24)
    kind = chance.choice(("frame", "bars"))
    pen = ImageDraw.Draw(image)
    if kind == "frame":
        pen.rectangle((0, 0, image.width - 1, image.height - 1), outline=colour, width=wide)
    else:
        pen.rectangle((0, 0, image.width, 2 * wide), fill=colour)
        pen.rectangle((0, image.height - 2 * wide, image.width, image.height), fill=colour)
    return image, kind


def _screenshot(cutout: Cutout, plan: Plan, chance: random.Random) -> tuple[Image.Image, str]:
    portrait = grain(compose(cutout, plan), chance)
    return copies.screenshot(portrait, chance)


def _print(cutout: Cutout, plan: Plan, chance: random.Random) -> tuple[Image.Image, str]:
    return copies.printed(compose(cutout, plan), chance)


FAULTS: Final[Mapping[str, tuple[Fault, Check]]] = {
    "background": (_ground, Check.BACKGROUND),
    "uneven": (_uneven, Check.EVENNESS),
    "tilt": (_tilt, Check.TILT),
    "two faces": (_two, Check.FACES),
    "no face": (_none, Check.FACES),
    "small": (_small, Check.HEAD),
    "aside": (_aside, Check.PLACE),
    "blur": (_blur, Check.SHARPNESS),
    "over-exposed": (_bright, Check.HIGHLIGHTS),
    "dark": (_dark, Check.EXPOSURE),
    "grey": (_grey, Check.COLOUR),
    "enlarged ×1.5": (_enlarged(1.5), Check.ENLARGED),
    "enlarged ×2": (_enlarged(2), Check.ENLARGED),
    "enlarged ×3": (_enlarged(3), Check.ENLARGED),
    "screen": (_screen, Check.SCREEN),
    "border": (_border, Check.BORDER),
    "text": (_text, Check.MARKS),
    "turned": (_turned, Check.TURN),
    "screenshot": (_screenshot, Check.SCREENSHOT),
    "print on a table": (_print, Check.PRINT),
}
"""The planted faults, each with the check that has to find it."""
_NEEDS_FINE: Final = frozenset({Check.SHARPNESS, Check.ENLARGED, Check.SCREEN})


def variants(good: int = 400, each: int = 60) -> Iterator[Variant]:
    """Yield good photos, a quarter of them compressed by a messenger; then each fault."""
    chance = random.Random(SEED)
    for number in range(good):
        cutout = cutouts()[number % len(cutouts())]
        image = compose(cutout, _plan(cutout, chance))
        strength = ""
        if number // len(cutouts()) % 4 == 3:
            strength = "recompressed"
            image = Image.open(BytesIO(saved(grain(image, chance), chance.randint(70, 87))))
        yield _variant(cutout, None, image.convert("RGB"), chance, strength)
    for name, (make, check) in FAULTS.items():
        able = [one for one in cutouts() if one.source.is_fine or check not in _NEEDS_FINE]
        if check is Check.TURN:
            able = [one for one in able if not one.source.is_frontal]
            chance = random.Random(SEED)
        for number in range(each):
            cutout = able[number % len(able)]
            image, strength = make(cutout, _plan(cutout, chance), chance)
            yield _variant(cutout, name, image, chance, strength)


def _plan(cutout: Cutout, chance: random.Random) -> Plan:
    """Return a plan of a good photo, no larger than the source allows where it is fine."""
    high = cutout.chin - cutout.crown
    share = chance.uniform(0.6, 0.72)
    heights = [one for one in HEIGHTS if one * share <= high * 1.02] or [600]
    white = chance.randint(240, 255)
    tint = chance.randint(-3, 3)
    return Plan(
        height=chance.choice(heights),
        share=share,
        shift=chance.uniform(-0.03, 0.03),
        tilt=chance.uniform(-2, 2),
        ground=(min(255, white + tint), white, max(0, white - abs(tint))),
        gain=chance.uniform(0.95, 1.0),
        skin=chance.choice((0.85, 1.0, 1.0, 1.25)),
    )


def _variant(
    cutout: Cutout, fault: str | None, image: Image.Image, chance: random.Random, strength: str
) -> Variant:
    was_there = fault == "screenshot" or (fault or "").startswith("enlarged")
    if strength != "recompressed" and not was_there:
        image = grain(image, chance, chance.uniform(0.8, 2.5))
    content = saved(image, chance.randint(86, 96))
    unknown = set() if cutout.source.is_fine else {*_NEEDS_FINE}
    if not cutout.source.is_frontal:
        unknown.add(Check.TURN)
    return Variant(
        cutout.source.person, cutout.source.path, fault, content, frozenset(unknown), strength
    )
