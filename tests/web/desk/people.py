"""People of the office for the tests: each with an account, a phone that shows codes, and a browser without script."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count

import httpx
import pyotp

from bot.accounts.codes import digest, new_token
from bot.accounts.passwords import hashed
from bot.bootstrap import Service
from bot.store.staff import Account

PASSWORD = "con mèo ngủ trên mái tôn"  # noqa: S105
HASH = hashed(PASSWORD)
COOKIE = "gocua-desk"

numbers = count(1)


@dataclass
class Browser:
    """A browser at the console, signed in or not."""

    address: str
    token: str = ""
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        cookies = {COOKIE: self.token} if self.token else {}
        self.client = httpx.Client(base_url=self.address, cookies=cookies, trust_env=False, timeout=30)

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path)

    def key(self, path: str = "/desk/welcome") -> str:
        found = re.search(r'name="key" value="([0-9a-f]+)"', self.client.get(path, follow_redirects=True).text)
        assert found
        return found[1]

    def post(self, path: str, **fields: str) -> httpx.Response:
        """What the form of a page sends."""
        return self.client.post(path, data={"key": self.key(), **fields})

    def post_raw(self, path: str, *, headers: dict[str, str] | None = None, **fields: str) -> httpx.Response:
        return self.client.post(path, data=fields, headers=headers)


@dataclass(frozen=True, slots=True)
class Official:
    """An account that somebody opened."""

    account: Account
    secret: str

    def code(self, service: Service) -> str:
        """What the phone shows now."""
        return pyotp.TOTP(self.secret).at(service.store.now())


def new_official(service: Service, role: str, wards: tuple[str, ...] = ()) -> Official:
    staff, secret = service.store.staff, pyotp.random_base32()
    added = staff.add(f"{role}.{next(numbers)}@tphcm.example", role, wards, by="cli")
    assert added is not None
    staff.enrol(added, HASH, secret, [digest(f"spare {added.id}")])
    account = staff.account(added.id)
    assert account is not None
    return Official(account, secret)


@contextmanager
def at_the_desk(service: Service, address: str, official: Official) -> Iterator[Browser]:
    """Their browser, just signed in."""
    token = new_token()
    service.store.staff.begin(official.account, digest(token), "full")
    browser = Browser(address, token)
    with browser.client:
        yield browser
