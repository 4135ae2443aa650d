/**
 * Eigenvectors of complex Hermitian matrices, two numbers a vector: the loops of `lib/math/linear/eigen`, in their
 * order but for sums. Parts stand apart; rows are `stride` bytes apart and filled up to
 * `width`, a multiple of 32.
 */

const NO_POWER: f64 = 1e-290;

/**
 * Makes row i, of which the first i values are read, the vector v of |v|^2 = 2 of its reflection, and the values from
 * i to the next multiple of 4 zero. The entry that the reflection leaves goes to `below` (re, im).
 * @return whether there is a reflection; where not, the row becomes zeros
 */
export function makeReflection(re: usize, im: usize, i: i32, below: usize): bool {
  const last: usize = (<usize>(i - 1)) << 3;
  let rest: f64 = 0;
  for (let at: usize = 0; at < last; at += 8) {
    const x = load<f64>(re + at);
    const y = load<f64>(im + at);
    rest += x * x + y * y;
  }
  const lastRe = load<f64>(re + last);
  const lastIm = load<f64>(im + last);
  const end: usize = (<usize>((i + 3) & ~3)) << 3;
  memory.fill(re + last + 8, 0, end - last - 8);
  memory.fill(im + last + 8, 0, end - last - 8);
  if (rest < NO_POWER) {
    memory.fill(re, 0, end);
    memory.fill(im, 0, end);
    store<f64>(below, lastRe);
    store<f64>(below + 8, lastIm);
    return false;
  }
  const size = sqrt(lastRe * lastRe + lastIm * lastIm);
  const norm = sqrt(rest + size * size);
  const cos = size > 0 ? lastRe / size : 1;
  const sin = size > 0 ? lastIm / size : 0;
  store<f64>(below, -cos * norm);
  store<f64>(below + 8, -sin * norm);
  store<f64>(re + last, lastRe + cos * norm);
  store<f64>(im + last, lastIm + sin * norm);
  const scale = 1 / sqrt(norm * (norm + size));
  for (let at: usize = 0; at <= last; at += 8) {
    store<f64>(re + at, load<f64>(re + at) * scale);
    store<f64>(im + at, load<f64>(im + at) * -scale);
  }
  return true;
}

/**
 * Subtracts v w^H + w v^H from the leading i x i block B, of which only the lower triangle is kept, with p = B v and
 * w = p - (v^H p / 2) v. `vr` and `vi` and the space of w are filled up to a multiple of 4.
 */
export function reflectBlock(
  re: usize,
  im: usize,
  stride: usize,
  i: i32,
  vr: usize,
  vi: usize,
  wr: usize,
  wi: usize,
): void {
  const end: usize = (<usize>((i + 3) & ~3)) << 3;
  memory.fill(wr, 0, end);
  memory.fill(wi, 0, end);
  multiplyLower(re, im, stride, i, vr, vi, wr, wi);
  let sums = f64x2.splat(0);
  for (let at: usize = 0; at < end; at += 16) {
    sums = f64x2.add(sums, f64x2.mul(v128.load(vr + at), v128.load(wr + at)));
    sums = f64x2.add(sums, f64x2.mul(v128.load(vi + at), v128.load(wi + at)));
  }
  const half = f64x2.splat(0.5 * (f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1)));
  for (let at: usize = 0; at < end; at += 16) {
    v128.store(wr + at, f64x2.sub(v128.load(wr + at), f64x2.mul(half, v128.load(vr + at))));
    v128.store(wi + at, f64x2.sub(v128.load(wi + at), f64x2.mul(half, v128.load(vi + at))));
  }
  subtractRankTwo(re, im, stride, i, vr, vi, wr, wi);
}

