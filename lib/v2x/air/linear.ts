import { InputError, requireRange } from '../../base/index.js';
import { featureMap } from '../pillars/index.js';
import { BLOCK_VALUES, BLOCKS, type FeatureComponents, fromBlocks, toBlocks } from './components.js';
import type { FeatureCodec } from './neural.js';

/** Bits in which a codeword's scale is sent beside it. */
const SCALE_BITS = 16;
const STEPS_PER_OCTAVE = 1024;
/** A component beyond it, or none at all, says nothing of any features. */
const LARGEST_COMPONENT = 1e9;

/**
 * Linear joint source-channel coding of feature maps in closed form: the first components of each block of 5 x 5 cells, each
 * with the gain lambda^(-1/4) that leaves the least squared error under a total power (Lee & Petersen 1976; SoftCast, Jakubczak & Katabi
 * 2011), and an LMMSE receiver. The codeword's scale travels as 16 bits of side information.
 * @throws InputError unless the channel uses give all blocks the same.
 */
export function linearFeatures({
  uses,
  components,
}: {
  uses: number;
  components: FeatureComponents;
}): FeatureCodec {
  const kept = (2 * uses) / BLOCKS;
  if (!Number.isInteger(kept) || kept < 1 || kept > BLOCK_VALUES)
    throw new InputError(
      `channel uses are ${uses}; allowed: multiples of ${BLOCKS / 2} up to ${(BLOCKS * BLOCK_VALUES) / 2}`,
    );
  const gains = components.variances.subarray(0, kept).map((variance) => variance ** -0.25);
  return {
    name: 'linear codec',
    channelUses: () => uses,
    shapeOf: ({ origin }) => origin,
    encode(map) {
      const symbols = analyse(toBlocks(map.values), components, gains);
      const energy = symbols.reduce((sum, value) => sum + value * value, 0) / uses;
      const scale = saidScale(energy > 0 ? energy ** -0.5 : 1);
      for (let at = 0; at < symbols.length; at++) symbols[at]! *= scale;
      return { symbols, sideInformationBits: SCALE_BITS, side: scale };
    },
    decode({ symbols, noiseVariance, side }, origin) {
      const noiseOf = (value: number) =>
        (noiseVariance.length === 1 ? noiseVariance[0]! : noiseVariance[value >> 1]!) / 2;
      const told = { scale: requireRange('scale of the codeword', side as number, 1e-30, 1e30), noiseOf };
      return featureMap(origin, fromBlocks(synthesise(symbols, components, gains, told)));
    },
  };
}

/** The largest scale not above `scale` that the side information can say. */
const saidScale = (scale: number): number =>
  2 ** (Math.floor(Math.log2(scale) * STEPS_PER_OCTAVE) / STEPS_PER_OCTAVE);

function analyse(
  blocks: Float32Array,
  { mean, vectors }: FeatureComponents,
  gains: Float64Array,
): Float32Array {
  const [n, kept] = [BLOCK_VALUES, gains.length];
  const out = new Float32Array(BLOCKS * kept);
  for (let block = 0; block < BLOCKS; block++) {
    for (let k = 0; k < kept; k++) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += vectors[k * n + i]! * (blocks[block * n + i]! - mean[i]!);
      out[block * kept + k] = sum * gains[k]!;
    }
  }
  return out;
}

function synthesise(
  symbols: Float32Array,
  { mean, variances, vectors }: FeatureComponents,
  gains: Float64Array,
  { scale, noiseOf }: { scale: number; noiseOf: (value: number) => number },
): Float32Array {
  const [n, kept] = [BLOCK_VALUES, gains.length];
  const out = new Float32Array(BLOCKS * n);
  for (let block = 0; block < BLOCKS; block++) {
    const [start, own] = [block * n, new Float64Array(mean)];
    for (let k = 0; k < kept; k++) {
      const at = block * kept + k;
      const amplitude = gains[k]! * scale;
      const weight = (amplitude * variances[k]!) / (amplitude ** 2 * variances[k]! + noiseOf(at));
      const value = weight * symbols[at]!;
      if (value !== 0 && Math.abs(value) < LARGEST_COMPONENT)
        for (let i = 0; i < n; i++) own[i]! += value * vectors[k * n + i]!;
    }
    out.set(own, start);
  }
  return out;
}
