"""Whose numbers somebody may see. Every question to the campaign's tables takes a scope, and the query itself obeys."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, true


class OutOfScope(Exception):
    """A ward was asked for that this person may not see, or that does not exist: the answer is the same."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The whole city, where ``wards`` is None, or some wards only, perhaps none."""

    wards: frozenset[str] | None = None

    @classmethod
    def of(cls, codes: Iterable[str]) -> "Scope":
        return cls(frozenset(codes))

    def __contains__(self, ward: str) -> bool:
        return self.wards is None or ward in self.wards

    def only(self, column: "ColumnElement[str]") -> "ColumnElement[bool]":
        """The condition that keeps a query inside."""
        return true() if self.wards is None else column.in_(sorted(self.wards))


CITY = Scope()
