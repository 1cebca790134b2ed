"""The people's side over HTTP, JSON both ways: what tests and drivers act through."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any, Literal

import orjson
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox import pictures
from bot.sandbox.archive import JsonObject
from bot.sandbox.files import Upload
from bot.sandbox.people import Resident
from bot.sandbox.refusals import Impossible, Refusal
from bot.sandbox.world import World

Act = Callable[[World, Resident, JsonObject], object]

LONGEST_WAIT = 60.0

_ACTS: dict[str, Act] = {
    "says": lambda world, person, given: world.says(person, given["text"]),
    "opens": lambda world, person, given: world.opens(person, given.get("payload", "")),
    "edits": lambda world, person, given: world.edits(person, given["message_id"], given["text"]),
    "presses": lambda world, person, given: {
        "callback_query_id": world.presses(person, given["message_id"], given["data"])
    },
    "contact": lambda world, person, given: world.shares_contact(
        person, given["phone"], given.get("user_id")
    ),
    "pays": lambda world, person, given: {
        "pre_checkout_query_id": world.pays(person, given["message_id"])
    },
    "sticker": lambda world, person, _: world.sticker(person),
    "voice": lambda world, person, _: world.voice(person),
    "blocks": lambda world, person, given: world.blocks(person, given["blocked"]),
}


def act_routes(world: World) -> list[Route]:
    """`/sandbox/…` for this world. A wrong request is 400 with {"error"}, a stranger's name 404."""

    async def people(_: Request) -> Response:
        return _json([asdict(person) for person in world.residents.values()])

    async def log(request: Request) -> Response:
        return _json(
            [asdict(call) for call in world.log(int(request.query_params.get("after", 0)))]
        )

    async def complaints(_: Request) -> Response:
        return _json(world.complaints())

    async def chat(request: Request) -> Response:
        return _json(await _look(world, _person(world, request), request))

    async def sends(request: Request) -> Response:
        return _json(await _send(world, _person(world, request), request))

    async def act(request: Request) -> Response:
        person = _person(world, request)
        return _json(_ACTS[request.path_params["act"]](world, person, await _given(request)))

    async def faults(request: Request) -> Response:
        if request.method == "DELETE":
            world.faults.clear(request.query_params.get("kind"))
        elif request.method == "POST":
            given = await _given(request)
            world.faults.add(given.pop("kind"), **given)
            world.updates.wake()
        return _json([asdict(fault) for fault in world.faults.now_on()])

    return [
        Route("/sandbox/people", _careful(people)),
        Route("/sandbox/log", _careful(log)),
        Route("/sandbox/complaints", _careful(complaints)),
        Route("/sandbox/faults", _careful(faults), methods=["GET", "POST", "DELETE"]),
        Route("/sandbox/{slug}/chat", _careful(chat)),
        Route("/sandbox/{slug}/sends", _careful(sends), methods=["POST"]),
        Route("/sandbox/{slug}/{act}", _careful(act), methods=["POST"]),
    ]


async def _look(world: World, person: Resident, request: Request) -> JsonObject:
    """The chat as the person sees it, once its version is past `since` or `timeout` s are over.

    `last` (default all) limits how many messages are told.
    """
    query = request.query_params
    timeout = min(float(query.get("timeout", 0)), LONGEST_WAIT)
    if timeout > 0 and "since" in query:
        await world.changed(person, int(query["since"]), timeout)
    return {
        "version": world.version(person),
        "messages": world.chat(person, int(query["last"]) if "last" in query else None),
        "keyboard": world.keyboard(person),
        "typing": world.typing(person),
        "toast": world.toast(person),
    }


async def _send(world: World, person: Resident, request: Request) -> list[JsonObject]:
    async with request.form(max_files=10) as form:
        files = [
            Upload(value.filename or name, await value.read(), value.content_type)
            for name, value in form.multi_items()
            if isinstance(value, UploadFile)
        ]
        as_, caption = str(form["as"]), form.get("caption")
    kind: Literal["photo", "document"] = "photo" if as_ == "photo" else "document"
    if as_ not in ("photo", "document"):
        raise ValueError("as must be photo or document")
    if kind == "photo":
        # Encoding takes tens of milliseconds; its result is remembered, so that the act is fast.
        for file in files:
            await asyncio.to_thread(pictures.renditions, file.content)
    return world.sends(person, files, kind, str(caption) if caption else None)


def _person(world: World, request: Request) -> Resident:
    return world.by_slug[request.path_params["slug"]]


async def _given(request: Request) -> dict[str, Any]:
    body = await request.body()
    given = orjson.loads(body) if body else {}
    if not isinstance(given, dict):
        raise ValueError("a JSON object is wanted")
    return given


def _careful(
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
