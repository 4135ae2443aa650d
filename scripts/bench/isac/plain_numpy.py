"""The scene of plain.ts in numpy: PLAIN with the same stages, and a canonical polyadic decomposition by tensorly.

One JSON request a line: {"do": "load", "file", "shape"}, or {"do": "plain" | "cpd", "factors", "order", "times"};
answers {"times": seconds of each, "mu": frequencies of the sources}.
"""

import json
import sys
import time

import numpy as np


def averaged(y, factors):
    for d in reversed(range(y.ndim)):
        size = y.shape[d] // factors[d] * factors[d]
        y = np.take(y, range(size), d) if size < y.shape[d] else y
        y = y.reshape(*y.shape[:d], -1, factors[d], *y.shape[d + 1 :]).mean(d + 1)
    return y


def root_music(y, d, order):
    x = np.moveaxis(y, d, 0).reshape(y.shape[d], -1)
    r = x @ x.conj().T / x.shape[1]
    r = (r + r[::-1, ::-1].conj()) / 2
    noise = np.linalg.eigh(r)[1][:, : len(r) - order]
    c = noise @ noise.conj().T
    roots = np.roots([np.trace(c, k) for k in range(len(r) - 1, -len(r), -1)])
    inside = roots[np.abs(roots) < 1]
    return np.angle(inside[np.argsort(1 - np.abs(inside))[:order]])


def pursuit(y, candidates, order):
    steering = [np.exp(1j * np.outer(np.arange(n), mu)) for n, mu in zip(y.shape, candidates)]
    c = y
    for a in reversed(steering):
        c = np.moveaxis(np.tensordot(c, a.conj(), (len(steering) - 1, 0)), -1, 0)
    grams = [a.conj().T @ a for a in steering]
    cells, left = [], c
    for _ in range(order):
        cells.append(np.unravel_index(np.argmax(np.abs(left)), c.shape))
        index = np.array(cells).T
        columns = [g[:, i] for g, i in zip(grams, index)]
        gram = np.prod([g[i] for g, i in zip(columns, index)], 0)
        gains = np.linalg.solve(gram, c[tuple(index)])
        left = c - np.einsum(",".join(f"{chr(97 + d)}z" for d in range(c.ndim)) + ",z", *columns, gains)
    return [[float(mu[i]) for mu, i in zip(candidates, cell)] for cell in cells]


def plain(y, factors, order):
    small = averaged(y, factors)
    candidates = [root_music(small, d, order) for d in range(y.ndim)]
    return [[m / f for m, f in zip(mu, factors)] for mu in pursuit(small, candidates, order)]


def frequency(a):
    """Of one steering vector: the peak of its periodogram, by Newton's method."""
    n = np.arange(len(a)) - (len(a) - 1) / 2
    grid = 4 * len(a)
    mu = 2 * np.pi * np.argmax(np.abs(np.fft.fft(a, grid))) / grid
    for _ in range(5):
        w = a * np.exp(-1j * mu * n)
        f, g, h = w.sum(), (-1j * n * w).sum(), (-(n**2) * w).sum()
        mu -= (f.conj() * g).real / ((f.conj() * h).real + abs(g) ** 2)
    return (mu + np.pi) % (2 * np.pi) - np.pi


def cpd(y, factors, order):
    from tensorly.decomposition import parafac

    small = averaged(y, factors)
    _, parts = parafac(small, order, init="svd", tol=1e-8, n_iter_max=200)
    return [[float(frequency(part[:, l])) / f for part, f in zip(parts, factors)] for l in range(order)]


def main():
    y = None
    for line in sys.stdin:
        request = json.loads(line)
        if request["do"] == "load":
            y = np.fromfile(request["file"], np.complex128).reshape(request["shape"])
            answer = {"numpy": np.__version__}
        else:
            run = {"plain": plain, "cpd": cpd}[request["do"]]
            times = []
            for _ in range(request["times"]):
                start = time.perf_counter()
                mu = run(y, request["factors"], request["order"])
                times.append(time.perf_counter() - start)
            answer = {"times": times, "mu": mu}
        print(json.dumps(answer), flush=True)


main()
