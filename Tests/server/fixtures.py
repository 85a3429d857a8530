"""`from server.fixtures import stand_in` gives a test module a server of its own for each test."""

import pytest

from .listener import StandIn

KEY = "0123456789abcdef" * 2 + "01234567"  # forty characters, good for nothing


@pytest.fixture
def stand_in():
    with StandIn(key=KEY) as server:
        yield server
