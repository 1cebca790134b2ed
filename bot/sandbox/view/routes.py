"""The page's HTTP routes: style sheet, script, font, and the chat's files."""

from hashlib import sha256
from pathlib import Path

import pylopdf_fonts_zh_cn
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.sandbox.control import read_upload_form
from bot.sandbox.rules.refusals import Impossible
from bot.sandbox.world import World

_ASSETS = Path(__file__).parent / "assets"
_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
# Only pictures show inline, by their first bytes: a name or a media type may be forged.
_PICTURES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
)


def asset_address(name: str) -> str:
    """Return the address of an asset; it changes with the content."""
    digest = sha256((_ASSETS / name).read_bytes()).hexdigest()[:12]
    return f"/page/assets/{name}?{digest}"


def routes(world: World) -> list[BaseRoute]:
    """Return the page's routes, all under `/page`."""

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
        files, kind, caption = await read_upload_form(request)
        try:
            world.sends(person, files, kind, caption)
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
    """Return a picture for inline display, or an attachment; never an executable document."""
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
