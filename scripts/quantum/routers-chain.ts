import type { Rng } from 'semwave/math';
import { standardError } from 'semwave/math';
import type { NewRow } from 'semwave/pipeline';
import {
  chshTest,
  linkModel,
  networkLinks,
  quantumNetwork,
  starlight,
  swapped,
  type Topology,
  teleportation,
  topology,
} from 'semwave/quantum';

/** A chain of equal links. */
export type ChainPoint = { links: number; lengthKm: number };

const memories = 10;

/** Names of a chain and of its closed form. */
export const chainName = (links: number): string => (links === 1 ? '1 link' : `${links} links`);
export const formulaName = (links: number): string => `${chainName(links)}, closed form`;

const fidelityOf = (value: number) => ({ value, unit: 'ratio', metric: 'mean fidelity of the pairs' });

/**
 * Pairs between the ends of a chain with the hardware of the nine routers, all of them delivered, none purified; and what
 * their states would be if no pair had to wait for another one.
 */
export function* measureChain({ links, lengthKm }: ChainPoint, seconds: number, rng: Rng): Generator<NewRow> {
  const chain = chainOf(links, lengthKm);
  const [teleported, chsh] = [teleportation(rng.fork('teleportation')), chshTest(rng.fork('CHSH'))];
  const network = quantumNetwork({
    topology: chain,
    rng: rng.fork('network'),
    protocol: { purification: 'none' },
    onPair({ state }) {
      teleported.use(state);
      chsh.use(state);
    },
  });
  const request = {
    initiator: 'n0',
    responder: `n${links}`,
    startSec: 1,
    endSec: 1 + seconds,
    memories,
    minFidelity: 0,
  };
  const record = network.submit(request);
  network.run(1 + seconds);
  yield formulaRow(chain, links);
  const { fidelities, firstPairPs } = record;
  const count = fidelities.length;
  // Fewer pairs tell little of a mean, and may leave a setting of CHSH without any.
  if (count < 100) return;
  const [mean, half] = [
    fidelities.reduce((sum, one) => sum + one, 0) / count,
    1.96 * standardError(fidelities),
  ];
  const { value: s, standardError: sError } = chsh.estimate();
  const { value: teleport, standardError: teleportError } = teleported.estimate();
  yield {
    system: chainName(links),
    rate: {
      value: count / seconds,
      unit: 'pairs/s',
      metric: 'delivered',
      ci95: countInterval(count, seconds),
    },
    accuracy: { ...fidelityOf(mean), ci95: [mean - half, mean + half] },
    latency: {
      value: firstPairPs! / 1e12 - 1,
      unit: 's',
      metric: 'from the start of service to the first pair',
    },
    params: { s, sError, teleport, teleportError },
  };
}

function formulaRow(chain: Topology, links: number): NewRow {
  const { state, ratePerSec } = linkModel([...networkLinks(chain).values()][0]!);
  const station = { gateFidelity: chain.nodes[0]!.swapFidelity };
  let whole = state;
  for (let link = 1; link < links; link++) whole = swapped(whole, state, station);
  const { phiPlus, psiMinus } = whole;
  const s = Math.SQRT2 * (2 * phiPlus - 2 * psiMinus);
  return {
    system: formulaName(links),
    rate: { value: memories * ratePerSec, unit: 'pairs/s', metric: 'of one link' },
    accuracy: fidelityOf(phiPlus),
    latency: { value: 1 / (memories * ratePerSec), unit: 's', metric: 'expected, of a pair of one link' },
    params: { s, teleport: (2 * phiPlus + 1) / 3 },
  };
}

/** Counts of a Poisson process. */
function countInterval(count: number, seconds: number): [number, number] {
  const half = 1.96 * Math.sqrt(count);
  return [(count - half) / seconds, (count + half) / seconds];
}

function chainOf(links: number, lengthKm: number): Topology {
  const { nodes, links: connections } = starlight();
  const names = Array.from({ length: links + 1 }, (_, place) => `n${place}`);
  return topology({
    nodes: names.map((name) => ({ ...nodes[0]!, name })),
    links: names.slice(1).map((name, place) => ({
      ...connections[0]!,
      nodes: [names[place]!, name],
      lengthKm: lengthKm / links,
    })),
  });
}
