import { Rng } from '../../math/index.js';
import { type NetworkOptions, type QuantumNetwork, quantumNetwork } from './network.js';
import { type TopologyInput, topology } from './topology.js';

type Router = Partial<TopologyInput['nodes'][number]>;
type Connection = Partial<TopologyInput['links'][number]>;

/** Routers n0, n1, … in a row, for tests. */
export function chain(nodes: number, router: Router = {}, connection: Connection = {}): TopologyInput {
  const names = Array.from({ length: nodes }, (_, index) => `n${index}`);
  return {
    nodes: names.map((name) => ({ ...router, name })),
    links: names
      .slice(1)
      .map((name, place) => ({ lengthKm: 20, ...connection, nodes: [names[place]!, name] })),
  };
}

/** A network of a topology with a seed. */
export const networkOf = (
  input: TopologyInput,
  options: Partial<Omit<NetworkOptions, 'topology'>> & { seed?: number } = {},
): QuantumNetwork => {
  const { seed = 1, ...rest } = options;
  return quantumNetwork({ topology: topology(input), rng: Rng.of(seed), ...rest });
};
