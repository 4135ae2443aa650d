"""Golden values of lib/math's linear algebra, computed in 60 digits with mpmath.

    python3 scripts/bench/math/linear_golden.py > lib/math/linear/golden/linear.json

Matrices have entries in eighths, made by a formula that the tests repeat, so nothing is rounded on the way in.
"""

import json

import mpmath as mp

mp.mp.dps = 60


def part(i, j, salt):
    return mp.mpf((7 * i + 13 * j + 3 * i * j + salt * (i + 2) * (j + 5)) % 17 - 8) / 8


def matrix(rows, columns, salt):
    return mp.matrix(
        [[mp.mpc(part(i, j, salt), part(i, j, salt + 3)) for j in range(columns)] for i in range(rows)]
    )


def flat(a):
    values = [a[i, j] for i in range(a.rows) for j in range(a.cols)]
    return [float(x) for value in values for x in (mp.re(value), mp.im(value))]


def scaled(a, exponents):
    return a * mp.diag([mp.mpf(2) ** e for e in exponents])


def eigenvalues(a):
    return sorted((float(x) for x in mp.eighe(a, eigvals_only=True)), reverse=True)


def singular_values(a):
    return sorted((float(x) for x in mp.svd_c(a, compute_uv=False)), reverse=True)


def pinv(a):
    return mp.inverse(a.H * a) * a.H


def hilbert(n):
    return mp.matrix([[mp.mpf(1.0 / (i + j + 1)) for j in range(n)] for i in range(n)])


def roots(coefficients):
    """Of the powers 0, 1, ...; sorted by real part."""
    found = mp.polyroots(coefficients[::-1], maxsteps=500, extraprec=400)
    return [x for z in sorted(found, key=lambda z: (float(z.real), float(z.imag))) for x in (float(z.real), float(z.imag))]


grades = [0, -12, -23, -34]
square = matrix(9, 9, 1)
tall = matrix(7, 4, 2)
right = matrix(7, 2, 5)
wide = matrix(3, 6, 4)

print(
    json.dumps(
        {
            "hermitian": eigenvalues(square + square.H),
            "hilbert": eigenvalues(hilbert(10)),
            "gradedColumns": singular_values(scaled(tall, grades)),
            "gradedRows": singular_values(scaled(tall, grades).H),
            "leastSquares": flat(pinv(tall) * right),
            "leastNorm": flat(pinv(wide.H).H * matrix(3, 2, 5)),
            "pseudoInverse": flat(pinv(scaled(tall, [0, -4, -8, -12]))),
            "roots": roots([mp.mpc(part(k, 2 * k, 1), part(k, 3, 2)) for k in range(13)]),
        },
        indent=1,
    )
)
