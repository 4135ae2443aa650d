import cliProgress from 'cli-progress';

/** A bar under way. `update` may be called as often as one likes; drawing is throttled. */
export interface Progress {
  /** Says that `done` of the total are done, with a short note (a loss, a file name). */
  update(done: number, note?: string): void;
  /** Draws the last state and leaves the line. Safe to call twice. */
  stop(): void;
}

/** What a bar shows and where. */
export interface ProgressOptions {
  title: string;
  total: number;
  /** How many are done already, which tells nothing of the pace (default 0). */
  start?: number;
  /** Default stderr, so that results on stdout stay clean. */
  stream?: NodeJS.WriteStream;
  /** Seconds between lines where the stream is not a terminal (default 15). */
  everySeconds?: number;
}

/**
 * A progress bar with the estimated time left. Where the stream is not a terminal (a log file, CI) it
 * writes a plain line now and then instead.
 */
export function progressBar(options: ProgressOptions): Progress {
  const { stream = process.stderr } = options;
  return stream.isTTY ? terminalBar(options, stream) : plainLines(options, stream);
}

function terminalBar({ title, total, start = 0 }: ProgressOptions, stream: NodeJS.WriteStream): Progress {
  const started = performance.now();
  const bar = new cliProgress.SingleBar(
    {
      format: `{title} {bar} {percentage}% {value}/{total} {left} {note}`,
      stream,
      fps: 10,
      barsize: 24,
      // Its handler would swallow the first Ctrl-C; with the cursor left visible there is nothing to mend.
      gracefulExit: false,
    },
    cliProgress.Presets.shades_classic,
  );
  bar.start(total, start, { title, note: '', left: '' });
  return {
    update: (done, note = '') =>
      bar.update(done, { note, left: timeLeft(started, done - start, total - done) }),
    stop: () => bar.stop(),
  };
}

function plainLines(options: ProgressOptions, stream: NodeJS.WriteStream): Progress {
  const { title, total, start = 0, everySeconds = 15 } = options;
  const started = performance.now();
  let lastLine = started;
  let lastDone = start;
  let latest = { done: start, note: '' };
  const write = () => {
    const { done, note } = latest;
    const parts = [`${title}: ${done}/${total}`, timeLeft(started, done - start, total - done), note];
    stream.write(`${parts.filter((part) => part !== '').join(', ')}\n`);
    lastLine = performance.now();
    lastDone = done;
  };
  return {
    update: (done, note = '') => {
      latest = { done, note };
      if (performance.now() - lastLine >= everySeconds * 1000) write();
    },
    stop: () => {
      if (latest.done !== lastDone) write();
    },
  };
}

/** `1 min 20 s left`, judged by the mean pace so far; empty before the first and after the last. */
function timeLeft(started: number, done: number, remaining: number): string {
  if (done <= 0 || remaining <= 0) return '';
  return `${duration(((performance.now() - started) / 1000 / done) * remaining)} left`;
}

/** Seconds in words: `8 s`, `1 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
