"""Who calls, behind how many proxies, and how often in vain."""

from ipaddress import ip_network

import pytest
from fastapi import Request

from bot.web.callers import Refusals, client_address, is_within
from tests.fakes import Clock


def request(peer: str | None, *forwarded: str) -> Request:
    headers = [(b"x-forwarded-for", line.encode()) for line in forwarded]
    return Request({"type": "http", "headers": headers, "client": (peer, 1) if peer else None})


CASES = [
    ("nobody in front", "10.0.0.1", (), 0, "10.0.0.1"),
    ("a header nobody asked for", "10.0.0.1", ("6.6.6.6",), 0, "10.0.0.1"),
    ("one proxy", "10.0.0.1", ("1.2.3.4",), 1, "1.2.3.4"),
    ("a caller who writes the header, too", "10.0.0.1", ("6.6.6.6, 1.2.3.4",), 1, "1.2.3.4"),
    ("the same in a header of their own", "10.0.0.1", ("6.6.6.6", "1.2.3.4"), 1, "1.2.3.4"),
    ("two proxies", "10.0.0.1", ("6.6.6.6, 1.2.3.4, 10.0.0.2",), 2, "1.2.3.4"),
    ("past the proxies", "10.0.0.1", (), 1, "10.0.0.1"),
    ("past one of them", "10.0.0.1", ("1.2.3.4",), 2, "10.0.0.1"),
    ("a socket file", None, (), 0, ""),
]


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_the_address_is_what_our_own_proxy_wrote(
    peer: str | None, forwarded: tuple[str, ...], proxies: int, expected: str
) -> None:
    assert client_address(request(peer, *forwarded), proxies) == expected


NETS = (ip_network("149.154.160.0/20"), ip_network("91.108.4.0/22"))


@pytest.mark.parametrize(
    ("address", "within"),
    [("149.154.167.1", True), ("91.108.7.255", True), ("91.108.8.0", False), ("", False), ("unknown", False)],
)
def test_a_fence_of_nets(address: str, within: bool) -> None:
    assert is_within(address, NETS) is within
    assert is_within(address, ())


def test_too_many_refusals_of_one_address(clock: Clock) -> None:
    refusals = Refusals(lambda: clock().timestamp())
    assert [refusals.add("a") for _ in range(21)] == [False] * 20 + [True]
    assert not refusals.add("b")
    clock.move(seconds=61)
    assert not refusals.add("a")


def test_addresses_without_end_are_not_kept(clock: Clock) -> None:
    refusals = Refusals(lambda: clock().timestamp())
    for number in range(30):
        refusals.add("a")
        refusals.add(str(number))
    assert refusals.add("a")
    for number in range(10_000):
        refusals.add(f"other {number}")
    assert not refusals.add("a")
