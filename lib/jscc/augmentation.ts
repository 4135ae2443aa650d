import type { Rng } from '../math/index.js';
import { type Picture, patches } from '../source/index.js';
import { toBlocks } from './blocks.js';

const colours = 3;

/** How patches are drawn. */
export interface PatchDraw {
  /** Patches, and their side in pixels. */
  batch: number;
  side: number;
  rng: Rng;
  /** Share of the patches that are recoloured (default 1); the others keep their colours. */
  recoloured?: number;
}

/**
 * Random square patches NHWC [batch, side, side, 3], mirrored and recoloured.
 *
 * The photographs that ship are toned prints without saturated colour; a codec trained on them as they are
 * would not know any. Each patch therefore gets its channels permuted, weighted, and mixed with another
 * patch's detail in random proportions a channel: chroma of a natural shape.
 */
export function trainingPatches(pictures: readonly Picture[], draw: PatchDraw): Float32Array {
  const { batch, side, rng, recoloured = 1 } = draw;
  const drawn = patches(pictures, { size: side, count: 2 * batch, rng: rng.fork('position'), flips: true });
  const size = side * side * colours;
  const out = new Float32Array(batch * size);
  for (let i = 0; i < batch; i++) {
    const patch = drawn.subarray(i * size, (i + 1) * size);
    const other = drawn.subarray((batch + i) * size, (batch + i + 1) * size);
    const place = out.subarray(i * size, (i + 1) * size);
    if (rng.fork('recoloured').fork(i).uniform() < recoloured) recolour(patch, other, rng.fork(i), place);
    else place.set(patch);
  }
  return out;
}

/** The same patches as blocks [batch, side/8, side/8, 192]. */
export function trainingBlocks(pictures: readonly Picture[], draw: PatchDraw): Float32Array {
  const all = trainingPatches(pictures, draw);
  const size = draw.side * draw.side * colours;
  const out = new Float32Array(all.length);
  for (let at = 0; at < all.length; at += size) {
    const data = all.subarray(at, at + size);
    out.set(toBlocks({ name: 'patch', width: draw.side, height: draw.side, data }), at);
  }
  return out;
}

/** Most of the patches stay nearly as they are: the strength is 0.4 u² of a uniform u. */
function recolour(patch: Float32Array, other: Float32Array, rng: Rng, out: Float32Array): void {
  const strength = 0.4 * rng.uniform() ** 2;
  const order = rng.permutation(colours);
  const draws = (deviation: number) => Array.from({ length: colours }, () => rng.normal(0, deviation));
  const [weights, shares, offsets] = [draws(strength), draws(strength), draws(strength / 2)];
  const grey = other.reduce((sum, value) => sum + value, 0) / other.length;
  for (let at = 0; at < patch.length; at += colours) {
    for (let c = 0; c < colours; c++) {
      const value =
        patch[at + order[c]!]! * (1 + weights[c]!) + shares[c]! * (other[at + c]! - grey) + offsets[c]!;
      out[at + c] = Math.min(1, Math.max(0, value));
    }
  }
}
