import { textWidth } from './metrics.js';
import type { DrawnEdge, DrawnNode } from './network.js';
import type { Place } from './network-layout.js';
import { formatNumber } from './quantity.js';
import { INK, plotText } from './style.js';
import type { PlotlyLayout } from './types.js';

const BACKED = { showarrow: false, bgcolor: 'rgba(255,255,255,0.86)', borderpad: 1 } as const;
const NAME_SIZE = 12.5;
/** Pixels from a node's middle to its name. */
const OFFSET = 19;

/** Three significant digits. */
export function shortNumber(value: number): string {
  return formatNumber(Number(value.toPrecision(3)));
}

/** The place half way along an edge. */
export function middleOf(edge: DrawnEdge, places: ReadonlyMap<string, Place>): Place {
  const [a, b] = [places.get(edge.from)!, places.get(edge.to)!];
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

/** The text at the middle of an edge; none where it is empty. */
export function edgeLabel(edge: DrawnEdge, places: ReadonlyMap<string, Place>): PlotlyLayout[] {
  const text = edge.label ?? shortNumber(edge.value);
  if (text === '') return [];
  return [{ ...BACKED, ...middleOf(edge, places), text: plotText(text), font: { size: 11.5, color: INK } }];
}

/** The name of a node stands in the gap between its edges where it covers the fewest of them, of these the widest. */
export function nodeLabel(
  node: DrawnNode,
  edges: readonly DrawnEdge[],
  places: ReadonlyMap<string, Place>,
): PlotlyLayout {
  const own = places.get(node.name)!;
  const text = node.label ?? node.name;
  const angles = edges
    .flatMap(({ from, to }) => (from === node.name ? [to] : to === node.name ? [from] : []))
    .map((other) => Math.atan2(places.get(other)!.y - own.y, places.get(other)!.x - own.x));
  const { xanchor, xshift, yshift } = labelSpot(angles, textWidth(text, NAME_SIZE, true));
  return {
    ...BACKED,
    ...own,
    text: `<b>${plotText(text)}</b>`,
    font: { size: NAME_SIZE, color: INK },
    xanchor,
    yanchor: 'middle',
    xshift,
    yshift,
  };
}

interface Spot {
  xanchor: 'left' | 'center' | 'right';
  xshift: number;
  yshift: number;
}

function labelSpot(angles: readonly number[], width: number): Spot {
  if (angles.length === 0) return spotAt(Math.PI / 2);
  const sorted = [...angles].sort((a, b) => a - b);
  const gaps = sorted.map((from, i) => {
    const to = sorted[i + 1] ?? sorted[0]! + 2 * Math.PI;
    const spot = spotAt((from + to) / 2);
    const covered = angles.filter((angle) => covers(spot, width, angle)).length;
    // Rounded, so that gaps told apart by rounding alone count as equal: the first of them is taken.
    return { spot, covered, gap: Math.round((to - from) * 1e6) };
  });
  return gaps.reduce((best, one) =>
    one.covered < best.covered || (one.covered === best.covered && one.gap > best.gap) ? one : best,
  ).spot;
}

function spotAt(angle: number): Spot {
  const [right, up] = [Math.cos(angle), Math.sin(angle)];
  const isBeside = Math.abs(right) > 0.4;
  return {
    xanchor: isBeside ? (right > 0 ? 'left' : 'right') : 'center',
    xshift: isBeside ? OFFSET * 0.75 * Math.sign(right) : 0,
    yshift: OFFSET * up,
  };
}

/** Whether an edge that leaves the node at this angle runs through the label's box. */
function covers({ xanchor, xshift, yshift }: Spot, width: number, angle: number): boolean {
  const left = xshift - (xanchor === 'left' ? 0 : xanchor === 'right' ? width : width / 2);
  for (let distance = 8; distance < width + 2 * OFFSET; distance += 3) {
    const [x, y] = [distance * Math.cos(angle), distance * Math.sin(angle)];
    if (x > left - 2 && x < left + width + 2 && Math.abs(y - yshift) < NAME_SIZE * 0.75) return true;
  }
  return false;
}
