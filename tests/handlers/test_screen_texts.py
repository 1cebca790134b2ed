"""Everything that the code can say has its words: both languages, fitting, in Telegram's HTML."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fluent.syntax import FluentParser, ast

from bot.core.settings import Settings
from bot.core.toml_mistakes import KINDS
from bot.delivery.command_menus import COMMANDS, OF_STAFF
from bot.delivery.renderer import Renderer
from bot.documents.printed_form import FixedWords
from bot.rehearsal.dialogue.walks import WalkPath
from bot.rehearsal.results import FAULTS, HABITS, RULES
from handlers.candidate.files.uploads import LEANS, LIES, ON_SIDE, STANDS
from handlers.everyone.help import TOPICS
from handlers.everyone.verify import FOR_STAFF, NO_CODE, NO_KEY
from handlers.registry import SCREENS
from handlers.rendering import Portrait, Screen
from handlers.staff.oversight.call_list import COLUMNS as CALL_COLUMNS
from handlers.staff.oversight.candidate_list import COLUMNS as LIST_COLUMNS
from states.broadcasts.audience import Dimension, Missing, Seen
from states.broadcasts.ledger import BroadcastAct, BroadcastState, Outcome
from states.broadcasts.message import FileKind, Placeholder
from states.changes.late_changes import AskDenial
from states.exam import Confirmation, Duty, PaymentWay
from states.exam_changes import STAGES_BY_WINDOW
from states.form.education import RECORD
from states.form.pages import FORM
from states.form.papers_to_bring import BRING
from states.form.wording import EXAMPLES
from states.identity.likeness import Likeness
from states.papers.checks import PaperCheck
from states.papers.values import PaperField
from states.payment.bill_lines import LineFault
from states.payment.checkout import CheckoutRefusal
from states.payment.orders import Bucket
from states.payment.refunds import RefundState
from states.payment.verdicts import Verdict
from states.photo.checks import Check
from states.process.lifecycle import Event
from states.process.time_rules import DenialReason
from states.records import LateChangeState, Records, Stage
from states.staff.cases import DESK_KINDS, CaseKind, CaseOutcome, CaseProblem
from states.staff.departures import Departure, Involvement
from states.staff.reach import OutOfReach
from states.staff.refusals import REASONS
from states.staff_roles import Desk, Role
from states.step_result import ShowScreen
from states.submissions.print_verification import VerdictKind
from states.texts import Argument, Problem, Text
from storage.audit.audit_log import AuditAction
from storage.audit.chain_verification import Flaw
from storage.candidates.blobs import Blobs
from storage.candidates.papers import Said
from storage.data_export import DataExport
from storage.engine.exam_versions import VersionState
from storage.engine.tables import JobState
from storage.staff.cases.claims import ClaimLost
from tests.fakes.router import KEYRING, TRANSLATIONS, screen_of
from tests.handlers.all_screens import (
    ROOT,
    drawn,
    literals,
    named,
    sources,
    strings,
    texts_of,
)
from tests.handlers.people import (
    ANSWERS,
    EXAM,
    LOCALES,
    OPEN,
    PORTRAIT,
    application,
    person,
)
from tests.handlers.possible_updates import noted
from tests.handlers.standings import standings
from tests.states.exam.planted_mistakes import planted_findings
from tests.states.exam.refused_definitions import refused_mistakes

CAPTION, MESSAGE, TOAST = 1024, 4096, 200
"""Telegram's limits in UTF-16 units: sendPhoto, sendMessage, answerCallbackQuery."""
CJK = re.compile("[\u2e80-\u2fdf\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef]")


def message(locale: str, key: str) -> ast.Message:
    return MESSAGES[locale][key]


def parsed(locale: str) -> dict[str, ast.Message]:
    """The messages of all files of a language; a line that is no Fluent, or a twin, fails."""
    found: dict[str, ast.Message] = {}
    for path in sorted((ROOT / "bot/locales" / locale).glob("*.ftl")):
        for entry in FluentParser().parse(path.read_text("utf-8")).body:
            assert not isinstance(entry, ast.Junk), f"{path.name}: {entry.content!r}"
            if isinstance(entry, ast.Message):
                assert entry.id.name not in found, f"{entry.id.name} stands twice"
                found[entry.id.name] = entry
    return found


