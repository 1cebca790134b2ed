"""What the page fetches and sends beside its socket: style, script, font, the chat's files."""

from hashlib import sha256
from pathlib import Path
from typing import Literal

import pylopdf_fonts_zh_cn
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.sandbox.files import Upload
from bot.sandbox.refusals import Impossible
from bot.sandbox.world import World

_ASSETS = Path(__file__).parent / "assets"
_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
# Only what a browser cannot take for a page with scripts is shown in place; by its first bytes,
# since a name or a media type may say anything.
_PICTURES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
)
# Telegram's largest album; a form with more is refused while it arrives.
_MOST_FILES = 10


def asset_address(name: str) -> str:
    """Where an asset is served; the address changes with the content."""
    digest = sha256((_ASSETS / name).read_bytes()).hexdigest()[:12]
    return f"/page/assets/{name}?{digest}"


def routes(world: World) -> list[BaseRoute]:
    """The page's own routes, all of them under `/page`."""

    async def font(_: Request) -> Response:
        return FileResponse(
            pylopdf_fonts_zh_cn.sans_path(), media_type="font/otf", headers=_FOREVER
        )

    async def file(request: Request) -> Response:
        try:
            content = world.file(request.path_params["file_id"])
        except KeyError:
            return PlainTextResponse("Not Found\n", status_code=404)
        return _file_response(content)

    async def upload(request: Request) -> Response:
        person = world.by_slug.get(request.path_params["slug"])
        if person is None:
            return PlainTextResponse("Not Found\n", status_code=404)
        async with request.form(max_files=_MOST_FILES) as form:
            files = [
                Upload(each.filename or "file", await each.read(), each.content_type)
                for each in form.getlist("files")
                if isinstance(each, UploadFile)
            ]
            caption = str(form.get("caption") or "") or None
            kind: Literal["photo", "document"] = (
                "photo" if form.get("as") == "photo" else "document"
            )
        try:
            world.sends(person, files, as_=kind, caption=caption)
        except Impossible as error:
            return PlainTextResponse(str(error), status_code=400)
        return Response(status_code=204)

    return [
        Mount("/page/assets", StaticFiles(directory=_ASSETS)),
        Route("/page/fonts/sans-sc.otf", font),
        Route("/page/files/{file_id}", file),
        Route("/page/{slug}/files", upload, methods=["POST"]),
    ]


def _file_response(content: bytes) -> Response:
    """A picture to be shown, or anything else to be kept: never something that runs."""
    headers = {
        **_FOREVER,
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    for beginning, media_type in _PICTURES:
        if content.startswith(beginning):
            return Response(content, media_type=media_type, headers=headers)
    headers["Content-Disposition"] = "attachment"
    return Response(content, media_type="application/octet-stream", headers=headers)
