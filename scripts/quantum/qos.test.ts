import { Rng } from 'semwave/math';
import { demandPlanner, violations } from 'semwave/quantum';
import { validateFigure } from 'semwave/report';
import { describe, expect, it } from 'vitest';
import { networks, periodicScheduler, randomDemands, schedulers, serve } from './qos-demands.js';
import { qosFigures } from './qos-figures.js';

const timing = { slotSec: 0.01, storageLifetimeSec: 60 };

describe('demands of many users', () => {
  it.each(['h', 'symmetric'])('are served without a fault by every scheduler, %s network', (name) => {
    const network = networks[name]!();
    const plan = demandPlanner(network, timing);
    const demands = [...randomDemands(network, { minFidelity: 0.65, loadPerSec: 8 }, Rng.of('users'))];
    const delivered = Object.entries(schedulers(20)).map(([system, scheduler]) => {
      const results = serve(demands, plan, scheduler, { ...timing, loadsPerSec: [1, 8] });
      const { schedule, plans, deliveredPerSec, fidelity } = results.get(8)!;
      expect(violations(schedule)).toEqual([]);
      expect(fidelity).toBeGreaterThan(0.65);
      const planned = plans.reduce((sum, one) => sum + one.deliveredPerSec, 0);
      // Suspended pairs wait longer, so that distillations may agree a little less often.
      expect(deliveredPerSec / planned).toBeCloseTo(1, system.includes('budget') ? 2 : 9);
      expect(deliveredPerSec).toBeGreaterThanOrEqual(results.get(1)?.deliveredPerSec ?? 0);
      return [system, deliveredPerSec] as const;
    });
    const { [periodicScheduler]: periodic, 'RCPSP, EDF': constrained } = Object.fromEntries(delivered);
    expect(constrained!).toBeGreaterThan(periodic!);
  });

  it('never ask for more than the load that is looked at', () => {
    const network = networks.star!();
    const demands = [...randomDemands(network, { minFidelity: 0.6, loadPerSec: 3 }, Rng.of(1))];
    const some = serve(demands, demandPlanner(network, timing), schedulers(0)[periodicScheduler]!, {
      ...timing,
      loadsPerSec: [0.01, 2],
    });
    expect(some.get(0.01)).toBeUndefined();
    const asked = some.get(2)!.plans.reduce((sum, { demand }) => sum + demand.ratePerSec, 0);
    expect(asked).toBeLessThanOrEqual(2);
  });
});

describe('figures', () => {
  it('draw schedules and the network without any rows', () => {
    const figures = qosFigures([], { slotMs: 10 });
    expect(figures.map(({ name }) => name)).toEqual([
      'timeline-pts-np-edf',
      'timeline-rcpsp-edf',
      'surfnet-like',
    ]);
    for (const figure of figures) expect(() => validateFigure(figure)).not.toThrow();
  });
});
