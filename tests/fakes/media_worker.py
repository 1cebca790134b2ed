"""The media worker's jobs in this process, over the wire's own words; nothing is forked."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from bot.media.decoding import job_server
from bot.media.media_worker import MediaWorker


class InProcessMediaWorker(MediaWorker):
    """Runs the registered jobs in a thread."""

    async def _attempt(
        self, job: str, content: bytes, arguments: Mapping[str, Any]
    ) -> tuple[Any, bytes]:
        header = json.loads(json.dumps({"job": job, "arguments": arguments}))
        answer, made = await asyncio.to_thread(job_server.run, header, content)
        return json.loads(json.dumps(answer)), made
