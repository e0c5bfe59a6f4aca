"""The fixtures of the relay, for its web endpoint."""

from tests.relay.conftest import house as house
