# ruff: noqa: E402  (what is optional is asked for before it is imported)
import onnxruntime
import pytest

torch = pytest.importorskip("torch", reason="exporting needs requirements-export.txt")
pytest.importorskip("optimum", reason="exporting needs requirements-export.txt")
onnx = pytest.importorskip("onnx", reason="exporting needs requirements-export.txt")

from export.errors import ExportError
from export.graphs.parity import parity
from export.graphs.trace import trace
from export.spec import PARITY

BATCH = {0: "batch"}


class Product(torch.nn.Module):
    """Rows [n, 8] to unit rows [n, 4]; `slip` is added to them after the trace."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.layer = torch.nn.Linear(8, 4)
        self.slip = 0.0

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.normalize(self.layer(values), dim=-1) + self.slip


class Undefined(torch.nn.Module):
    def forward(self, values: torch.Tensor) -> torch.Tensor:
        return torch.linalg.eigvals(values @ values.T).real


class FixedBatch(Product):
    """Has the size of the traced batch in the graph."""

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        return super().forward(values)[: int(values.shape[0])] * (2.0 - len(values) / 2)


def write(module, path):
    trace(module, {"values": BATCH}, ("rows",), (torch.randn(2, 8),), path)
    return path


def check(module, path):
    examples = [(torch.randn(count, 8),) for count in (2, 1, 5)]
    return parity(module, ("values",), "rows", examples, path)


def test_a_module_becomes_a_graph_for_any_batch(tmp_path, capfd):
    path = write(Product().eval(), tmp_path / "rows.onnx")
    assert check(Product().eval(), path) <= 1e-6
    (batch, width) = onnxruntime.InferenceSession(path).get_inputs()[0].shape
    assert (batch, width) == ("batch", 8)
    assert capfd.readouterr() == ("", "")
    assert list(tmp_path.iterdir()) == [path]  # nothing is left of the trace


def test_a_graph_holds_no_notes(tmp_path):
    graph = onnx.load(write(Product().eval(), tmp_path / "rows.onnx")).graph
    assert not any(node.doc_string or node.metadata_props for node in graph.node)
    assert not graph.value_info


def test_large_weights_lie_beside_the_graph(tmp_path, monkeypatch):
    monkeypatch.setattr("export.graphs.files.SINGLE_FILE_BYTES", 10)
    monkeypatch.setattr("export.graphs.files._SMALL_BYTES", 10)
    path = write(Product().eval(), tmp_path / "rows.onnx")
    assert {file.name for file in tmp_path.iterdir()} == {"rows.onnx", "rows.onnx.data"}
    assert check(Product().eval(), path) <= 1e-6


def test_what_onnx_cannot_express_is_refused_by_the_name_of_the_file(tmp_path):
    with pytest.raises(ExportError, match=r"rows\.onnx: cannot be expressed as ONNX"):
        write(Undefined(), tmp_path / "rows.onnx")
    assert list(tmp_path.iterdir()) == []


def test_a_graph_that_computes_something_else_is_refused(tmp_path):
    module = Product().eval()
    path = write(module, tmp_path / "rows.onnx")
    module.slip = 2 * PARITY
    with pytest.raises(ExportError, match=r"rows\.onnx: differs from PyTorch by up to 0\.0002"):
        check(module, path)
    module.slip = float("nan")
    with pytest.raises(ExportError, match="differs from PyTorch by up to nan"):
        check(module, path)


def test_a_graph_that_is_right_for_the_traced_batch_alone_is_refused(tmp_path):
    module = FixedBatch().eval()
    path = write(module, tmp_path / "rows.onnx")
    with pytest.raises(ExportError, match=r"rows\.onnx: gives rows of \(2, 4\) where"):
        check(module, path)
