import { label, type Mode, type Side } from './contender.js';

/** Times of one contender at one network and mode. */
export interface Timing {
  side: Side;
  version: string;
  mode: Mode;
  /** Milliseconds a step, in the order in which they were taken. */
  ms: number[];
  medianMs: number;
}

/** One network: what every contender took. */
export interface NetworkResult {
  network: string;
  title: string;
  /** The first contender's losses of its first two training steps, and how far the others' are from them, relative. */
  losses: number[];
  lossDifference: number;
  timings: Timing[];
}

export interface BestTimes {
  /** Median of the better thread count. */
  ms: number;
  threads: number;
}

/** The fastest of a side's thread counts; undefined where it took no part. */
export function best(timings: readonly Timing[], name: string, mode: Mode): BestTimes | undefined {
  const own = timings.filter((timing) => timing.side.name === name && timing.mode === mode);
  if (own.length === 0) return undefined;
  const fastest = own.reduce((a, b) => (b.medianMs < a.medianMs ? b : a));
  return { ms: fastest.medianMs, threads: fastest.side.threads };
}

/** PyTorch's best time over an engine's best; undefined where one of them took no part. */
export function ratio(timings: readonly Timing[], engine: string, mode: Mode): number | undefined {
  const [theirs, ours] = [best(timings, 'pytorch', mode), best(timings, engine, mode)];
  return theirs && ours ? theirs.ms / ours.ms : undefined;
}

/** Medians in ms and the ratios, as a Markdown table: one row a network and mode. */
export function markdown(results: readonly NetworkResult[], engines: readonly string[]): string {
  const sides = [...new Set(results.flatMap(({ timings }) => timings.map((timing) => label(timing.side))))];
  const head = [
    'network',
    'step',
    ...sides.map((side) => `${side}: ms`),
    ...engines.map((e) => `PyTorch / ${e}`),
  ];
  const rows = results.flatMap(({ title, timings }) =>
    (['train', 'infer'] as const).map((mode) => [
      title,
      mode === 'train' ? 'training' : 'inference',
      ...sides.map((side) => {
        const timing = timings.find((each) => label(each.side) === side && each.mode === mode);
        return timing ? timing.medianMs.toFixed(1) : '';
      }),
      ...engines.map((engine) => ratio(timings, engine, mode)?.toFixed(2) ?? ''),
    ]),
  );
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i < 2 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}
