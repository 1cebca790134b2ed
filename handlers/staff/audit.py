"""The administrators are told the head of the audit's chain, once a day.

What stands in a chat cannot be changed by whoever holds the database: so the message is the
witness that ``baoming audit verify --head …`` compares with.
"""

from datetime import date

from handlers.screens import Screen, Screens, View
from states.texts import Text

HEAD = "audit-head"
SHORT = 16


def shortened(digest: str) -> str:
    """Enough of a digest to compare by eye, in groups of four.

    >>> shortened("0123456789abcdef" * 4)
    '0123 4567 89ab cdef'
    """
    return " ".join(digest[start : start + 4] for start in range(0, SHORT, 4))


def draw(view: View) -> Screen:
    """How far the chain goes and its digest; what it is for, and that it is to stay there."""
    seq, digest = view.at["seq"], view.at["digest"]
    told = Text(
        "audit-head",
        {
            "day": date.fromisoformat(view.at["day"]),
            "count": seq,
            "since": view.at["since"],
            "short": shortened(digest),
        },
    )
    witness = Text("audit-head-witness", {"head": f"{seq}:{digest}"})
    return Screen((told, witness, Text("audit-head-why")))


SCREENS: Screens = {HEAD: draw}
