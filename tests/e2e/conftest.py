"""Fixtures for tests that damage libraries and kill what writes them."""

from collections.abc import Iterator

import pytest

from engine.query import asked, upkeep


@pytest.fixture(scope="module")
def quickly_tuned() -> Iterator[None]:
    """Indexes of some dozen pictures are tuned with 20 texts in place of 1,000.

    Encoding those is most of the time of a test that is not about how well an index finds.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asked, "TEXTS", 20)
        patch.setattr(upkeep, "TARGET", 0.5)
        yield
