"""The documents agree with the tree: paths, links, commands, line limits, and the three flows."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
from cyclopts import App
from packaging.requirements import Requirement

from bot.cli.app import app
from tests import flow_trace
from tests.flow_trace import ROOMS, ROOT

LIMITS = {"README.md": 110, "docs/architecture.md": 180, "CONTRIBUTING.md": 60}
"""The most lines of a document."""
HISTORY = ("CHANGELOG.md", "docs/renames.md")
"""They name what was there before."""
DOCUMENTS = sorted(
    {*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")} - {ROOT / name for name in HISTORY}
)
FOREIGN = {"ConversationHandler", "VmHWM"}
"""Names of libraries and of Linux that the code does not use."""
TOPS = (*ROOMS, "tests", "docs", ".ci")
SPAN = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?:\]\(|src=\")([^)\"\s]+)")
RUN = re.compile(r"\.venv/bin/baoming((?: [a-z][a-z-]*)*)")
MAKE = re.compile(r"(?<!install )\bmake ([a-z]+)")
MODULE = re.compile(r"python -m ([\w.]+)")
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
PRESS, REFUSAL, QUESTION = (
    "A button press in the form",
    "A clerk's refusal",
    "A new question in the form",
)

each = pytest.mark.parametrize("page", DOCUMENTS, ids=lambda page: str(page.relative_to(ROOT)))


def spans(page: Path) -> list[str]:
    """Return the inline code and the code blocks of a page."""
    text = page.read_text("utf-8")
    return [*FENCE.findall(text), *SPAN.findall(FENCE.sub("", text))]


def paths(page: Path) -> Iterator[str]:
    """Yield the paths of the tree that a page names, without a pattern's wild part."""
    for span in spans(page):
        for word in re.findall(r"[\w./{},*-]+", span):
            top, slash, _ = word.partition("/")
            if slash and top in TOPS:
                yield from expanded(word.rstrip(".,"))


def expanded(word: str) -> list[str]:
    """``handlers/{a,b}/c`` names ``handlers/a/c`` and ``handlers/b/c``."""
    before, brace, rest = word.partition("{")
    if not brace:
        return [word]
    names, _, after = rest.partition("}")
    return [path for name in names.split(",") for path in expanded(before + name + after)]


def anchor(heading: str) -> str:
    """Return the anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def flow(name: str) -> list[str]:
    """Return the first path of each step of a flow in the architecture."""
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    _, _, section = text.partition(f"### {name}\n")
    return re.findall(r"^\d+\. `([^`]+)`", section.partition("\n#")[0], re.MULTILINE)


def imports(file: str) -> set[str]:
    """Return the files of the rooms that a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse((ROOT / file).read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
    return {f"{module.replace('.', '/')}.py" for module in found}


@cache
def identifiers() -> set[str]:
    """Return every word of the rooms' code and of the migrations."""
    files = [file for room in ROOMS for file in (ROOT / room).rglob("*.py")]
    return {word for file in files for word in re.findall(r"\w+", file.read_text("utf-8"))}


@pytest.mark.parametrize(("name", "most"), LIMITS.items())
def test_a_document_keeps_its_limit(name: str, most: int) -> None:
    assert len((ROOT / name).read_text("utf-8").splitlines()) <= most


@each
def test_every_path_exists(page: Path) -> None:
    assert [path for path in paths(page) if not list(ROOT.glob(path.rstrip("/")))] == []


@each
def test_every_link_leads_somewhere(page: Path) -> None:
    broken = []
    for link in LINK.findall(page.read_text("utf-8")):
        if link.startswith(("https:", "http:")):
            continue
        name, _, fragment = link.partition("#")
        target = page.parent / name if name else page
        if not target.exists():
            broken.append(link)
        elif fragment:
            headings = re.findall(r"^#+ (.*)$", target.read_text("utf-8"), re.MULTILINE)
            if fragment not in map(anchor, headings):
                broken.append(link)
    assert broken == []


@each
def test_every_command_exists(page: Path) -> None:
    unknown = []
    for span in spans(page):
        unknown += [name for name in MAKE.findall(span) if name not in TARGETS]
        unknown += [name for name in MODULE.findall(span) if find_spec(name) is None]
        for words in RUN.findall(span):
            if not is_command(words.split()):
                unknown.append(f"baoming{words}")
    assert unknown == []


@each
def test_every_class_is_in_the_code(page: Path) -> None:
    named = {word for span in spans(page) for word in re.findall(r"^[A-Z][a-z]+[A-Z]\w+", span)}
    assert sorted(named - identifiers() - FOREIGN) == []


def is_command(words: list[str]) -> bool:
    """Return whether the program has this command; a command's arguments may follow it."""
    here: App = app
    for word in words:
        if here.default_command is not None:
            return True
        try:
            here = here[word]
        except KeyError:
            return False
    return True


def test_every_command_is_in_the_operators_table() -> None:
    table = (ROOT / "docs/operating.md").read_text("utf-8")
    known = {words.strip() for words in RUN.findall(table)}
    for name in app:
        if name.startswith("-"):
            continue
        subs = [sub for sub in app[name] if not sub.startswith("-")]
        assert {f"{name} {sub}" for sub in subs} <= known if subs else name in known


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    table = (ROOT / "docs/architecture.md").read_text("utf-8").partition("## Dependencies")[2]
    named = set(re.findall(r"[\w.-]+", " ".join(re.findall(r"^\| ([^|]+) \|", table, re.M))))
    wanted = [*project["dependencies"], *project["optional-dependencies"]["sandbox"]]
    assert [line for line in wanted if Requirement(line).name not in named] == []


async def test_the_flow_of_a_press_is_the_one_that_runs() -> None:
    files = await flow_trace.flow()
    ran = iter(files)
    assert [file for file in flow(PRESS) if file not in ran] == [], files


@pytest.mark.parametrize("name", [REFUSAL, QUESTION])
def test_each_file_of_a_flow_imports_another_or_is_imported(name: str) -> None:
    files = flow(name)
    assert len(files) > 5
    code = [file for file in files if file.endswith(".py") and not file.startswith("tests/")]
    for number, file in enumerate(code[1:], 1):
        before = code[:number]
        near = any(file in imports(one) for one in before) or imports(file) & set(before)
        assert near, f"{file} has nothing to do with the files before it"
