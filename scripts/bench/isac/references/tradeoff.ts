/** The trade-off of rate and sensing: ends of the front, its interior against a general solver, symbols, measured errors. */
import {
  allocatePower,
  bestUnder,
  frameEcho,
  locateTarget,
  noiseless,
  type PowerFrame,
  paretoFront,
  symbolKurtosis,
  weightedBound,
} from '../../../../lib/isac/index.js';
import { mean, type Rng, standardError } from '../../../../lib/math/index.js';
import { constellation } from '../../../../lib/phy/index.js';
import { type Reference, within } from '../../reference.js';

const gains = Float64Array.of(3, 0.4, 8, 1, 2, 0.1, 5, 6);
const frame: PowerFrame = { gains, symbols: 1 };
const range = { range: 1, velocity: 0 };

/** Six of the eight subcarriers are used: the level is (8 + the sum of their 1 / gain) / 6, below 1 / 0.4 and above 1. */
const used = [...gains].filter((g) => g >= 1);
const level = (8 + used.reduce((sum, g) => sum + 1 / g, 0)) / used.length;
const capacity = used.reduce((sum, g) => sum + Math.log2(level * g), 0) / 8;

const ends: Reference[] = [
  {
    id: 'tradeoff/communication',
    what: 'rate of the front where it begins, bits per use: eight subcarriers',
    source: 'water-filling in closed form (Gallager 1968)',
    value: capacity,
    allowed: within(capacity, 1e-9),
    measure: () => ({ value: paretoFront(frame, range, 2)[0]!.rate }),
  },
  {
    id: 'tradeoff/sensing',
    what: 'bound of range where the front ends over 4 / (2 rho E (N - 1)^2): eight subcarriers of five symbols',
    source: 'half of the power at either end of the band has the largest second moment',
    value: 1,
    allowed: within(1, 1e-9),
    measure: () => {
      const { power } = paretoFront({ gains, symbols: 5 }, range, 2)[1]!;
      return { value: weightedBound(power, [8, 5], 0.3)[0]! * (2 * 0.3 * 40 * 3.5 ** 2) };
    },
  },
];

const inside: Reference[] = (
  [
    [0.6, 1.881204264],
    [0.7, 1.828737273],
    [0.9, 1.563868526],
  ] as const
).map(([information, value]) => ({
  id: `tradeoff/front/${information}`,
  what: `largest rate at information ${information}, bits per use: eight subcarriers`,
  source: 'scipy 1.10.1, SLSQP over the powers, best of 20 starts',
  value,
  allowed: within(value, 1e-7),
  measure: () => ({ value: bestUnder(frame, range, information).rate }),
}));

const kurtoses: Reference[] = (
  [
    [4, 1],
    [16, 1.32],
    [64, 29 / 21],
    [256, 1.3953],
  ] as const
).map(([order, value]) => ({
  id: `tradeoff/kurtosis/${order}-qam`,
  what: `E |x|^4 of ${order}-QAM of unit energy`,
  source: '(7 M - 13) / (5 (M - 1)) of square M-QAM',
  value,
  allowed: within(value, 5e-5),
  measure: () => ({ value: symbolKurtosis(constellation('qam', order)) }),
}));

/** Mean squared error of range over the bound of the very symbols, Gaussian ones of a target at 17 dB in all. */
function efficiency(price: number, rng: Rng) {
  const shape = [24, 10];
  const setup = {
    gains: Float64Array.from({ length: 24 }, (_, k) => 3 * (1.1 + Math.cos(k))),
    symbols: 10,
    peak: 4,
  };
  const { power } = allocatePower(setup, range, price);
  const ratios = Array.from({ length: 1500 }, (_, trial) => {
    const own = rng.fork(trial);
    const sent = own
      .fillComplexNormal(new Float64Array(480))
      .map((value, at) => value * Math.sqrt(power[at >> 1]!));
    const mu = [own.uniform(-3, 3), own.uniform(-3, 3)];
    const echo = frameEcho(noiseless([{ mu, gains: Float64Array.of(0.6, 0.8) }], { shape }), sent);
    const noise = own.fillComplexNormal(new Float64Array(480), 0.05);
    const received = { ...echo, data: echo.data.map((value, at) => value + noise[at]!) };
    const powers = power.map((_, k) => sent[2 * k]! ** 2 + sent[2 * k + 1]! ** 2);
    const error = locateTarget(received, sent).sources[0]!.mu[0]! - mu[0]!;
    return error ** 2 / weightedBound(powers, shape, 20)[0]!;
  });
  const [value, spread] = [mean(ratios), 1.96 * standardError(ratios)];
  return { value, ci95: [value - spread, value + spread] as const };
}

const measured: Reference[] = [0, 1, 5].map((price) => ({
  id: `tradeoff/efficiency/${price}`,
  what: `mean squared error of range over its bound, price of information ${price} bits: 24 x 10 Gaussian symbols, 1500 frames`,
  source:
    'maximum likelihood attains the bound at high SNR; 3.5 standard errors of 1500 squares of a normal variable',
  value: 1,
  allowed: within(1, 3.5 * Math.sqrt(2 / 1500)),
  measure: (rng) => efficiency(price, rng),
}));

export const references: Reference[] = [...ends, ...inside, ...kurtoses, ...measured];
