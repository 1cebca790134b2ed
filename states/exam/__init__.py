"""One exam of one year as data, read from the files that follow the authority's announcement.

Times carry their UTC offset; people see them in the exam's ``zone``. Fees are in fen, sizes in KB.
``sample`` marks invented data, and is true unless a file says otherwise.
"""

from states.exam.conditions import Clause, Eligibility
from states.exam.data import Coded
from states.exam.definition import (
    Category,
    Exam,
    LatePayment,
    PaymentRules,
    Specialty,
    Terms,
    Window,
    Windows,
    codes_of,
    last_minute,
)
from states.exam.exam_days import ExamDays, ExamSession, Mode
from states.exam.late_change_rules import Decider, LateChangeRules
from states.exam.parsing import BadExam, CodesInUse, missing_codes, read_exam
from states.exam.places import (
    OTHER_EMPLOYER,
    Area,
    Confirmation,
    Employer,
    Fee,
    FileFormat,
    Material,
    Payment,
    PaymentWay,
    Point,
    Refusals,
    Site,
    Supplement,
)
from states.exam.rehearsal_rules import DeskStaff, RehearsalRules
from states.exam.reminder_rules import Duty, ReminderRules

__all__ = [
    "OTHER_EMPLOYER",
    "Area",
    "BadExam",
    "Category",
    "Clause",
    "Coded",
    "CodesInUse",
    "Confirmation",
    "Decider",
    "DeskStaff",
    "Duty",
    "Eligibility",
    "Employer",
    "Exam",
    "ExamDays",
    "ExamSession",
    "Fee",
    "FileFormat",
    "LateChangeRules",
    "LatePayment",
    "Material",
    "Mode",
    "Payment",
    "PaymentRules",
    "PaymentWay",
    "Point",
    "Refusals",
    "RehearsalRules",
    "ReminderRules",
    "Site",
    "Specialty",
    "Supplement",
    "Terms",
    "Window",
    "Windows",
    "codes_of",
    "last_minute",
    "missing_codes",
    "read_exam",
]
