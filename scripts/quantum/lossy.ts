import type { Rng } from 'semwave/math';
import { defineExperiment, type NewRow, param } from 'semwave/pipeline';
import {
  attemptSec,
  type ClassicalCommunication,
  evenChainBound,
  expectedSlots,
  FIBRE_SPEED_KM_PER_SEC,
  stationLimit,
  transmissivity,
} from 'semwave/quantum';
import { type Chain, simulateChain, USES_PER_ATTEMPT } from './lossy-chain.js';
import { lossyFigures, SYSTEMS } from './lossy-figures.js';

export default defineExperiment({
  id: 'quantum/lossy',
  title: 'Repeater chains whose stations lose light',
  paper: 'Laurenza, Walk, Eisert, Pirandola, Phys. Rev. Research 4, 023158 (2022)',
  purpose:
    'bounds of lossy repeater chains, their saturation at one station, and simulated chains below them',
  params: {
    station: param.grid([1, 0.9, 0.5], { about: 'transmissivity of a station, half lost on either side' }),
    stations: param.grid([0, 1, 3, 7, 15, 31, 63, 127, 255, 511, 1023], {
      about: 'evenly spaced between the ends',
    }),
    lengthKm: param.number({ default: 400, min: 1, max: 5000, unit: 'km', about: 'fibre from end to end' }),
    attenuation: param.number({ default: 0.2, min: 0.1, max: 10, unit: 'dB/km', about: 'of the fibre' }),
    t2Sec: param.number({
      default: 1,
      min: 1e-6,
      max: 1e6,
      unit: 's',
      about: 'T2 of the memories that forget',
    }),
    resetSec: param.number({
      default: 1e-6,
      min: 0,
      max: 1,
      unit: 's',
      about: 'least time between two attempts',
    }),
    leastEfficiency: param.number({
      default: 1e-6,
      min: 1e-12,
      max: 1,
      about: 'chains whose links succeed more rarely are not simulated',
    }),
    simulatedStations: param.integer({
      default: 127,
      min: 1,
      max: 1023,
      about: 'of the longest chain simulated',
    }),
    deliveries: param.integer({
      default: 20_000,
      min: 10,
      max: 1e7,
      about: 'end-to-end pairs a simulation makes',
    }),
  },
  presets: {
    quick: { cost: '15 seconds on two cores', deliveries: 1000 },
    paper: { cost: '3 minutes on two cores' },
  },

  async *measure({ station, stations }, { config, rng }): AsyncGenerator<NewRow> {
    yield* bounds(station, stations, config);
    const linkKm = config.lengthKm / (stations + 1);
    const linkEfficiency =
      transmissivity(config.attenuation * linkKm) * (stations > 1 ? station : station ** (stations / 2));
    if (stations > config.simulatedStations || linkEfficiency < config.leastEfficiency) return;
    const timing = { endToEndSec: linkKm / FIBRE_SPEED_KM_PER_SEC, resetSec: config.resetSec };
    const chain = {
      links: stations + 1,
      linkEfficiency,
      attemptSec: attemptSec('sender-receiver', timing),
      outcomeSec: light(config.lengthKm),
    };
    const memories = Number.POSITIVE_INFINITY;
    yield row(
      SYSTEMS.closed,
      { value: 1 / (USES_PER_ATTEMPT * expectedSlots(chain.links, linkEfficiency)) },
      config,
    );
    const kinds = {
      [SYSTEMS.perfect]: { ...chain, swapSuccess: 1, t2Sec: memories },
      [SYSTEMS.optics]: { ...chain, swapSuccess: 1 / 2, t2Sec: memories },
      [SYSTEMS.forgetful]: { ...chain, swapSuccess: 1, t2Sec: config.t2Sec },
    };
    for (const [system, kind] of Object.entries(kinds))
      yield simulate(system, kind, config, rng.fork(system));
  },

  figures: (rows, { config }) => lossyFigures(rows, config),
});

interface Config {
  lengthKm: number;
  attenuation: number;
  deliveries: number;
}

type Estimate = { value: number; ci95?: [number, number] };

const light = (lengthKm: number) => lengthKm / FIBRE_SPEED_KM_PER_SEC;

function row(system: string, rate: Estimate, { lengthKm }: Config, rest: Partial<NewRow> = {}): NewRow {
  return {
    system,
    rate: { unit: 'bit/use', metric: 'ebits that hashing leaves, a use of every link', ...rate },
    accuracy: { value: 1, unit: 'fidelity', metric: 'of the pairs that the rate counts' },
    latency: { value: light(lengthKm), unit: 's', metric: 'light from end to end' },
    ...rest,
  };
}

function* bounds(station: number, stations: number, config: Config): Generator<NewRow> {
  const eta = transmissivity(config.attenuation * config.lengthKm);
  for (const communication of ['two-way', 'one-way'] as const satisfies readonly ClassicalCommunication[]) {
    const bound = evenChainBound({
      transmissivity: eta,
      stations,
      stationTransmissivity: station,
      communication,
    });
    const label = { params: { strategyClass: bound.strategyClass } };
    yield row(
      communication === 'two-way' ? SYSTEMS.bound : SYSTEMS.oneWay,
      { value: bound.bitsPerUse },
      config,
      label,
    );
  }
  if (station < 1) {
    const { bitsPerUse, strategyClass } = stationLimit(station);
    yield row(SYSTEMS.limit, { value: bitsPerUse }, config, { params: { strategyClass } });
  }
}

function simulate(system: string, chain: Chain, config: Config, rng: Rng): NewRow {
  const { ebitsPerUse, ci95, fidelity, meanSlots } = simulateChain(rng, chain, config.deliveries);
  const waitSec = meanSlots * chain.attemptSec + chain.outcomeSec;
  return row(system, { value: ebitsPerUse, ci95 }, config, {
    accuracy: {
      value: fidelity,
      unit: 'fidelity',
      metric: 'of the delivered pairs',
      stopRule: `${config.deliveries} pairs`,
    },
    latency: { value: waitSec, unit: 's', metric: 'mean time to a pair' },
  });
}
