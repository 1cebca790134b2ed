"""Plain HTML elements for the page, with ARIA labels and test ids.

Keyboards, screen readers and tests reach plain elements more easily than NiceGUI's Quasar widgets.
"""

import json
from collections.abc import Callable

from nicegui import ui
from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement
from nicegui.events import GenericEventArguments

# Line icons on a 24 px grid, in the current colour.
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
    """Return a container; underscores in attribute names become hyphens."""
    return _set_attributes(ui.element(tag), classes, testid, attributes)


def text(
    content: str,
    classes: str = "",
    *,
    tag: str = "span",
    testid: str | None = None,
    **attributes: str,
) -> TextElement:
    """Return an element with text, which the browser never parses as HTML."""
    element = TextElement(tag=tag, text=content)
    _set_attributes(element, classes, testid, attributes)
    return element


def safe_html(content: str, classes: str = "", *, tag: str = "div") -> ui.html:
    """Return an element with trusted HTML: from `formatting.to_html`, or an icon."""
    return ui.html(content, sanitize=False, tag=tag).classes(classes)


def icon(name: str, classes: str = "icon") -> Element:
    """Return an icon, hidden from screen readers."""
    drawing = (
        '<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">' + _ICONS[name] + "</svg>"
    )
    return safe_html(drawing, classes, tag="span")


def button(
    label: str,
    on_press: Callable[[], object] | None,
    classes: str = "",
    *,
    testid: str | None = None,
    picture: str | None = None,
    **attributes: str,
) -> Element:
    """Return a button; with `picture` it shows that icon, and `label` is its ARIA label."""
    element: Element
    if picture is None:
        element = text(label, classes, tag="button", testid=testid, type="button", **attributes)
    else:
        element = box("button", classes, testid=testid, type="button", **attributes)
        element.props["aria-label"] = label
        element.props["title"] = label
        with element:
            icon(picture)
    if on_press is not None:
        # An empty argument list keeps the mouse event in the browser.
        element.on("click", lambda _: on_press(), [])
    return element


def emits(
    element: Element, event: str, javascript: str, handler: Callable[[str], object]
) -> Element:
    """Run a JavaScript function of the event; it may `emit` one string to `handler`."""

    def on_event(arguments: GenericEventArguments) -> None:
        handler(str(arguments.args))

    element.on(event, on_event, js_handler=javascript)
    return element


def _set_attributes(
    element: Element, classes: str, testid: str | None, attributes: dict[str, str]
) -> Element:
    element.classes(classes)
    for name, value in attributes.items():
        element.props[name.strip("_").replace("_", "-")] = value
    if testid is not None:
        element.props["data-testid"] = testid
    return element


def as_javascript(text: str) -> str:
    """Return the text as a JavaScript string literal."""
    return json.dumps(text)


def run(element: Element, script: str) -> None:
    """Run a script in the element's browser without waiting for its result."""
    _ = element.client.run_javascript(script)
