"""The bench of a whole country runs, on a small one."""

from __future__ import annotations

import pytest

from storage.candidates import overdue
from tests.bench.country import app

pytestmark = pytest.mark.bench


def test_a_small_country_is_measured(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overdue, "PART", 10)
    app(["--candidates", "100", "--staff", "40"], result_action="return_value")
    said = capsys.readouterr().out
    assert "| after the confirmation | expiry |" in said
    assert "✓ event loop kept" in said
