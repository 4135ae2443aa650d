import { gestureNames } from 'semwave/isac';
import { mean, meanInterval } from 'semwave/math';
import type { Row } from 'semwave/pipeline';
import { type Figure, type NamedPoint, type NamedPointsOptions, namedPoints } from 'semwave/report';

const protocols = ['in-domain', 'zero-shot', 'one-shot', 'new class'];
/** The methods as figures name them, in the order drawn. */
const methods: Record<string, string> = {
  templates: 'network, Weight-Net templates',
  'class means': 'network, class means',
  adopted: 'network, adopted templates',
  'labelled sample': 'network, one labelled sample',
  ridge: 'ridge on Doppler profile',
  '1-NN': 'nearest Doppler profile',
};

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
      const compared = differences(own, losses[0]!).length > 0;
      return [byProtocol(own, count), ...(compared ? [lossFigure(own, count), gainFigure(own, count)] : [])];
    }),
    ...(motion.length > 0 ? [acrossChips(motion)] : []),
  ];
}

const of = (rows: readonly Row[], protocol: string, method: string) =>
  rows.filter(({ params }) => params.protocol === protocol && params.method === method);

/** The difference in each group that has both. */
function differences(rows: readonly Row[], [, from, to]: Difference): number[] {
  const subtrahends = new Map(of(rows, ...to).map((row) => [row.params.group, row.accuracy.value]));
  return of(rows, ...from).flatMap(({ params, accuracy }) => {
    const other = subtrahends.get(params.group);
    return other === undefined ? [] : [accuracy.value - other];
  });
}

const antennas = (links: number) => (links === 1 ? '1 antenna' : `${links} antennas`);
/** The mean, with the half width of its interval where there are several values. */
function inWords(values: readonly number[]): string {
  const centre = mean(values);
  if (values.length < 2) return centre.toFixed(2);
  return `${centre.toFixed(2)} ± ${(meanInterval(values)[1] - centre).toFixed(2)}`;
}

const meansOver = (groups: number) =>
  groups === 1
    ? 'One simulated group of people'
    : `Means over ${groups} simulated groups of people with 95 % intervals`;

function byProtocol(rows: readonly Row[], links: number): Figure {
  const series = Object.entries(methods).map(([method, name]) => ({
    name,
    points: protocols.flatMap((protocol) =>
      meanPoint(
        protocol,
        of(rows, protocol, method).map(({ accuracy }) => accuracy.value),
      ),
    ),
  }));
  return namedPoints({
    name: `accuracy-by-protocol-${links}`,
    title: `Gestures recognised with ${antennas(links)}`,
    caption:
      `${meansOver(of(rows, 'in-domain', 'ridge').length)}. In-domain: people known; zero-shot: a person unknown; one-shot: one ` +
      'labelled sample of each gesture by that person; new class: a gesture that training never saw, known by one sample of each ' +
      'person. Networks are chosen on validation samples; only the adopted templates look at test samples, without labels.',
    xTitle: 'protocol (name)',
    yTitle: 'gestures recognised (ratio)',
    places: protocols,
    series,
    level: { name: 'chance', value: 1 / gestureNames.length },
    range: [0, 1.03],
  });
}

/** The mean of values at a place with its interval; nothing when there are none. */
function meanPoint(place: string, values: readonly number[]): NamedPoint[] {
  if (values.length === 0) return [];
  return [{ place, value: mean(values), ...(values.length > 1 && { interval: meanInterval(values) }) }];
}

function lossFigure(rows: readonly Row[], links: number): Figure {
  return differenceFigure(rows, losses, {
    name: `loss-to-unknown-person-${links}`,
    title: `What is lost from people known to a person unknown, with ${antennas(links)}`,
    caption:
      'In-domain less zero-shot accuracy of the same classifier: each group of people, and their mean with its 95 % interval. ' +
      `Ridge regression loses ${inWords(differences(rows, losses[0]!))}. The people of a group differ in place, heading, pace and reach.`,
    xTitle: 'classifier (name)',
    yTitle: 'in-domain less zero-shot (ratio)',
  });
}

function gainFigure(rows: readonly Row[], links: number): Figure {
  return differenceFigure(rows, gains, {
    name: `gain-of-one-shot-${links}`,
    title: `What one labelled sample of each gesture adds, with ${antennas(links)}`,
    caption:
      'One-shot less zero-shot accuracy, for several pairs of classifiers: each group of people, and their mean with its 95 % ' +
      'interval. An interval that holds 0 leaves open whether the labelled sample helps. The adopted templates use unlabelled ' +
      'samples of the person instead.',
    xTitle: 'one-shot − zero-shot classifier (names)',
    yTitle: 'one-shot less zero-shot (ratio)',
  });
}

function differenceFigure(
  rows: readonly Row[],
  compared: readonly Difference[],
  texts: Pick<NamedPointsOptions, 'name' | 'title' | 'caption' | 'xTitle' | 'yTitle'>,
): Figure {
  const found = compared.map((difference) => ({
    place: difference[0],
    values: differences(rows, difference),
  }));
  return namedPoints({
    ...texts,
    places: compared.map(([place]) => place),
    series: [
      { name: 'mean', points: found.flatMap(({ place, values }) => meanPoint(place, values)) },
      {
        name: 'group of people',
        points: found.flatMap(({ place, values }) => values.map((value) => ({ place, value }))),
        faint: true,
      },
    ],
    level: { name: 'no difference', value: 0 },
  });
}

function acrossChips(rows: readonly Row[]): Figure {
  const systems = [...new Set(rows.map(({ system }) => system))];
  return namedPoints({
    name: 'motion-across-chips',
    title: 'Motion found on a chip by a threshold of the other chips',
    caption:
      'Windows of 100 packets of a quiet room or of one with motion, with 95 % intervals. A threshold on how much amplitudes ' +
      'vary is fitted on the other chips. To divide each packet by its mean amplitude takes out the steps of a gain control, ' +
      'and with them what motion changes in all subcarriers alike.',
    xTitle: 'chip (name)',
    yTitle: 'windows judged right (ratio)',
    places: [...new Set(rows.map(({ params }) => String(params.device)))],
    series: systems.map((system) => ({
      name: `amplitude, ${system}`,
      points: rows
        .filter((row) => row.system === system)
        .map(({ params, accuracy }) => ({
          place: String(params.device),
          value: accuracy.value,
          ...(accuracy.ci95 && { interval: accuracy.ci95 }),
        })),
    })),
    range: [0, 1.03],
  });
}
