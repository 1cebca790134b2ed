"""``baoming verify`` tells whether a printed form is genuine and current; it needs the keys."""

from __future__ import annotations

import asyncio

from bot.cli.console import say
from bot.core.database import OpenDatabase, open_database
from bot.core.settings import Refused, load_settings
from states import verification
from states.records import ApplicationId
from states.submissions import SubmissionHistory, parse_code
from states.texts import Text
from states.verification import KeyMissing, PrintReference, Verdict, VerdictKind
from storage.candidates import submissions


def verify(given: str) -> int:
    """核对报名表：二维码的链接，或验证码 · verify a form by link or code; 1 if not current.

    Parameters
    ----------
    given
        二维码里的链接，或者验证码（例如 2222-454-03） · the link of the QR code, or the code.
    """

    async def look() -> Verdict:
        async with open_database(settings) as opened:
            return await verdict_on(opened, given)

    settings = load_settings()
    found = asyncio.run(look())
    text = found.text
    say(text.key, **text.args)
    return 0 if found.kind is VerdictKind.CURRENT else 1


async def verdict_on(opened: OpenDatabase, given: str) -> Verdict:
    """Return the verdict on a link or a typed code.

    Raises:
        Refused: the key that signed the form is missing here, or the form is forged.
    """
    parameter = given.rpartition("?start=")[2].strip()
    if (code := parse_code(parameter)) is not None:
        application_id, changes = code
        return verification.judge_code(changes, await _history(opened, application_id))
    try:
        keys = opened.keyring.signing_keys(verification.PURPOSE)
        found = verification.read_parameter(parameter, keys)
    except KeyMissing:
        raise Refused(Text("cli-verify-no-key"), code=2) from None
    if not isinstance(found, PrintReference):
        return found
    return verification.judge_print(found.number, await _history(opened, found.application_id))


async def _history(opened: OpenDatabase, application_id: ApplicationId) -> SubmissionHistory:
    async with opened.db.read() as connection:
        return await submissions.history(connection, application_id)
