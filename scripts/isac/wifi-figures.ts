import { mean, standardError } from 'semwave/math';
import type { Row } from 'semwave/pipeline';
import { type Figure, PALETTE, type PlotFigure, type PlotlyTrace } from 'semwave/report';

const protocols = ['in-domain', 'zero-shot', 'one-shot', 'new class'];
/** The methods as figures name them, in the order drawn. */
const methods: Record<string, string> = {
  templates: 'network, Weight-Net templates',
  'class means': 'network, class means',
  adopted: 'network, templates adopted from unlabelled samples',
  'labelled sample': 'network, one labelled sample',
  ridge: 'ridge on the Doppler profile',
  '1-NN': 'nearest Doppler profile',
};
const symbols = ['circle', 'square', 'diamond', 'triangle-up', 'cross', 'x'];
const chance = 1 / 6;
const HEIGHT = 490;

/** What is compared group by group: the name of the difference, minuend and subtrahend. */
type Difference = readonly [name: string, from: readonly [string, string], to: readonly [string, string]];

const losses = ['ridge', '1-NN', 'class means', 'templates'].map(
  (method): Difference => [shortName(method), ['in-domain', method], ['zero-shot', method]],
);

const gains: readonly Difference[] = [
  ['network − class means', ['one-shot', 'labelled sample'], ['zero-shot', 'class means']],
  ['network − adopted', ['one-shot', 'labelled sample'], ['zero-shot', 'adopted']],
  ['1-NN − ridge', ['one-shot', '1-NN'], ['zero-shot', 'ridge']],
  ['1-NN − 1-NN', ['one-shot', '1-NN'], ['zero-shot', '1-NN']],
];

function shortName(method: string): string {
  return method === 'templates' ? 'Weight-Net templates' : method;
}

/** The figures of `isac/wifi`. */
export function wifiFigures(rows: readonly Row[]): Figure[] {
  const gestures = rows.filter(({ params }) => params.protocol !== undefined);
  const motion = rows.filter(({ params }) => params.device !== undefined);
  const links = [...new Set(gestures.map(({ params }) => Number(params.links)))].sort((a, b) => b - a);
  return [
    ...links.flatMap((count) => {
      const own = gestures.filter(({ params }) => params.links === count);
      return [byProtocol(own, count), lossFigure(own, count), gainFigure(own, count)];
    }),
    ...(motion.length > 0 ? [acrossChips(motion)] : []),
  ];
}

const of = (rows: readonly Row[], protocol: string, method: string) =>
  rows.filter(({ params }) => params.protocol === protocol && params.method === method);

interface MeanInterval {
  value: number;
  /** Half of the 95 % interval of the mean by Student's t; 0 for a single value. */
  half: number;
}

/** The mean of a few independent values and its interval. */
export function meanInterval(values: readonly number[]): MeanInterval {
  const value = mean(values);
  return { value, half: values.length > 1 ? studentT(values.length - 1) * standardError(values) : 0 };
}

/** The 97.5 % quantile of Student's t: exact for 1 to 3 degrees of freedom, then Abramowitz and Stegun 26.7.5. */
export function studentT(freedom: number): number {
  const exact = [12.7062, 4.30265, 3.18245];
  if (freedom <= exact.length) return exact[freedom - 1]!;
  const z = 1.959964;
  const first = (z ** 3 + z) / 4;
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  const third = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
  return z + first / freedom + second / freedom ** 2 + third / freedom ** 3;
}

/** The difference in each group that has both. */
function differences(rows: readonly Row[], [, from, to]: Difference): number[] {
  const subtrahends = new Map(of(rows, ...to).map((row) => [row.params.group, row.accuracy.value]));
  return of(rows, ...from).flatMap(({ params, accuracy }) => {
    const other = subtrahends.get(params.group);
    return other === undefined ? [] : [accuracy.value - other];
  });
}