def arguments(node: object) -> set[str]:
    """The names of the arguments in a piece of Fluent."""
    if isinstance(node, ast.VariableReference):
        return {node.id.name}
    if isinstance(node, list):
        return set().union(*(arguments(part) for part in node))
    if isinstance(node, ast.BaseNode):
        return set().union(*(arguments(part) for part in vars(node).values()))
    return set()


def sentences(node: object) -> Iterator[str]:
    """The words in a piece of Fluent, without what stands in their places."""
    if isinstance(node, ast.TextElement):
        yield node.value
    elif isinstance(node, list):
        for part in node:
            yield from sentences(part)
    elif isinstance(node, ast.BaseNode):
        for part in vars(node).values():
            yield from sentences(part)


def lines_of(found: ast.Message) -> list[str]:
    """The lines of a message; a dot stands for an argument, and for a choice between words."""
    elements = found.value.elements if found.value else ()
    text = "".join(one.value if isinstance(one, ast.TextElement) else "·" for one in elements)
    return [line.strip(" ·") for line in text.splitlines()]


ACTS = [one for one in BroadcastAct if one is not BroadcastAct.CONFIRM]
FIELDS = (*FORM.fields.values(), *RECORD.fields.values())
MERGE_PROBLEMS = (CaseProblem.CONFIRMED, CaseProblem.OTHER_CASE, CaseProblem.KEPT_NOT_FILED)
MESSAGES = {locale: parsed(locale) for locale in LOCALES}
DRAWN = drawn()
SAID: dict[str, set[str]] = {}
"""By key, the arguments that the screens give."""
for _locale, _screen in DRAWN:
    for _text in texts_of(_screen):
        SAID.setdefault(_text.key, set(_text.args)).intersection_update(_text.args)
