"""An exam as data: what the authority announces for one year. Read from files, never coded.

Moments carry their offset; shown to people in the exam's ``zone``. Fees are in fen, sizes in KB.
Whatever a file does not call confirmed is a sample: ``sample`` is true unless it says otherwise.
"""

from states.exam.catalogue import Category, Mode, Specialty
from states.exam.data import Coded
from states.exam.definition import Exam, Terms
from states.exam.places import (
    OTHER_EMPLOYER,
    Area,
    Confirmation,
    Employer,
    Fee,
    FileFormat,
    Material,
    Payment,
    Point,
    Refusals,
    Site,
    Supplement,
)
from states.exam.reading import BadExam, CodesInUse, missing_codes, read_exam
from states.exam.windows import ExamDays, Window, Windows

__all__ = [
    "OTHER_EMPLOYER",
    "Area",
    "BadExam",
    "Category",
    "Coded",
    "CodesInUse",
    "Confirmation",
    "Employer",
    "Exam",
    "ExamDays",
    "Fee",
    "FileFormat",
    "Material",
    "Mode",
    "Payment",
    "Point",
    "Refusals",
    "Site",
    "Specialty",
    "Supplement",
    "Terms",
    "Window",
    "Windows",
    "missing_codes",
    "read_exam",
]
