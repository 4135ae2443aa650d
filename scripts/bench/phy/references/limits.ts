/** Capacities, modulation rates, finite block lengths and exact error rates against values of other tools. */
import {
  alamoutiBitErrorRate,
  awgnCapacity,
  becCapacity,
  becDensity,
  biAwgnCapacity,
  biAwgnDensity,
  bitErrorRate,
  codedModulationRate,
  constellation,
  distanceSpectrum,
  ebN0LimitDb,
  mimoErgodicCapacity,
  normalApproximation,
  normalApproximationEbN0Db,
  rayleighErgodicCapacity,
  realAwgnDensity,
  symbolErrorRate,
} from '../../../../lib/phy/index.js';
import { type Reference, within } from '../../reference.js';

const scipy = 'closed form or quadrature in double precision, scipy';

/** An entry that computes: ours must give the digits that are given. */
function exact(id: string, what: string, value: number, digit: number, ours: () => number): Reference {
  return {
    id: `limits/${id}`,
    what,
    source: scipy,
    value,
    // Half a unit of the last digit, and what the printed value itself may have been rounded by.
    allowed: within(value, 0.6 * digit),
    measure: () => ({ value: ours() }),
  };
}

const capacities = [
  ...(
    [
      [0, 1],
      [10, 3.4594],
      [20, 6.6582],
    ] as const
  ).map(([snrDb, value]) =>
    exact(`awgn/${snrDb}`, `complex AWGN capacity at ${snrDb} dB, bit/use`, value, 1e-4, () =>
      awgnCapacity(snrDb),
    ),
  ),
  ...(
    [
      [0, 0.8603],
      [10, 2.9065],
      [20, 5.884],
    ] as const
  ).map(([snrDb, value]) =>
    exact(`rayleigh/${snrDb}`, `ergodic Rayleigh capacity at ${snrDb} dB, bit/use`, value, 1e-4, () =>
      rayleighErgodicCapacity(snrDb),
    ),
  ),
  exact('bec/0.3', 'erasure channel capacity at 0.3, bit/use', 0.7, 1e-12, () => becCapacity(0.3)),
  exact('bi-awgn/0', 'BPSK over AWGN at Es/N0 0 dB, bit/use', 0.72145, 1e-5, () => biAwgnCapacity(0)),
  ...(
    [
      ['1/3', 1 / 3, -0.495],
      ['1/2', 1 / 2, 0.187],
      ['2/3', 2 / 3, 1.059],
      ['3/4', 3 / 4, 1.626],
      ['5/6', 5 / 6, 2.362],
    ] as const
  ).map(([name, rate, value]) =>
    exact(`bi-awgn/eb-n0/${name}`, `least Eb/N0 of BPSK at rate ${name}, dB`, value, 1e-3, () =>
      ebN0LimitDb(rate, biAwgnCapacity),
    ),
  ),
  ...(
    [
      [5, 1.9732],
      [10, 3.1639],
      [15, 3.9285],
    ] as const
  ).map(([snrDb, value]) =>
    exact(`16-qam/${snrDb}`, `16-QAM coded-modulation rate at ${snrDb} dB, bit/symbol`, value, 1e-4, () =>
      codedModulationRate(constellation('qam', 16), snrDb),
    ),
  ),
];

const finite = [
  ...(
    [
      [100, 0.26021],
      [500, 0.38687],
      [1000, 0.41865],
    ] as const
  ).map(([n, value]) =>
    exact(
      `finite/awgn/${n}`,
      `normal approximation, real AWGN 0 dB, n=${n}, 1e-3, bit/use`,
      value,
      1e-5,
      () => normalApproximation(realAwgnDensity(0), n, 1e-3),
    ),
  ),
  ...(
    [
      [64, 128, 1e-2, 1.892],
      [64, 128, 1e-3, 2.476],
      [500, 1000, 1e-2, 0.893],
      [500, 1000, 1e-3, 1.136],
    ] as const
  ).map(([k, n, rate, value]) =>
    exact(
      `finite/bi-awgn/${n}-${k}/${rate}`,
      `normal approximation, BPSK (${n},${k}) at BLER ${rate}, Eb/N0 in dB`,
      value,
      1e-3,
      () => normalApproximationEbN0Db(biAwgnDensity, { k, n }, rate),
    ),
  ),
  exact(
    'finite/bec/1000',
    'normal approximation without log term, BEC 0.5, n=1000, 1e-3',
    0.45114,
    1e-5,
    () => normalApproximation(becDensity(0.5), 1000, 1e-3, { logTerm: false }),
  ),
];

const perBit = (bits: number) => 10 * Math.log10(bits);

const errorRates = (
  [
    ['bpsk/0', 7.865e-2, () => bitErrorRate('psk', 2, 0)],
    ['bpsk/4', 1.2501e-2, () => bitErrorRate('psk', 2, 4)],
    ['bpsk/8', 1.9091e-4, () => bitErrorRate('psk', 2, 8)],
    ['qpsk/8', 1.9091e-4, () => bitErrorRate('qam', 4, 8 + perBit(2))],
    ['16-qam/8', 9.2472e-3, () => bitErrorRate('qam', 16, 8 + perBit(4))],
    ['16-qam/10', 1.7542e-3, () => bitErrorRate('qam', 16, 10 + perBit(4))],
    ['16-qam/symbols/14', 3.7151e-2, () => symbolErrorRate('qam', 16, 14)],
    ['rayleigh/bpsk/10', 2.3269e-2, () => bitErrorRate('psk', 2, 10, 1)],
    ['rayleigh/bpsk/20', 2.4814e-3, () => bitErrorRate('psk', 2, 20, 1)],
    ['rayleigh/16-qam/10', 4.2371e-2, () => bitErrorRate('qam', 16, 10 + perBit(4), 1)],
    ['rayleigh/16-qam/20', 4.8855e-3, () => bitErrorRate('qam', 16, 20 + perBit(4), 1)],
    ['mrc/2', 1.5991e-3, () => bitErrorRate('psk', 2, 10, 2)],
    ['mrc/3', 1.2163e-4, () => bitErrorRate('psk', 2, 10, 3)],
    ['mrc/4', 9.698e-6, () => bitErrorRate('psk', 2, 10, 4)],
    ['alamouti', 5.5282e-3, () => alamoutiBitErrorRate('psk', 2, 10)],
  ] as const
).map(([name, value, ours]) =>
  exact(`error-rate/${name}`, `closed-form error rate, ${name}`, value, 1e-4 * value, ours),
);

const simulated: Reference[] = [
  {
    id: 'limits/mimo-2x2/10',
    what: 'ergodic capacity of 2 x 2 Rayleigh MIMO at 10 dB, bit/use, 200000 draws',
    source: 'simulation, 5.548 +- 0.004',
    value: 5.548,
    allowed: within(5.548, 0.004 + 0.012),
    measure: (rng) => mimoErgodicCapacity({ snrDb: 10, transmit: 2, receive: 2, draws: 200_000 }, rng),
  },
  {
    id: 'limits/convolutional/133-171/free-distance',
    what: 'free distance of the convolutional code (133,171)',
    source: 'the literature on convolutional codes, everywhere 10',
    value: 10,
    allowed: [10, 10],
    measure: () => ({ value: distanceSpectrum([0o133, 0o171]).freeDistance }),
  },
];

export const references: Reference[] = [...capacities, ...finite, ...errorRates, ...simulated];
