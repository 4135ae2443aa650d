import { wilsonInterval } from 'semwave/math';
import type { Row } from 'semwave/pipeline';
import { curve, type Figure } from 'semwave/report';

/** Ends the name of what was simulated, beside the closed form of the same protocol. */
export const SIMULATED = ', simulated';

const systems = ['BBPSSW', 'DEJMPS', 'BBPSSW, pumping'];
const simulated = ['BBPSSW', 'DEJMPS'].map((system) => `${system}${SIMULATED}`);

/** The figures of `quantum/purify`. */
export function purifyFigures(rows: readonly Row[]): Figure[] {
  const of = (gateFidelity: number) => rows.filter(({ params }) => params.gateFidelity === gateFidelity);
  const gates = [...new Set(rows.map(({ params }) => Number(params.gateFidelity)))];
  return gates.flatMap((gate) => [
    fidelities(of(gate), gate),
    successes(of(gate), gate),
    yields(of(gate), gate),
  ]);
}

const gateName = (gate: number) => (gate === 1 ? 'perfect-gates' : `gates-${String(gate).replace('.', '-')}`);
const gateText = (gate: number) =>
  gate === 1 ? 'perfect gates' : `gates that work with probability ${gate}`;
const heading = 'fidelity';

/** Keeps the parameters that a figure is drawn over, and what was measured where `value` says so. */
const over = (rows: readonly Row[], ...names: string[]): Row[] =>
  rows.map((row) => ({
    ...row,
    params: Object.fromEntries(names.map((name) => [name, row.params[name]!])),
  }));

function fidelities(rows: readonly Row[], gate: number): Figure {
  return curve(over(rows, 'round', 'fidelity'), {
    name: `fidelity-by-round-${gateName(gate)}`,
    title: `Fidelity by round, ${gateText(gate)}`,
    caption:
      'Lines: closed forms. Points: pairs simulated as Bell states whose label nobody knows (95 % Wilson intervals, mostly ' +
      'smaller than the point). Both recurrences begin alike; DEJMPS, which keeps the shape of its errors, then runs ahead. ' +
      'Pumping with fresh pairs stops at a fixed point.',
    x: 'round',
    y: 'accuracy',
    facet: heading,
    ...drawn(rows),
    xTitle: 'round (number)',
    yTitle: 'fidelity (ratio)',
  });
}

/** Points of a simulation with the closed form dashed through them. */
function drawn(rows: readonly Row[]) {
  const present = new Set(rows.map(({ system }) => system));
  return {
    systems: [...simulated, ...systems].filter((system) => present.has(system)),
    theory: Object.fromEntries(['BBPSSW', 'DEJMPS'].map((system) => [system, `${system}${SIMULATED}`])),
  };
}

function successes(rows: readonly Row[], gate: number): Figure {
  const tried = rows.flatMap((row) =>
    row.params.success === undefined ? [] : [{ ...row, accuracy: success(row) }],
  );
  return curve(over(tried, 'round', 'fidelity'), {
    name: `success-by-round-${gateName(gate)}`,
    title: `How often a round succeeds, ${gateText(gate)}`,
    caption:
      'Probability that the two bits agree, so that a pair is kept. DEJMPS pays for its second round: the errors that its ' +
      'first round left are those that the second round finds.',
    x: 'round',
    y: 'accuracy',
    facet: heading,
    ...drawn(rows),
    xTitle: 'round (number)',
    yTitle: 'success probability (ratio)',
  });
}

function success({ params }: Row): Row['accuracy'] {
  const [value, tried] = [Number(params.success), Number(params.tried)];
  const estimate = { value, unit: 'ratio', metric: 'success probability' };
  return tried > 0 ? { ...estimate, ci95: wilsonInterval(Math.round(value * tried), tried) } : estimate;
}

function yields(rows: readonly Row[], gate: number): Figure {
  const closed = rows.filter(({ system }) => systems.includes(system));
  const byFidelity = closed.map((row) => ({
    ...row,
    params: { fidelity: row.params.fidelity!, reached: row.accuracy.value },
  }));
  return curve(byFidelity, {
    name: `yield-over-fidelity-${gateName(gate)}`,
    title: `What fidelity costs, ${gateText(gate)}`,
    caption:
      'Pairs kept for each pair that went in, over the fidelity reached, a point a round. Further to the upper right is ' +
      'better: DEJMPS reaches a fidelity with the fewest pairs.',
    x: 'reached',
    y: 'rate',
    facet: heading,
    logY: true,
    systems,
    xTitle: 'fidelity reached (ratio)',
    yTitle: 'yield (pairs/pair)',
  });
}
