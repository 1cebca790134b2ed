"""``python -m tests.bench.photo.pictures``: the pictures of the documents, of drawn people.

A detector does not find every drawn face, so these faces are given.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image

from bot.core.exam_files import load
from bot.delivery.i18n import Translations
from bot.media import marked_photo, photo, send_as_file
from bot.media.job_wire import DrawnMark
from bot.media.judging import judge
from handlers import photo_lines
from states.texts import DEFAULT_LOCALE, Text
from tests import photos
from tests.fakes.faces import FakeFinder, face_of

FOLDER: Final = Path("docs/images")
HEIGHT: Final = 2000
EXAM = load("health-2026")
WORDS = Translations.load(EXAM.tz)


def label(text: Text) -> str:
    """Return a text in Chinese."""
    return WORDS.label(text, DEFAULT_LOCALE)


def marked(name: str, **looks: float) -> None:
    """Draw the answer to a photo of a drawn person who looks like this."""
    _save(name, _marked(photos.person(HEIGHT, **looks), **looks))


def _marked(image: Image.Image, **looks: float) -> bytes:
    _sees(**looks)
    content = photos.encoded(image, quality=92)
    made = photo.prepare(content, EXAM.photo)
    drawn = photo_lines.marked("", made.measures, EXAM)
    marks = [DrawnMark(one.shape, one.at, label(one.label), one.is_fault) for one in drawn.marks]
    legend = [label(one) for one in drawn.legend]
    return marked_photo.marked(content, EXAM.photo, marks, legend).content


def _sees(**looks: float) -> None:
    """Let the judge see the drawn face."""
    setattr(judge, "finder", lambda: FakeFinder(HEIGHT, face_of(HEIGHT, **looks)))  # noqa: B010


def _save(name: str, content: bytes) -> None:
    image = Image.open(BytesIO(content)).convert("RGB")
    image.quantize(200).save(FOLDER / f"{name}.png", optimize=True)


def compared(name: str, tilt: float) -> None:
    """Draw a photo before and after it was mended."""
    _sees(tilt=tilt, share=0.5)
    image = photos.person(HEIGHT, tilt=tilt, share=0.5)
    made = photo.prepare(photos.encoded(image, quality=92), EXAM.photo)
    labels = [label(Text("photo-before")), label(Text("photo-after"))]
    first = len(made.portrait_content)
    _save(name, marked_photo.compared(made.content, first, labels, EXAM.photo).content)


def main() -> None:
    """Draw the four pictures of the documents."""
    _save("photo-blue", _marked(photos.person(HEIGHT, ground="#1e6fd9")))
    marked("photo-head", share=0.5, shift=0.09)
    compared("photo-mended", 12)
    steps = [label(Text(f"as-file-{number}")) for number in (1, 2, 3)]
    _save("photo-as-file", send_as_file.draw(label(Text("as-file-title")), steps))


if __name__ == "__main__":
    main()
