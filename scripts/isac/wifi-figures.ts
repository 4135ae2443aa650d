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
  '1-NN': 'nearest sample, no network',
};
const symbols = ['circle', 'square', 'diamond', 'triangle-up', 'x'];
const chance = 1 / 6;
const HEIGHT = 490;

/** The figures of `isac/wifi`. */
export function wifiFigures(rows: readonly Row[]): Figure[] {
  const gestures = rows.filter(({ params }) => params.protocol !== undefined);
  const motion = rows.filter(({ params }) => params.device !== undefined);
  const links = [...new Set(gestures.map(({ params }) => Number(params.links)))].sort((a, b) => b - a);
  return [
    ...links.flatMap((count) => {
      const own = gestures.filter(({ params }) => params.links === count);
      return [byProtocol(own, count), ...(of(own, 'zero-shot').length > 1 ? [byRoom(own, count)] : [])];
    }),
    ...(motion.length > 0 ? [acrossChips(motion)] : []),
  ];
}

const of = (rows: readonly Row[], protocol: string, method = 'templates') =>
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

/** Accuracy lost from people known to a person unknown, room by room. */
function gapOf(rows: readonly Row[]): MeanInterval {
  const unknown = new Map(of(rows, 'zero-shot').map((row) => [row.params.repeat, row.accuracy.value]));
  return meanInterval(
    of(rows, 'in-domain').map(({ params, accuracy }) => accuracy.value - unknown.get(params.repeat)!),
  );
}

const antennas = (links: number) => (links === 1 ? '1 antenna' : `${links} antennas`);
const plusMinus = ({ value, half }: MeanInterval) => `${value.toFixed(2)} ± ${half.toFixed(2)}`;

function byProtocol(rows: readonly Row[], links: number): Figure {
  const rooms = of(rows, 'in-domain').length;
  const data = Object.entries(methods).map(([method, name], index): PlotlyTrace => {
    const found = protocols.flatMap((protocol, place) => {
      const own = of(rows, protocol, method).map(({ accuracy }) => accuracy.value);
      return own.length > 0 ? [{ x: place + (index - 2) * 0.09, ...meanInterval(own) }] : [];
    });
    return pointsTrace(name, index, found);
  });
  return categorical(
    {
      name: `accuracy-by-protocol-${links}`,
      title: `Gestures recognised with ${antennas(links)}`,
      caption:
        `Means over ${rooms} simulated rooms of other people, with 95 % intervals; the dashed line is chance. From people known ` +
        `to a person unknown the templates lose ${plusMinus(gapOf(rows))}. One-shot: one labelled sample of each gesture by the ` +
        'person; new class: a gesture that training never saw, known by one sample of each person. No choice was made on test ' +
        'samples; only the adopted templates look at them, without labels.',
      xTitle: 'protocol (name)',
      yTitle: 'gestures recognised (ratio)',
    },
    protocols,
    [...data, chanceTrace(protocols.length)],
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

function chanceTrace(places: number): PlotlyTrace {
  const line = { color: '#8A8A8A', dash: 'dash', width: 1.5 };
  return {
    type: 'scatter',
    mode: 'lines',
    name: 'chance',
    x: [-0.5, places - 0.5],
    y: [chance, chance],
    line,
  };
}

/** A figure in the style of `curve` whose places along x have names. */
function categorical(
  {
    name,
    title,
    caption,
    xTitle,
    yTitle,
  }: Record<'name' | 'title' | 'caption' | 'xTitle' | 'yTitle', string>,
  places: readonly string[],
  data: PlotlyTrace[],
): PlotFigure {
  const ink = '#1F2933';
  const axis = { showline: true, linecolor: '#9AA5B1', zeroline: false, tickfont: { size: 13, color: ink } };
  const titled = (text: string) => ({ text, standoff: 10, font: { size: 13, color: ink } });
  const range = [-0.5, places.length - 0.5];
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
        range,
        tickvals: [...places.keys()],
        ticktext: [...places],
        showgrid: false,
        title: titled(xTitle),
      },
      yaxis: { ...axis, range: [0, 1.03], gridcolor: '#E4E7EB', title: titled(yTitle) },
    },
  };
}

function byRoom(rows: readonly Row[], links: number): Figure {
  const drawn = { 'in-domain': 'templates', 'zero-shot': 'templates', 'one-shot': 'labelled sample' };
  const rooms = of(rows, 'in-domain').map(({ params }) => Number(params.repeat));
  const data = Object.entries(drawn).map(([protocol, method], index) => {
    const points = of(rows, protocol, method).map(({ params, accuracy }) => {
      const [low, high] = accuracy.ci95!;
      const x = rooms.indexOf(Number(params.repeat)) + (index - 1) * 0.12;
      return { x, value: accuracy.value, low, high };
    });
    return pointsTrace(protocol, index, points);
  });
  return categorical(
    {
      name: `accuracy-by-room-${links}`,
      title: `The same, room by room, with ${antennas(links)}`,
      caption:
        'Each room has people of its own and leaves another one out; how much that one differs from the others decides what is ' +
        'lost. 95 % intervals of the test samples; those of one-shot count each of its draws.',
      xTitle: 'room (number)',
      yTitle: 'gestures recognised (ratio)',
    },
    rooms.map((room) => String(room + 1)),
    [...data, chanceTrace(rooms.length)],
  );
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
        'vary is fitted on four chips and judges the fifth. To divide each packet by its mean amplitude mends the ESP32, whose ' +
        'gain control cannot be held, and harms three of the four chips whose gain was held.',
      xTitle: 'chip (name)',
      yTitle: 'windows judged right (ratio)',
    },
    chips,
    data,
  );
}
