"""Imports aiogram without completing its models of the Bot API, of which the bot uses none.

Of aiogram the bot has states and storage. Its package also imports every type and method of the
Bot API and resolves their references: 105 MB and most of a start. pydantic leaves a model that was
not completed unusable until ``model_rebuild``, so a process that validates by aiogram's models,
such as the sandbox, imports aiogram as usual.
"""

from __future__ import annotations

from importlib import import_module
from unittest.mock import patch

from pydantic import BaseModel


def import_aiogram() -> None:
    """Import aiogram; in a process that has imported it already this does nothing."""
    with patch.object(BaseModel, "model_rebuild", classmethod(lambda _cls, **_options: None)):
        import_module("aiogram")
