import type { Row } from 'semwave/pipeline';
import { curve, type Figure } from 'semwave/report';

const systems = ['assumed pairs', 'better pairs'];
const theory = Object.fromEntries(systems.map((system) => [`${system}, closed form`, system]));
const assumptions =
  'Assumed: pairs of fidelity 0.95, 0.02 a pulse at 80 MHz, overlap 0.8, 15 % a photon at the sources, 30 % beyond the ' +
  'link; better: 0.99, 0.008, 0.97, 40 % and 60 %.';

/** The figures of `quantum/teleport-143km`. */
export function teleportFigures(rows: readonly Row[]): Figure[] {
  const of = (part: string) => rows.filter(({ params }) => params.part === part);
  const figures: Figure[] = [];
  if (of('loss').length > 0) figures.push(...overLoss(of('loss')));
  if (of('time').length > 0) figures.push(significance(of('time')));
  if (of('air').length > 0) figures.push(air(of('air')));
  return figures;
}

/** A level line over the range of a parameter. */
function level(rows: readonly Row[], x: string, system: string, value: number): Row[] {
  const at = rows.map(({ params }) => Number(params[x]));
  const { unit, metric } = rows[0]!.accuracy;
  return [Math.min(...at), Math.max(...at)].map((end) => ({
    ...rows[0]!,
    system,
    params: { [x]: end },
    accuracy: { value, unit, metric },
  }));
}

function overLoss(rows: readonly Row[]): Figure[] {
  const draw = (
    kind: string,
    options: { name: string; title: string; caption: string; y: string; limit: [string, number] },
  ) => {
    const own = rows
      .filter(({ params }) => params.kind === kind)
      .map((row) => ({ ...row, params: { lossDb: row.params.lossDb! } }));
    const [label, value] = options.limit;
    return curve([...own, ...level(own, 'lossDb', label, value)], {
      name: options.name,
      title: options.title,
      caption: `${options.caption} ${assumptions} Points: counted four-folds, 95 % intervals; dashed: closed form.`,
      x: 'lossDb',
      y: 'accuracy',
      systems: [...systems, label],
      bounds: [label],
      theory,
      xTitle: 'loss of the link (dB)',
      yTitle: options.y,
    });
  };
  return [
    draw('witness', {
      name: 'witness-over-loss',
      title: 'Entanglement of photons that never met',
      caption: 'Witness from three bases; below 0 the outer photons are entangled.',
      y: 'witness (ratio)',
      limit: ['classical limit', 0],
    }),
    draw('chsh', {
      name: 'chsh-over-loss',
      title: 'A Bell test needs better pairs than the witness',
      caption: 'CHSH value at the best settings; local models reach 2.',
      y: 'CHSH value S (ratio)',
      limit: ['local models', 2],
    }),
    draw('teleport', {
      name: 'teleportation-over-loss',
      title: 'Qubits teleported over the swapped pair',
      caption: 'Share of qubits found as they were sent, over six input states; 2/3 needs no entanglement.',
      y: 'teleportation fidelity (ratio)',
      limit: ['without entanglement', 2 / 3],
    }),
  ];
}

function significance(rows: readonly Row[]): Figure {
  const plain = rows.map((row) => ({ ...row, params: { hours: row.params.hours! } }));
  return curve([...plain, ...level(plain, 'hours', 'six standard deviations', 6)], {
    name: 'significance-over-time',
    title: 'How long to count for six standard deviations',
    caption:
      'Witness below the classical limit in its own standard deviations, by the hours in each of three bases: mean of 200 ' +
      `runs with the interval of 95 % of them; dashed: expected. ${assumptions}`,
    x: 'hours',
    y: 'accuracy',
    logX: true,
    systems: ['counted', 'six standard deviations'],
    bounds: ['six standard deviations'],
    theory: { expected: 'counted' },
    xTitle: 'counting in each basis (h)',
    yTitle: 'witness below 0 (standard deviations)',
  });
}

function air(rows: readonly Row[]): Figure {
  const plain = rows.map((row) => ({
    ...row,
    params: { structureConstant: row.params.structureConstant! },
  }));
  return curve(plain, {
    name: 'loss-over-turbulence',
    title: 'Loss of 143 km of air',
    caption:
      'Mean loss by the strength of turbulence along the path; the band holds 95 % of the moments (gamma-gamma intensity and ' +
      'pointing). Assumed: 7 cm waist, 1 m aperture, 2 microradian of jitter, 0.07 dB/km, 6 dB in optics.',
    x: 'structureConstant',
    y: 'accuracy',
    logX: true,
    xTitle: 'structure constant of turbulence (m^(-2/3))',
    yTitle: 'loss (dB)',
  });
}
