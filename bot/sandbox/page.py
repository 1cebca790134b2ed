"""The sandbox's page: open it, choose one of six people, and be them in a chat with the bot.

`/` is the list, `/chat/<slug>` is a person; who one is stands in the address alone, so that two
tabs can be two people. Everything is served from here: no asset comes from anywhere else.
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

from bot.sandbox.hosts import LoopbackOnly
from bot.sandbox.people import Resident
from bot.sandbox.view import markup
from bot.sandbox.view.chat import Chat
from bot.sandbox.view.residents import Residents
from bot.sandbox.view.routes import asset_address, routes
from bot.sandbox.view.tools import Tools
from bot.sandbox.view.words import Language, Words, words_for
from bot.sandbox.world import World

if TYPE_CHECKING:
    from fastapi import FastAPI

_Part = Callable[[tzinfo], Awaitable[None]]
_Parts = tuple[_Part, ...]

_COOKIE = "language"
_ZONE = "Intl.DateTimeFormat().resolvedOptions().timeZone"
# A tab in the background is put to sleep by phones; for so long its page is kept, in seconds.
_RECONNECT_SECONDS = 30.0


def mount_page(app: "FastAPI | Starlette", world: World, *, title: str) -> None:
    """Add the page to an application whose event loop is the world's.

    The application's own routes stay in front; the page takes the rest. NiceGUI is one per
    process, and so is the page.

    Args:
        title: what the browser's tab says after the person's name.
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
            residents = Residents(world, words, None)
            with markup.box("main", "chat nobody"):
                markup.words(words("people.choose"), "choose", tag="p")
        await _follow(client, residents.follow)

    @ui.page("/chat/{slug}")
    async def chat(client: Client, request: Request, slug: str) -> Response | None:
        person = world.by_slug.get(slug)
        if person is None:
            return RedirectResponse("/")
        words = _begin(request)
        ui.page_title(f"{person.first_name} · {title}")
        await _follow(client, *_draw_chat(world, person, words))
        return None


def _draw_chat(world: World, person: Resident, words: Words) -> _Parts:
    """Draw a person's page; what keeps its parts up to date."""
    with _frame(words, "chatting") as frame:

        def toggle_tools() -> None:
            frame.classes(toggle="with-tools")

        residents = Residents(world, words, person)
        chat = Chat(world, person, words, toggle_tools)
        tools = Tools(world, words, toggle_tools)
    return residents.follow, chat.follow, tools.follow


def _begin(request: Request) -> Words:
    """The page's head; the words in the language this browser remembers."""
    words = words_for(request.cookies.get(_COOKIE))
    ui.add_head_html(
        f'<script>document.documentElement.lang = "{words.tag}"</script>'
        f'<link rel="stylesheet" href="{asset_address("page.css")}">'
        f'<script src="{asset_address("page.js")}" defer></script>'
    )
    return words


def _frame(words: Words, state: str) -> Element:
    """The banner, and under it the place for people, chat and tools."""
    with markup.box("div", "sandbox"):
        with markup.box("div", "banner", testid="banner", role="note"):
            markup.words(words("sandbox"), "mark")
            markup.words(words("banner"), "saying")
            with markup.box("div", "languages", role="group", aria_label=words("language")):
                _language_button("中文", "zh", words)
                _language_button("English", "en", words)
        return markup.box("div", f"frame {state}")


def _language_button(name: str, language: Language, words: Words) -> None:
    pressed = "true" if words.language == language else "false"
    button = markup.press(name, None, "language", aria_pressed=pressed, lang=language)
    cookie = f"{_COOKIE}={language}; path=/; max-age=31536000; samesite=lax"
    button.on("click", js_handler=f"() => {{ document.cookie = '{cookie}'; location.reload(); }}")


async def _follow(client: Client, *parts: _Part) -> None:
    """Keep the parts up to date in the browser's time zone, for as long as there is a browser."""
    await client.connected()
    zone = await _zone_of(client)
    following = background_tasks.create(_all_of(parts, zone), name="sandbox page")
    client.on_delete(lambda: following.cancel())
    if client.is_deleted:
        following.cancel()


async def _all_of(parts: _Parts, zone: tzinfo) -> None:
    await asyncio.gather(*(part(zone) for part in parts))


async def _zone_of(client: Client) -> tzinfo:
    """The browser's time zone; this computer's, if the browser's has no name that we know."""
    try:
        return ZoneInfo(str(await client.run_javascript(_ZONE, timeout=5.0)))
    except (TimeoutError, ValueError, ZoneInfoNotFoundError):
        return datetime.now(UTC).astimezone().tzinfo or UTC