MADE: dict[str, set[str]] = {
    **{f"command-{name}": set() for name in (*COMMANDS, *OF_STAFF)},
    **{f"field-{field.slug}-why": set() for field in FIELDS},
    **{f"deed-{action}": set() for action in AuditAction},
    **{f"case-{kind}": set() for kind in CaseKind},
    **{f"cli-jobs-{state}": set() for state in JobState if state is not JobState.DONE},
    **{f"role-{role}": set() for role in Role},
    **{f"cli-audit-flaw-{flaw}": set() for flaw in Flaw},
    **{f"stage-{stage.replace('_', '-')}": set() for stage in Stage},
    **{f"desk-{desk}": set() for desk in Desk},
    **{f"lost-{why}": {"code"} for why in ClaimLost},
    **{f"closed-{why}": {"code"} for why in ("decided", "returned", "gone")},
    **{f"closed-{why}": {"code"} for why in Departure},
    **{f"closed-as-{hand}": set() for hand in Involvement if hand is not Involvement.HELD},
    "stage-withdrawn": set(),
    **{f"decided-{how}": {"code", "seconds"} for how in ("approved", "refused", "rejected")},
    **{f"toast-{how}": set() for how in ("approved", "refused", "rejected")},
    **{f"second-look-told-{how}": {"code"} for how in ("agreed", "declined", "undone")},
    **{f"case-kind-{kind}": set() for kind in (*DESK_KINDS, CaseKind.DUPLICATE)},
    **{f"case-cannot-{why}": set() for why in CaseProblem},
    **{f"duplicate-cannot-{why}": set() for why in MERGE_PROBLEMS},
    **{f"duplicate-news-{how}": {"place"} for how in ("refused", "agreed", "void")},
    **{f"duplicate-closed-{how}": set() for how in CaseOutcome},
    **{f"duplicate-decided-{how}": {"seconds"} for how in CaseOutcome},
    **{f"toast-duplicate-{how}": set() for how in CaseOutcome},
    **{f"likeness-{one}": set() for one in Likeness},
    **{f"case-decided-{how}": {"seconds"} for how in CaseOutcome},
    **{f"case-how-{how}": set() for how in (*CaseOutcome, "merged", "apart", "void")},
    **{f"toast-case-{how}": set() for how in CaseOutcome},
    **{f"button-case-agree-{kind}": set() for kind in DESK_KINDS},
    **{f"case-opened-{kind}": {"site", "address", "contact"} for kind in DESK_KINDS},
    **{f"case-{how}-{kind}": set() for how in CaseOutcome for kind in DESK_KINDS},
    **{f"contested-{kind}": set() for kind in (CaseKind.NUMBER_TAKEN, CaseKind.ACCOUNT_MOVED)},
    f"change-not-{AskDenial.NOT_HERE}": set(),
    **{f"rehearsal-duty-{duty}": set() for duty in (*Duty, "waiting")},
    **{f"rehearsal-diligence-{kind}": set() for kind in HABITS},
    **{f"rehearsal-fault-{kind}": set() for kind in (*FAULTS.values(), "many")},
    **{f"rehearsal-{rule}": set(names) for rule, names in RULES.items()},
    **{f"rehearsal-path-{path}": set() for path in WalkPath},
    **{
        f"rehearsal-why-{why}": {"what"}
        for why in ("missed", "uncorrected", "stuck", "final", "waiting")
    },
    **{f"cli-apply-moved-{one}": {"before", "after", "count"} for one in STAGES_BY_WINDOW},
    **{f"cli-version-{state}": set() for state in VersionState},
    **{f"reason-{code}": set() for codes in REASONS.values() for code in codes},
    **{f"print-{word.name.replace('_', '-')}": set() for word in fields(FixedWords)},
    **{f"print-{item}": set() for item in ("when", "where", "address", "contact")},
    **{f"print-confirm-{how}": set() for how in Confirmation},
    **{f"print-bring-{key}": set() for key in BRING},
    **{f"todo-print-{known}": {"number"} for known in ("void", "valid")},
    **{f"verdict-{kind}": set() for kind in (VerdictKind.NOT_OURS, VerdictKind.UNREADABLE)},
    **{f"verdict-{kind}": set() for kind in (FOR_STAFF, NO_CODE, NO_KEY)},
    **{f"verify-{line}": {line} for line in ("name", "number", "specialty", "site")},
    **{
        f"verdict-{kind}": {"number", "at"}
        for kind in (VerdictKind.CURRENT, VerdictKind.REPLACED, VerdictKind.WITHDRAWN)
    },
    **{f"illegal-{why}": set() for why in DenialReason},
    **{f"checkout-{why}": set() for why in CheckoutRefusal},
    **{f"money-why-{why}": set() for why in Verdict},
    **{f"way-{way}": set() for way in PaymentWay},
    **{f"button-pay-{way}": set() for way in PaymentWay if way is not PaymentWay.DESKTOP},
    **{f"sum-{bucket}": {"count", "yuan"} for bucket in Bucket},
    **{f"refund-{state}": set() for state in RefundState},
    **{f"owed-is-{state}": set() for state in RefundState},
    **{f"line-{fault}": {"number"} for fault in LineFault},
    **{
        f"cli-payments-{kind}": {"order", "charge", "money", "expected", "verdict"}
        for kind in ("owed", "other-amount", "unbilled", "foreign")
    },
    **{f"problem-{item}-{why}": set() for item in ("born", "id") for why in ("date", "future")},
    **{f"problem-{item}-{why}": {"limit"} for item in ("born", "id") for why in ("young", "aged")},
    **{f"audience-{one}{end}": set() for one in Dimension for end in ("", "-ask")},
    **{f"button-audience-{one}": set() for one in Dimension},
    **{f"missing-{one}": set() for one in Missing},
    **{f"seen-{one}": set() for one in Seen},
    **{f"placeholder-{one}{end}": set() for one in Placeholder for end in ("", "-about")},
    **{f"broadcast-text-{locale.lower()}": {"limit"} for locale in LOCALES},
    **{f"broadcast-has-{one}": set() for one in FileKind},
    **{f"broadcast-state-{one}": set() for one in (*BroadcastState, "cancelling")},
    **{f"outcome-{one}": set() for one in Outcome},
    **{f"why-{one}": set() for one in (*OutOfReach, "erased", "late")},
    **{f"button-broadcast-{one}": set() for one in (*ACTS, "show", "ask", "file")},
    **{f"toast-broadcast-{one}": set() for one in (*ACTS, "over")},
    **{f"button-{name}": set() for name in ("reach-pdf", "reach-xlsx", "list-xlsx", "list-csv")},
    **{f"button-reach-{how}": {"code"} for how in ("yes", "no")},
    **{f"button-page-{where}": set() for where in ("before", "after")},
    **{f"reach-noted-{how}": {"code"} for how in ("yes", "no")},
    **{f"column-{key}": set() for key in (*CALL_COLUMNS, *LIST_COLUMNS, "outcome", "why")},
    **{f"lint-{one.rule}": set(one.args) for one in planted_findings()},
    **{f"mistake-{one.rule}": set(one.args) for one in refused_mistakes()},
    **{f"mistake-{rule}": set() for rule in ("not-found", "not-utf8", "not-csv")},
    "mistake-not-toml": {"line", "column", "why"},
    "mistake-not-toml-end": {"why"},
    "mistake-in-two-files": {"first", "second"},
    "mistake-other": {"given", "words"},
    **{f"photo-check-{check}": set() for check in Check},
    **{f"paper-field-{field}": set() for field in PaperField},
    **{f"paper-doubt-{check}": {"value", "limit", "page"} for check in PaperCheck},
    **{
        f"paper-doubt-{check}": {"value", "limit", "page", "reader"}
        for check in PaperCheck
        if check not in (PaperCheck.SIDEWAYS, PaperCheck.SLANT)
    },
    **{f"card-page-{page.key}": set() for page in FORM.pages},
    **{f"paper-turn-{how}": set() for how in ("taken", "kept")},
    **{f"paper-{how}": {"name", "number"} for how in (STANDS, ON_SIDE)},
    **{f"paper-{how}": set() for how in (LIES, LEANS)},
    **{f"paper-{side}": set() for side in ("left", "right", "before", "after")},
    "paper-crop-same": {"field", "read", "certainty"},
    "paper-crop-different": {"field", "read", "form", "certainty"},
    "paper-crop-not-read": {"field", "form"},
    "button-paper-keep": set(),
    **{f"paper-crop-said-{said}": set() for said in Said},
    "paper-which": {"field", "read", "form"},
    "paper-which-number": {"field"},
    **{f"button-paper-{said}-right": set() for said in Said},
    **{f"button-paper-use-{which}": set() for which in ("left", "right", "level")},
    **{f"button-record-paper-{word}": set() for word in ("yes", "no")},
    **{f"setting-{name.replace('_', '-')}": set() for name in Settings.model_fields},
    **{f"audit-event-{one}": set() for one in Event},
    **{f"audit-kind-{one}": set() for one in CaseKind},
    **{f"audit-outcome-{one}": set() for one in CaseOutcome},
    **{f"audit-said-{one}": set() for one in Said},
    **{f"audit-late-change-{one}": set() for one in LateChangeState},
    **{f"audit-money-{one}": set() for one in Verdict},
    **{f"audit-{one}": set() for one in ("photo-fine", "photo-bad", "called-yes", "called-no")},
    **{f"toml-{kind}": set() for _, kind in KINDS},
    "toml-other": {"words"},
    **{f"example-{key.replace('_', '-')}": set() for key in EXAMPLES},
}
"""Keys that are built from data without a screen."""
CODE = literals() | set(named())
EXPORTED = {f"item-{name.replace('_', '-')}" for name in CODE}
"""The label of an item in the export is built from the name of its field."""
EXPORTED |= {
    f"{prefix}-{kind}"
    for prefix in ("calendar", "calendar-else")
    for kind in ("submit", "visit", "correction", "change", "payment", "ticket", "exam", "session")
}
"""The texts of a calendar file are built from the kinds of its events."""
AT_THE_TERMINAL = ("cli-", "doctor-", "setting-", "command-", "button-")
"""Plain words: the command line's, the command menu's and the buttons'."""
KEYS = sorted(MESSAGES["zh-CN"])


