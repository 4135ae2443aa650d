import { expect } from 'vitest';

/** Where `SEMWAVE_TIMED` is set the limits hold as written; elsewhere, on machines of any speed and load, only what all but hangs fails. */
const slack = process.env.SEMWAVE_TIMED ? 1 : 20;

/** What `act` returns; fails when it takes more of this process's processor time than so many seconds. */
export function withinSec<T>(limitSec: number, act: () => T): T {
  const start = process.cpuUsage();
  try {
    return act();
  } finally {
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1e6, 'seconds').toBeLessThan(limitSec * slack);
  }
}
