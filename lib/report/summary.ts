import type { Measurement } from '../link/index.js';
import { formatNumber } from './quantity.js';
import type { Table } from './types.js';

/** The key numbers of a run: for each system, how many points, and the span of rate, accuracy and latency. */
export function keyNumbers(rows: readonly Measurement[]): Table {
  const systems = [...new Set(rows.map((row) => row.system))];
  return {
    columns: ['System', 'Points', 'Rate', 'Accuracy, lowest to highest', 'Median latency'],
    rows: systems.map((system) => {
      const own = rows.filter((row) => row.system === system);
      const metrics = [...new Set(own.map((row) => row.accuracy.metric))].join(', ');
      return [
        system,
        own.length,
        span(own.map((row) => row.rate)),
        `${span(own.map((row) => row.accuracy))} ${metrics}`,
        medianText(own),
      ];
    }),
  };
}

function span(values: readonly { value: number; unit: string }[]): string {
  const numbers = values.map(({ value }) => value);
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const units = [...new Set(values.map(({ unit }) => unit))].join(', ');
  return `${low === high ? short(low) : `${short(low)} to ${short(high)}`} ${units}`;
}

function short(value: number): string {
  return formatNumber(Number(value.toPrecision(3)));
}

function medianText(rows: readonly Measurement[]): string {
  const sorted = rows.map((row) => row.latency.value).sort((a, b) => a - b);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)]!;
  const unit = rows[0]!.latency.unit;
  return unit === 's' && middle < 1 ? `${short(middle * 1000)} ms` : `${short(middle)} ${unit}`;
}
