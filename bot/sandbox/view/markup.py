"""Plain HTML elements for the page: real buttons, labelled, with an address for tests.

NiceGUI's own widgets are Quasar's; a chat needs little of that, and real elements are reached by
keyboard, screen reader and test alike.
"""

import json
from collections.abc import Callable

from nicegui import ui
from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement
from nicegui.events import GenericEventArguments

# Line icons on a 24 px grid, drawn with the current colour: no icon font, no outside file.
_ICONS = {
    "back": '<path d="m15 5-7 7 7 7"/>',
    "attach": '<path d="m20 11-8.5 8.5a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.700 4.700L9.300 17a1.700'
    ' 1.700 0 0 1-2.400-2.400L14.500 7"/>',
    "send": '<path d="M4 12 3 4l18 8-18 8 1-8Zm0 0h8"/>',
    "menu": '<rect x="4" y="4" width="16" height="16" rx="4"/><path d="m14 8-4 8"/>',
    "keyboard": '<rect x="3" y="6" width="18" height="12" rx="2"/>'
    '<path d="M7 10h.01M11 10h.01M15 10h.01M8 14h8"/>',
    "tools": '<circle cx="12" cy="12" r="8.500"/><path d="M12 7.500V12l3 2"/>',
    "block": '<circle cx="12" cy="12" r="8.500"/><path d="m6 6 12 12"/>',
    "close": '<path d="m6 6 12 12M18 6 6 18"/>',
    "edit": '<path d="M4 20h4L19 9l-4-4L4 16v4Z"/>',
    "photo": '<rect x="3" y="5" width="18" height="14" rx="2"/><circle cx="9" cy="10" r="1.500"/>'
    '<path d="m21 16-5-5-9 8"/>',
    "file": '<path d="M6 3h8l5 5v13H6V3Zm8 0v5h5"/>',
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4 21c0-4 4-6 8-6s8 2 8 6"/>',
    "sticker": '<path d="M20 12A8 8 0 1 1 12 4c0 5 3 8 8 8Zm0 0-8-8"/>',
    "voice": '<rect x="9" y="3" width="6" height="11" rx="3"/>'
    '<path d="M5 11a7 7 0 0 0 14 0M12 18v3"/>',
    "link": '<path d="M8 16 16 8M9 8h7v7"/>',
    "copy": '<rect x="8" y="8" width="12" height="12" rx="2"/><path d="M4 16V4h12"/>',
    "card": '<rect x="3" y="5" width="18" height="14" rx="2"/><path d="M3 10h18M7 15h3"/>',
}


def box(
    tag: str = "div", classes: str = "", *, testid: str | None = None, **attributes: str
) -> Element:
    """An element to put others into; underscores in attribute names become hyphens."""
    return _dress(ui.element(tag), classes, testid, attributes)


def words(
    text: str, classes: str = "", *, tag: str = "span", testid: str | None = None, **attributes: str
) -> TextElement:
    """An element with text, which the browser is given as text and never as HTML."""
    element = TextElement(tag=tag, text=text)
    _dress(element, classes, testid, attributes)
    return element


def safe_html(content: str, classes: str = "", *, tag: str = "div") -> ui.html:
    """An element with HTML of our own making: `formatting.to_html` or an icon, nothing else."""
    return ui.html(content, sanitize=False, tag=tag).classes(classes)


def icon(name: str, classes: str = "icon") -> Element:
    """A line drawing that screen readers pass over."""
    drawing = (
        '<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">' + _ICONS[name] + "</svg>"
    )
    return safe_html(drawing, classes, tag="span")


def press(
    text: str,
    on_press: Callable[[], object] | None,
    classes: str = "",
    *,
    testid: str | None = None,
    picture: str | None = None,
    **attributes: str,
) -> Element:
    """A real button. With `picture` it shows that icon, and `text` is its accessible name."""
    button: Element
    if picture is None:
        button = words(text, classes, tag="button", testid=testid, type="button", **attributes)
    else:
        button = box("button", classes, testid=testid, type="button", **attributes)
        button.props["aria-label"] = text
        button.props["title"] = text
        with button:
            icon(picture)
    if on_press is not None:
        # No arguments are asked for: a mouse event carries nothing that the server needs.
        button.on("click", lambda _: on_press(), [])
    return button


def emits(
    element: Element, event: str, javascript: str, handler: Callable[[str], object]
) -> Element:
    """Run `javascript`, a function of the event, which may `emit` one string to `handler`."""

    def received(event_: GenericEventArguments) -> None:
        handler(str(event_.args))

    element.on(event, received, js_handler=javascript)
    return element


def _dress(
    element: Element, classes: str, testid: str | None, attributes: dict[str, str]
) -> Element:
    element.classes(classes)
    for name, value in attributes.items():
        element.props[name.strip("_").replace("_", "-")] = value
    if testid is not None:
        element.props["data-testid"] = testid
    return element


def as_javascript(text: str) -> str:
    """A string literal that a script may hold, whatever the text."""
    return json.dumps(text)


def run(element: Element, script: str) -> None:
    """Run a script in the element's browser, without waiting for what it returns."""
    _ = element.client.run_javascript(script)
