"""numpy as a peer of lib/math's linear algebra: reads one JSON request a line, answers with one JSON line.

{"do": "eigh", "file": F, "rows": m, "columns": n, "times": k}: F holds the matrix (complex128, row-major); the answer is
the milliseconds of each run and the values found. "svd", "pinv", "lstsq" (right side: the first column), "gram" (A A^H)
and "roots" (F holds coefficients, the highest power first) likewise.
"""
import json
import sys
import time

import numpy as np

RUNS = {
    "eigh": lambda a: np.linalg.eigh(a)[0][::-1],
    "svd": lambda a: np.linalg.svd(a, full_matrices=False)[1],
    "pinv": lambda a: np.linalg.pinv(a)[0].real,
    "lstsq": lambda a: np.linalg.lstsq(a, a[:, :1], rcond=None)[0][:, 0].real,
    "gram": lambda a: (a @ a.conj().T)[0].real,
    "roots": lambda a: np.sort(np.abs(np.roots(a[0]))),
}

for line in sys.stdin:
    request = json.loads(line)
    a = np.fromfile(request["file"], dtype=np.complex128).reshape(request["rows"], request["columns"])
    run = RUNS[request["do"]]
    times = []
    for _ in range(request["times"]):
        start = time.perf_counter()
        values = run(a)
        times.append(1e3 * (time.perf_counter() - start))
    print(json.dumps({"times": times, "values": [float(x) for x in values], "numpy": np.__version__}), flush=True)
