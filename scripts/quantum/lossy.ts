import { mean, type Rng, standardError } from 'semwave/math';
import { defineExperiment, type NewRow, param } from 'semwave/pipeline';
import {
  attemptSec,
  type ClassicalCommunication,
  dephased,
  drawSlot,
  evenChainBound,
  expectedSlots,
  FIBRE_SPEED_KM_PER_SEC,
  hashingYield,
  idleFlipProbability,
  pureBell,
  stationLimit,
  transmissivity,
} from 'semwave/quantum';
import { lossyFigures, SYSTEMS } from './lossy-figures.js';

/**
 * The chain that is simulated. The left end of each link makes pairs of a memory and a photon in two polarisations, which
 * are two uses of the fibre, and sends the photon on; the right end's memory heralds it and tells, before the next
 * attempt. Links that are done wait for their neighbours; neighbours swap, then pairs of neighbours, and so on (nested).
 * All loss of a station is in what light passes on its way in and out; its swap may be of linear optics, that fails half
 * the time and starts its segment anew. Memories lose their phase with T2 while they wait.
 */
interface Chain {
  links: number;
  /** Of a photon, station to station. */
  linkEfficiency: number;
  attemptSec: number;
  swapSuccess: number;
  t2Sec: number;
}

/** A pair over a segment: when it was made, and the time that its memories have waited since their heralds, two by two. */
interface Segment {
  slots: number;
  idleSlots: number;
}

export default defineExperiment({
  id: 'quantum/lossy',
  title: 'Repeater chains whose stations lose light',
  paper: 'Laurenza, Walk, Eisert, Pirandola, Phys. Rev. Research 4, 023158 (2022)',
  purpose:
    'bounds of lossy repeater chains, their saturation at one station, and simulated chains below them',
  params: {
    station: param.grid([1, 0.9, 0.5], { about: 'transmissivity of a station, half lost on either side' }),
    stations: param.grid([0, 1, 3, 7, 15, 31, 63, 127], { about: 'evenly spaced between the ends' }),
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
    deliveries: param.integer({
      default: 20_000,
      min: 10,
      max: 1e7,
      about: 'end-to-end pairs a simulation makes',
    }),
  },
  presets: {
    quick: { cost: '10 seconds on two cores', deliveries: 1000 },
    paper: { cost: '3 minutes on two cores' },
  },

  async *measure({ station, stations }, { config, rng }): AsyncGenerator<NewRow> {
    yield* bounds(station, stations, config);
    const linkKm = config.lengthKm / (stations + 1);
    const linkEfficiency =
      transmissivity(config.attenuation * linkKm) * (stations > 1 ? station : station ** (stations / 2));
    if (linkEfficiency < config.leastEfficiency) return;
    const timing = { endToEndSec: linkKm / FIBRE_SPEED_KM_PER_SEC, resetSec: config.resetSec };
    const chain = { links: stations + 1, linkEfficiency, attemptSec: attemptSec('sender-receiver', timing) };
    const memories = Number.POSITIVE_INFINITY;
    yield row(SYSTEMS.closed, { value: 1 / (2 * expectedSlots(chain.links, linkEfficiency)) }, config);
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

/** Ebits by uses: a ratio of two means, its interval by the residuals of each delivery. */
function simulate(system: string, chain: Chain, config: Config, rng: Rng): NewRow {
  const { deliveries, lengthKm } = config;
  const uses = new Float64Array(deliveries);
  const ebits = new Float64Array(deliveries);
  const fidelities = new Float64Array(deliveries);
  for (let k = 0; k < deliveries; k++) {
    const { slots, idleSlots } = makeSegment(rng, chain, chain.links);
    // Both ends still wait for the last outcome, told over the whole length.
    const idleSec = idleSlots * chain.attemptSec + light(lengthKm);
    const flip = chain.t2Sec === Number.POSITIVE_INFINITY ? 0 : idleFlipProbability(idleSec, chain.t2Sec);
    const state = dephased(pureBell('phiPlus'), flip);
    uses[k] = 2 * slots;
    ebits[k] = hashingYield(state);
    fidelities[k] = state.phiPlus;
  }
  const [perPair, kept] = [mean(uses), mean(ebits)];
  const value = kept / perPair;
  const residuals = ebits.map((bits, k) => (bits - value * uses[k]!) / perPair);
  const half = 1.96 * standardError(residuals);
  const wait = {
    value: (perPair / 2) * chain.attemptSec + light(lengthKm),
    unit: 's',
    metric: 'mean time to a pair',
  };
  return row(system, { value, ci95: [Math.max(0, value - half), value + half] }, config, {
    accuracy: {
      value: mean(fidelities),
      unit: 'fidelity',
      metric: 'of the delivered pairs',
      stopRule: `${deliveries} pairs`,
    },
    latency: wait,
  });
}

/** Makes a pair over so many links, a power of two: both halves, then a swap that may fail and lose them. */
function makeSegment(rng: Rng, chain: Chain, links: number): Segment {
  if (links === 1) return { slots: drawSlot(rng, chain.linkEfficiency), idleSlots: 0 };
  let slots = 0;
  for (;;) {
    const left = makeSegment(rng, chain, links / 2);
    const right = makeSegment(rng, chain, links / 2);
    slots += Math.max(left.slots, right.slots);
    if (chain.swapSuccess === 1 || rng.uniform() < chain.swapSuccess) {
      const waited = Math.abs(left.slots - right.slots);
      return { slots, idleSlots: left.idleSlots + right.idleSlots + waited };
    }
  }
}