# --- keys ----------------------------------------------------------------------------------------


def test_both_languages_have_the_same_messages() -> None:
    assert set(MESSAGES["zh-CN"]) == set(MESSAGES["en"])


def test_both_languages_use_the_same_arguments() -> None:
    for key in KEYS:
        with noted(key):
            assert arguments(message("zh-CN", key)) == arguments(message("en", key))


def test_what_a_screen_says_has_words_and_gives_their_arguments() -> None:
    for key, given in SAID.items():
        for locale in LOCALES:
            assert arguments(message(locale, key)) <= given, key


def test_what_is_given_for_a_key_built_from_data_is_said() -> None:
    """A sentence that was lost takes its arguments along; "cli-payments-" shares one set."""
    for key, given in MADE.items():
        with noted(key):
            used = arguments(message("zh-CN", key))
            assert given <= used or key.startswith("cli-payments-")


def test_no_line_stands_twice_in_a_message() -> None:
    for locale in LOCALES:
        for key in KEYS:
            lines = [one for one in lines_of(message(locale, key)) if one]
            with noted(f"{locale} {key}"):
                assert len(lines) == len(set(lines))


def test_no_screen_says_a_text_twice() -> None:
    for locale, screen in DRAWN:
        said = [one for one in screen.text if isinstance(one, Text)]
        with noted(f"{locale} {said[0].key if said else ''}"):
            assert all(said.count(one) == 1 for one in said)