/** p += B v, rows in pairs, so that a value of v and p serves two; the diagonal is real. */
@inline function multiplyLower(
  re: usize,
  im: usize,
  stride: usize,
  size: i32,
  vr: usize,
  vi: usize,
  pr: usize,
  pi: usize,
): void {
  let row = 0;
  for (; row + 1 < size; row += 2) {
    const a = re + <usize>row * stride;
    const ai = im + <usize>row * stride;
    const here: usize = (<usize>row) << 3;
    const xr = v128.load64_splat(vr + here);
    const xi = v128.load64_splat(vi + here);
    const yr = v128.load64_splat(vr + here + 8);
    const yi = v128.load64_splat(vi + here + 8);
    let sr = f64x2.splat(0);
    let si = f64x2.splat(0);
    let tr = f64x2.splat(0);
    let ti = f64x2.splat(0);
    for (let j: usize = 0; j < here; j += 16) {
      const vRe = v128.load(vr + j);
      const vIm = v128.load(vi + j);
      let pRe = v128.load(pr + j);
      let pIm = v128.load(pi + j);
      const br = v128.load(a + j);
      const bi = v128.load(ai + j);
      sr = f64x2.add(sr, f64x2.sub(f64x2.mul(br, vRe), f64x2.mul(bi, vIm)));
      si = f64x2.add(si, f64x2.add(f64x2.mul(br, vIm), f64x2.mul(bi, vRe)));
      pRe = f64x2.add(pRe, f64x2.add(f64x2.mul(br, xr), f64x2.mul(bi, xi)));
      pIm = f64x2.add(pIm, f64x2.sub(f64x2.mul(br, xi), f64x2.mul(bi, xr)));
      const cr = v128.load(a + stride + j);
      const ci = v128.load(ai + stride + j);
      tr = f64x2.add(tr, f64x2.sub(f64x2.mul(cr, vRe), f64x2.mul(ci, vIm)));
      ti = f64x2.add(ti, f64x2.add(f64x2.mul(cr, vIm), f64x2.mul(ci, vRe)));
      pRe = f64x2.add(pRe, f64x2.add(f64x2.mul(cr, yr), f64x2.mul(ci, yi)));
      pIm = f64x2.add(pIm, f64x2.sub(f64x2.mul(cr, yi), f64x2.mul(ci, yr)));
      v128.store(pr + j, pRe);
      v128.store(pi + j, pIm);
    }
    multiplyCorner(a + here, ai + here, stride, vr + here, vi + here, pr + here, pi + here, sr, si, tr, ti);
  }
  if (row < size) multiplyLast(re + <usize>row * stride, im + <usize>row * stride, row, vr, vi, pr, pi);
}

/** The 2 x 2 block on the diagonal, and the sums of its two rows. */
@inline function multiplyCorner(
  a: usize,
  ai: usize,
  stride: usize,
  vr: usize,
  vi: usize,
  pr: usize,
  pi: usize,
  sr: v128,
  si: v128,
  tr: v128,
  ti: v128,
): void {
  const xr = load<f64>(vr);
  const xi = load<f64>(vi);
  const yr = load<f64>(vr + 8);
  const yi = load<f64>(vi + 8);
  const first = load<f64>(a);
  const cr = load<f64>(a + stride);
  const ci = load<f64>(ai + stride);
  const second = load<f64>(a + stride + 8);
  store<f64>(pr, lanes(sr) + first * xr + cr * yr + ci * yi);
  store<f64>(pi, lanes(si) + first * xi + cr * yi - ci * yr);
  store<f64>(pr + 8, lanes(tr) + second * yr + cr * xr - ci * xi);
  store<f64>(pi + 8, lanes(ti) + second * yi + cr * xi + ci * xr);
}

/** A last row without a partner; `row` is even. */
@inline function multiplyLast(
  a: usize,
  ai: usize,
  row: i32,
  vr: usize,
  vi: usize,
  pr: usize,
  pi: usize,
): void {
  const here: usize = (<usize>row) << 3;
  const xr = v128.load64_splat(vr + here);
  const xi = v128.load64_splat(vi + here);
  let sr = f64x2.splat(0);
  let si = f64x2.splat(0);
  for (let j: usize = 0; j < here; j += 16) {
    const vRe = v128.load(vr + j);
    const vIm = v128.load(vi + j);
    const br = v128.load(a + j);
    const bi = v128.load(ai + j);
    sr = f64x2.add(sr, f64x2.sub(f64x2.mul(br, vRe), f64x2.mul(bi, vIm)));
    si = f64x2.add(si, f64x2.add(f64x2.mul(br, vIm), f64x2.mul(bi, vRe)));
    v128.store(pr + j, f64x2.add(v128.load(pr + j), f64x2.add(f64x2.mul(br, xr), f64x2.mul(bi, xi))));
    v128.store(pi + j, f64x2.add(v128.load(pi + j), f64x2.sub(f64x2.mul(br, xi), f64x2.mul(bi, xr))));
  }
  const diagonal = load<f64>(a + here);
  store<f64>(pr + here, lanes(sr) + diagonal * load<f64>(vr + here));
  store<f64>(pi + here, lanes(si) + diagonal * load<f64>(vi + here));
}

