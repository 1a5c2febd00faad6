"""A bot of the console's own: what people finish in the other tests of the web must not change its figures."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.bootstrap import Service, build_service
from bot.settings import load_settings
from tests.stand_ins.provider.app import CLIENT, MFA, SECRET, StandIn, provider_served
from tests.web.sites import Site, served


@pytest.fixture(scope="session")
def provider() -> Iterator[StandIn]:
    """The city's provider of sign-ins, the same for all; who makes trouble there ends it again."""
    with provider_served() as stand_in:
        yield stand_in


@pytest.fixture(scope="session")
def bot(tmp_path_factory: pytest.TempPathFactory, provider: StandIn) -> Service:
    folder = tmp_path_factory.mktemp("desk")
    (folder / "oidc_client_secret").write_text(SECRET, encoding="ascii")
    return build_service(
        replace(
            load_settings(),
            database_url=f"sqlite:///{folder / 'desk.db'}",
            public_url="",
            secrets=folder,
            oidc_issuer=provider.address,
            oidc_client_id=CLIENT,
            oidc_second_factor=(MFA,),
            telegram_staff_bot="lop_hoc_bot",
            telegram_approval="UBND, 2026-11-01",
        )
    )


@pytest.fixture(scope="session")
def site(bot: Service) -> Iterator[Site]:
    with served(bot) as site:
        yield site
