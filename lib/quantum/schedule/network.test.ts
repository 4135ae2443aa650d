import { describe, expect, it } from 'vitest';
import { shortestPath } from '../bounds/index.js';
import { NV_LINK_5_KM, singleClickCapabilities } from './capability.js';
import { type QosNetwork, qosNetwork } from './network.js';
import { SMALL_NETWORKS, smallNetwork, surfnetLike, surfnetLikePlaces } from './topologies.js';

const capabilities = [{ fidelity: 0.9, ratePerSec: 10 }];
const link = (a: string, b: string, lengthKm = 5) => ({ ends: [a, b], lengthKm, capabilities });
const reach = ({ graph }: QosNetwork, a: string, b: string) =>
  shortestPath(graph, a, b, ({ lengthKm }) => lengthKm);
const nodes = (...names: string[]) => names.map((name) => ({ name }));

describe('networks', () => {
  it('refuse what cannot be, in one line', () => {
    const bad = (input: unknown) => () => qosNetwork(input);
    const good = { name: 'two', nodes: nodes('A', 'B'), links: [link('A', 'B')] };
    expect(qosNetwork(good).nodes[0]).toEqual({ name: 'A', communicationQubits: 1, storageQubits: 3 });
    expect(bad({ ...good, colour: 'red' })).toThrow(/^network: .*colour/);
    expect(bad({ ...good, nodes: nodes('A', 'A') })).toThrow('node "A" stands twice');
    expect(bad({ ...good, links: [link('A', 'C')] })).toThrow('an edge ends at "C"');
    expect(bad({ ...good, links: [link('A', 'A')] })).toThrow('joins node "A" to itself');
    expect(bad({ ...good, links: [link('A', 'B', -1)] })).toThrow(/^network: links.0.lengthKm: .*found -1$/);
    expect(bad({ ...good, nodes: [{ name: '__proto__/' }, { name: 'B' }] })).toThrow('network: nodes.0.name');
    expect(bad({ ...good, nodes: [{ name: 'A', storageQubits: -1 }, { name: 'B' }] })).toThrow(
      'storageQubits',
    );
    expect(bad('a file')).toThrow(/^network: /);
  });
});

describe('topologies', () => {
  it('have 5 km links, one communication and three storage qubits a node', () => {
    for (const name of SMALL_NETWORKS) {
      const network = smallNetwork(name);
      expect(network.links.every(({ lengthKm }) => lengthKm === 5)).toBe(true);
      expect(network.links[0]!.capabilities).toEqual(NV_LINK_5_KM);
      expect(network.nodes.every((node) => node.communicationQubits === 1 && node.storageQubits === 3)).toBe(
        true,
      );
      for (const { name: end } of network.nodes.slice(1))
        expect(reach(network, network.nodes[0]!.name, end)).toBeDefined();
    }
  });

  it('include one like that of SURF: connected, fidelities 0.98 to 0.997', () => {
    const network = surfnetLike();
    for (const { name } of network.nodes.slice(1)) expect(reach(network, 'Amsterdam', name)).toBeDefined();
    const all = network.links.flatMap(({ capabilities: list }) => list);
    expect(Math.min(...all.map(({ fidelity }) => fidelity))).toBeCloseTo(0.98, 3);
    expect(Math.max(...all.map(({ fidelity }) => fidelity))).toBeCloseTo(0.997, 3);
    // Utrecht to Hilversum are some 15 km apart.
    expect(reach(network, 'Utrecht', 'Hilversum')!.value).toBe(19);
    expect(surfnetLikePlaces().length).toBe(network.nodes.length);
  });
});

describe('single-click links', () => {
  const at = (lengthKm: number, more = {}) => singleClickCapabilities({ lengthKm, ...more }, [0.01])[0]!;

  it('trade fidelity for rate', () => {
    const list = singleClickCapabilities({ lengthKm: 20 }, [0.003, 0.01, 0.03, 0.1]);
    for (const [index, one] of list.slice(1).entries()) {
      expect(one.fidelity).toBeLessThan(list[index]!.fidelity);
      expect(one.ratePerSec).toBeGreaterThan(list[index]!.ratePerSec);
    }
    // P = 2 a eta - a² eta² and F = 2 (1 - a) / (2 - a eta), at eta = 0.4 · 10^(-0.2) and 100 + 5 µs an attempt.
    const eta = 0.4 * 10 ** -0.2;
    expect(at(20).ratePerSec).toBeCloseTo((2 * 0.01 * eta - (0.01 * eta) ** 2) / 105e-6, 8);
    expect(at(20).fidelity).toBeCloseTo((2 * 0.99) / (2 - 0.01 * eta), 12);
  });

  it('depend on every parameter', () => {
    const usual = at(20).ratePerSec;
    const rates = [
      at(40),
      at(20, { attenuationDbPerKm: 0.25 }),
      at(20, { emissionEfficiency: 0.4 }),
      at(20, { detectorEfficiency: 0.7 }),
      at(20, { localSec: 1e-4 }),
    ].map(({ ratePerSec }) => ratePerSec);
    for (const rate of rates) expect(rate).toBeLessThan(usual);
    expect(at(20, { multiplexed: 7 }).ratePerSec).toBeCloseTo(7 * usual, 9);
  });
});
