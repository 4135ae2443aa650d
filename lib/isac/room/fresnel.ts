/** Below this the power series is used, above it the asymptotic series of the auxiliary functions. */
const switchAt = 3.5;

/**
 * The Fresnel integrals C(x) and S(x) with the phase pi t²/2 (Abramowitz and Stegun 7.3.1, 7.3.2). The error is below
 * 1e-7.
 */
export function fresnel(x: number): { c: number; s: number } {
  const size = Math.abs(x);
  const { c, s } = size < switchAt ? powerSeries(size) : asymptotic(size);
  return x < 0 ? { c: -c, s: -s } : { c, s };
}

/** Abramowitz and Stegun 7.3.11 and 7.3.13 as one complex series of exp(j pi t²/2). */
function powerSeries(x: number): { c: number; s: number } {
  const growth = (Math.PI / 2) * x * x;
  let term = x;
  let [c, s] = [0, 0];
  for (let n = 0; n < 80; n++) {
    const part = term / (2 * n + 1);
    if (n % 2 === 0) c += n % 4 === 0 ? part : -part;
    else s += n % 4 === 1 ? part : -part;
    term *= growth / (n + 1);
  }
  return { c, s };
}

/** Abramowitz and Stegun 7.3.9, 7.3.10, 7.3.27 and 7.3.28. */
function asymptotic(x: number): { c: number; s: number } {
  if (!Number.isFinite(x)) return { c: 0.5, s: 0.5 };
  const z = (Math.PI * x * x) ** -2;
  const f = (1 - 3 * z * (1 - 35 * z * (1 - 99 * z))) / (Math.PI * x);
  const g = (1 - 15 * z * (1 - 63 * z * (1 - 143 * z))) / (Math.PI ** 2 * x ** 3);
  const angle = (Math.PI / 2) * x * x;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return { c: 0.5 + f * sin - g * cos, s: 0.5 - f * cos - g * sin };
}
