/** Cramer-Rao bounds, and what a numerology can sense. */
import {
  cramerRaoBound,
  divisionLoss,
  type NumerologyOptions,
  numerology,
  type Source,
  singleSourceBound,
} from '../../../../lib/isac/index.js';
import { constellation } from '../../../../lib/phy/index.js';
import { type Reference, within } from '../../reference.js';

const source = (mu: number[], re = 1, im = 0): Source => ({ mu, gains: Float64Array.of(re, im) });

const closed: Reference[] = [[10], [8, 64], [8, 64, 32], [4, 5, 6, 7]].flatMap((shape) =>
  shape.map((_, dimension) => ({
    id: `bounds/closed-form/${shape.join('x')}/${dimension}`,
    what: `joint bound over the closed form: one source in ${shape.join(' x ')}, dimension ${dimension}`,
    source: 'Rife and Boorstyn 1974: 6 / (rho N_tot (N_d^2 - 1))',
    value: 1,
    allowed: within(1, 1e-9),
    measure: () => {
      const { variances } = cramerRaoBound(
        [
          source(
            shape.map((_, d) => 0.3 + d),
            0.6,
            0.8,
          ),
        ],
        {
          shape,
          noiseVariance: 0.1,
        },
      );
      return { value: variances[0]![dimension]! / singleSourceBound({ shape, dimension, snr: 10 }) };
    },
  })),
);

/** Three sources far apart in angle and delay, of which the first and last share the Doppler shift. */
const sharing = [source([-1.5, 1, 0.5]), source([0.3, -2, -0.8]), source([1.6, -0.5, 0.5])];

const shared: Reference = {
  id: 'bounds/shared',
  what: 'deviation for who knows of a shared frequency over that for who does not: 8 x 64 x 32, two of three sources share it',
  source: 'mean of two independent estimates: 1 / sqrt(2)',
  value: Math.SQRT1_2,
  allowed: within(Math.SQRT1_2, 0.01),
  measure: () => {
    const setup = { shape: [8, 64, 32], noiseVariance: 1 };
    const free = cramerRaoBound(sharing, setup).variances[0]![2]!;
    const tied = cramerRaoBound(sharing, { ...setup, tied: [{ dimension: 2, sources: [0, 2] }] });
    return { value: Math.sqrt(tied.variances[0]![2]! / free) };
  },
};

const carriers: { name: string; options: NumerologyOptions; values: Record<string, [number, number]> }[] = [
  {
    name: '3.5GHz-30k',
    options: { carrierHz: 3.5e9, spacingHz: 30e3, resourceBlocks: 273, slots: 20 },
    values: {
      bandwidthHz: [98.28e6, 1],
      rangeResolutionMeters: [1.525, 5e-4],
      maxRangeMeters: [4997, 0.5],
      prefixRangeMeters: [351, 0.5],
      maxVelocity: [600, 0.5],
      velocityResolution: [4.28, 5e-3],
    },
  },
  {
    name: '28GHz-60k',
    options: { carrierHz: 28e9, spacingHz: 60e3, resourceBlocks: 264, slots: 40 },
    values: {
      bandwidthHz: [190.08e6, 1],
      rangeResolutionMeters: [0.789, 5e-4],
      maxRangeMeters: [2498, 0.5],
      prefixRangeMeters: [176, 0.5],
      maxVelocity: [150, 0.5],
      velocityResolution: [0.535, 5e-4],
    },
  },
  {
    name: '28GHz-120k',
    options: { carrierHz: 28e9, spacingHz: 120e3, resourceBlocks: 264, slots: 80 },
    values: {
      bandwidthHz: [380.16e6, 1],
      rangeResolutionMeters: [0.394, 5e-4],
      maxRangeMeters: [1249, 0.5],
      prefixRangeMeters: [88, 0.5],
      maxVelocity: [300, 0.5],
      velocityResolution: [0.535, 5e-4],
    },
  },
];

const numerologies: Reference[] = carriers.flatMap(({ name, options, values }) =>
  Object.entries(values).map(([quantity, [value, tolerance]]) => ({
    id: `bounds/numerology/${name}/${quantity}`,
    what: `${quantity} of ${name}, ${options.resourceBlocks} RB, 10 ms, monostatic`,
    source: 'c/2B, c/(2 spacing), lambda/(4 T_s), lambda/(2 T) with TS 38.211 symbols, rounded',
    value,
    allowed: within(value, tolerance),
    measure: () => ({ value: Number(numerology(options)[quantity as keyof NumerologyOptions]) }),
  })),
);

const divisions: Reference[] = (
  [
    [4, 1],
    [16, 17 / 9],
  ] as const
).map(([order, value]) => ({
  id: `bounds/division/${order}-qam`,
  what: `noise power after dividing by symbols of ${order}-QAM`,
  source: 'E 1/|x|^2 over the points',
  value,
  allowed: within(value, 1e-9),
  measure: () => ({ value: divisionLoss(constellation('qam', order)) }),
}));

export const references: Reference[] = [...closed, shared, ...numerologies, ...divisions];
