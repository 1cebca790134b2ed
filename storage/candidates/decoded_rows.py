"""The records that rows were last decoded to, or encoded from.

An answer reads the rows that the answer before it wrote. A row that is equal in each column, with
its MACs and random nonces, is not checked, decrypted and parsed again. Whoever changed the row
meanwhile, in this process or another, made another row of it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import Table

from storage.engine.encryption import Keyring

T = TypeVar("T")
AT_MOST: Final = 512
"""The most rows of a table in memory: people who write at the same time."""


class DecodedRows(Generic[T]):
    """Remembers the last rows of a table with their records; ``of_row`` decodes the others."""

    def __init__(
        self, table: Table, of_row: Callable[[Keyring, Any], T], at_most: int = AT_MOST
    ) -> None:
        self._columns = tuple(table.columns.keys())
        self._of_row = of_row
        self._at_most = at_most
        self._known: OrderedDict[int, tuple[tuple[Any, ...], T]] = OrderedDict()

    def decode(self, keyring: Keyring, row: Any) -> T:
        """Return the record of a row, whose attributes are the columns."""
        values, known = tuple(row), self._known.get(row.id)
        if known is not None and known[0] == values:
            self._known.move_to_end(row.id)
            return known[1]
        record = self._of_row(keyring, row)
        self._keep(row.id, values, record)
        return record

    def note(self, row: Mapping[str, Any], record: T) -> None:
        """Note the row that a record is written as; it need not be committed."""
        self._keep(row["id"], tuple([row[name] for name in self._columns]), record)

    def forget(self, row_id: int) -> None:
        """Drop a row whose record must not stay in memory."""
        self._known.pop(row_id, None)

    def _keep(self, row_id: int, row: tuple[Any, ...], record: T) -> None:
        self._known[row_id] = row, record
        self._known.move_to_end(row_id)
        if len(self._known) > self._at_most:
            self._known.popitem(last=False)