def test_every_key_in_the_code_has_words() -> None:
    for key, place in named().items():
        assert key in MESSAGES["zh-CN"], place


def test_every_key_built_from_data_has_words() -> None:
    assert MADE.keys() - MESSAGES["zh-CN"].keys() == set()


def test_no_message_is_left_over() -> None:
    for key in KEYS:
        with noted(key):
            assert key in SAID or key in MADE or key in CODE or key in EXPORTED


# --- one of a thing --------------------------------------------------------------------------

ALWAYS_MANY = {
    *("limit", "seconds", "most", "length", "people", "days", "frames", "specialties"),
    *("employers", "areas", "sites"),
}
"""Arguments that are never one: limits, and sizes of an exam."""
ABOVE_ONE = {
    *("problem-text-long", "problem-name-long", "problem-id-length", "problem-words-long"),
    *("materials-offered", "doubt-years", "doubt-field-years", "span-days"),
    "paper-doubt-sideways",
}
"""Messages that come only where there are several."""
PLURAL = re.compile(r" (?:[a-z]+ )?[a-z]{2,}(?<!s)s\b| people\b| entries\b| more are\b| were\b")
VERBS = re.compile(
    r" (?:is|was|has|stands|exists|lacks|answers|says|decides|finds|moves|takes|confirms|allows"
    r"|asks|reviews|does)\b"
)


@pytest.mark.parametrize("key", sorted(MESSAGES["en"].keys() - ABOVE_ONE))
def test_no_number_stands_before_a_plural_that_may_be_wrong(key: str) -> None:
    value = message("en", key).value
    for piece, after in itertools.pairwise(value.elements if value else ()):
        match piece, after:
            case (
                ast.Placeable(expression=ast.VariableReference(id=ast.Identifier(name=name))),
                ast.TextElement(value=text),
            ) if name not in ALWAYS_MANY and not VERBS.match(text):
                assert not PLURAL.match(text), text


# --- the languages stay apart --------------------------------------------------------------------

ON_THE_OFFICIAL_PAGES = (
    "考生管理平台",
    "中国卫生人才网",
    "照片审核处理工具",
    "学信网",
    "未核验",
    "核验通过",
    "核验未通过",
    "修改考区",
    "填写信息",
    "报名缴费",
    "确认不通过",
    "其它",
    "本科",
    "大专",
    "中专",
    "士",
    "师",
)
"""Terms that people search for on pages in Chinese only."""
CHINESE_IN_ENGLISH = (
    "请选择语言：",
    "换语言",
    "语言",
    "中文",
    "刘玲",
    "阿依古丽·买买提",
    "王(suo)",
    "示例市第一人民医院",
    "示例医科大学",
    "2019年7月",
    *ON_THE_OFFICIAL_PAGES,
)
"""Names, examples of what people type, and what helps those who do not read English."""


def test_english_is_english() -> None:
    for key in KEYS:
        with noted(key):
            words = "".join(sentences(message("en", key).value))
            for allowed in CHINESE_IN_ENGLISH:
                words = words.replace(allowed, "")
            assert not CJK.search(words)


ENGLISH_IN_CHINESE = {"language-name-en", "language-ask-en"}


def test_chinese_is_chinese() -> None:
    for key in KEYS:
        with noted(key):
            words = "".join(sentences(message("zh-CN", key).value))
            if key not in ENGLISH_IN_CHINESE and re.search(
                r"[A-Za-z]{2}", re.sub(r"<[^>]*>", "", words)
            ):
                assert CJK.search(words), words


def test_the_tone_is_calm() -> None:
    for key in KEYS:
        with noted(key):
            for locale in LOCALES:
                assert not re.search("[!！]", "".join(sentences(message(locale, key).value)))


