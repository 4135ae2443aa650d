import { InputError, requireInteger } from '../../base/index.js';
import type { Routes } from './routes.js';

/** What is asked of a network: pairs of nodes, and how much each pair asks in proportion. */
export interface TrafficDemand {
  readonly nodes: readonly [string, string];
  readonly weight: number;
}

/** Every two nodes ask for as much. */
export function uniformDemand(nodes: readonly string[]): TrafficDemand[] {
  return nodes.flatMap((a, index) =>
    nodes.slice(index + 1).map((b) => ({ nodes: [a, b] as const, weight: 1 })),
  );
}

/**
 * Memories that each node must hold for a demand, up to a factor: an end of a path holds one a pair, a node between ends
 * holds two. Pairs without a path ask nothing.
 * @throws InputError for a negative weight.
 */
export function expectedLoad(
  nodes: readonly string[],
  demand: readonly TrafficDemand[],
  routes: Routes,
): ReadonlyMap<string, number> {
  const load = new Map(nodes.map((name) => [name, 0]));
  for (const { nodes: ends, weight } of demand) {
    if (!(weight >= 0))
      throw new InputError(`weight of the demand ${ends.join(' - ')} is ${weight}; allowed: from 0`);
    const path = routes.path(...ends) ?? [];
    path.forEach((name, place) => {
      const held = place === 0 || place === path.length - 1 ? 1 : 2;
      load.set(name, load.get(name)! + weight * held);
    });
  }
  return load;
}

/**
 * Divides `total` memories over nodes in proportion to their load (largest remainders; among equal ones the first name),
 * none below `least`. The sum is kept.
 * @throws InputError when `total` does not reach for `least` a node, or a load is negative.
 */
export function shareMemories(
  total: number,
  load: ReadonlyMap<string, number>,
  least = 0,
): ReadonlyMap<string, number> {
  requireInteger('least', least, 0);
  requireInteger('total', total, least * load.size);
  const shares = sharesAbove(total, load, least);
  const granted = new Map([...shares].map(([name, share]) => [name, Math.floor(share)]));
  const left = total - [...granted.values()].reduce((sum, count) => sum + count, 0);
  const byRemainder = [...shares].sort(
    ([a, x], [b, y]) => y - Math.floor(y) - (x - Math.floor(x)) || (a < b ? -1 : 1),
  );
  for (const [name] of byRemainder.slice(0, left)) granted.set(name, granted.get(name)! + 1);
  return granted;
}

/** Real shares: whoever would fall below `least` gets just that, and the others divide the rest. */
function sharesAbove(total: number, load: ReadonlyMap<string, number>, least: number): Map<string, number> {
  const poor = new Set<string>();
  for (;;) {
    const rich = [...load].filter(([name]) => !poor.has(name));
    const sum = rich.reduce((all, [, one]) => all + one, 0);
    const rest = total - least * poor.size;
    const shareOf = (one: number) => (sum > 0 ? (rest * one) / sum : rest / rich.length);
    const below = rich.filter(([, one]) => shareOf(one) < least);
    if (below.length === 0 || below.length === rich.length) {
      return new Map([...load].map(([name, one]) => [name, poor.has(name) ? least : shareOf(one)]));
    }
    for (const [name] of below) poor.add(name);
  }
}
