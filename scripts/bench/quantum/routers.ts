import { Rng } from '../../../lib/math/index.js';
import { distributions, serveRequests } from '../../quantum/routers-network.js';
import { type Section, table } from '../section.js';

const simulatedSec = 1000;

/**
 * The nine routers, 1,000 simulated seconds, on our side alone: SeQUeNCe 0.6 needs some 13 s of wall time for each simulated
 * second, and credits heralds to the wrong memories in this set-up.
 */
export const routersSection: Section = {
  title: 'nine routers, 1,000 simulated seconds (ours alone)',
  async run() {
    const setup = { simulatedSec, memories: 50, purification: 'bbpssw', stretchFidelity: 'share' } as const;
    const rows = distributions.map((distribution) => {
      const start = performance.now();
      const [end] = serveRequests(distribution, setup, [1], Rng.of('bench'));
      const sec = (performance.now() - start) / 1000;
      return [distribution, sec.toFixed(1), (simulatedSec / sec).toFixed(0), String(end?.service.served)];
    });
    return table(['memories', 'wall time, s', 'simulated seconds a second', 'requests served'], rows);
  },
};
