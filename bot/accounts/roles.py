"""Who may do what (T62): five roles, what each may do, and for which wards."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, get_args

Role = Literal["city_admin", "ward_officer", "trainer", "editor", "auditor"]
Permission = Literal[
    "figures",
    "requests",
    "requests.act",
    "deliveries",
    "deliveries.act",
    "content",
    "staff",
    "staff.act",
    "approvals.act",
    "audit",
    "export",
    "own",
]

ROLES: tuple[Role, ...] = get_args(Role)
PERMISSIONS: tuple[Permission, ...] = get_args(Permission)

# "own": one's own sessions and language; reading is never enough to act (T61)
_MAY: dict[str, frozenset[Permission]] = {
    "city_admin": frozenset(PERMISSIONS),
    "ward_officer": frozenset({"figures", "requests", "requests.act", "content", "own"}),
    "trainer": frozenset({"figures", "content", "own"}),
    "editor": frozenset({"figures", "content", "own"}),
    "auditor": frozenset({"figures", "requests", "deliveries", "content", "staff", "audit", "own"}),
}

# who sees the figures of the wards they are named for, and of no other
LIMITED: frozenset[str] = frozenset({"ward_officer", "trainer"})


@dataclass(frozen=True, slots=True)
class Reach:
    """What a person or a program gets to see: the whole city, or some wards (T62). Made from a session, never from
    an address somebody typed."""

    wards: frozenset[str] | None = None

    @property
    def is_city(self) -> bool:
        return self.wards is None

    def covers(self, ward: str) -> bool:
        """
        >>> Reach(frozenset({"26740"})).covers("26734")
        False
        """
        return self.wards is None or ward in self.wards


def may(role: str, permission: Permission) -> bool:
    """
    >>> may("auditor", "requests"), may("auditor", "requests.act")
    (True, False)
    """
    return permission in _MAY.get(role, frozenset())


def reach_of(role: str, wards: Collection[str]) -> Reach:
    """A limited role without any ward reaches nothing."""
    return Reach(frozenset(wards)) if role in LIMITED else Reach()
