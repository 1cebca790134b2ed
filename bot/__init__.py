"""The bot process: updates come in, messages go out, and ``bot.app`` builds its parts."""

from __future__ import annotations

import os

# pypinyin would hold 40 MB of phrases, which ``states.list_search`` does without.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
