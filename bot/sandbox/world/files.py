"""Sent files: their bytes, and their PhotoSize, Document, Sticker and Voice objects."""

import secrets
from dataclasses import dataclass
from hashlib import sha256
from mimetypes import guess_extension, guess_type

import orjson

from bot.sandbox.archive import Archive, JsonObject
from bot.sandbox.rules.photos import PhotoSize

_TABLES = """
CREATE TABLE IF NOT EXISTS files (
    file_id TEXT PRIMARY KEY, path TEXT NOT NULL UNIQUE, shape BLOB NOT NULL, content BLOB NOT NULL
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to send: its name, bytes and media type."""

    name: str
    content: bytes
    mime: str | None = None

    @property
    def media_type(self) -> str:
        """The given media type, else one guessed from the name."""
        return self.mime or guess_type(self.name)[0] or "application/octet-stream"


class Files:
    """All uploaded files, by file_id."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        archive.create(_TABLES)

    def photo(self, sizes: tuple[PhotoSize, ...]) -> JsonObject:
        """Store a photo's sizes; return `{"photo": [PhotoSize, ...]}`, smallest first."""
        shapes = [
            {**_identity(size.content), "width": size.width, "height": size.height}
            for size in sizes
        ]
        whole: JsonObject = {"photo": shapes}
        for shape, size in zip(shapes, sizes, strict=True):
            self._keep(shape["file_id"], "photos", ".jpg", whole, size.content)
        return whole

    def document(self, upload: Upload) -> JsonObject:
        """Store a file unchanged; return `{"document": Document}`."""
        shape = {
            **_identity(upload.content),
            "file_name": upload.name,
            "mime_type": upload.media_type,
        }
        whole: JsonObject = {"document": shape}
        self._keep(shape["file_id"], "documents", _ending(upload), whole, upload.content)
        return whole

    def other(self, kind: str, upload: Upload, more: JsonObject) -> JsonObject:
        """Store a sticker or a voice message; return `{kind: {...more}}`."""
        shape = {**_identity(upload.content), **more}
        whole: JsonObject = {kind: shape}
        self._keep(shape["file_id"], f"{kind}s", _ending(upload), whole, upload.content)
        return whole

    def known(self, file_id: str) -> JsonObject | None:
        """Return the message field of a file_id, such as `{"document": {...}}`."""
        row = self._archive.run("SELECT shape FROM files WHERE file_id = ?", file_id).fetchone()
        return None if row is None else orjson.loads(row[0])

    def path(self, file_id: str) -> str | None:
        """Return the `file_path` of getFile."""
        row = self._archive.run("SELECT path FROM files WHERE file_id = ?", file_id).fetchone()
        return None if row is None else str(row[0])

    def content(self, *, file_id: str = "", path: str = "") -> bytes | None:
        """Return the bytes of a file by its id or its path."""
        row = self._archive.run(
            "SELECT content FROM files WHERE file_id = ? OR path = ?", file_id, path
        ).fetchone()
        return None if row is None else bytes(row[0])

    def _keep(self, file_id: str, folder: str, ending: str, shape: JsonObject, data: bytes) -> None:
        path = f"{folder}/file_{self._archive.next('file')}{ending}"
        values = (file_id, path, orjson.dumps(shape), data)
        self._archive.run("INSERT INTO files VALUES (?, ?, ?, ?)", *values)


def _identity(content: bytes) -> JsonObject:
    """Return a new file_id, the file_unique_id of these bytes, and the size in bytes."""
    return {
        "file_id": "AgAC" + secrets.token_urlsafe(36),
        "file_unique_id": "AQAD" + sha256(content).hexdigest()[:12],
        "file_size": len(content),
    }


def _ending(upload: Upload) -> str:
    _, dot, ending = upload.name.rpartition(".")
    if dot and ending.isascii() and ending.isalnum():
        return f".{ending.lower()}"
    return guess_extension(upload.media_type) or ""
