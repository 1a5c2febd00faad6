"""A hall on each kind of database."""

import pytest

from bot.store.store import Store
from tests.classes.hall import Hall


@pytest.fixture
def hall(store: Store) -> Hall:
    return Hall(store)
