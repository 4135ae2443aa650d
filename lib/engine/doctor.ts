import * as tf from '@tensorflow/tfjs-core';
import { useEngine } from './engines.js';
import { type EngineInfo, engineNames } from './names.js';

/** The health of one engine. */
export interface DoctorRow {
  engine: EngineInfo['name'];
  available: boolean;
  /** Version of the package that computes; empty when the engine is not available. */
  version: string;
  threads: number;
  /** Median speed of a 3x3 convolution, forward and both gradients, in 1e9 floating-point operations a second. */
  gigaflops: number;
  /** What the engine is, or the reason why it is not available. */
  note: string;
}

/** A probe layer: 3x3 convolution, stride 1, `same` padding. */
interface Probe {
  batch: number;
  size: number;
  channels: number;
  repeats: number;
}

const standardProbe: Probe = { batch: 4, size: 32, channels: 32, repeats: 7 };
const smallProbe: Probe = { batch: 1, size: 8, channels: 8, repeats: 3 };

/**
 * Tries every engine: whether it runs here, and how fast. Takes about a second. The backend in use
 * before the call is in use after it.
 */
export async function doctor(): Promise<DoctorRow[]> {
  const before = tf.engine().backendName as string | undefined;
  const rows: DoctorRow[] = [];
  for (const engine of engineNames) {
    if (engine !== 'auto') rows.push(await examine(engine));
  }
  if (before) await tf.setBackend(before);
  return rows;
}

async function examine(engine: EngineInfo['name']): Promise<DoctorRow> {
  try {
    const { version, threads, note } = await useEngine(engine);
    const gigaflops = await measure(engine === 'cpu' ? smallProbe : standardProbe);
    return { engine, available: true, version, threads, gigaflops, note };
  } catch (error) {
    const note = (error as Error).message.replace(`engine ${engine}: `, '');
    return { engine, available: false, version: '', threads: 0, gigaflops: 0, note };
  }
}

async function measure({ batch, size, channels, repeats }: Probe): Promise<number> {
  const x = tf.fill([batch, size, size, channels], 0.5) as tf.Tensor4D;
  const filter = tf.fill([3, 3, channels, channels], 0.1) as tf.Tensor4D;
  const layer = tf.grads((a: tf.Tensor, w: tf.Tensor) =>
    tf.conv2d(a as tf.Tensor4D, w as tf.Tensor4D, 1, 'same'),
  );
  const flops = 3 * 2 * batch * size * size * 9 * channels * channels;
  const seconds: number[] = [];
  // The first run compiles; it is not counted. Reading a value waits for engines that compute later.
  for (let run = 0; run <= repeats; run++) {
    const start = performance.now();
    const gradients = layer([x, filter]);
    await tf.tidy(() => tf.sum(gradients[1]!)).data();
    if (run > 0) seconds.push((performance.now() - start) / 1000);
    tf.dispose(gradients);
  }
  tf.dispose([x, filter]);
  seconds.sort((a, b) => a - b);
  return flops / seconds[Math.floor(seconds.length / 2)]! / 1e9;
}

/** The rows as lines of aligned text for a terminal. */
export function formatDoctor(rows: readonly DoctorRow[]): string {
  const lines = rows.map((row) => {
    const state = row.available ? 'ready' : 'absent';
    const speed = row.available ? `${row.gigaflops.toPrecision(3)} GFLOP/s` : '-';
    const threads = row.available ? `${row.threads} thread${row.threads === 1 ? '' : 's'}` : '-';
    return [row.engine, state, row.version || '-', threads, speed, row.note];
  });
  const table = [['engine', 'state', 'version', 'threads', '3x3 convolution, training', 'note'], ...lines];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((line) => line[column]!.length)));
  return table
    .map((line) =>
      line
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
