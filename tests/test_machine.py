import os
import platform

from engine.machine import describe_machine, usable_cores


def test_usable_cores_are_those_of_this_process() -> None:
    before = os.sched_getaffinity(0)
    assert usable_cores() == len(before)
    try:
        os.sched_setaffinity(0, {min(before)})
        assert usable_cores() == 1
    finally:
        os.sched_setaffinity(0, before)


def test_a_machine_is_described_by_its_cpu_not_by_its_name() -> None:
    said = describe_machine()
    assert said.endswith(f", {usable_cores()} cores")
    assert platform.node() not in said
