import { type Rng, wilsonInterval } from 'semwave/math';
import { defineExperiment, type NewRow, param } from 'semwave/pipeline';
import {
  type MemoryRelay,
  memoryGain,
  memorylessPerSlot,
  memoryRates,
  memoryRelay,
  plobBits,
  secretGain,
  simulateMemory,
  transmissivity,
} from 'semwave/quantum';
import { memoryFigures } from './memory-qkd-figures.js';

const gainOf = (value: number) => ({ value, unit: 'ratio', metric: 'rate over that without a memory' });
const errorOf = (value: number) => ({ value, unit: 'ratio', metric: 'error rate' });

/** Coherence times of the figures, and what they are called. */
const coherence: Record<string, number> = { 'T2 unlimited': 1e6, 'T2 = 1 ms': 1e-3, 'T2 = 0.1 ms': 1e-4 };
const errors = { errorFirst: 0.02, errorSecond: 0.04 };

export default defineExperiment({
  id: 'quantum/memory-qkd',
  title: 'What one spin in a cavity gains for measurement-device-independent keys',
  paper: 'Bhaskar et al. 2020 (idealised); Pirandola et al. 2017',
  purpose:
    'advantage of a one-memory relay against slots and distance, its crossover, and dephasing, with counts',
  params: {
    slots: param.grid([2, 4, 6, 8, 10, 12, 16, 24, 40, 60, 124, 250, 500, 1000, 2000, 4000], {
      about: 'time slots after an initialisation, N',
    }),
    photonsPerSlot: param.grid([0.02, 0.005, 0.00125], { about: 'mean photon number at the relay' }),
    distanceKm: param.grid({ unit: 'km', from: 0, to: 400, step: 5, max: 1000, about: 'relay half way' }),
    photonsSent: param.number({
      default: 0.1,
      min: 1e-6,
      max: 1,
      about: 'mean photon number of a pulse sent',
    }),
    heraldEfficiency: param.number({
      default: 0.423,
      min: 0.01,
      max: 1,
      about: 'photon at the relay to herald',
    }),
    slotSec: param.number({ default: 1e-7, min: 1e-12, max: 1, unit: 's', about: 'length of a slot' }),
    stored: param.integer({
      default: 20_000,
      min: 10,
      max: 1e7,
      about: 'stored pairs that a count waits for',
    }),
    slotsPlayed: param.integer({ default: 3e8, min: 1000, max: 1e11, about: 'slots that end a count' }),
  },
  presets: {
    quick: { cost: '20 seconds on two cores', stored: 1000, slotsPlayed: 2e7 },
    paper: { cost: '5 minutes on two cores' },
  },

  points: ({ slots, photonsPerSlot, distanceKm }) => [
    ...photonsPerSlot.flatMap((n) => slots.map((N) => ({ part: 'slots', photonsPerSlot: n, slots: N }))),
    ...distanceKm.map((km) => ({ part: 'distance', distanceKm: km })),
  ],

  async *measure(point, { config, rng }): AsyncGenerator<NewRow> {
    const { heraldEfficiency, slotSec } = config;
    if ('distanceKm' in point) {
      const arm = transmissivity((0.2 * point.distanceKm) / 2);
      const photonsPerSlot = config.photonsSent * arm;
      const base = memoryRelay({ photonsPerSlot, heraldEfficiency, slotSec, ...errors });
      return yield* overDistance(base, transmissivity(0.2 * point.distanceKm));
    }
    const { slots, photonsPerSlot } = point;
    const relay = memoryRelay({ slots, photonsPerSlot, heraldEfficiency, slotSec });
    yield* overSlots(relay, config, rng);
  },

  figures: (rows, { config }) => memoryFigures(rows, config),
});

const cycle = ({ slots, slotSec }: MemoryRelay) => ({
  value: slots * slotSec,
  unit: 's',
  metric: 'initialisation to readout',
});

function* overSlots(
  relay: MemoryRelay,
  limits: { stored: number; slotsPlayed: number },
  rng: Rng,
): Generator<NewRow> {
  const label = `${relay.photonsPerSlot} photons`;
  const rates = memoryRates(relay);
  yield {
    system: `${label}, closed form`,
    rate: gainOf(memoryGain(relay)),
    accuracy: errorOf(rates.errorFirst),
    latency: cycle(relay),
  };
  for (const [name, t2Sec] of Object.entries(coherence)) {
    const seen = memoryRelay({ ...relay, ...errors, t2Sec });
    yield {
      system: name,
      rate: { ...gainOf(secretGain(seen)), metric: 'secret rate over the error-free one without a memory' },
      accuracy: errorOf(memoryRates(seen).errorSecond),
      latency: cycle(relay),
    };
  }
  const wanted = Math.ceil(limits.stored / rates.bothProbability);
  const rounds = Math.max(10, Math.min(wanted, Math.floor(limits.slotsPlayed / relay.slots)));
  const { stored, firstErrors, firstBasis } = simulateMemory(relay, rounds, rng);
  if (stored < 20 || firstBasis === 0) return;
  const scale = relay.sifting / relay.slots / memorylessPerSlot(relay);
  const [low, high] = wilsonInterval(stored, rounds);
  yield {
    system: label,
    rate: { ...gainOf((stored / rounds) * scale), ci95: [low * scale, high * scale] },
    accuracy: { ...errorOf(firstErrors / firstBasis), ci95: wilsonInterval(firstErrors, firstBasis) },
    latency: cycle(relay),
  };
}

function* overDistance(base: MemoryRelay, transmissivityOfAll: number): Generator<NewRow> {
  const row = (system: string, value: number, relay: MemoryRelay): NewRow => ({
    system,
    rate: { value, unit: 'bit/slot', metric: 'secret key' },
    accuracy: errorOf(memoryRates(relay).errorSecond),
    latency: cycle(relay),
    params: { bestSlots: relay.slots },
  });
  yield row('without a memory, no errors', memorylessPerSlot(base), base);
  if (transmissivityOfAll < 1) yield row('repeaterless bound (PLOB)', plobBits(transmissivityOfAll), base);
  const fixed = memoryRelay({ ...base, t2Sec: 1e-3 });
  yield row('124 slots, T2 = 1 ms', memoryRates(fixed).secretPerSlot, fixed);
  for (const [name, t2Sec] of Object.entries(coherence)) {
    const best = bestSlots({ ...base, t2Sec });
    yield row(`best N, ${name}`, memoryRates(best).secretPerSlot, best);
  }
}

/** The relay with the number of slots that gives most key: even steps of a logarithmic scale. */
function bestSlots(base: MemoryRelay): MemoryRelay {
  const candidates = Array.from({ length: 120 }, (_, k) => 2 * Math.round(1.12 ** k));
  const relays = [...new Set(candidates)].filter((n) => n <= 1e6).map((slots) => ({ ...base, slots }));
  return relays.reduce((best, relay) =>
    memoryRates(relay).secretPerSlot > memoryRates(best).secretPerSlot ? relay : best,
  );
}
