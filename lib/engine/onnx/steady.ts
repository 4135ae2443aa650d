import { totalmem } from 'node:os';
import { constantBytes, type Plan, type SpecialPlan } from './plan.js';
import type { HostArray } from './values.js';

/** Runs with the same values before they count as constant; twice as many after each time that they changed. */
const firstPatience = 4;
/** Bytes of constants that all special plans hold, at most. */
const mostBytes = totalmem() / 16;

/**
 * Runs a plan of which some feeds seldom change (the weights, outside of training). When they have been the same for
 * some runs, they are compiled in as constants: ONNX Runtime then reorders and packs them once, not in each run.
 */
export class SteadyRunner {
  private plan?: Plan;
  private special?: SpecialPlan;
  private values: readonly HostArray[] = [];
  private runs = 0;
  private patience = firstPatience;

  /** @param steady numbers of the feeds that seldom change */
  constructor(private readonly steady: readonly number[]) {}

  /** As the plan's `run`: host values are not changed once computed, so the same array is the same values. */
  run(plan: Plan, feeds: readonly HostArray[]): HostArray[] {
    const same = plan === this.plan && this.steady.every((feed, i) => feeds[feed] === this.values[i]);
    if (!same) this.begin(plan, feeds);
    this.runs++;
    if (this.special) return this.special.run(feeds);
    if (this.runs > this.patience && this.isWorthIt()) {
      this.special = plan.specialise(this.steady, feeds);
      this.patience *= 2;
      return this.special.run(feeds);
    }
    return plan.run(feeds);
  }

  private drop(): void {
    this.special?.dispose();
    this.special = undefined;
  }

  private begin(plan: Plan, feeds: readonly HostArray[]): void {
    this.drop();
    this.plan = plan;
    this.values = this.steady.map((feed) => feeds[feed]!);
    this.runs = 0;
  }

  private isWorthIt(): boolean {
    const bytes = this.values.reduce((sum, { byteLength }) => sum + byteLength, 0);
    return this.steady.length > 0 && constantBytes.held + bytes <= mostBytes;
  }
}
