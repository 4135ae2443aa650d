import { InputError } from '../base/index.js';
import type { EngineInfo } from '../engine/index.js';
import { canonicalJson } from './canonical.js';
import type { Executor, JobListener, Outcome } from './executor.js';
import type { Experiment, Point, Row } from './experiment.js';
import type { Session } from './session.js';

/** A point that threw, or whose thread died. */
export interface FailedPoint {
  readonly point: Point | 'prepare';
  readonly message: string;
  readonly stack?: string;
}

/** How a session's work is watched and stopped. */
export interface WorkOptions {
  readonly signal?: AbortSignal | undefined;
  readonly log: (message: string) => void;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

type Done = Extract<Outcome, { rows: Row[] }>;

const ASSEMBLE_EVERY_MS = 1000;

/** The points of one session under way: hands them to the executor and commits what comes back. */
export class Work {
  readonly failed: FailedPoint[] = [];
  measured = 0;
  private engine: EngineInfo | undefined;
  private next = 0;
  private inputError: InputError | undefined;
  private assembledAt = Number.NEGATIVE_INFINITY;
  private readonly stop = new AbortController();
  private readonly stopped: Promise<void>;
  private readonly fractions = new Map<Point, number>();

  constructor(
    private readonly experiment: Experiment,
    private readonly session: Session,
    private readonly executor: Executor,
    private readonly todo: readonly Point[],
    private readonly options: WorkOptions,
  ) {
    this.stopped = new Promise((done) => this.stop.signal.addEventListener('abort', () => done()));
    if (options.signal?.aborted) this.stop.abort();
    options.signal?.addEventListener('abort', () => this.stop.abort(), { once: true });
  }

  /** Runs all points, as many at a time as the executor takes. @throws the first InputError of a point. */
  async run(): Promise<void> {
    if (this.todo.length > 0 && (await this.prepare())) {
      await Promise.all(Array.from({ length: this.executor.parallel }, () => this.lane()));
    }
    if (this.inputError) throw this.inputError;
  }

  /** Leaves results and manifest as the committed points say. */
  settle(): void {
    const { store } = this.session;
    store.missing();
    store.assemble();
    store.clean();
    const stopped = this.options.signal?.aborted ?? false;
    this.session.close({ measured: this.measured, failed: this.failed.length, engine: this.engine, stopped });
  }

  /** Settles as far as the folder still lets it: what went wrong before is what the user must hear. */
  settleQuietly(): void {
    try {
      this.settle();
    } catch {
      return;
    }
  }

  private async prepare(): Promise<boolean> {
    if (!this.experiment.prepare || this.session.prepared()) return true;
    if (!(await this.outcome('prepare'))) return false;
    this.session.markPrepared();
    return true;
  }

  private async lane(): Promise<void> {
    while (this.next < this.todo.length && !this.stop.signal.aborted) {
      const point = this.todo[this.next++]!;
      const done = await this.outcome(point);
      this.fractions.delete(point);
      if (done) this.commit(point, done.rows);
      this.tell();
    }
  }

  /** Runs one job to its end; undefined when it failed or the work was stopped first. */
  private async outcome(point: Point | 'prepare'): Promise<Done | undefined> {
    const job = this.session.job(point === 'prepare' ? undefined : point);
    const outcome = await Promise.race([this.executor.run(job, this.listener(point)), this.stopped]);
    if (!outcome || this.stop.signal.aborted) return undefined;
    if ('rows' in outcome) {
      if (!this.engine && outcome.engine?.fallback) this.log(outcome.engine.fallback);
      this.engine ??= outcome.engine;
      return outcome;
    }
    if (outcome.error === 'input') this.giveUp(new InputError(outcome.message));
    else this.fail(point, outcome);
    return undefined;
  }

  private fail(point: Point | 'prepare', { message, stack }: { message: string; stack?: string }): void {
    this.failed.push({ point, message, ...(stack ? { stack } : {}) });
    this.log(
      `${point === 'prepare' ? point : `point ${canonicalJson(point)}`} failed: ${message.split('\n')[0]}`,
    );
  }

  private giveUp(error: InputError): void {
    this.inputError ??= error;
    this.stop.abort();
  }

  private commit(point: Point, rows: readonly Row[]): void {
    const { store } = this.session;
    try {
      store.commit(point, rows);
      this.measured++;
      // The point is safe in its own file; the assembled file follows it at a bearable cost.
      if (performance.now() - this.assembledAt < ASSEMBLE_EVERY_MS) return;
      store.assemble();
      this.assembledAt = performance.now();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.giveUp(error);
    }
  }

  private listener(point: Point | 'prepare'): JobListener {
    return {
      log: (message) => this.log(message),
      progress: (fraction) => {
        if (point !== 'prepare') this.fractions.set(point, Math.min(1, Math.max(0, fraction)));
        this.tell();
      },
    };
  }

  private tell(): void {
    const done = this.measured + this.failed.length;
    const underWay = [...this.fractions.values()].reduce((sum, fraction) => sum + fraction, 0);
    this.options.onProgress?.(Math.round((done + underWay) * 10) / 10, this.todo.length);
  }

  private log(message: string): void {
    this.options.log(message);
  }
}
