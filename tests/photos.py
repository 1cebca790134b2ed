"""Invented pictures for tests: a drawn head and shoulders on white, and files that lie."""

from __future__ import annotations

import struct
import zlib
from functools import cache
from io import BytesIO

import segno
from PIL import Image, ImageCms, ImageDraw, ImageFilter

ORIENTATION = 0x0112


@cache
def face(width: int = 1500, height: int = 2000) -> Image.Image:
    """A head and shoulders on white, with a grain so that it weighs what a photo weighs.

    The hair is dark and on top, the clothes are blue and at the bottom: a test can see how the
    picture is turned.
    """
    image = Image.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(image)

    def box(left: float, top: float, right: float, bottom: float) -> tuple[float, ...]:
        return (left * width, top * height, right * width, bottom * height)

    pen.ellipse(box(0.12, 0.72, 0.88, 1.4), fill="#2b4a7a")
    pen.rectangle(box(0.42, 0.6, 0.58, 0.8), fill="#e0b896")
    pen.ellipse(box(0.27, 0.12, 0.73, 0.55), fill="#1c1714")
    pen.ellipse(box(0.3, 0.2, 0.7, 0.68), fill="#edc9a8")
    for x in (0.4, 0.56):
        pen.ellipse(box(x, 0.4, x + 0.05, 0.43), fill="#1c1714")
    pen.arc(box(0.43, 0.5, 0.57, 0.59), 20, 160, fill="#a04a44", width=max(1, width // 150))
    grain = Image.effect_noise((width, height), 14).convert("RGB")
    return Image.blend(image, grain, 0.08)


SKIN, SHADE, DEEP = "#edc9a8", "#cbad90", "#a58c75"


@cache
def person(
    height: int = 1500,
    ground: str = "#f8f8f8",
    tilt: float = 0.0,
    share: float = 0.66,
    shift: float = 0.0,
) -> Image.Image:
    """A drawn person whose face a detector finds: eyes, nose and mouth, on any ground.

    ``share`` is the head's part of the height, ``shift`` its distance from the middle in parts of
    the width, ``tilt`` the degrees by which it leans.
    """
    width = height * 7 // 10
    high = share * height
    head = Image.new("RGBA", (round(3 * high), round(2.6 * high)))
    _draw_person(ImageDraw.Draw(head), head.width / 2, 0.6 * high, high)
    if tilt:
        centre = (head.width / 2, 1.1 * high)
        head = head.rotate(tilt, Image.Resampling.BICUBIC, center=centre)
    image = Image.new("RGB", (width, height), ground)
    left = round(width * (0.5 + shift) - head.width / 2)
    image.paste(head, (left, round((height - high) * 0.35 - 0.6 * high)), head)
    image = image.filter(ImageFilter.GaussianBlur(height / 1500))
    grain = Image.effect_noise((width, height), 20).convert("RGB")
    return Image.blend(image, grain, 0.04)


def _draw_person(pen: ImageDraw.ImageDraw, middle: float, crown: float, high: float) -> None:
    """Draw head, shoulders and face; places are in heights of the head."""

    def box(left: float, top: float, right: float, bottom: float) -> tuple[float, ...]:
        return (
            middle + left * high,
            crown + top * high,
            middle + right * high,
            crown + bottom * high,
        )

    pen.ellipse(box(-0.85, 1.02, 0.85, 2.2), fill="#2b4a7a")
    pen.rectangle(box(-0.17, 0.8, 0.17, 1.1), fill=SHADE)
    pen.ellipse(box(-0.42, 0.0, 0.42, 0.78), fill="#1c1714")
    for x in (-0.4, 0.33):
        pen.ellipse(box(x, 0.46, x + 0.07, 0.62), fill=SHADE)
    pen.ellipse(box(-0.34, 0.12, 0.34, 1.0), fill=SKIN)
    pen.chord(box(-0.35, 0.03, 0.35, 0.5), 180, 360, fill="#1c1714")
    for x in (-0.16, 0.16):
        pen.ellipse(box(x - 0.1, 0.44, x + 0.1, 0.53), fill=SHADE)
        pen.ellipse(box(x - 0.075, 0.455, x + 0.075, 0.515), fill="#f7f4f0")
        pen.ellipse(box(x - 0.035, 0.455, x + 0.035, 0.515), fill="#3a2417")
        pen.arc(box(x - 0.11, 0.38, x + 0.11, 0.5), 200, 340, "#1c1714", max(2, round(high / 60)))
    pen.line((*box(0, 0.53, -0.02, 0.66),), SHADE, max(2, round(high / 90)))
    pen.ellipse(box(-0.075, 0.64, 0.075, 0.71), fill=SHADE)
    for x in (-0.05, 0.02):
        pen.ellipse(box(x, 0.685, x + 0.03, 0.705), fill=DEEP)
    pen.ellipse(box(-0.12, 0.78, 0.12, 0.85), fill="#b5655c")
    pen.line((*box(-0.11, 0.815, 0.11, 0.815),), "#7a3a36", max(2, round(high / 150)))


def encoded(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    """The picture as the bytes of a file of this format; options go to Pillow's ``save``."""
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


@cache
def jpeg(width: int = 1500, height: int = 2000, *, quality: int = 90) -> bytes:
    """A JPEG of the drawn face."""
    return encoded(face(width, height), quality=quality)


def with_qr_code(text: str, side: int = 900) -> bytes:
    """A JPEG of a sheet with a QR code on it, a little out of the middle."""
    code = BytesIO()
    segno.make_qr(text, error="m").save(code, kind="png", scale=8, border=4)
    sheet = Image.new("RGB", (side, side * 4 // 3), "white")
    with Image.open(code) as drawn:
        sheet.paste(drawn.convert("RGB").resize((side // 2, side // 2)), (side // 3, side // 4))
    return encoded(sheet, quality=80)


def light_jpeg(width: int, height: int) -> bytes:
    """A JPEG of few KB: nothing but white."""
    return encoded(Image.new("RGB", (width, height), "white"), quality=40)


def parted(content: bytes, parts: bytes) -> bytes:
    """The JPEG with more segments behind its first two bytes."""
    return content[:2] + parts + content[2:]


def padded(content: bytes, size: int = 60_000) -> bytes:
    """The JPEG with a comment of so many bytes."""
    return parted(content, b"\xff\xfe" + (size + 2).to_bytes(2, "big") + bytes(size))


def turned_jpeg(orientation: int, width: int = 900, height: int = 1200) -> bytes:
    """A face as a camera held otherwise stores it: upright only once EXIF is obeyed.

    ``orientation`` is the EXIF value, 1 to 8; ``width`` and ``height`` are of the upright face.
    """
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    image = face(width, height)
    if orientation in undo:
        image = image.transpose(undo[orientation])
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[0x010F] = "Invented Camera"
    return encoded(image, quality=90, exif=exif)


def transparent_png(width: int = 700, height: int = 1000) -> bytes:
    """A face cut out: everything but the head and shoulders is transparent black."""
    image = face(width, height).convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 0, width, height // 10))
    return encoded(image, "PNG")


def animated_gif(frames: int = 3) -> bytes:
    """A GIF that moves."""
    pictures = [Image.new("RGB", (500, 700), (40 * number, 90, 160)) for number in range(frames)]
    return encoded(pictures[0], "GIF", save_all=True, append_images=pictures[1:])


def truncated_jpeg() -> bytes:
    """The first half of a JPEG, as a lost connection leaves it."""
    whole = jpeg()
    return whole[: len(whole) // 2]


def bomb_png(width: int, height: int) -> bytes:
    """A PNG of some hundred bytes whose header promises a huge picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1000)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", pixels), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def heic_header() -> bytes:
    """How a HEIC file of a phone begins; no more of it is needed to recognise it."""
    return struct.pack(">I", 24) + b"ftypheic" + b"\0\0\0\0" + b"mif1heic" + b"\0" * 64


def srgb_profile() -> bytes:
    """The colour profile that most cameras embed."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def lab_profile() -> bytes:
    """A profile that is valid but not one of RGB pictures."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()


def swapped_profile() -> bytes:
    """The sRGB profile with the primaries of red and blue changed for each other."""
    return (
        srgb_profile()
        .replace(b"rXYZ", b"tmpX")
        .replace(b"bXYZ", b"rXYZ")
        .replace(b"tmpX", b"bXYZ")
        .replace(b"s\0R\0G\0B", b"r\0R\0G\0B")
        .replace(b"sRGB", b"rRGB")
    )


def exif_of(kind: int, count: int, value: bytes) -> bytes:
    """An EXIF block whose orientation has a TIFF type, a number of values, and 4 bytes."""
    entry = struct.pack("<HHI4s", ORIENTATION, kind, count, value)
    return b"Exif\0\0II*\0" + struct.pack("<IH", 8, 1) + entry + bytes(4)


def cmyk_profile() -> bytes:
    """A printer's profile: a table in which cyan, magenta, yellow and black count half."""
    steps = 2
    table = b"mft1" + bytes(4) + bytes([4, 3, steps, 0])
    table += b"".join(
        (65_536 * (row == column)).to_bytes(4, "big") for row in range(3) for column in range(3)
    )
    table += bytes(range(256)) * 4
    for point in range(steps**4):
        inks = [point >> shift & 1 for shift in (3, 2, 1, 0)]
        lightness = max(0, 255 - 40 * sum(inks[:3]) - 120 * inks[3])
        table += bytes([lightness, 128, 128])
    table += bytes(range(256)) * 3
    words = b"desc" + bytes(4) + (8).to_bytes(4, "big") + b"printer\0" + bytes(4 + 4 + 2 + 1 + 67)
    white = b"XYZ " + bytes(4) + struct.pack(">iii", 63_190, 65_536, 54_061)
    tags = [(b"desc", words), (b"A2B0", table), (b"wtpt", white)]
    at = 128 + 4 + 12 * len(tags)
    places, body = b"", b""
    for name, content in tags:
        content += bytes(-len(content) % 4)
        places += name + struct.pack(">II", at + len(body), len(content))
        body += content
    head = struct.pack(
        ">I4sI4s4s4s", at + len(body), b"test", 0x02400000, b"prtr", b"CMYK", b"Lab "
    )
    head += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(4 + 4 + 4 + 4 + 8 + 4)
    head += struct.pack(">iii", 63_190, 65_536, 54_061)
    return head.ljust(128, b"\0") + len(tags).to_bytes(4, "big") + places + body
