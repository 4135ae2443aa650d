import type { Codec, Codeword, Reception } from '../link/index.js';
import type { Picture } from '../source/index.js';
import { blockGrid, blockValues, fromBlocks, toBlocks } from './blocks.js';
import type { PrincipalComponents } from './principal.js';
import { quantiseScale, requireWholeBlocks, scaleBits, usesOf, usesPerBlock } from './rate.js';
import { type PictureShape, unitScale } from './symbols.js';

/** How the linear codec meets its power constraint. */
export type LinearPower = 'codeword' | 'ensemble';

/** Settings of the linear codec. */
export interface LinearOptions {
  /** Complex channel uses per source value, n/192. */
  ratio: number;
  /** Statistics of the training pictures. */
  components: PrincipalComponents;
  /**
   * `codeword` (default): unit mean energy of each codeword; its scale travels as 16 bits of side
   * information. `ensemble`: one fixed scale that gives unit mean energy over the training pictures, and no
   * side information.
   */
  power?: LinearPower;
}

/**
 * Linear joint source-channel coding in closed form, the deterministic anchor of every comparison: the
 * first 2·192·ratio principal components of each 8 x 8 block, each with the gain λ^(-1/4) that minimises the
 * error under a total power (SoftCast: Jakubczak & Katabi 2011, after Lee & Petersen 1976), sent as the real
 * and imaginary parts of channel symbols, and an LMMSE receiver.
 * @throws InputError for a ratio that is not n/192.
 */
export function linearCodec({
  ratio,
  components,
  power = 'codeword',
}: LinearOptions): Codec<Picture, PictureShape> {
  const uses = usesPerBlock(ratio);
  const transform = new LinearTransform(components, 2 * uses);
  return {
    name: 'linear',
    channelUses: (picture) => usesOf(picture, ratio),
    shapeOf: ({ name, width, height }) => ({ name, width, height }),
    encode(picture): Codeword {
      requireWholeBlocks(picture);
      const symbols = transform.analyse(toBlocks(picture));
      const scale = power === 'ensemble' ? transform.ensembleScale : quantiseScale(unitScale(symbols));
      for (let i = 0; i < symbols.length; i++) symbols[i]! *= scale;
      return power === 'ensemble'
        ? { symbols, sideInformationBits: 0 }
        : { symbols, sideInformationBits: scaleBits, side: scale };
    },
    decode(received: Reception, shape): Picture {
      const scale = power === 'ensemble' ? transform.ensembleScale : (received.side as number);
      const { rows, columns } = blockGrid(shape);
      const noise = noisePerValue(received.noiseVariance, rows * columns * uses);
      return fromBlocks(transform.synthesise(received.symbols, scale, noise), shape, shape.name);
    },
  };
}

/** Noise variance of a real value of channel use `use`, from one variance a codeword or one a use. */
function noisePerValue(variances: Float32Array, uses: number): (use: number) => number {
  if (variances.length === 1) return () => variances[0]! / 2;
  return (use) => variances[Math.min(use, uses - 1)]! / 2;
}

class LinearTransform {
  private readonly gains: Float64Array;
  /** Scale of the gains at which training pictures have unit mean symbol energy. */
  readonly ensembleScale: number;

  constructor(
    private readonly components: PrincipalComponents,
    private readonly kept: number,
  ) {
    const variances = components.variances.subarray(0, kept);
    this.gains = variances.map((variance) => variance ** -0.25);
    const energy = variances.reduce((sum, variance) => sum + Math.sqrt(variance), 0) / kept;
    this.ensembleScale = Math.sqrt(0.5 / energy);
  }

  /** Blocks [n, 192] to weighted coefficients [n, kept]. */
  analyse(blocks: Float32Array): Float32Array {
    const { mean, vectors } = this.components;
    const n = blockValues;
    const out = new Float32Array((blocks.length / n) * this.kept);
    for (let block = 0; block * n < blocks.length; block++) {
      const start = block * n;
      for (let k = 0; k < this.kept; k++) {
        let sum = 0;
        for (let i = 0; i < n; i++) sum += vectors[k * n + i]! * (blocks[start + i]! - mean[i]!);
        out[block * this.kept + k] = sum * this.gains[k]!;
      }
    }
    return out;
  }

  /**
   * LMMSE estimate of the blocks. A codeword that had to be scaled less than the ensemble holds stronger
   * coefficients: its prior variances are those of the ensemble times (ensemble scale / scale)².
   */
  synthesise(symbols: Float32Array, scale: number, noise: (use: number) => number): Float32Array {
    const { mean, variances, vectors } = this.components;
    const louder = (this.ensembleScale / scale) ** 2;
    const n = blockValues;
    const out = new Float32Array((symbols.length / this.kept) * n);
    for (let block = 0; block * this.kept < symbols.length; block++) {
      const to = block * n;
      for (let i = 0; i < n; i++) out[to + i] = mean[i]!;
      for (let k = 0; k < this.kept; k++) {
        const at = block * this.kept + k;
        const gain = scale * this.gains[k]!;
        const prior = variances[k]! * louder;
        const estimate = ((gain * prior) / (gain * gain * prior + noise(at >> 1))) * symbols[at]!;
        for (let i = 0; i < n; i++) out[to + i]! += estimate * vectors[k * n + i]!;
      }
    }
    return out;
  }
}
