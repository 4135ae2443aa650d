"""Values of the closed forms by other means, 12 digits: `python closed_forms.py` prints one JSON object.

Needs numpy, scipy and mpmath. Bounds are evaluated with 40 digits; pairs are density matrices that go through the
circuits of swapping and purification; storage integrates the Lindblad equation; waits are sums of probabilities over
slots; photons are counted Fock state by Fock state; thresholds are roots that a solver finds.
"""
import json
from functools import reduce

import numpy as np
from mpmath import log, mp, mpf
from scipy.linalg import expm
from scipy.optimize import brentq

mp.dps = 40
out = {}


def put(name, value):
    out[name] = float(mp.nstr(mpf(value), 12))


# Bounds.
def plob(eta):
    return -log(1 - eta) / log(2)


for km in (10, 50, 100, 200):
    put(f"plob/{km}", plob(mpf(10) ** (-mpf(km) / 50)))
eta = mpf(10) ** -8
for tau in ("1", "0.9", "0.5"):
    for n in (0, 1, 3, 7, 15, 31, 1000):
        # Inner links lose at both of their stations, the outer ones at one.
        losses = mpf(tau) if n >= 2 else mpf(tau) ** (mpf(n) / 2)
        put(f"chain/{tau}/{n}", plob(losses * eta ** (mpf(1) / (n + 1))))
    if tau != "1":
        put(f"limit/{tau}", plob(mpf(tau)))

# Pairs as density matrices.
I2, X, Z = np.eye(2), np.array([[0, 1], [1, 0]]), np.diag([1, -1])
H = np.array([[1, 1], [1, -1]]) / np.sqrt(2)
CNOT = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]])
PHI = np.array([1, 0, 0, 1]) / np.sqrt(2)
PSI = np.array([0, 1, 1, 0]) / np.sqrt(2)


def kron(*factors):
    return reduce(np.kron, factors)


def werner(fidelity):
    return (4 * fidelity - 1) / 3 * np.outer(PHI, PHI) + (1 - fidelity) / 3 * np.eye(4)


def gate(operator, rho):
    return operator @ rho @ operator.conj().T


def fidelity(rho):
    return float(np.real(PHI @ rho @ PHI))


def without_middle(rho):
    return np.einsum("abcdebcf->adef", rho.reshape([2] * 8)).reshape(4, 4)


def swap(first, second):
    rho = gate(kron(I2, H, I2, I2) @ kron(I2, CNOT, I2), np.kron(first, second))
    total = np.zeros((4, 4), complex)
    for one in (0, 1):
        for two in (0, 1):
            bits = kron(I2, np.diag([1 - one, one]), np.diag([1 - two, two]), I2)
            fix = np.linalg.matrix_power(Z, one) @ np.linalg.matrix_power(X, two)
            total += gate(np.kron(I2, fix), without_middle(gate(bits, rho)))
    return total


def permute(rho, order):
    return rho.reshape([2] * 8).transpose([*order, *[4 + k for k in order]]).reshape(16, 16)


def purify(first, second):
    rho = permute(np.kron(first, second), (0, 2, 1, 3))  # A1 A2 B1 B2
    rho = gate(np.kron(CNOT, CNOT), rho)
    same = sum(kron(I2, np.diag([1 - b, b]), I2, np.diag([1 - b, b])) for b in (0, 1))
    rho = permute(gate(same, rho), (0, 2, 1, 3))
    kept = np.einsum("abcdefcd->abef", rho.reshape([2] * 8)).reshape(4, 4)
    p = float(np.real(np.trace(kept)))
    return kept / p, p


def quarter_turn(rho):
    turn = (I2 - 1j * X) / np.sqrt(2)
    return gate(np.kron(turn, turn.conj()), rho)


put("swap/0.9", fidelity(swap(werner(0.9), werner(0.9))))
put("swap/four-0.95", fidelity(reduce(swap, [werner(0.95)] * 4)))
for f in (0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95):
    rho, p = purify(werner(f), werner(f))
    put(f"bbpssw/{f}/fidelity", fidelity(rho))
    put(f"bbpssw/{f}/success", p)
f, rho = 0.7, werner(0.7)
for k in range(1, 7):
    f = fidelity(purify(werner(f), werner(f))[0])
    put(f"bbpssw/recurrence/{k}", f)
    rho, p = purify(quarter_turn(rho), quarter_turn(rho))
    put(f"dejmps/recurrence/{k}/fidelity", fidelity(rho))
    put(f"dejmps/recurrence/{k}/success", p)
put("pumping/0.9", brentq(lambda f: fidelity(purify(werner(f), werner(0.9))[0]) - f, 0.91, 0.99, xtol=1e-15))

# Storage: the Lindblad equation of both qubits, vectorised.
T1, T2, t = 1.0, 0.5, 0.3
lower = np.array([[0, 1], [0, 0]])
jumps = []
for place in (0, 1):
    for operator in (lower / np.sqrt(T1), Z * np.sqrt((1 / T2 - 1 / (2 * T1)) / 2)):
        jumps.append(np.kron(operator, I2) if place == 0 else np.kron(I2, operator))
generator = sum(
    np.kron(L, L) - np.kron(L.T @ L, np.eye(4)) / 2 - np.kron(np.eye(4), L.T @ L) / 2 for L in jumps
)
for name, ket in (("phi", PHI), ("psi", PSI)):
    rho = (expm(generator * t) @ np.outer(ket, ket).reshape(16)).reshape(4, 4)
    put(f"storage/{name}", float(ket @ rho @ ket))

