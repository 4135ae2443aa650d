"""Checks and runs ONNX files beside the numbers that they should give (see onnx-export.ts).

usage: onnx_export.py FOLDER
needs: onnxruntime, onnx, numpy
"""
import json
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime

BOUND = 1e-5


def take(numbers, at, shape):
    count = int(np.prod(shape))
    return numbers[at : at + count].reshape(shape), at + count


def differences(session, cases, numbers):
    """Largest difference to the tensors of the wasm engine, and to the same file in Node."""
    at, tensors, node, steps = 0, 0.0, 0.0, 0
    for case in cases:
        feeds = {}
        for port in case["inputs"]:
            feeds[port["name"]], at = take(numbers, at, port["shape"])
        found = dict(zip([port.name for port in session.get_outputs()], session.run(None, feeds)))
        expected = {}
        for port in case["outputs"]:
            expected[port["name"]], at = take(numbers, at, port["shape"])
            in_node, at = take(numbers, at, port["shape"])
            node = max(node, float(np.abs(in_node - found[port["name"]]).max()))
        # A scale on the edge between two of its steps of 0.07 % may fall to either side of it.
        ratio = float(expected["scale"][0] / found["scale"][0]) if "scale" in expected else 1.0
        steps += abs(ratio - 1) > 1e-5
        for name, values in expected.items():
            tensors = max(tensors, float(np.abs(values - found[name] * ratio).max()))
    assert at == numbers.size
    return tensors, node, steps


folder = pathlib.Path(sys.argv[1])
print(f"onnxruntime {onnxruntime.__version__}, onnx {onnx.__version__}, {len(list(folder.glob('*.onnx')))} files")
print(f"{'file':<20} {'kB':>7} {'checker':>8} {'inputs':>7} {'to tensors':>11} {'to Node':>9} {'other scale':>12}")
worst = 0.0
for path in sorted(folder.glob("*.onnx")):
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    assert [opset.domain for opset in model.opset_import] == [""], "standard operators only"
    cases = json.loads(path.with_suffix(".json").read_text())["cases"]
    numbers = np.fromfile(path.with_suffix(".f32"), np.float32)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    tensors, node, steps = differences(session, cases, numbers)
    worst = max(worst, tensors, node)
    size = path.stat().st_size / 1000
    print(f"{path.stem:<20} {size:>7.1f} {'passes':>8} {len(cases):>7} {tensors:>11.1e} {node:>9.1e} {steps:>12}")
print(f"largest difference {worst:.1e}; allowed: {BOUND:.0e}")
sys.exit(0 if worst <= BOUND else 1)