const antennas = (links: number) => (links === 1 ? '1 antenna' : `${links} antennas`);
const plusMinus = ({ value, half }: MeanInterval) =>
  half > 0 ? `${value.toFixed(2)} ± ${half.toFixed(2)}` : value.toFixed(2);
const meansOver = (groups: number) =>
  groups === 1
    ? 'One simulated group of people'
    : `Means over ${groups} simulated groups of people with 95 % intervals`;

function byProtocol(rows: readonly Row[], links: number): Figure {
  const data = Object.entries(methods).map(([method, name], index): PlotlyTrace => {
    const found = protocols.flatMap((protocol, place) => {
      const own = of(rows, protocol, method).map(({ accuracy }) => accuracy.value);
      return own.length > 0 ? [{ x: place + (index - 2.5) * 0.09, ...meanInterval(own) }] : [];
    });
    return pointsTrace(name, index, found);
  });
  return categorical(
    {
      name: `accuracy-by-protocol-${links}`,
      title: `Gestures recognised with ${antennas(links)}`,
      caption:
        `${meansOver(of(rows, 'in-domain', 'ridge').length)}; the dashed line is chance. In-domain: people known; zero-shot: a ` +
        'person unknown; one-shot: one labelled sample of each gesture by that person; new class: a gesture that training never ' +
        'saw, known by one sample of each person. No choice was made on test samples; only the adopted templates look at them, ' +
        'without labels.',
      xTitle: 'protocol (name)',
      yTitle: 'gestures recognised (ratio)',
    },
    protocols,
    { data: [...data, levelTrace('chance', chance, protocols.length)], range: [0, 1.03] },
  );
}

function lossFigure(rows: readonly Row[], links: number): Figure {
  const ridge = meanInterval(differences(rows, losses[0]!));
  return differenceFigure(rows, losses, {
    name: `loss-to-unknown-person-${links}`,
    title: `What is lost from people known to a person unknown, with ${antennas(links)}`,
    caption:
      'In-domain less zero-shot accuracy of the same classifier: a small dot for each group of people, and their mean with its ' +
      `95 % interval. Ridge regression loses ${plusMinus(ridge)}. How much the person left out differs from the others in place, ` +
      'heading, pace and reach decides.',
    xTitle: 'classifier (name)',
    yTitle: 'in-domain less zero-shot (ratio)',
  });
}

function gainFigure(rows: readonly Row[], links: number): Figure {
  return differenceFigure(rows, gains, {
    name: `gain-of-one-shot-${links}`,
    title: `What one labelled sample of each gesture adds, with ${antennas(links)}`,
    caption:
      'One-shot less zero-shot accuracy, for several pairs of classifiers: a small dot for each group of people, and their mean ' +
      'with its 95 % interval. An interval that holds 0 leaves open whether the labelled sample helps. The adopted templates ' +
      'use unlabelled samples of the person instead.',
    xTitle: 'one-shot − zero-shot classifier (names)',
    yTitle: 'one-shot less zero-shot (ratio)',
  });
}

type Texts = Record<'name' | 'title' | 'caption' | 'xTitle' | 'yTitle', string>;

function differenceFigure(rows: readonly Row[], compared: readonly Difference[], texts: Texts): PlotFigure {
  const found = compared.map((difference) => differences(rows, difference));
  const dots = found.flatMap((values, place) => values.map((y) => ({ x: place - 0.12, y })));
  const means = found.flatMap((values, x) => (values.length > 0 ? [{ x, ...meanInterval(values) }] : []));
  const each: PlotlyTrace = {
    type: 'scatter',
    mode: 'markers',
    name: 'group of people',
    x: dots.map(({ x }) => x),
    y: dots.map(({ y }) => y),
    marker: { color: PALETTE[1], size: 6, opacity: 0.45 },
  };
  const ends = [...found.flat(), ...means.flatMap(({ value, half }) => [value - half, value + half]), 0];
  return categorical(
    texts,
    compared.map(([name]) => name),
    {
      data: [each, pointsTrace('mean', 0, means), levelTrace('no difference', 0, compared.length)],
      range: [Math.min(...ends) - 0.03, Math.max(...ends) + 0.03],
    },
  );
}

