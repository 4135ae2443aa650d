/** Links between vehicles: path loss, blockage, noise, airtime, contention, reservation, delays. */
import {
  blockageLossDb,
  LOGISTIC_ERRORS,
  naturalLogParameters,
  noiseFloorDbm,
  packetErrorRate,
  vehicularLineOfSightProbability,
  vehicularPathLossDb,
} from '../../../../lib/channel/index.js';
import { mean, type Rng, standardError, wilsonInterval } from '../../../../lib/math/index.js';
import {
  type Burst,
  csma,
  frameAirtimeSec,
  type MediumModel,
  messageDelaySec,
  pipe,
  sidelink,
} from '../../../../lib/v2x/index.js';
import { type Reference, within } from '../../reference.js';

const tr37885 = 'TR 37.885, 6.2.1';

const pathLosses: Reference[] = (
  [
    ['highway', 'los', 87.817],
    ['urban', 'los', 86.1995],
    ['urban', 'nlos', 111.4191],
  ] as const
).map(([road, sight, value]) => ({
  id: `links/path-loss/${road}-${sight}`,
  what: `path loss in dB at 100 m and 5.9 GHz, ${road}, ${sight}`,
  source: `${tr37885}, Table 6.2.1-1`,
  value,
  allowed: within(value, 5e-4),
  measure: () => ({ value: vehicularPathLossDb({ road, sight, distanceMeters: 100, carrierHz: 5.9e9 }) }),
}));

const sights: Reference[] = (
  [
    ['urban', 100, 1.05 * Math.exp(-1.14)],
    ['highway', 400, 2.1013e-6 * 400 ** 2 - 0.8 + 1.0193],
    ['highway', 575, 0.44],
  ] as const
).map(([road, distanceMeters, value]) => ({
  id: `links/line-of-sight/${road}-${distanceMeters}`,
  what: `probability of line of sight at ${distanceMeters} m, ${road}`,
  source: `${tr37885}, Table 6.2.1-2`,
  value,
  allowed: within(value, 1e-9),
  measure: () => ({ value: vehicularLineOfSightProbability({ road, distanceMeters }) }),
}));

const blockages: Reference[] = (
  [
    [9, 4.5, 2.08565, 0.47238],
    [5, 4, 1.36209, 0.70335],
  ] as const
).flatMap(([meanDb, stdDb, mu, sigma]) => [
  {
    id: `links/blockage/${meanDb}/mu`,
    what: `mean of the natural logarithm of a blockage of ${meanDb} dB mean and ${stdDb} dB deviation`,
    source: 'log-normal distribution: ln m - sigma^2 / 2',
    value: mu,
    allowed: within(mu, 1e-5),
    measure: () => ({ value: naturalLogParameters({ meanDb, stdDb }).mu }),
  },
  {
    id: `links/blockage/${meanDb}/sigma`,
    what: `deviation of the natural logarithm of a blockage of ${meanDb} dB mean and ${stdDb} dB deviation`,
    source: 'log-normal distribution: sqrt(ln(1 + s^2 / m^2))',
    value: sigma,
    allowed: within(sigma, 1e-5),
    measure: () => ({ value: naturalLogParameters({ meanDb, stdDb }).sigma }),
  },
  {
    id: `links/blockage/${meanDb}/drawn`,
    what: `mean of 100 000 drawn blockages in dB`,
    source: tr37885,
    value: meanDb,
    allowed: within(meanDb, (4 * stdDb) / Math.sqrt(100_000)),
    measure: (rng: Rng) => {
      const draws = Float64Array.from({ length: 100_000 }, () =>
        blockageLossDb({ meanDb, stdDb }, rng.normal()),
      );
      const [value, error] = [mean(draws), 1.96 * standardError(draws)];
      return { value, ci95: [value - error, value + error] as const };
    },
  },
]);

const receivers: Reference[] = [
  {
    id: 'links/noise',
    what: 'noise in dBm, 10 MHz and 9 dB noise figure',
    source: '-174 dBm/Hz + 10 lg B + NF',
    value: -95,
    allowed: within(-95, 1e-9),
    measure: () => ({ value: noiseFloorDbm({ bandwidthHz: 10e6, noiseFigureDb: 9 }) }),
  },
  {
    id: 'links/packet-error',
    what: 'packet error rate at 6 dB with line of sight',
    source: 'published logistic fit: 1 / (1 + exp(0.9 (SINR - 4)))',
    value: 1 / (1 + Math.exp(1.8)),
    allowed: within(1 / (1 + Math.exp(1.8)), 1e-12),
    measure: () => ({ value: packetErrorRate(6, LOGISTIC_ERRORS.los) }),
  },
];

const airtimes: Reference[] = (
  [
    [6, 2048],
    [27, 488],
  ] as const
).map(([rateMbps, value]) => ({
  id: `links/airtime/${rateMbps}`,
  what: `airtime in us of 1500 bytes at ${rateMbps} Mb/s of 802.11p`,
  source: 'IEEE 802.11, clause 17, 10 MHz: 40 + 8 ceil((22 + 8 L) / N_DBPS)',
  value,
  allowed: within(value, 1e-6),
  measure: () => ({ value: frameAirtimeSec(1500, rateMbps) * 1e6 }),
}));

const nobody = { index: 0, timeSec: 0, agents: [], objects: [] };

