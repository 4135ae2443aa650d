/** Quantum keys: rates, thresholds, gains and optima against values in double precision. */
import {
  bb84Threshold,
  cutoffKm,
  type DecoyLink,
  decoyOptimum,
  decoyRate,
  type MdiLink,
  mdiGains,
  mdiOptimum,
  mdiRate,
  memoryGain,
  memoryRelay,
  sixStateThreshold,
  transmissivity,
} from '../../../../lib/quantum/index.js';
import { type Reference, within } from '../../reference.js';

/** An entry that computes: to 1e-6 of its value, or to the digits that are given where these are fewer. */
function exact(
  entry: Omit<Reference, 'allowed' | 'measure'> & { digit?: number; ours: () => number },
): Reference {
  const { digit = 0, ours, ...rest } = entry;
  const tolerance = Math.max(1e-6 * Math.abs(rest.value), 0.6 * digit);
  return {
    ...rest,
    id: `qkd/${rest.id}`,
    allowed: within(rest.value, tolerance),
    measure: () => ({ value: ours() }),
  };
}

const thresholds = [
  exact({
    id: 'bb84/threshold',
    what: 'largest error rate of BB84 with single photons',
    source: 'root of 1 - 2 h(e), Shor and Preskill 2000',
    value: 0.11002786,
    ours: () => bb84Threshold(),
  }),
  exact({
    id: 'six-state/threshold',
    what: 'largest error rate of the six-state protocol, one-way',
    source: 'root of the six-state rate, Lo 2001',
    value: 0.12619308,
    ours: sixStateThreshold,
  }),
];

/** The link of Gobby, Yuan and Shields 2004 as decoy-state papers take it. */
const gys = (lengthKm: number): DecoyLink => ({
  lengthKm,
  attenuationDbPerKm: 0.21,
  receiverEfficiency: 0.045,
  backgroundYield: 1.7e-6,
  misalignment: 0.033,
  inefficiency: 1.22,
});
const decoySource = 'closed form of Lo, Ma and Chen 2005 in double precision, link of GYS 2004';

const decoy = [
  ...(
    [
      [0, 0.00255458809],
      [50, 0.000222596118],
      [100, 1.71844448e-5],
      [120, 4.81456196e-6],
      [140, 2.46466707e-7],
    ] as const
  ).map(([km, value]) =>
    exact({
      id: `decoy/rate/${km}km`,
      what: `decoy-state BB84, infinitely many decoys, mu 0.48, ${km} km: bit/pulse`,
      source: decoySource,
      value,
      ours: () => decoyRate(gys(km), 0.48),
    }),
  ),
  exact({
    id: 'decoy/cutoff',
    what: 'length at which the key of mu 0.48 ends, km',
    source: decoySource,
    value: 142.0145,
    digit: 1e-4,
    ours: () => cutoffKm((km) => decoyRate(gys(km), 0.48)),
  }),
  exact({
    id: 'decoy/optimum/100km',
    what: 'best mean photon number at 100 km (on a grid of 0.01)',
    source: decoySource,
    value: 0.48,
    digit: 1e-2,
    ours: () => decoyOptimum(gys(100)).meanPhotonNumber,
  }),
];

const mdiLink = (km: number): MdiLink => {
  const efficiency = 0.145 * transmissivity((0.2 * km) / 2);
  return { efficiencyA: efficiency, efficiencyB: efficiency, darkProbability: 6.02e-6, misalignment: 0.015 };
};
const mdiSource = 'closed form of Ma and Razavi 2012 in double precision';

const mdiRates = (
  [
    [0, 5.71497554e-4, 0.6],
    [50, 5.18140326e-5, 0.56],
    [100, 4.57840464e-6, 0.54],
    [150, 3.15628251e-7, 0.49],
    [200, 1.28301602e-9, 0.32],
  ] as const
).flatMap(([km, value, mu]) => [
  exact({
    id: `mdi/rate/${km}km`,
    what: `MDI, infinitely many decoys, mu ${mu}, ${km} km in all: bit/pulse pair`,
    source: mdiSource,
    value,
    ours: () => mdiRate(mdiLink(km), mu, 1.16),
  }),
  exact({
    id: `mdi/optimum/${km}km`,
    what: `best mean photon number of MDI at ${km} km (on a grid of 0.01)`,
    source: mdiSource,
    value: mu,
    digit: 1e-2,
    ours: () => mdiOptimum(mdiLink(km), 1.16).meanPhotonNumber,
  }),
]);

const mdiChecks = (
  [
    [0.5, 0.1, 1e-5, [0.0011615729, 0.00080915675, 0.0023507749, 0.24706238]],
    [1, 0.4, 1e-3, [0.044857501, 0.011058384, 0.09889597, 0.22670284]],
  ] as const
).flatMap(([mu, efficiency, dark, values]) => {
  const link = { efficiencyA: efficiency, efficiencyB: efficiency, darkProbability: dark, misalignment: 0 };
  const ours = () => {
    const gains = mdiGains(link, { meanPhotonNumberA: mu, meanPhotonNumberB: mu });
    const { rectilinear, diagonal } = gains;
    return [rectilinear.gain, rectilinear.errorRate, diagonal.gain, diagonal.errorRate];
  };
  return ['gain-rect', 'error-rect', 'gain-diag', 'error-diag'].map((name, k) =>
    exact({
      id: `mdi/${name}/mu${mu}`,
      what: `MDI at mu ${mu}, efficiency ${efficiency}, dark ${dark}: ${name}`,
      source: 'phase-averaged model of four threshold detectors in double precision',
      value: values[k]!,
      ours: () => ours()[k]!,
    }),
  );
});

const memory = (
  [
    [2, 0.178929, 1e-6],
    [60, 4.22, 1e-2],
    [124, 6.76, 1e-2],
  ] as const
).map(([slots, value, digit]) =>
  exact({
    id: `memory/gain/${slots}`,
    what: `sifted rate of a one-spin relay of ${slots} slots over that without, n 0.02, eta_m 0.423`,
    source: 'idealised closed form after Bhaskar et al. 2020 in double precision',
    value,
    digit,
    ours: () => memoryGain(memoryRelay({ slots })),
  }),
);

export const references: Reference[] = [...thresholds, ...decoy, ...mdiRates, ...mdiChecks, ...memory];
