"""The control API: tests act as the people of a world, over HTTP with JSON."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any, Literal

import orjson
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.archive import JsonObject
from bot.sandbox.rules import limits, photos
from bot.sandbox.rules.refusals import Impossible, Refusal
from bot.sandbox.world import World
from bot.sandbox.world.files import Upload
from bot.sandbox.world.people import Person

Action = Callable[[World, Person, JsonObject], object]

MAX_WAIT_SECONDS = 60.0

_ACTIONS: dict[str, Action] = {
    "says": lambda world, person, args: world.says(person, args["text"]),
    "opens": lambda world, person, args: world.opens(person, args.get("payload", "")),
    "edits": lambda world, person, args: world.edits(person, args["message_id"], args["text"]),
    "presses": lambda world, person, args: {
        "callback_query_id": world.presses(person, args["message_id"], args["data"])
    },
    "contact": lambda world, person, args: world.shares_contact(
        person, args["phone"], args.get("user_id")
    ),
    "pays": lambda world, person, args: {
        "pre_checkout_query_id": world.pays(person, args["message_id"])
    },
    "sticker": lambda world, person, _: world.sticker(person),
    "voice": lambda world, person, _: world.voice(person),
    "blocks": lambda world, person, args: world.blocks(person, args["blocked"]),
}


def control_routes(world: World) -> list[Route]:
    """Return the routes `/sandbox/…`; an error is 400 with {"error"}, an unknown name 404."""

    async def people(_: Request) -> Response:
        return _json([asdict(person) for person in world.people.values()])

    async def log(request: Request) -> Response:
        return _json(
            [asdict(call) for call in world.log(int(request.query_params.get("after", 0)))]
        )

    async def complaints(_: Request) -> Response:
        return _json(world.complaints())

    async def chat(request: Request) -> Response:
        return _json(await _chat_view(world, _person(world, request), request))

    async def sends(request: Request) -> Response:
        return _json(await _send(world, _person(world, request), request))

    async def action(request: Request) -> Response:
        person = _person(world, request)
        return _json(
            _ACTIONS[request.path_params["action"]](world, person, await _json_body(request))
        )

    async def faults(request: Request) -> Response:
        if request.method == "DELETE":
            world.faults.clear(request.query_params.get("kind"))
        elif request.method == "POST":
            args = await _json_body(request)
            world.faults.add(args.pop("kind"), **args)
            world.updates.wake()
        return _json([asdict(fault) for fault in world.faults.active()])

    async def cashier(request: Request) -> Response:
        if request.method == "POST":
            with world.archive.transaction():
                world.cashier.choose((await _json_body(request))["outcome"])
        return _json({"outcome": world.cashier.outcome, "held": world.cashier.held})

    async def deliver(request: Request) -> Response:
        return _json(world.deliver_payments(**await _json_body(request)))

    return [
        Route("/sandbox/cashier", _with_errors(cashier), methods=["GET", "POST"]),
        Route("/sandbox/cashier/deliver", _with_errors(deliver), methods=["POST"]),
        Route("/sandbox/people", _with_errors(people)),
        Route("/sandbox/log", _with_errors(log)),
        Route("/sandbox/complaints", _with_errors(complaints)),
        Route("/sandbox/faults", _with_errors(faults), methods=["GET", "POST", "DELETE"]),
        Route("/sandbox/{slug}/chat", _with_errors(chat)),
        Route("/sandbox/{slug}/sends", _with_errors(sends), methods=["POST"]),
        Route("/sandbox/{slug}/{action}", _with_errors(action), methods=["POST"]),
    ]


async def _chat_view(world: World, person: Person, request: Request) -> JsonObject:
    """Return the person's chat once its version exceeds `since`, at most `timeout` s later.

    `last` limits the number of messages; the default is all.
    """
    query = request.query_params
    timeout = min(float(query.get("timeout", 0)), MAX_WAIT_SECONDS)
    if timeout > 0 and "since" in query:
        await world.changed(person, int(query["since"]), timeout)
    return {
        "version": world.version(person),
        "messages": world.chat(person, int(query["last"]) if "last" in query else None),
        "keyboard": world.keyboard(person),
        "typing": world.typing(person),
        "toast": world.toast(person),
    }


async def read_upload_form(
    request: Request,
) -> tuple[list[Upload], Literal["photo", "document"], str | None]:
    """Return the files, `as` and `caption` of a form with up to 10 files.

    Raises ValueError if `as` is neither photo nor document, KeyError if it is missing.
    """
    async with request.form(max_files=limits.ALBUM[-1]) as form:
        files = [
            Upload(value.filename or name, await value.read(), value.content_type)
            for name, value in form.multi_items()
            if isinstance(value, UploadFile)
        ]
        as_, caption = str(form["as"]), str(form.get("caption") or "") or None
    if as_ == "photo":
        return files, "photo", caption
    if as_ == "document":
        return files, "document", caption
    raise ValueError("as must be photo or document")


async def _send(world: World, person: Person, request: Request) -> list[JsonObject]:
    files, kind, caption = await read_upload_form(request)
    if kind == "photo":
        # Encoding takes tens of ms; the action then uses its cached result.
        for file in files:
            await asyncio.to_thread(photos.photo_sizes, file.content)
    return world.sends(person, files, kind, caption)


def _person(world: World, request: Request) -> Person:
    return world.by_slug[request.path_params["slug"]]


async def _json_body(request: Request) -> dict[str, Any]:
    body = await request.body()
    args = orjson.loads(body) if body else {}
    if not isinstance(args, dict):
        raise ValueError("a JSON object is required")
    return args


def _with_errors(
    endpoint: Callable[[Request], Awaitable[Response]],
) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except KeyError as error:
            unknown = error.args[0] in request.path_params.values()
            return _json({"error": f"unknown: {error.args[0]}"}, 404 if unknown else 400)
        except (Impossible, ValueError, TypeError) as error:
            return _json({"error": str(error)}, 400)
        except Refusal as refusal:
            return _json({"error": refusal.description}, 400)

    return answer


def _json(value: object, status: int = 200) -> Response:
    return Response(orjson.dumps(value), status, media_type="application/json")
