"""Settings of property tests: the same examples on every run, and no limit on a slow machine."""

from hypothesis import HealthCheck, settings

UNHURRIED = settings(
    deadline=None,
    derandomize=True,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
