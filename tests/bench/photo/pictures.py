"""``python -m tests.bench.photo.pictures``: the pictures of the documents, of a drawn person.

The detector finds the face itself, so the extra ``photo`` has to be installed.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image

from bot.core.exam_files import load
from bot.delivery.i18n import Translations
from bot.media import send_as_file
from bot.media.decoding import marked_photo, photo
from bot.media.job_wire import DrawnMark
from bot.sandbox import portraits
from bot.sandbox.portraits import Looks, Shot
from handlers import photo_lines
from states.texts import DEFAULT_LOCALE, Text
from tests import photos

FOLDER: Final = Path("docs/images")
LOOKS: Final = Looks("#2b4a7a", long=0.86)
EXAM = load("health-2026")
WORDS = Translations.load(EXAM.tz)


def label(text: Text) -> str:
    """Return a text in Chinese."""
    return WORDS.label(text, DEFAULT_LOCALE)


def person(
    ground: str = portraits.WHITE, size: float = 1.0, shift: float = 0.0, tilt: float = 0.0
) -> Image.Image:
    """Draw one of the sandbox's people; ``shift`` is in parts of the width, ``tilt`` in degrees."""
    image = portraits.draw(LOOKS, Shot(ground, size))
    if tilt:
        image = image.rotate(tilt, Image.Resampling.BICUBIC, fillcolor=portraits.WHITE)
        width, height = image.size  # without the corners that the turn left empty
        image = image.crop((width // 10, height * 13 // 100, width * 9 // 10, height * 93 // 100))
    if not shift:
        return image
    aside = Image.new("RGB", image.size, ground)
    aside.paste(image, (round(shift * image.width), 0))
    return aside


def marked(name: str, image: Image.Image) -> None:
    """Draw the answer to a photo of a drawn person."""
    content = photos.encoded(image, quality=92)
    made = photo.prepare(content, EXAM.photo)
    drawn = photo_lines.marked("", made.measures, EXAM)
    marks = [DrawnMark(one.shape, one.at, label(one.label), one.is_fault) for one in drawn.marks]
    legend = [label(one) for one in drawn.legend]
    _save(name, marked_photo.marked(content, EXAM.photo, marks, legend).content)


def _save(name: str, content: bytes) -> None:
    image = Image.open(BytesIO(content)).convert("RGB")
    image.quantize(200).save(FOLDER / f"{name}.png", optimize=True)


def compared(name: str, image: Image.Image) -> None:
    """Draw a photo before and after it was mended."""
    made = photo.prepare(photos.encoded(image, quality=92), EXAM.photo)
    labels = [label(Text("photo-before")), label(Text("photo-after"))]
    first = len(made.portrait_content)
    _save(name, marked_photo.compared(made.content, first, labels, EXAM.photo).content)


def main() -> None:
    """Draw the four pictures of the documents."""
    marked("photo-blue", person(ground="#1e6fd9"))
    marked("photo-head", person(size=0.78, shift=0.09))
    compared("photo-mended", person(size=0.74, tilt=10))
    steps = [label(Text(f"as-file-{number}")) for number in (1, 2, 3)]
    _save("photo-as-file", send_as_file.draw(label(Text("as-file-title")), steps))


if __name__ == "__main__":
    main()
