"""Portraits of the invented people, drawn so that a face detector finds each face.

A flat cartoon has no face to a detector; the shade around the eyes and below the brows counts most.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageFilter

SIZE: Final = (1050, 1500)
"""px; the shipped exam requires at least 420 x 600 px and 50 KB."""
WHITE: Final = "#fafafa"
Colour = tuple[int, int, int]
Box = tuple[float, float, float, float]

_FACE: Final = 0.235
"""Half the width of a face, in parts of the picture's width."""
_GRAIN: Final = 1.8
"""Steps of grey; without a camera's noise a picture looks enlarged."""
_IRIS, _EYE = "#2c1c14", "#efe9e4"
_LASH: Final = "#241a16"


@dataclass(frozen=True, slots=True)
class Looks:
    """Colours of clothes, hair and skin, and shapes.

    ``long`` is how far down the hair falls, ``wide`` half the width of the shoulders, ``collar``
    half the width of an open collar: parts of the picture's width or height. Two people's portraits
    must not look like one photo to the bot.
    """

    clothes: str
    hair: str = "#1c1714"
    skin: str = "#e6bf9c"
    long: float = 0.6
    wide: float = 0.4
    collar: float = 0.0


@dataclass(frozen=True, slots=True)
class Shot:
    """How the picture is taken: the colour behind the person, and how large the person is."""

    ground: str = WHITE
    size: float = 1.0


def draw(looks: Looks, shot: Shot) -> Image.Image:
    """Draw head and shoulders; the noise of a camera gives the file the size of a real photo."""
    image = Image.new("RGB", SIZE, shot.ground)
    person = Image.new("RGB", SIZE, shot.ground)
    _draw_body(person, looks)
    _draw_face(person, looks)
    width, height = (round(side * shot.size) for side in SIZE)
    small = person.resize((width, height), Image.Resampling.LANCZOS)
    image.paste(small, ((SIZE[0] - width) // 2, SIZE[1] - height))
    grain = Image.effect_noise(SIZE, _GRAIN).convert("RGB")
    return ImageChops.add(image, grain, offset=-128)


def _box(left: float, top: float, right: float, bottom: float) -> Box:
    width, height = SIZE
    return left * width, top * height, right * width, bottom * height


def _eye(side: int, half: float, top: float, bottom: float) -> Box:
    """Return a box around the middle of the left (-1) or right (1) eye."""
    middle = 0.5 + side * 0.112
    return _box(middle - half, top, middle + half, bottom)


def _darker(colour: str, factor: float) -> Colour:
    red, green, blue = ImageColor.getrgb(colour)[:3]
    return round(red * factor), round(green * factor), round(blue * factor)


def _shade(image: Image.Image, box: Box, colour: Colour | str, alpha: int, blur: float) -> None:
    """Draw an ellipse with soft edges."""
    mask = Image.new("L", SIZE)
    ImageDraw.Draw(mask).ellipse(box, fill=alpha)
    image.paste(colour, mask=mask.filter(ImageFilter.GaussianBlur(blur)))


def _draw_body(image: Image.Image, looks: Looks) -> None:
    """Draw clothes, neck, hair and ears, and the face without its features."""
    pen, shadow = ImageDraw.Draw(image), _darker(looks.skin, 0.82)
    hair = _box(0.5 - _FACE - 0.06, 0.3, 0.5 + _FACE + 0.06, looks.long)
    pen.rounded_rectangle(hair, radius=SIZE[0] * 0.12, fill=looks.hair)
    pen.ellipse(_box(0.5 - looks.wide, 0.76, 0.5 + looks.wide, 1.5), fill=looks.clothes)
    if looks.collar:
        pen.ellipse(_box(0.5 - looks.collar, 0.75, 0.5 + looks.collar, 0.9), fill="#f2f2f2")
    pen.rectangle(_box(0.41, 0.6, 0.59, 0.8), fill=shadow)
    pen.ellipse(_box(0.41, 0.76, 0.59, 0.85), fill=shadow)
    pen.ellipse(_box(0.5 - _FACE - 0.05, 0.12, 0.5 + _FACE + 0.05, 0.6), fill=looks.hair)
    for left in (0.5 - _FACE - 0.03, 0.5 + _FACE - 0.015):
        pen.ellipse(_box(left, 0.42, left + 0.045, 0.52), fill=shadow)
    face = _box(0.5 - _FACE, 0.2, 0.5 + _FACE, 0.77)
    pen.ellipse(face, fill=looks.skin)
    rim, lit = Image.new("L", SIZE), Image.new("L", SIZE)
    ImageDraw.Draw(rim).ellipse(face, fill=150)
    ImageDraw.Draw(lit).ellipse(_box(0.5 - 0.8 * _FACE, 0.22, 0.5 + 0.8 * _FACE, 0.73), fill=255)
    lit = lit.filter(ImageFilter.GaussianBlur(45))
    image.paste(_darker(looks.skin, 0.5), mask=ImageChops.subtract(rim, lit))


def _draw_face(image: Image.Image, looks: Looks) -> None:
    """Draw eyes, nose, mouth and the line of the hair."""
    skin = looks.skin
    for side in (-1, 1):
        _shade(image, _eye(side, 0.075, 0.4, 0.485), _darker(skin, 0.42), 240, 18)
        _shade(image, _eye(side, 0.068, 0.401, 0.417), "#2a1f1a", 230, 5)
        pen = ImageDraw.Draw(image)
        pen.ellipse(_eye(side, 0.05, 0.435, 0.47), fill=_EYE)
        pen.ellipse(_eye(side, 0.024, 0.433, 0.472), fill=_IRIS)
        pen.ellipse(_eye(side, 0.005, 0.44, 0.448), fill="white")
        pen.arc(_eye(side, 0.054, 0.43, 0.485), 195, 345, fill=_LASH, width=9)
    _shade(image, _box(0.465, 0.46, 0.49, 0.57), _darker(skin, 0.7), 120, 16)
    _shade(image, _box(0.455, 0.555, 0.545, 0.582), _darker(skin, 0.6), 170, 8)
    for side in (-1, 1):
        middle = 0.5 + side * 0.025
        nostril = _box(middle - 0.012, 0.562, middle + 0.012, 0.573)
        _shade(image, nostril, _darker(skin, 0.35), 230, 4)
    _shade(image, _box(0.415, 0.64, 0.585, 0.684), "#b4685f", 255, 5)
    _shade(image, _box(0.42, 0.659, 0.58, 0.664), "#5a342f", 230, 3)
    _shade(image, _box(0.45, 0.695, 0.55, 0.705), _darker(skin, 0.7), 120, 10)
    fringe = _box(0.5 - _FACE - 0.015, 0.11, 0.5 + _FACE + 0.015, 0.44)
    ImageDraw.Draw(image).chord(fringe, 200, 340, fill=looks.hair)
