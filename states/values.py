"""A ``dataclass`` for values that are made often: the type checker freezes them, not the program.

A frozen dataclass fills its fields by ``object.__setattr__``, which takes five times as long.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    import dataclasses

    def dataclass(*, frozen=False, eq=True, **options):
        """Make a dataclass that is not frozen, with the hash of a frozen one."""
        return dataclasses.dataclass(eq=eq, unsafe_hash=frozen and eq, **options)


__all__ = ["dataclass"]