CHINESE_IN_CODE = {
    "bot/cli/app.py": {
        "报名助手 · the registration assistant",
        "考试定义 · exam definitions",
        "工作人员 · the staff",
        "定时工作 · scheduled work",
        "加密密钥 · the keys of the encryption",
        "收款的导入和核对 · payments: import and check",
        "操作记录的封存和查验 · the audit, which is sealed",
        "核对打印的报名表 · verify a printed form",
    },
}
"""The command line's help is made before any words are loaded."""
NUMERALS = re.compile("[零一二三四五六七八九十年月日份元]")
A_WORD = re.compile("[\u3400-\u9fff]{2}")
"""Numerals and units stand in patterns of dates; two other characters in a row are a word."""


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_sentence_stands_in_the_code(path: Path) -> None:
    allowed = CHINESE_IN_CODE.get(str(path.relative_to(ROOT)), set())
    for constant in strings(path):
        if constant.value not in allowed:
            word = A_WORD.search(NUMERALS.sub("", constant.value))
            assert word is None, f"line {constant.line}: {constant.value}"


# --- what arrives --------------------------------------------------------------------------------


class TelegramHtml(HTMLParser):
    """Reads what Telegram's parser takes, and refuses the rest.

    https://core.telegram.org/bots/api#html-style
    """

    TAGS = frozenset({"b", "i", "u", "s", "code", "pre", "blockquote", "tg-spoiler"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in self.TAGS, f"<{tag}> is no tag of Telegram's"
        assert not attrs
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes another"

    def handle_data(self, data: str) -> None:
        assert "<" not in data, f"a bare < in {data!r}"
        assert "&" not in data, f"a bare & in {data!r}"
        self.text += data

    def handle_entityref(self, name: str) -> None:
        assert name in ("lt", "gt", "amp", "quot"), f"&{name}; is not known"
        self.text += "·"

    def handle_charref(self, name: str) -> None:
        self.text += "·"


def seen(html: str) -> str:
    """The text as people see it."""
    parser = TelegramHtml()
    parser.feed(html)
    parser.close()
    assert parser.open == [], "a tag is left open"
    return parser.text


def units(text: str) -> int:
    """The length as Telegram counts it: UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def filled(key: str, locale: str) -> str:
    """The message with something hostile in every place."""
    places = arguments(message(locale, key))
    # A number where Fluent's NUMBER wants one; elsewhere what a person may type.
    args: Mapping[str, Argument] = {
        name: 1500 if _is_number(message(locale, key), name) else "<b>&'\"{" for name in places
    }
    return TRANSLATIONS.html(Text(key, args), locale)


def _is_number(node: object, name: str) -> bool:
    if isinstance(node, ast.FunctionReference):
        return name in arguments(node)
    if isinstance(node, list):
        return any(_is_number(part, name) for part in node)
    if isinstance(node, ast.BaseNode):
        return any(_is_number(part, name) for part in vars(node).values())
    return False


def test_every_message_is_html_that_telegram_takes() -> None:
    for key in KEYS:
        with noted(key):
            for locale in LOCALES:
                if key.startswith(AT_THE_TERMINAL):
                    assert filled(key, locale)
                else:
                    assert seen(filled(key, locale))


class Album(Blobs):
    """Has every portrait."""

    async def get(self, name: str) -> bytes:
        return b"a portrait"


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer(TRANSLATIONS, EXAM, Album.at("memory://", KEYRING), SCREENS, whole)


async def whole(_chat_id: int) -> DataExport:
    """Ling's."""
    return DataExport(person("zh-CN"), (application(),))


LEADS = ("unknown-edited", "unknown-stale", "unknown-kind", "start-again", "photo-kept")
"""The lines that can stand above any question."""
REFUSALS: tuple[Text, ...] = (
    Problem("problem-photo-format", {"format": "MPO", "allowed": "JPG/PNG/GIF/BMP"}),
    Problem(
        "problem-photo-pixels",
        {
            "width": 99_999,
            "height": 99_999,
            "min_width": 1500,
            "min_height": 2000,
            "remedy": Text("photo-remedy-file"),
        },
    ),
    Problem("problem-photo-kb", {"kb": 1, "min_kb": 50, "remedy": Text("photo-remedy-file")}),
)
"""The most that is ever wrong at once."""


@pytest.mark.parametrize("locale", LOCALES)
async def test_every_screen_fits_with_the_longest_of_everything(
    renderer: Renderer, locale: str
) -> None:
    above = max((Text(key) for key in LEADS), key=lambda lead: len(TRANSLATIONS.html(lead, locale)))
    for name, standing in standings(locale).items():
        place = standing.position
        header_lines = (above, *REFUSALS) if place.state.state == "Photo:waiting" else (above,)
        say = ShowScreen(place.state.state or "", place.data, header_lines)
        call = await renderer.call(say, 1, standing.records, standing.now, None)
        limit = CAPTION if call.method == "sendPhoto" else MESSAGE
        words = seen(call.params["caption" if limit == CAPTION else "text"])
        assert 1 <= units(words) <= limit, name


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("screen", ["status", "todo"])
async def test_the_captions_of_the_process_fit(
    renderer: Renderer, locale: str, screen: str
) -> None:
    shown = 0
    for name, standing in standings(locale).items():
        application, owner = standing.records.application, standing.records.person
        if application is None or (screen == "todo" and application.stage is Stage.DRAFT):
            continue
        if owner is not None and owner.is_closed:
            continue  # nothing goes on there
        call = await renderer.call(ShowScreen(screen), 1, standing.records, standing.now, None)
        assert call.method == "sendPhoto"
        assert units(seen(call.params["caption"])) <= CAPTION, name
        assert call.files["photo"].startswith(b"\x89PNG")
        shown += 1
    assert shown >= 4


@pytest.mark.parametrize("locale", LOCALES)
async def test_the_caption_of_the_profile_fits(renderer: Renderer, locale: str) -> None:
    shown = 0
    for name, standing in standings(locale).items():
        call = await renderer.call(ShowScreen("profile"), 1, standing.records, standing.now, None)
        known = standing.records.person
        assert (call.method == "sendPhoto") == bool(known and known.photo)
        if call.method == "sendPhoto":
            assert units(seen(call.params["caption"])) <= CAPTION, name
            shown += 1
    assert shown >= 4


LONGEST_ANSWER = {"zh-CN": 400, "en": 1000}
"""Letters of an answer of the help: about what a phone shows at once, or a little more."""


@pytest.mark.parametrize("locale", LOCALES)
async def test_an_answer_of_the_help_is_short(locale: str) -> None:
    for topic in TOPICS:
        assert len(seen(filled(topic, locale))) <= LONGEST_ANSWER[locale], topic


@pytest.mark.parametrize("locale", LOCALES)
async def test_the_topics_of_the_help_stand_two_across_on_a_phone(
    renderer: Renderer, locale: str
) -> None:
    call = await renderer.call(ShowScreen("help"), 1, Records(person(locale)), OPEN, None)
    keyboard = call.params["reply_markup"]["inline_keyboard"]
    shown = [[button["callback_data"].split(":")[2] for button in row] for row in keyboard]
    pairs = [list(pair) for pair in zip(TOPICS[::2], TOPICS[1::2], strict=True)]
    assert shown[: len(pairs)] == pairs


@pytest.mark.parametrize("locale", LOCALES)
async def test_what_people_typed_is_never_markup(renderer: Renderer, locale: str) -> None:
    typed = application(answers={**ANSWERS, "employer": "<a href='x'>&amp;</a>"})
    records = Records(person(locale, photo=PORTRAIT), typed)
    call = await renderer.call(ShowScreen("Form:summary"), 1, records, OPEN, None)
    seen(call.params["text"])
    assert "&lt;a href='x'&gt;&amp;amp;&lt;/a&gt;" in call.params["text"]


@pytest.mark.parametrize("key", ["toast-stale", "toast-twice", "toast-submitted"])
def test_toasts_fit(key: str) -> None:
    for locale in LOCALES:
        assert 1 <= len(TRANSLATIONS.label(Text(key), locale)) <= TOAST


def test_labels_hold_no_markup() -> None:
    def labels(screen: Screen, locale: str) -> Iterator[str]:
        for row in screen.buttons:
            yield from (TRANSLATIONS.label(button.label, locale) for button in row)

    for locale, screen in DRAWN:
        for label in labels(screen, locale):
            assert not re.search("[<>&]", label)


def test_a_portrait_is_shown_where_one_is_confirmed() -> None:
    shown = [screen_of(one) for one in standings("en").values()]
    pictures = [screen.picture for screen in shown if isinstance(screen.picture, Portrait)]
    assert {picture.blob for picture in pictures} == {PORTRAIT}
