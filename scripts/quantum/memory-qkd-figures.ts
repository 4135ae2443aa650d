import type { Row } from 'semwave/pipeline';
import { memoryRelay, memoryTurningPoints } from 'semwave/quantum';
import { curve, type Figure } from 'semwave/report';
import { asLines } from './qkd-figures.js';

const bound = 'repeaterless bound (PLOB)';
const even = 'no gain';

/** The figures of `quantum/memory-qkd`. */
export function memoryFigures(
  rows: readonly Row[],
  config: { photonsPerSlot: readonly number[]; heraldEfficiency: number; slotSec: number },
): Figure[] {
  const slots = rows.filter(({ params }) => params.part === 'slots');
  const distance = rows.filter(({ params }) => params.part === 'distance');
  const figures: Figure[] = [];
  if (slots.length > 0) figures.push(gain(slots, config), secret(slots, config));
  if (distance.length > 0) figures.push(overDistance(distance));
  return figures;
}

/** Rows of the sweep over slots with the line at which a memory is worth nothing. */
function withEven(rows: readonly Row[]): Row[] {
  const plain = rows.map((row) => ({ ...row, params: { slots: row.params.slots! } }));
  const ends = [2, Math.max(...plain.map(({ params }) => Number(params.slots)))];
  const { ci95: _, ...rate } = plain[0]!.rate;
  const line = ends.map((slots) => ({
    ...plain[0]!,
    system: even,
    params: { slots },
    rate: { ...rate, value: 1 },
  }));
  return [...plain, ...line];
}

function gain(
  rows: readonly Row[],
  { photonsPerSlot, heraldEfficiency }: { photonsPerSlot: readonly number[]; heraldEfficiency: number },
): Figure {
  const systems = photonsPerSlot.map((n) => `${n} photons`);
  const theory = Object.fromEntries(systems.map((system) => [`${system}, closed form`, system]));
  const turns = photonsPerSlot.map((n) =>
    memoryTurningPoints(memoryRelay({ photonsPerSlot: n, heraldEfficiency })),
  );
  const best = turns.map(({ bestSlots }) => bestSlots.toFixed(0)).join(', ');
  return curve(withEven(rows.filter(({ system }) => systems.includes(system) || system in theory)), {
    name: 'gain-over-slots',
    title: 'What a memory gains, by the slots it waits',
    caption:
      'Sifted rate over that without a memory at equal loss, by the mean photon number of a slot at the relay: counted ' +
      '(points, 95 % intervals) and closed form (dashed). It grows with N, passes 1 at the foretold N = 2/η² = ' +
      `${turns[0]!.crossoverSlots.toFixed(1)} and turns where N p = 2.51, at N = ${best}.`,
    x: 'slots',
    y: 'rate',
    logX: true,
    logY: true,
    systems: [...systems, even],
    bounds: [even],
    theory,
    xTitle: 'time after an initialisation (slots)',
    yTitle: 'sifted rate over that without memory (ratio)',
  });
}

function secret(
  rows: readonly Row[],
  { photonsPerSlot, slotSec }: { photonsPerSlot: readonly number[]; slotSec: number },
): Figure {
  const n = photonsPerSlot[Math.min(1, photonsPerSlot.length - 1)]!;
  const shown = rows.filter(
    ({ system, params, rate }) => params.photonsPerSlot === n && system.startsWith('T2') && rate.value > 1e-3,
  );
  return curve(withEven(shown), {
    name: 'secret-gain-over-slots',
    title: 'Dephasing ends the gain',
    caption:
      `Secret rate over the error-free one without a memory for ${n} photons a slot, errors of 2 % and 4 % before dephasing ` +
      `and slots of ${slotSec * 1e9} ns: the key ends when the slots take about a sixth of T2.`,
    x: 'slots',
    y: 'rate',
    logX: true,
    logY: true,
    systems: [...new Set(shown.map(({ system }) => system)), even],
    bounds: [even],
    xTitle: 'time after an initialisation (slots)',
    yTitle: 'secret rate over that without memory (ratio)',
  });
}

function overDistance(rows: readonly Row[]): Figure {
  const shown = rows
    .filter(({ rate }) => rate.value > 1e-13)
    .map((row) => ({ ...row, params: { distanceKm: row.params.distanceKm! } }));
  const systems = [...new Set(shown.map(({ system }) => system))].filter((system) => system !== bound);
  const figure = curve(shown, {
    name: 'key-over-distance',
    title: 'A memory lets the two photons come one after the other',
    caption:
      'Secret key of a slot with the relay half way, by closed form; N is chosen for each distance where it says so. Without ' +
      'a memory both photons must arrive in the same slot. Grey: what no link without a repeater can pass.',
    x: 'distanceKm',
    y: 'rate',
    logY: true,
    systems: [...systems, bound],
    bounds: [bound],
    xTitle: 'length of fibre (km)',
    yTitle: 'secret key (bit/slot)',
  });
  return asLines(figure, systems);
}