const pipes: Reference[] = (
  [
    ['late', 0.024, 0.9, 0.05],
    ['attentive', 1.12, 41, 0.5],
    ['early', 7.68, 284, 0.5],
    ['features', 72, 2667, 5],
  ] as const
).map(([name, megabits, value, tolerance]) => ({
  id: `links/27-mbps/${name}`,
  what: `ms until ${megabits} Mb (${name} fusion of OPV2V) are over at 27 Mb/s`,
  source: 'size over rate, rounded',
  value,
  allowed: within(value, tolerance),
  measure: () => {
    const link = pipe({ rateMbps: 27 });
    link.send([{ from: 'a', to: ['b'], bytes: new Uint8Array((megabits * 1e6) / 8), sentSec: 0 }], nobody);
    return { value: link.receive()[0]!.message!.arrivedSec * 1000 };
  },
}));

const delay: Reference = {
  id: 'links/delay/real',
  what: 'mean ms of the delay model: uniform to 100 ms, 7.68 Mb at 27 Mb/s, 10 ms backbone; 40 000 draws',
  source: '50 + 284.44 + 10',
  value: 50 + 7680 / 27 + 10,
  allowed: within(50 + 7680 / 27 + 10, (4 * 28.87) / 200),
  measure: (rng) => {
    const model = { kind: 'real', overheadSec: 0.1, backboneSec: 0.01 } as const;
    const draws = Float64Array.from({ length: 40_000 }, () => 1000 * messageDelaySec(model, 960_000, rng));
    const [value, error] = [mean(draws), 1.96 * standardError(draws)];
    return { value, ci95: [value - error, value + error] };
  },
};

const burst = (sender: string, readySec: number, count = 1): Burst => ({
  sender,
  readySec,
  expiresSec: Number.POSITIVE_INFINITY,
  wireLengths: new Array<number>(count).fill(1500),
});

/** Where everybody hears everybody. */
function over(model: MediumModel, rng: Rng, bursts: readonly Burst[]) {
  const medium = model.open({ powerDbm: () => -60, rng });
  for (const one of bursts) medium.offer(one);
  return medium.advance(Number.POSITIVE_INFINITY);
}

const saturation: Reference = {
  id: 'links/csma/saturation',
  what: 'Mb/s of one saturated sender of 802.11p at 27 Mb/s, frames of 1500 bytes, 20 000 frames',
  source: '1500 bytes over airtime, DIFS and 7.5 slots of backoff: 12 000 / (488 + 58 + 97.5) us',
  value: 12_000 / 643.5,
  allowed: within(12_000 / 643.5, 0.04),
  measure: (rng) => {
    const sent = over(csma({ rateMbps: 27 }), rng, [burst('a', 0, 20_000)]);
    return { value: (19_999 * 12_000e-6) / (sent.at(-1)!.endSec - sent[0]!.endSec) };
  },
};

const contention: Reference = {
  id: 'links/csma/two-saturated',
  what: 'share of frames lost of two saturated senders of 802.11p, window of 15, some 18 000 frames',
  source: 'each round collides with 1/16 and takes two frames: 2/17, as by Bianchi 2000 for one window',
  value: 2 / 17,
  allowed: within(2 / 17, 3.3 * 2 * Math.sqrt(((1 / 16) * (15 / 16)) / 17_000)),
  measure: (rng) => {
    // The rest is left to one of them alone.
    const sent = over(csma(), rng, [burst('a', 0, 10_000), burst('b', 0, 10_000)]).slice(0, 18_000);
    return { value: sent.filter(({ interferers }) => interferers.length > 0).length / sent.length };
  },
};

/** The share of trials in which what was counted happened, beside its probability within 3.3 standard errors. */
function shareOf(
  entry: Pick<Reference, 'id' | 'what' | 'source' | 'value'>,
  trials: number,
  happens: (rng: Rng) => boolean,
): Reference {
  const error = Math.sqrt((entry.value * (1 - entry.value)) / trials);
  return {
    ...entry,
    allowed: within(entry.value, 3.3 * error),
    measure: (rng) => {
      const hits = Array.from({ length: trials }, (_, trial) => happens(rng.fork(trial))).filter(
        Boolean,
      ).length;
      return { value: hits / trials, ci95: wilsonInterval(hits, trials) };
    },
  };
}

const pool = sidelink({ mode: 'nr', slotSec: 1e-3, periodSlots: 20 });

const shares: Reference[] = [
  shareOf(
    {
      id: 'links/csma/tie',
      what: 'share of collisions of two messages of one instant, 802.11p, window of 15',
      source: 'two backoffs of 16 values coincide: 1/16',
      value: 1 / 16,
    },
    20_000,
    (rng) => over(csma(), rng, [burst('a', 0), burst('b', 0)])[0]!.interferers.length > 0,
  ),
  shareOf(
    {
      id: 'links/sidelink/half-duplex-blind',
      what: 'share missed by half duplex, two sidelinks that have not heard each other, 20 slots',
      source: 'two slots of 20 coincide: 1/20',
      value: 1 / 20,
    },
    10_000,
    (rng) => over(pool, rng, [burst('a', 0), burst('b', 0)])[0]!.deaf.length > 0,
  ),
  shareOf(
    {
      id: 'links/sidelink/half-duplex-sensed',
      what: 'the same where the second respects what it heard reserved, 5 subchannels',
      source: 'of 99 resources left, 4 lie in the slot of the first',
      value: 4 / 99,
    },
    10_000,
    (rng) => {
      const sent = over(pool, rng, [burst('a', 0), burst('a', 0.02), burst('b', 0.02)]);
      return sent.find((one) => one.burst.sender === 'b')!.deaf.length > 0;
    },
  ),
];

export const references: Reference[] = [
  ...pathLosses,
  ...sights,
  ...blockages,
  ...receivers,
  ...airtimes,
  ...pipes,
  delay,
  saturation,
  contention,
  ...shares,
];
