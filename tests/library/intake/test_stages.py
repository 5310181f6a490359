import pytest

from engine.library.intake.stages import STAGES, Stopwatch, slowest
from engine.library.records import Stage
from engine.machine import usable_cores


def test_a_stage_could_reach_what_its_threads_could() -> None:
    stopwatch = Stopwatch()
    stopwatch.add("read", 2.0, images=10)
    stopwatch.add("decode", 3.0, images=10)
    stopwatch.add("encode", 4.0, images=10)
    stopwatch.add("store", 5.0, images=10)
    stages = stopwatch.stages(jobs=1, model_threads=None)
    assert tuple(stage.name for stage in stages) == STAGES
    assert [stage.per_second for stage in stages] == [5.0, 10 / 3, 2.5, 2.0]
    read, decode, *_ = stopwatch.stages(jobs=1000, model_threads=None)
    assert read.per_second == 5000, "reading waits for the disk, not for cores"
    assert decode.per_second == pytest.approx(10 / 3 * min(1000, usable_cores()))


def test_the_model_s_own_threads_are_what_is_left_of_the_processor() -> None:
    stopwatch = Stopwatch()
    stopwatch.add("encode", 100.0, images=1)  # on the clock, waiting for cores
    sum(number * number for number in range(200_000))
    before = stopwatch.stages(1, 1)[2]
    assert 0 < before.seconds < 50
    stopwatch.add_other(before.seconds / 2)
    after = stopwatch.stages(1, 1)[2]
    assert after.seconds < before.seconds


def test_the_stage_that_is_slowest_alone_limits() -> None:
    stages = (Stage("read", 1, 1, 50), Stage("decode", 1, 1, 9), Stage("encode", 1, 1, 20))
    assert slowest(stages) == "decode"


@pytest.mark.parametrize("stages", [(), (Stage("read", 1, 1, 50), Stage("encode", 0, 0, 0))])
def test_nothing_limits_where_nothing_was_encoded(stages: tuple[Stage, ...]) -> None:
    assert slowest(stages) is None
