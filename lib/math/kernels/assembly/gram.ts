/** Gram matrices and products of complex rows, one interleaved value a vector. */

/**
 * Adds A A^H to the lower triangle of `out`, in tiles of 2 x 2, so that a value serves two products; what it adds
 * above the diagonal is of no meaning.
 * @param rows even
 * @param width bytes of a row
 * @param out interleaved, rows x rows
 */
export function addRowGram(a: usize, rows: i32, width: usize, out: usize): void {
  for (let i = 0; i < rows; i += 2) {
    for (let j = 0; j <= i; j += 2) {
      addTile(a + <usize>i * width, a + <usize>j * width, width, out + ((<usize>(i * rows + j)) << 4), (<usize>rows) << 4);
    }
  }
}

/**
 * Adds A B^H to `out`, interleaved, rows x columns.
 * @param rows of A, even
 * @param columns rows of B, even
 * @param width bytes of a row of A and of B
 */
export function addRowProducts(a: usize, rows: i32, b: usize, columns: i32, width: usize, out: usize): void {
  for (let i = 0; i < rows; i += 2) {
    for (let j = 0; j < columns; j += 2) {
      addTile(a + <usize>i * width, b + <usize>j * width, width, out + ((<usize>(i * columns + j)) << 4), (<usize>columns) << 4);
    }
  }
}

/** As `addRowGram` for the real parts alone, interleaved values being so many more real columns; `out` is real. */
export function addRealRowGram(a: usize, rows: i32, width: usize, out: usize): void {
  for (let i = 0; i < rows; i += 2) {
    for (let j = 0; j <= i; j += 2) {
      addRealTile(a + <usize>i * width, a + <usize>j * width, width, out + ((<usize>(i * rows + j)) << 3), (<usize>rows) << 3);
    }
  }
}

@inline function addRealTile(x: usize, y: usize, width: usize, out: usize, outStride: usize): void {
  let s00 = f64x2.splat(0);
  let s01 = f64x2.splat(0);
  let s10 = f64x2.splat(0);
  let s11 = f64x2.splat(0);
  for (let k: usize = 0; k < width; k += 16) {
    const x0 = v128.load(x + k);
    const x1 = v128.load(x + width + k);
    const y0 = v128.load(y + k);
    const y1 = v128.load(y + width + k);
    s00 = f64x2.add(s00, f64x2.mul(x0, y0));
    s10 = f64x2.add(s10, f64x2.mul(x1, y0));
    s01 = f64x2.add(s01, f64x2.mul(x0, y1));
    s11 = f64x2.add(s11, f64x2.mul(x1, y1));
  }
  addReal(out, s00);
  addReal(out + 8, s01);
  addReal(out + outStride, s10);
  addReal(out + outStride + 8, s11);
}

@inline function addReal(out: usize, s: v128): void {
  store<f64>(out, load<f64>(out) + f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1));
}

@inline function addTile(x: usize, y: usize, width: usize, out: usize, outStride: usize): void {
  let s00 = f64x2.splat(0);
  let s01 = f64x2.splat(0);
  let s10 = f64x2.splat(0);
  let s11 = f64x2.splat(0);
  let t00 = f64x2.splat(0);
  let t01 = f64x2.splat(0);
  let t10 = f64x2.splat(0);
  let t11 = f64x2.splat(0);
  for (let k: usize = 0; k < width; k += 16) {
    const x0 = v128.load(x + k);
    const x1 = v128.load(x + width + k);
    const y0 = v128.load(y + k);
    s00 = f64x2.add(s00, f64x2.mul(x0, y0));
    s10 = f64x2.add(s10, f64x2.mul(x1, y0));
    const z0 = v128.shuffle<f64>(y0, y0, 1, 0);
    t00 = f64x2.add(t00, f64x2.mul(x0, z0));
    t10 = f64x2.add(t10, f64x2.mul(x1, z0));
    const y1 = v128.load(y + width + k);
    s01 = f64x2.add(s01, f64x2.mul(x0, y1));
    s11 = f64x2.add(s11, f64x2.mul(x1, y1));
    const z1 = v128.shuffle<f64>(y1, y1, 1, 0);
    t01 = f64x2.add(t01, f64x2.mul(x0, z1));
    t11 = f64x2.add(t11, f64x2.mul(x1, z1));
  }
  add(out, s00, t00);
  add(out + 16, s01, t01);
  add(out + outStride, s10, t10);
  add(out + outStride + 16, s11, t11);
}

/** With x = (xr, xi): s sums (xr yr, xi yi), t sums (xr yi, xi yr); the product is x conj(y). */
@inline function add(out: usize, s: v128, t: v128): void {
  store<f64>(out, load<f64>(out) + f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1));
  store<f64>(out, load<f64>(out, 8) + f64x2.extract_lane(t, 1) - f64x2.extract_lane(t, 0), 8);
}
