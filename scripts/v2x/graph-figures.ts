import type { Row } from 'semwave/pipeline';
import { curve, type Figure } from 'semwave/report';

/** The figures of `v2x/graph`. */
export function graphFigures(rows: readonly Row[]): Figure[] {
  if (rows.length === 0) return [];
  return [
    curve(rows, {
      name: 'ap-over-senders',
      title: 'Whom to listen to',
      caption:
        'AP at IoU 0.5 of six agents, each as ego in turn, over how many others it listens to: those of a graph learned ' +
        'from the truth of the first half of the scene and judged on the second, or any. CommFormer takes 0.4 n, here 2; 5 is everybody. ' +
        '95 % intervals over frames and egos.',
      x: 'senders',
      y: 'accuracy',
      xTitle: 'senders of each agent (count)',
      yTitle: 'AP at IoU 0.5 (ratio)',
    }),
    curve(
      rows.map((row) => ({ ...row, params: {} })),
      {
        name: 'ap-over-bytes',
        title: 'What listening costs',
        caption: 'The same over the bytes that go over all edges in a frame.',
        x: 'rate',
        y: 'accuracy',
        xTitle: 'bytes over all edges (KB/frame)',
        yTitle: 'AP at IoU 0.5 (ratio)',
      },
    ),
  ];
}