# Waits: sums over slots.
for p in ("0.01", "0.1", "0.5"):
    q = 1 - mpf(p)
    for n in (2, 3, 4, 8):
        total, slot, term = mpf(0), 0, mpf(1)
        while term > mpf(10) ** -25:
            term = 1 - (1 - q**slot) ** n
            total, slot = total + term, slot + 1
        put(f"wait/{p}/{n}", total)
p, q, decay = mpf("0.1"), mpf("0.9"), mp.exp(mpf(-1) / 50)
pairs = sum(p * p * q ** (2 * first) * (q * decay) ** gap * (1 if gap == 0 else 2)
            for first in range(300) for gap in range(600))
put("dephasing/0.1/50", pairs)

# CHSH: the largest eigenvalues of the correlation matrix squared.
Y = np.array([[0, -1j], [1j, 0]])


def chsh(fidelity):
    T = np.array([[np.real(np.trace(werner(fidelity) @ np.kron(a, b))) for b in (X, Y, Z)] for a in (X, Y, Z)])
    squares = np.sort(np.linalg.eigvalsh(T.T @ T))
    return 2 * np.sqrt(squares[-1] + squares[-2])


def entropy(rho):
    weights = np.linalg.eigvalsh(rho)
    return -sum(w * np.log2(w) for w in weights if w > 1e-14)


put("chsh/0.9", chsh(0.9))
put("chsh/win/0.9", 1 / 2 + chsh(0.9) / 8)
put("chsh/win/1", 1 / 2 + chsh(1) / 8)
put("chsh/threshold", brentq(lambda f: chsh(f) - 2, 0.6, 0.99, xtol=1e-15))
put("witness/threshold", brentq(lambda f: np.linalg.eigvalsh(
    werner(f).reshape([2] * 4).transpose(0, 3, 2, 1).reshape(4, 4))[0], 0.3, 0.9, xtol=1e-15))
put("superdense/1", 2 - entropy(werner(1.0)))
put("superdense/0.9", 1 + entropy(np.einsum("abcb->ac", werner(0.9).reshape([2] * 4))) - entropy(werner(0.9)))


# Heralding: photons as polynomials of creation operators, every Fock state and click pattern one by one.
def emitted(side, mode, efficiency, overlap):
    """Where a photon of a memory goes: {place: amplitude}, places (mode, detector, wave packet) and lost ones."""
    packets = {0: 1.0} if side == 0 else {0: np.sqrt(overlap), 1: np.sqrt(1 - overlap)}
    places = {("lost", side, mode): np.sqrt(1 - efficiency)}
    for packet, amplitude in packets.items():
        for detector in (0, 1):
            sign = -1 if side == 1 and detector == 1 else 1
            places[mode, detector, packet] = sign * amplitude * np.sqrt(efficiency / 2)
    return places


def fock(photons):
    """Amplitudes of Fock states, named by the sorted places of their photons."""
    state = {(): 1.0}
    for places in photons:
        step = {}
        for occupied, amplitude in state.items():
            for place, factor in places.items():
                many = tuple(sorted([*occupied, place], key=str))
                step[many] = step.get(many, 0) + amplitude * factor * np.sqrt(many.count(place))
        state = step
    return state


def heralded(memories, modes, dark):
    """Success probability and fidelity with psiPlus or psiMinus, as the clicks say.

    memories: {bits: (amplitude, photons)}; exactly one of the two detectors of each mode must click.
    """
    states = {bits: {k: a * v for k, v in fock(photons).items()} for bits, (a, photons) in memories.items()}
    success = right = 0
    for clicked in np.ndindex(*[2] * modes):
        rho = np.zeros((4, 4))
        for occupied in {key for state in states.values() for key in state}:
            weight = 1
            for mode in range(modes):
                for detector in (0, 1):
                    seen = any(place[0] == mode and place[1] == detector for place in occupied)
                    wanted = detector == clicked[mode]
                    weight *= (1 if seen else dark) if wanted else (0 if seen else 1 - dark)
            column = np.array([states.get(bits, {}).get(occupied, 0) for bits in ("00", "01", "10", "11")])
            rho += weight * np.outer(column, column)
        sign = -1 if sum(clicked) % 2 else 1
        ket = np.array([0, 1, sign, 0]) / np.sqrt(2)
        success += np.trace(rho)
        right += ket @ rho @ ket
    return success, right / success


for name, (a, b, overlap, dark) in {
    "equal": (0.1, 0.1, 1, 0), "unequal": (0.6, 0.4, 0.8, 0), "dark": (0.6, 0.4, 0.8, 0.01), "lossy": (1e-3, 1e-3, 0.9, 1e-5)
}.items():
    two = {f"{x}{y}": (1 / 2, [emitted(0, x, a, overlap), emitted(1, y, b, overlap)]) for x in (0, 1) for y in (0, 1)}
    p, f = heralded(two, 2, dark)
    put(f"herald/two-clicks/{name}/success", p)
    put(f"herald/two-clicks/{name}/fidelity", f)
    bright = 0.2
    single = {}
    for x in (0, 1):
        for y in (0, 1):
            photons = [emitted(0, 0, a, overlap)] * x + [emitted(1, 0, b, overlap)] * y
            single[f"{x}{y}"] = (np.sqrt(bright ** (x + y) * (1 - bright) ** (2 - x - y)), photons)
    p, f = heralded(single, 1, dark)
    put(f"herald/single-click/{name}/success", p)
    put(f"herald/single-click/{name}/fidelity", f)

print(json.dumps(out, indent=1))