function pointsTrace(
  name: string,
  index: number,
  points: readonly { x: number; value: number; half?: number; low?: number; high?: number }[],
): PlotlyTrace {
  const up = points.map(({ value, half, high }) => half ?? high! - value);
  const down = points.map(({ value, half, low }) => half ?? value - low!);
  const color = PALETTE[index];
  return {
    type: 'scatter',
    mode: 'markers',
    name,
    x: points.map(({ x }) => x),
    y: points.map(({ value }) => value),
    error_y: { type: 'data', symmetric: false, array: up, arrayminus: down, color, thickness: 1.5, width: 4 },
    marker: { color, symbol: symbols[index], size: 9 },
  };
}

function levelTrace(name: string, level: number, places: number): PlotlyTrace {
  const line = { color: '#8A8A8A', dash: 'dash', width: 1.5 };
  return { type: 'scatter', mode: 'lines', name, x: [-0.5, places - 0.5], y: [level, level], line };
}

/** A figure in the style of `curve` whose places along x have names. */
function categorical(
  { name, title, caption, xTitle, yTitle }: Texts,
  places: readonly string[],
  { data, range }: { data: PlotlyTrace[]; range: [low: number, high: number] },
): PlotFigure {
  const ink = '#1F2933';
  const axis = { showline: true, linecolor: '#9AA5B1', zeroline: false, tickfont: { size: 13, color: ink } };
  const titled = (text: string) => ({ text, standoff: 10, font: { size: 13, color: ink } });
  return {
    name,
    title,
    caption,
    data,
    layout: {
      title: {
        text: `<b>${title}</b>`,
        x: 0,
        xref: 'paper',
        xanchor: 'left',
        font: { size: 16, color: ink },
      },
      font: { family: 'Helvetica, Arial, sans-serif', size: 12, color: ink },
      width: 900,
      height: HEIGHT,
      margin: { l: 62, r: 16, t: 124, b: 58 },
      paper_bgcolor: '#FFFFFF',
      plot_bgcolor: '#FFFFFF',
      showlegend: true,
      legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1.02, yanchor: 'bottom', font: { size: 12.5 } },
      xaxis: {
        ...axis,
        range: [-0.5, places.length - 0.5],
        tickvals: [...places.keys()],
        ticktext: [...places],
        showgrid: false,
        title: titled(xTitle),
      },
      yaxis: { ...axis, range, gridcolor: '#E4E7EB', title: titled(yTitle) },
    },
  };
}

function acrossChips(rows: readonly Row[]): Figure {
  const chips = [...new Set(rows.map(({ params }) => String(params.device)))];
  const systems = [...new Set(rows.map(({ system }) => system))];
  const data = systems.map((system, index) => {
    const points = rows
      .filter((row) => row.system === system)
      .map(({ params, accuracy }) => {
        const [low, high] = accuracy.ci95!;
        const x = chips.indexOf(String(params.device)) + (index - 0.5) * 0.16;
        return { x, value: accuracy.value, low, high };
      });
    return pointsTrace(`amplitude, ${system}`, index, points);
  });
  return categorical(
    {
      name: 'motion-across-chips',
      title: 'Motion found on a chip by a threshold of the other chips',
      caption:
        'Windows of 100 packets of a quiet room or of one with motion, with 95 % intervals. A threshold on how much amplitudes ' +
        'vary is fitted on the other chips. To divide each packet by its mean amplitude takes out the steps of a gain control, and ' +
        'with them what motion changes in all subcarriers alike.',
      xTitle: 'chip (name)',
      yTitle: 'windows judged right (ratio)',
    },
    chips,
    { data, range: [0, 1.03] },
  );
}
