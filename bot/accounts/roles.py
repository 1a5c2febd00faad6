"""Who may do what (T62): five roles, what each may do, and for which wards."""

from collections.abc import Collection
from typing import Literal, get_args

from bot.campaign.scope import CITY, Scope

Role = Literal["city_admin", "ward_officer", "trainer", "editor", "auditor"]
Permission = Literal[
    "figures",
    "requests",
    "requests.act",
    "classes",
    "classes.act",
    "deliveries",
    "deliveries.act",
    "content",
    "weekly",
    "weekly.act",
    "staff",
    "staff.act",
    "approvals.act",
    "audit",
    "own",
]

ROLES: tuple[Role, ...] = get_args(Role)
PERMISSIONS: tuple[Permission, ...] = get_args(Permission)

# "own": one's own sessions and language; reading is never enough to act (T61)
_MAY: dict[str, frozenset[Permission]] = {
    "city_admin": frozenset(PERMISSIONS),
    "ward_officer": frozenset({"figures", "requests", "requests.act", "classes", "classes.act", "content", "own"}),
    "trainer": frozenset({"figures", "classes", "classes.act", "content", "own"}),
    "editor": frozenset({"figures", "content", "own"}),
    "auditor": frozenset(
        {"figures", "requests", "classes", "deliveries", "content", "weekly", "staff", "audit", "own"}
    ),
}

# who sees the figures of the wards they are named for, and of no other
LIMITED: frozenset[str] = frozenset({"ward_officer", "trainer"})


def may(role: str, permission: Permission) -> bool:
    """
    >>> may("auditor", "requests"), may("auditor", "requests.act")
    (True, False)
    """
    return permission in _MAY.get(role, frozenset())


def scope_of(role: str, wards: Collection[str]) -> Scope:
    """What a person or a program gets to see; a limited role without any ward sees nothing.

    >>> "26734" in scope_of("ward_officer", ["26740"]), "26734" in scope_of("auditor", [])
    (False, True)
    """
    return Scope.of(wards) if role in LIMITED else CITY
