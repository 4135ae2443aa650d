import { InputError } from '../../base/index.js';
import { LAST_PS } from '../units.js';
import { EventQueue } from './queue.js';
import type { Action, Kernel } from './types.js';

/**
 * A kernel at time zero without events; see {@link Kernel} for what it guarantees.
 *
 * An action may schedule and cancel freely, also at the present time: such an event runs in the same call of `run`,
 * after those already scheduled for that time at the same priority. When an action throws, the clock stays at its time
 * and the rest of the events wait on.
 */
export function createKernel(): Kernel {
  const queue = new EventQueue();
  let nowPs = 0;
  let executed = 0;
  let running = false;

  const at = (timePs: number, action: Action, priority = 0) => {
    if (!(timePs >= nowPs && timePs <= LAST_PS && Number.isInteger(timePs))) refuse('event', timePs, nowPs);
    return queue.push(timePs, action, priority);
  };

  return {
    get nowPs() {
      return nowPs;
    },
    get executed() {
      return executed;
    },
    get pending() {
      return queue.pending;
    },
    at,
    after: (delayPs, action, priority = 0) => at(nowPs + delayPs, action, priority),
    cancel: (handle) => queue.cancel(handle),
    run(untilPs) {
      if (!(untilPs >= nowPs && untilPs <= LAST_PS && Number.isInteger(untilPs))) {
        refuse('end of the run', untilPs, nowPs);
      }
      if (running)
        throw new InputError('run was called by an event of the same kernel; allowed: at, after, cancel');
      running = true;
      try {
        for (let timePs = queue.firstTimePs(); timePs <= untilPs; timePs = queue.firstTimePs()) {
          const action = queue.takeFirst();
          nowPs = timePs;
          executed++;
          action();
        }
        nowPs = untilPs;
      } finally {
        running = false;
      }
    },
  };
}

function refuse(what: string, timePs: number, nowPs: number): never {
  throw new InputError(
    `time of the ${what} is ${timePs} ps; allowed: an integer from ${nowPs} ps (now) to ${LAST_PS} ps (2^53 - 1)`,
  );
}
