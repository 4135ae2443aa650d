"""Golden values of MS-SSIM for lib/source/ms-ssim.test.ts, from an independent NumPy/SciPy version.

Run: python3 scripts/bench/source/ms_ssim_reference.py > lib/source/ms-ssim.golden.json
Needs numpy and scipy. The pictures are formulas that the test computes too (integers, so exactly).
Convention (Wang, Simoncelli and Bovik 2003 where it says): 11 x 11 Gaussian of sigma 1.5 as a full 2-D
window, 'valid' positions only; data range 1, K1 = 0.01, K2 = 0.03; 2 x 2 means between levels, odd last
row or column dropped; luminance at the last level only; negative terms 0; mean over the three channels.
"""
import json

import numpy as np
from scipy.signal import convolve2d

WEIGHTS = np.array([0.0448, 0.2856, 0.3001, 0.2363, 0.1333])


def original(width, height):
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    smooth = (3 * x + 5 * y + 40 * c) % 256
    ramp = np.where(smooth < 128, smooth, 255 - smooth)
    texture = (x * x * 7 + y * y * 13 + x * y * 3 + c * 29) % 61
    return ((ramp + texture) / 188).astype(np.float32)


def distorted(width, height, kind):
    a = original(width, height)
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    if kind == "noise":
        return (a + ((x * 31 + y * 17 + c * 7 + x * y) % 23 - 11) / 64).astype(np.float32)
    if kind == "contrast":
        return (a * np.float32(0.5) + np.float32(0.25)).astype(np.float32)
    if kind == "beyond":
        return (a * np.float32(2) - np.float32(0.5)).astype(np.float32)
    if kind == "negative":
        return (1 - a).astype(np.float32)
    raise ValueError(kind)


def gaussian(window):
    t = np.exp(-((np.arange(window) - (window - 1) / 2) ** 2) / (2 * 1.5**2))
    w = np.outer(t, t)
    return w / w.sum()


def terms(a, b, w):
    smooth = lambda v: convolve2d(v, w, mode="valid")
    ma, mb = smooth(a), smooth(b)
    va, vb, cov = smooth(a * a) - ma * ma, smooth(b * b) - mb * mb, smooth(a * b) - ma * mb
    cs = (2 * cov + 0.03**2) / (va + vb + 0.03**2)
    return (cs * (2 * ma * mb + 0.01**2) / (ma * ma + mb * mb + 0.01**2)).mean(), cs.mean()


def halve(a):
    h, w = a.shape[0] // 2, a.shape[1] // 2
    return a[: 2 * h, : 2 * w].reshape(h, 2, w, 2).mean(axis=(1, 3))


def ms_ssim(a, b, levels, window):
    weights = WEIGHTS[:levels] / WEIGHTS[:levels].sum()
    values = []
    for c in range(3):
        p, q = (np.clip(v[:, :, c].astype(np.float64), 0, 1) for v in (a, b))
        value = 1.0
        for level in range(levels):
            if level:
                p, q = halve(p), halve(q)
            ssim, cs = terms(p, q, gaussian(window))
            value *= max(0.0, ssim if level == levels - 1 else cs) ** weights[level]
        values.append(value)
    return float(np.mean(values))


CASES = [
    (192, 180, "noise", 5, 11),
    (193, 179, "contrast", 5, 11),
    (192, 180, "beyond", 5, 11),
    (96, 88, "noise", 3, 11),
    (32, 32, "noise", 4, 3),
    (32, 32, "contrast", 1, 11),
    (192, 180, "negative", 5, 11),
]

golden = [
    {
        "width": width,
        "height": height,
        "kind": kind,
        "levels": levels,
        "window": window,
        "value": ms_ssim(original(width, height), distorted(width, height, kind), levels, window),
    }
    for width, height, kind, levels, window in CASES
]
print(json.dumps({"origin": "scripts/bench/source/ms_ssim_reference.py", "cases": golden}, indent=2))
