"""A new year's exam is a copy in which nothing counts as confirmed; files that clash are named."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.cli import console, exam
from bot.core import exam_files
from bot.core.settings import Refused, Settings
from bot.core.workdays import is_workday
from states.exam import BadExam, Exam
from states.texts import Mistake
from tests.bot.cli.in_process import command_line
from tests.bot.people import TRANSLATIONS

SHIPPED = Path(exam_files.__file__).parents[1] / "exams" / "health-2026"
OLD = exam_files.load("health-2026")


@pytest.fixture
def copied(tmp_path: Path) -> Exam:
    return exam_files.load(str(exam.create(2028, "health-2026", tmp_path / "new")))


def test_it_is_the_exam_of_that_year(copied: Exam) -> None:
    assert (copied.key, copied.year) == ("health-2028", 2028)
    assert copied.name == "2028 年度卫生专业技术资格考试"
    assert copied.name_en.endswith("2028")
    assert copied.terms.version == "2028-sample-1"


def test_its_moments_are_whole_years_later(copied: Exam) -> None:
    opens = copied.windows.registration.opens
    assert opens == datetime(2027, 12, 1, 16, tzinfo=UTC)
    assert opens.utcoffset() == OLD.windows.registration.opens.utcoffset()
    for old, new in zip(OLD.windows.exam_days.dates, copied.windows.exam_days.dates, strict=True):
        assert (new.year - old.year, new.month, new.day) == (2, old.month, old.day)


def test_nothing_in_it_counts_as_confirmed(copied: Exam) -> None:
    windows = copied.windows
    assert copied.sample
    assert copied.terms.sample
    days = (windows.registration, windows.confirmation, windows.reupload, windows.review)
    assert all(window.sample for window in (*days, windows.payment, windows.tickets))
    assert windows.exam_days.sample
    for listed in (copied.subjects, copied.levels, copied.practices, copied.categories):
        assert all(item.sample for item in listed)
    assert all(item.sample for item in (*copied.ethnicities, *copied.employers))
    for area in copied.areas:
        assert area.sample
        assert area.fee.sample
        assert all(material.sample for material in area.materials)
    assert not any(specialty.confirmed for specialty in copied.catalogue)


def test_all_else_is_as_it_was(copied: Exam) -> None:
    def bare(exam: Exam) -> list[object]:
        areas = [
            area.model_dump(exclude={"sample": True, "fee": {"sample"}}) for area in exam.areas
        ]
        for area in areas:
            for material in area["materials"]:
                del material["sample"]
        rows = [specialty.model_dump(exclude={"confirmed"}) for specialty in exam.catalogue]
        rows += [one.model_dump(exclude={"sample"}) for one in (*exam.ethnicities, *exam.employers)]
        said = exam.terms.model_dump(exclude={"version", "sample"})
        return [areas, rows, said, exam.photo, exam.id_types, exam.zone, exam.source]

    assert bare(copied) == bare(OLD)


def test_a_leap_day_becomes_the_day_before(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path / "leap")
    file = tmp_path / "leap" / "exam.toml"
    text = file.read_text("utf-8").replace("health-2026", "health-2024")
    text = text.replace("year = 2026", "year = 2024").replace("2025-", "2023-")
    text = text.replace("2026-02-14", "2024-02-29").replace("2026-", "2024-")
    file.write_text(text, "utf-8")
    made = exam.create(2025, str(tmp_path / "leap"), tmp_path / "next")
    closes = exam_files.load(str(made)).windows.payment.closes
    assert f"{closes:%Y-%m-%d %H:%M}" == "2025-02-28 00:00"


def test_awkward_words_survive(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path / "odd")
    file = tmp_path / "odd" / "areas.toml"
    odd = r'contact = "a \"b\" \\ c # d \t e \u007F f = [1]"'
    text = file.read_text("utf-8")
    file.write_text(text.replace('contact = "010-0000000（示例）"', odd), "utf-8")
    made = exam.create(2027, str(tmp_path / "odd"), tmp_path / "new")
    contact = exam_files.load(str(made)).areas[0].contact
    assert contact == 'a "b" \\ c # d \t e \x7f f = [1]'


def test_each_list_gets_its_file_whichever_one_it_came_from(tmp_path: Path) -> None:
    made = exam.create(2027, str(small(tmp_path / "small")), tmp_path / "new")
    written = {"exam.toml", "areas.toml", "catalogue.csv", "ethnicities.csv", "photo.toml"}
    assert {file.name for file in made.iterdir()} == written
    copied = exam_files.load(str(made))
    assert [one.name for one in copied.ethnicities] == ["汉族"]
    assert copied.employers == ()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "exam.toml").write_text("mine", "utf-8")
    with pytest.raises(Refused, match="cli-exam-exists"):
        exam.create(2027, "health-2026", tmp_path)
    assert [file.read_text("utf-8") for file in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize("year", [1999, 2101])
def test_a_year_that_is_none_leaves_nothing_behind(tmp_path: Path, year: int) -> None:
    with pytest.raises(BadExam, match=r"^year: not-at-"):
        exam.create(year, "health-2026", tmp_path / "new")
    assert list(tmp_path.iterdir()) == []


def test_on_the_command_line(tmp_path: Path) -> None:
    made = command_line(tmp_path, "exam", "new", "2027")
    assert (made.returncode, made.stderr) == (0, "")
    assert "health-2027" in made.stdout
    assert command_line(tmp_path, "exam", "check", "health-2027").returncode == 0
    again = command_line(
        tmp_path, "exam", "new", "2027", "--from", "health-2026", "--to", "health-2027"
    )
    assert again.returncode == 1
    assert "exists" in again.stderr
    wrong = command_line(tmp_path, "exam", "new", "2027", "--from", "health-1999", "--to", "other")
    assert wrong.returncode == 1
    assert "✗ health-1999" in wrong.stderr
    assert [folder.name for folder in tmp_path.iterdir()] == ["health-2027"]


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """The shipped exam with a deadline on a Saturday and another contact of Beijing."""
    folder = tmp_path / "changed"
    shutil.copytree(SHIPPED, folder)
    for name, old, new in (
        ("exam.toml", "closes = 2025-12-17T", "closes = 2025-12-21T"),
        ("areas.toml", 'contact = "010-0000000（示例）"', 'contact = "010-0000009（示例）"'),
    ):
        text = (folder / name).read_text("utf-8")
        (folder / name).write_text(text.replace(old, new, 1), "utf-8")
    return folder


@pytest.mark.row("B15")
def test_each_command_names_the_mistakes_in_chinese(tmp_path: Path, changed: Path) -> None:
    file = changed / "exam.toml"
    right = file.read_text("utf-8")
    file.write_text(right.replace("year = 2026", 'year = "？"\ncolour = 1'), "utf-8")
    expected = [
        "year：“？”不是整数。请写整数，不带单位，例如 50。",
        "colour：没有叫这个名字的项。请检查拼写；不需要就删掉。",
    ]
    folder = str(changed)
    for words in (
        ("check", folder),
        ("diff", "health-2026", folder),
        ("new", "2027", "--from", folder),
    ):
        told = command_line(tmp_path, "exam", *words, LANG="zh_CN.UTF-8")
        assert told.returncode == 1
        assert (told.stdout + told.stderr).splitlines() == [f"✗ {line}" for line in expected]
    told = command_line(tmp_path, "exam", "apply", folder, "--yes", LANG="zh_CN.UTF-8")
    assert told.stderr.splitlines() == ["改过的考试定义有误，什么都没有改：", *expected]
    told = command_line(tmp_path, "exam", "rehearse", folder, LANG="zh_CN.UTF-8")
    assert told.stderr.splitlines() == ["考试定义有误，没有演练：", *expected]
    with pytest.raises(Refused, match="cli-bad-exam") as refused:  # as at a start of the bot
        console.exam(Settings.model_construct(exam=folder))
    assert [TRANSLATIONS.plain(one, "zh-CN") for one in refused.value.more] == expected


@pytest.mark.row("B15")
def test_what_looks_wrong_is_told_and_fails_only_if_strict(tmp_path: Path, changed: Path) -> None:
    told = command_line(tmp_path, "exam", "check", str(changed))
    assert told.returncode == 0
    assert "⚠ windows.confirmation.closes: The last day" in told.stdout
    assert "things look wrong" in told.stdout
    assert command_line(tmp_path, "exam", "check", str(changed), "--strict").returncode == 1


def test_an_editor_reads_the_same_as_sarif(tmp_path: Path, changed: Path) -> None:
    file = tmp_path / "found.sarif"
    command_line(tmp_path, "exam", "check", str(changed), "--sarif", str(file))
    (run,) = json.loads(file.read_text("utf-8"))["runs"]
    places = {
        one["ruleId"]: one["locations"][0]["logicalLocations"][0]["fullyQualifiedName"]
        for one in run["results"]
    }
    assert places["closes-on-holiday"] == "windows.confirmation.closes"
    assert {one["id"] for one in run["tool"]["driver"]["rules"]} == places.keys()


def test_a_difference_names_its_path_and_both_values(tmp_path: Path, changed: Path) -> None:
    told = command_line(tmp_path, "exam", "diff", "health-2026", str(changed))
    assert told.returncode == 0
    closes, contact, total = told.stdout.splitlines()
    assert closes.startswith("windows.confirmation.closes: 2025-12-17T00:00:00+08:00 → 2025-12-21")
    assert contact.startswith("areas[beijing].contact: 010")
    assert total == "2 differences; 0 applications in the database."


def test_a_change_that_cannot_be_read_or_asked_for_changes_nothing(
    tmp_path: Path, changed: Path
) -> None:
    wrong = changed / "exam.toml"
    right = wrong.read_text("utf-8")
    wrong.write_text(right.replace("year = 2026", "year = 1999"), "utf-8")
    told = command_line(tmp_path, "exam", "apply", str(changed), "--yes")
    assert told.returncode == 1
    assert "nothing was changed" in told.stderr
    assert "year" in told.stderr
    wrong.write_text("[[[", "utf-8")
    assert "nothing was changed" in command_line(tmp_path, "exam", "apply", str(changed)).stderr
    wrong.write_text(right, "utf-8")
    never = command_line(tmp_path, "exam", "apply", str(changed), "--yes")
    assert (never.returncode, never.stdout) == (1, "")
    assert "never" in never.stderr or "start" in never.stderr.lower()


def test_an_official_day_of_work_on_a_weekend_is_a_workday() -> None:
    assert is_workday(date(2026, 2, 14))  # a Saturday, worked for the Spring Festival
    assert not is_workday(date(2026, 10, 1))
    assert is_workday(date(2099, 1, 1)) is None


# --- how the files of a folder come together -----------------------------------------------------


IN_ONE = ("exam.toml", "areas.toml", "photo.toml")


def small(folder: Path, more: str = "") -> Path:
    """The folder of an exam in one file, with one specialty and one ethnic group, and ``more``."""
    whole = "\n".join((SHIPPED / name).read_text("utf-8") for name in IN_ONE)
    row = '[[catalogue]]\ncode = "101"\nlevel = "assistant"\ncategory = "pharmacy"\n'
    row += 'name = "药学"\nmode = "computer"\nsource = "-"\n'
    row += '[[ethnicities]]\ncode = "01"\nname = "汉族"\n'
    folder.mkdir(exist_ok=True)
    (folder / "exam.toml").write_text(f"{whole}\n{row}{more}", "utf-8")
    return folder


def test_a_small_exam_may_be_one_file(tmp_path: Path) -> None:
    exam = exam_files.load(str(small(tmp_path)))
    assert exam.areas == OLD.areas
    assert [specialty.code for specialty in exam.catalogue] == ["101"]
    assert [one.code for one in exam.ethnicities] == ["01"]
    assert exam.employers == ()


def test_a_small_exam_may_have_its_employers_within(tmp_path: Path) -> None:
    more = '[[employers]]\ncode = "first"\narea = "qinghai"\nname = "青海示例第一人民医院"\n'
    exam = exam_files.load(str(small(tmp_path, more)))
    assert [one.name for one in exam.employers_in("qinghai")] == ["青海示例第一人民医院"]


@pytest.mark.parametrize("file", ["ethnicities.csv", "employers.csv"])
def test_a_list_that_two_files_give_is_named(tmp_path: Path, file: str) -> None:
    folder = small(tmp_path, '[[employers]]\ncode = "first"\narea = "qinghai"\nname = "示例"\n')
    shutil.copy(SHIPPED / file, folder)
    key = file.removesuffix(".csv")
    with pytest.raises(BadExam) as refused:
        exam_files.load(str(folder))
    assert refused.value.mistakes == [
        Mistake.of(key, "in-two-files", first="exam.toml", second=file)
    ]
    assert TRANSLATIONS.plain(refused.value.texts[0], "zh-CN") == (
        f"{key}：exam.toml 和 {file} 里都写了，请只留一处。"
    )


def test_a_part_that_two_files_give_is_named(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path, dirs_exist_ok=True)
    with (tmp_path / "areas.toml").open("a", encoding="utf-8") as areas:
        areas.write("\n[windows]\n")
    with pytest.raises(BadExam) as refused:
        exam_files.load(str(tmp_path))
    assert refused.value.mistakes == [
        Mistake.of("windows", "in-two-files", first="exam.toml", second="areas.toml")
    ]


def test_a_catalogue_saved_by_a_spreadsheet_is_read(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path, dirs_exist_ok=True)
    file = tmp_path / "catalogue.csv"
    text = file.read_text("utf-8").replace("\n", "\r\n")
    file.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert exam_files.load(str(tmp_path)) == OLD


@pytest.mark.parametrize(
    ("row", "path"),
    [
        ("999,assistant,pharmacy,药学,,computer,no,no", "catalogue[119].source"),
        ("999,assistant,pharmacy,药学,,computer,no,no,-,-", "catalogue[119].more"),
        ("999,assistant,pharmacy,,,computer,no,no,-", "catalogue[119].name"),
        ("999,assistant,pharmacy,药学,,computer,no,maybe,-", "catalogue[119].confirmed"),
        ("101,assistant,pharmacy,药学,,computer,no,no,-", "catalogue[119].code"),
    ],
)
def test_a_wrong_row_of_the_catalogue_is_named(tmp_path: Path, row: str, path: str) -> None:
    shutil.copytree(SHIPPED, tmp_path, dirs_exist_ok=True)
    with (tmp_path / "catalogue.csv").open("a", encoding="utf-8") as catalogue:
        catalogue.write(f"{row}\n")
    with pytest.raises(BadExam) as refused:
        exam_files.load(str(tmp_path))
    assert [one.path for one in refused.value.mistakes] == [path]


@pytest.mark.parametrize(
    ("file", "row", "path"),
    [
        ("ethnicities.csv", "57,,Unknown,no", "ethnicities[58].name"),
        ("ethnicities.csv", "57,穿青人,Chuanqing,perhaps", "ethnicities[58].sample"),
        ("employers.csv", "new,,示例医院,,yes", "employers[103].area"),
        ("employers.csv", "new,atlantis,示例医院,,yes", "employers[103].area"),
        ("employers.csv", "other,qinghai,其它,,yes", "employers[103].code"),
    ],
)
def test_a_wrong_row_of_another_list_is_named(
    tmp_path: Path, file: str, row: str, path: str
) -> None:
    shutil.copytree(SHIPPED, tmp_path, dirs_exist_ok=True)
    with (tmp_path / file).open("a", encoding="utf-8") as table:
        table.write(f"{row}\n")
    with pytest.raises(BadExam) as refused:
        exam_files.load(str(tmp_path))
    assert [one.path for one in refused.value.mistakes] == [path]


def test_a_catalogue_that_is_no_table_is_refused(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path, dirs_exist_ok=True)
    (tmp_path / "catalogue.csv").write_text('code,name\n"101,', "utf-8")
    with pytest.raises(BadExam):
        exam_files.load(str(tmp_path))
