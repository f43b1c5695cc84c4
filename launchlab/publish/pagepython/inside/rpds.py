"""Stands in for ``rpds``, which is compiled: the persistent maps and lists that schemas need.

Copies instead of sharing: what `referencing` and `jsonschema` keep there is small.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any


class HashTrieMap(dict[Any, Any]):
    """A map whose changes give another map."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))

    @classmethod
    def convert(cls, value: Any) -> HashTrieMap:
        """A map of this kind."""
        return value if isinstance(value, cls) else cls(value)

    def insert(self, key: Any, value: Any) -> HashTrieMap:
        """With one entry more."""
        return HashTrieMap({**self, key: value})

    def remove(self, key: Any) -> HashTrieMap:
        """With one entry less."""
        return HashTrieMap({one: self[one] for one in self if one != key})

    def update(self, *others: Any, **more: Any) -> HashTrieMap:  # type: ignore[override]
        """With the entries of others."""
        found = dict(self)
        for other in (*others, more):
            found.update(other)
        return HashTrieMap(found)


class HashTrieSet(frozenset[Any]):
    """A set whose changes give another set."""

    def insert(self, value: Any) -> HashTrieSet:
        """With one element more."""
        return HashTrieSet(self | {value})

    def remove(self, value: Any) -> HashTrieSet:
        """With one element less."""
        return HashTrieSet(self - {value})

    def update(self, *others: Iterable[Any]) -> HashTrieSet:
        """With the elements of others."""
        return HashTrieSet(self.union(*others))


class List(tuple[Any, ...]):
    """A list that grows in front."""

    def __new__(cls, *elements: Any) -> List:
        """From several elements, or from one iterable."""
        return tuple.__new__(cls, elements[0] if len(elements) == 1 else elements)

    def push_front(self, value: Any) -> List:
        """With one element more, in front."""
        return List((value, *self))

    def drop_first(self) -> List:
        """Without the first element."""
        return List(self[1:])

    @property
    def first(self) -> Any:
        """The first element."""
        return self[0]

    @property
    def rest(self) -> List:
        """All but the first element."""
        return self.drop_first()

    def __iter__(self) -> Iterator[Any]:
        return super().__iter__()


class Queue(tuple[Any, ...]):
    """Named in type hints only."""


class Stack(tuple[Any, ...]):
    """Named in type hints only."""