@inline function lanes(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

/** Rows to their diagonal; a value beside it, in what nobody reads, may be written too. */
@inline function subtractRankTwo(
  re: usize,
  im: usize,
  stride: usize,
  size: i32,
  vr: usize,
  vi: usize,
  wr: usize,
  wi: usize,
): void {
  for (let row = 0; row < size; row++) {
    const a = re + <usize>row * stride;
    const b = im + <usize>row * stride;
    const here: usize = (<usize>row) << 3;
    const xr = v128.load64_splat(vr + here);
    const xi = v128.load64_splat(vi + here);
    const yr = v128.load64_splat(wr + here);
    const yi = v128.load64_splat(wi + here);
    for (let j: usize = 0; j <= here; j += 16) {
      const vRe = v128.load(vr + j);
      const vIm = v128.load(vi + j);
      const wRe = v128.load(wr + j);
      const wIm = v128.load(wi + j);
      const dr = f64x2.add(
        f64x2.add(f64x2.mul(xr, wRe), f64x2.mul(xi, wIm)),
        f64x2.add(f64x2.mul(yr, vRe), f64x2.mul(yi, vIm)),
      );
      const di = f64x2.add(
        f64x2.sub(f64x2.mul(xi, wRe), f64x2.mul(xr, wIm)),
        f64x2.sub(f64x2.mul(yi, vRe), f64x2.mul(yr, vIm)),
      );
      v128.store(a + j, f64x2.sub(v128.load(a + j), dr));
      v128.store(b + j, f64x2.sub(v128.load(b + j), di));
    }
  }
}

/** Applies the rotations of the row pairs (i, i + 1), i from last - 1 down to first, to rows of `width` bytes. */
export function rotateRows(
  rows: usize,
  stride: usize,
  width: usize,
  first: i32,
  last: i32,
  cosines: usize,
  sines: usize,
): void {
  let column: usize = 0;
  for (; column + 64 <= width; column += 64) {
    let at = rows + column + <usize>last * stride;
    let k0 = v128.load(at);
    let k1 = v128.load(at, 16);
    let k2 = v128.load(at, 32);
    let k3 = v128.load(at, 48);
    for (let i = last - 1; i >= first; i--) {
      const c = v128.load64_splat(cosines + ((<usize>i) << 3));
      const s = v128.load64_splat(sines + ((<usize>i) << 3));
      const up = at - stride;
      const a0 = v128.load(up);
      const a1 = v128.load(up, 16);
      const a2 = v128.load(up, 32);
      const a3 = v128.load(up, 48);
      v128.store(at, f64x2.add(f64x2.mul(s, a0), f64x2.mul(c, k0)));
      v128.store(at, f64x2.add(f64x2.mul(s, a1), f64x2.mul(c, k1)), 16);
      v128.store(at, f64x2.add(f64x2.mul(s, a2), f64x2.mul(c, k2)), 32);
      v128.store(at, f64x2.add(f64x2.mul(s, a3), f64x2.mul(c, k3)), 48);
      k0 = f64x2.sub(f64x2.mul(c, a0), f64x2.mul(s, k0));
      k1 = f64x2.sub(f64x2.mul(c, a1), f64x2.mul(s, k1));
      k2 = f64x2.sub(f64x2.mul(c, a2), f64x2.mul(s, k2));
      k3 = f64x2.sub(f64x2.mul(c, a3), f64x2.mul(s, k3));
      at = up;
    }
    v128.store(at, k0);
    v128.store(at, k1, 16);
    v128.store(at, k2, 32);
    v128.store(at, k3, 48);
  }
  if (column < width) rotateLastColumns(rows + column, stride, first, last, cosines, sines);
}

@inline function rotateLastColumns(
  rows: usize,
  stride: usize,
  first: i32,
  last: i32,
  cosines: usize,
  sines: usize,
): void {
  let at = rows + <usize>last * stride;
  let k0 = v128.load(at);
  let k1 = v128.load(at, 16);
  for (let i = last - 1; i >= first; i--) {
    const c = v128.load64_splat(cosines + ((<usize>i) << 3));
    const s = v128.load64_splat(sines + ((<usize>i) << 3));
    const up = at - stride;
    const a0 = v128.load(up);
    const a1 = v128.load(up, 16);
    v128.store(at, f64x2.add(f64x2.mul(s, a0), f64x2.mul(c, k0)));
    v128.store(at, f64x2.add(f64x2.mul(s, a1), f64x2.mul(c, k1)), 16);
    k0 = f64x2.sub(f64x2.mul(c, a0), f64x2.mul(s, k0));
    k1 = f64x2.sub(f64x2.mul(c, a1), f64x2.mul(s, k1));
    at = up;
  }
  v128.store(at, k0);
  v128.store(at, k1, 16);
}

/** Multiplies the columns of the rows of zr by the phases (pr, pi): the imaginary parts go to zi. */
export function applyPhases(
  zr: usize,
  zi: usize,
  stride: usize,
  width: usize,
  n: i32,
  pr: usize,
  pi: usize,
): void {
  const end = <usize>n * stride;
  for (let row: usize = 0; row < end; row += stride) {
    for (let j: usize = 0; j < width; j += 16) {
      const z = v128.load(zr + row + j);
      v128.store(zr + row + j, f64x2.mul(z, v128.load(pr + j)));
      v128.store(zi + row + j, f64x2.mul(z, v128.load(pi + j)));
    }
  }
}

/**
 * Applies the reflections in the rows of (re, im), the second to the last, to all rows of (zr, zi), two by two: their
 * number is even, that of the reflections n.
 */
export function backTransform(re: usize, im: usize, zr: usize, zi: usize, stride: usize, n: i32): void {
  const end = <usize>((n + 1) & ~1) * stride;
  for (let row: usize = 0; row < end; row += 2 * stride) {
    for (let i = 2; i < n; i++) {
      const v: usize = <usize>i * stride;
      reflectTwo(re + v, im + v, zr + row, zi + row, stride, (<usize>((i + 1) & ~1)) << 3);
    }
  }
}

@inline function reflectTwo(vr: usize, vi: usize, zr: usize, zi: usize, stride: usize, end: usize): void {
  let sr = f64x2.splat(0);
  let si = f64x2.splat(0);
  let tr = f64x2.splat(0);
  let ti = f64x2.splat(0);
  for (let j: usize = 0; j < end; j += 16) {
    const a = v128.load(vr + j);
    const b = v128.load(vi + j);
    const x = v128.load(zr + j);
    const y = v128.load(zi + j);
    sr = f64x2.add(sr, f64x2.add(f64x2.mul(a, x), f64x2.mul(b, y)));
    si = f64x2.add(si, f64x2.sub(f64x2.mul(a, y), f64x2.mul(b, x)));
    const u = v128.load(zr + stride + j);
    const w = v128.load(zi + stride + j);
    tr = f64x2.add(tr, f64x2.add(f64x2.mul(a, u), f64x2.mul(b, w)));
    ti = f64x2.add(ti, f64x2.sub(f64x2.mul(a, w), f64x2.mul(b, u)));
  }
  sr = f64x2.splat(lanes(sr));
  si = f64x2.splat(lanes(si));
  tr = f64x2.splat(lanes(tr));
  ti = f64x2.splat(lanes(ti));
  for (let j: usize = 0; j < end; j += 16) {
    const a = v128.load(vr + j);
    const b = v128.load(vi + j);
    v128.store(zr + j, f64x2.sub(v128.load(zr + j), f64x2.sub(f64x2.mul(a, sr), f64x2.mul(b, si))));
    v128.store(zi + j, f64x2.sub(v128.load(zi + j), f64x2.add(f64x2.mul(a, si), f64x2.mul(b, sr))));
    const u = v128.load(zr + stride + j);
    const w = v128.load(zi + stride + j);
    v128.store(zr + stride + j, f64x2.sub(u, f64x2.sub(f64x2.mul(a, tr), f64x2.mul(b, ti))));
    v128.store(zi + stride + j, f64x2.sub(w, f64x2.add(f64x2.mul(a, ti), f64x2.mul(b, tr))));
  }
}
