"""aiogram without its completed models: the conversation's part of it works all the same."""

from __future__ import annotations

import subprocess
import sys

LEAN = """
import asyncio
from bot.core.lean_aiogram import import_aiogram

import_aiogram()

import aiogram.types
from aiogram.fsm.context import FSMContext
from aiogram.fsm.storage.memory import MemoryStorage
from pydantic import BaseModel
from states.fsm_states import Account
from storage.updates.fsm import candidate_key

async def main():
    context = FSMContext(MemoryStorage(), candidate_key(1, 2))
    await context.set_state(Account.name)
    await context.set_data({"field": "name"})
    return await context.get_state(), await context.get_data()

class Own(BaseModel):
    of: "Later"

class Later(BaseModel):
    number: int

Own.model_rebuild()
print(asyncio.run(main()), Own(of={"number": 1}).of.number)
print(aiogram.types.Message.__pydantic_complete__)
"""


def test_states_work_and_the_models_stay_incomplete() -> None:
    run = subprocess.run([sys.executable, "-c", LEAN], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines() == ["('Account:name', {'field': 'name'}) 1", "False"], run.stderr
