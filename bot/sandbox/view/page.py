"""The sandbox's page: choose one of six people and chat with the bot as that person.

`/` is the list and `/chat/<slug>` a person's chat. Only the address names the person, so two tabs
can be two people. The sandbox serves every asset itself.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from nicegui import Client, background_tasks, ui
from nicegui.element import Element
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.sandbox.loopback import LoopbackOnly
from bot.sandbox.view import markup
from bot.sandbox.view.chat import Chat
from bot.sandbox.view.people_list import PeopleList
from bot.sandbox.view.routes import asset_address, routes
from bot.sandbox.view.tools import Tools
from bot.sandbox.view.words import Language, Words, words_for
from bot.sandbox.world import World
from bot.sandbox.world.people import Person

if TYPE_CHECKING:
    from fastapi import FastAPI

_Part = Callable[[tzinfo], Awaitable[None]]
_Parts = tuple[_Part, ...]

_COOKIE = "language"
_ZONE = "Intl.DateTimeFormat().resolvedOptions().timeZone"
# Phones suspend background tabs; the server keeps their page for 30 s.
_RECONNECT_SECONDS = 30.0


def mount_page(app: "FastAPI | Starlette", world: World, *, title: str) -> None:
    """Add the page to an application on the world's event loop.

    The application's own routes take precedence. NiceGUI allows one page a process.

    Args:
        title: the title of the browser's tab, after the person's name.
    """
    guards: set[object] = {middleware.cls for middleware in app.user_middleware}
    if LoopbackOnly not in guards:
        app.add_middleware(LoopbackOnly)
    app.router.routes.extend(routes(world))
    _add_pages(world, title)
    ui.run_with(
        cast("FastAPI", app),
        title=title,
        dark=None,
        tailwind=False,
        binding_refresh_interval=None,
        reconnect_timeout=_RECONNECT_SECONDS,
        show_welcome_message=False,
    )


def _add_pages(world: World, title: str) -> None:
    @ui.page("/", title=title)
    async def index(client: Client, request: Request) -> None:
        words = _begin(request)
        with _frame(words, "choosing"):
            people_list = PeopleList(world, words, None)
            with markup.box("div", "chat nobody"):
                markup.text(words("people.choose"), "choose", tag="p")
        await _follow(client, people_list.follow)

    @ui.page("/chat/{slug}")
    async def chat(client: Client, request: Request, slug: str) -> Response | None:
        person = world.by_slug.get(slug)
        if person is None:
            return RedirectResponse("/")
        words = _begin(request)
        ui.page_title(f"{person.first_name} · {title}")
        await _follow(client, *_draw_chat(world, person, words))
        return None


def _draw_chat(world: World, person: Person, words: Words) -> _Parts:
    """Draw a person's page; return the coroutine functions that keep its parts current."""
    with _frame(words, "chatting") as frame:

        def toggle_tools() -> None:
            frame.classes(toggle="with-tools")
            tools.ask_time()

        people_list = PeopleList(world, words, person)
        chat = Chat(world, person, words, toggle_tools)
        tools = Tools(world, words, toggle_tools)
    return people_list.follow, chat.follow, tools.follow


_TO_COMPOSER = "() => document.querySelector('[data-testid=composer]').focus()"
"""Leads a keyboard past people and messages."""


def _begin(request: Request) -> Words:
    """Add the page's head; return the texts in the language of the cookie."""
    words = words_for(request.cookies.get(_COOKIE))
    ui.add_head_html(
        f'<script>document.documentElement.lang = "{words.tag}"</script>'
        f'<link rel="stylesheet" href="{asset_address("page.css")}">'
        f'<script src="{asset_address("page.js")}" defer></script>'
    )
    return words


def _frame(words: Words, state: str) -> Element:
    """Draw the banner; return the frame for people, chat and tools."""
    with markup.box("div", "sandbox"):
        if state == "chatting":
            skip = markup.button(words("skip"), None, "skip", testid="skip")
            skip.on("click", js_handler=_TO_COMPOSER)
        with markup.box("div", "banner", testid="banner", role="note"):
            markup.text(words("sandbox"), "mark")
            markup.text(words("banner"), "saying")
            with markup.box("div", "languages", role="group", aria_label=words("language")):
                _language_button("中文", "zh", words)
                _language_button("English", "en", words)
        return markup.box("div", f"frame {state}")


def _language_button(name: str, language: Language, words: Words) -> None:
    pressed = "true" if words.language == language else "false"
    button = markup.button(name, None, "language", aria_pressed=pressed, lang=language)
    cookie = f"{_COOKIE}={language}; path=/; max-age=31536000; samesite=lax"
    button.on("click", js_handler=f"() => {{ document.cookie = '{cookie}'; location.reload(); }}")


async def _follow(client: Client, *parts: _Part) -> None:
    """Refresh the parts in the browser's time zone until the client disconnects."""
    await client.connected()
    zone = await _zone_of(client)
    following = background_tasks.create(_gather(parts, zone), name="sandbox page")
    client.on_delete(lambda: following.cancel())
    if client.is_deleted:
        following.cancel()


async def _gather(parts: _Parts, zone: tzinfo) -> None:
    await asyncio.gather(*(part(zone) for part in parts))


async def _zone_of(client: Client) -> tzinfo:
    """Return the browser's time zone, or this computer's if that one is unknown."""
    try:
        return ZoneInfo(str(await client.run_javascript(_ZONE, timeout=5.0)))
    except (TimeoutError, ValueError, ZoneInfoNotFoundError):
        return datetime.now(UTC).astimezone().tzinfo or UTC
