/** Where a node stands in a drawing. */
export interface Place {
  x: number;
  y: number;
}

const MAX_SWEEPS = 2000;
/** Hops; a drawing is done when no node still moves by as much. */
const STILL = 1e-6;

/**
 * Places the nodes of a graph so that distances in the drawing follow the number of edges between nodes: stress
 * majorisation (Gansner, Koren and North 2004, weights d^-2) from a circle in the order given, the widest direction
 * then turned level. Nodes without a path between them stand one step farther apart than the longest path.
 * The same graph in the same order gives the same places.
 * @param edges pairs of node indices.
 */
export function layOut(nodes: number, edges: readonly (readonly [number, number])[]): Place[] {
  const circle = Array.from({ length: nodes }, (_, i) => {
    const angle = Math.PI / 2 - (2 * Math.PI * i) / nodes;
    return { x: Math.cos(angle), y: Math.sin(angle) };
  });
  const hops = hopsBetween(nodes, edges);
  let places = circle;
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    const next = majorised(places, hops);
    const moved = Math.max(...next.map(({ x, y }, i) => Math.hypot(x - places[i]!.x, y - places[i]!.y)));
    places = next;
    if (moved < STILL) break;
  }
  return turnedLevel(places);
}

/** One step of the majorisation: each node to the weighted mean of where the others want it. */
function majorised(places: readonly Place[], hops: readonly number[][]): Place[] {
  return places.map((own, i) => {
    const sum = { x: 0, y: 0, weight: 0 };
    for (const [j, other] of places.entries()) {
      if (j === i) continue;
      const wanted = hops[i]![j]!;
      const weight = wanted ** -2;
      const apart = Math.max(Math.hypot(own.x - other.x, own.y - other.y), 1e-9);
      sum.x += weight * (other.x + (wanted * (own.x - other.x)) / apart);
      sum.y += weight * (other.y + (wanted * (own.y - other.y)) / apart);
      sum.weight += weight;
    }
    return sum.weight === 0 ? own : { x: sum.x / sum.weight, y: sum.y / sum.weight };
  });
}

function hopsBetween(nodes: number, edges: readonly (readonly [number, number])[]): number[][] {
  const neighbours = Array.from({ length: nodes }, () => new Set<number>());
  for (const [a, b] of edges) {
    neighbours[a]!.add(b);
    neighbours[b]!.add(a);
  }
  const hops = neighbours.map((_, from) => hopsFrom(from, neighbours));
  const far = 1 + Math.max(...hops.flat().filter(Number.isFinite));
  return hops.map((row) => row.map((count) => (Number.isFinite(count) ? count : far)));
}

function hopsFrom(from: number, neighbours: readonly ReadonlySet<number>[]): number[] {
  const hops = neighbours.map(() => Number.POSITIVE_INFINITY);
  hops[from] = 0;
  const queue = [from];
  for (const at of queue) {
    for (const next of neighbours[at]!) {
      if (Number.isFinite(hops[next])) continue;
      hops[next] = hops[at]! + 1;
      queue.push(next);
    }
  }
  return hops;
}

/** Turns the places about their mean: the direction of their largest spread along x, the first node at the left. */
function turnedLevel(places: readonly Place[]): Place[] {
  const mean = (of: (place: Place) => number) =>
    places.reduce((sum, place) => sum + of(place), 0) / places.length;
  const [mx, my] = [mean(({ x }) => x), mean(({ y }) => y)];
  const [xx, yy, xy] = [
    mean(({ x }) => (x - mx) ** 2),
    mean(({ y }) => (y - my) ** 2),
    mean(({ x, y }) => (x - mx) * (y - my)),
  ];
  const level = Math.atan2(2 * xy, xx - yy) / 2;
  const first = places[0]!;
  const isLeft = Math.cos(level) * (first.x - mx) + Math.sin(level) * (first.y - my) <= 1e-9;
  const angle = isLeft ? level : level + Math.PI;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return places.map(({ x, y }) => ({
    x: cos * (x - mx) + sin * (y - my),
    y: -sin * (x - mx) + cos * (y - my),
  }));
}
