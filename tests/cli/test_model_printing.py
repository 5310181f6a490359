import pytest
from vs_tiny import tiny_model

from engine import describe_model, load_encoder
from engine.cli.model_printing import measured_lines, model_lines, table


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        ("a CPU", ["m: a CPU"]),
        (None, ["m: -"]),
        (True, ["m: yes"]),
        (0.123456789, ["m: 0.123457"]),
        (0.99998, ["m: 0.99998"]),
        (5, ["m: 5"]),
        ([1, 2.5], ["m: 1, 2.5"]),
        ([], ["m: none"]),
        ({}, []),
        ({"a": 1, "b": {"c": 2, "d": {"e": 3}}}, ["m: a 1", "m b: c 2", "m b d: e 3"]),
        ([{"a": 1}, {"b": "xyz"}], ["m:", "  a  b", "  1  -", "  -  xyz"]),
        ({"rows": [{"a": 1}]}, ["m rows:", "  a", "  1"]),
        ([{"a": {"b": 1}}], ["m:", "  a", "  {'b': 1}"]),
    ],
    ids=str,
)
def test_any_measurement_is_readable(value: object, lines: list[str]) -> None:
    assert list(measured_lines("m", value)) == lines


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    rows = [{"precision": "fp32", "ms": 10.5}, {"precision": "int8-dynamic", "ms": 1}]
    assert table(rows) == ["precision     ms", "fp32          10.5", "int8-dynamic  1"]


def test_a_model_is_shown_with_all_its_graphs(tmp_path) -> None:
    encoder = load_encoder(tiny_model(tmp_path / "model", patches=True, external=True), "cpu", 3)
    info = describe_model(encoder)
    assert [tower.part for tower in info.towers] == ["vision", "text", "patches"]
    weights = (tmp_path / "model" / "vision.onnx.data").stat().st_size
    graph = (tmp_path / "model" / "vision.onnx").stat().st_size
    assert info.towers[0].megabytes == pytest.approx((weights + graph) / 1e6)
    lines = list(model_lines(info))
    assert "threads        3" in lines
    assert "provider       CPUExecutionProvider" in lines
