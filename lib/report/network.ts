import { InputError } from '../base/index.js';
import { edgeLabel, middleOf, nodeLabel, shortNumber } from './network-labels.js';
import { layOut, type Place } from './network-layout.js';
import { formatNumber } from './quantity.js';
import { axisLayout, baseLayout, INK, legendRows, plotText, systemStyles } from './style.js';
import type { PlotFigure, PlotlyLayout, PlotlyTrace, Table } from './types.js';

/** A node of a drawing; places of all nodes or of none. */
export interface DrawnNode {
  /** Unique; what edges name. */
  name: string;
  /** Text beside the node; default: its name. */
  label?: string;
  /** What kind of node it is: a colour and a marker of its own, and an entry in the legend. */
  kind?: string;
  x?: number;
  y?: number;
}

/** An edge of a drawing. */
export interface DrawnEdge {
  from: string;
  to: string;
  /** What width and colour show. */
  value: number;
  /** Text at its middle; default: the value, rounded. An empty text leaves the edge bare. */
  label?: string;
}

/** What `networkDrawing` draws. */
export interface NetworkOptions {
  name?: string;
  title: string;
  caption: string;
  nodes: readonly DrawnNode[];
  edges: readonly DrawnEdge[];
  /** What the values of the edges are, and their unit: `Delivered pairs`, `1/s`. */
  edgeQuantity: string;
  edgeUnit: string;
  /** Unit of the places given, such as `km`: draws axes. Without it places are a sketch, and axes are left out. */
  placeUnit?: string;
  /** Width and colour by the logarithm of the values. */
  logValue?: boolean;
  /** Height in pixels; default 520. */
  height?: number;
}

/** From the least value to the largest: one hue, ever darker, so that it is read without seeing hues. */
const RAMP = ['#A9CCE8', '#5BA3D0', '#1F6FB2', '#08306B'] as const;
const EDGE_WIDTH = { from: 1.8, to: 8 } as const;
const MAX_NODES = 300;

/**
 * Draws a network: nodes with their names, edges whose width and colour show a value, with a scale. Nodes stand at
 * given places, equally scaled in both directions, or where the graph itself puts them: hops apart in the drawing as
 * in the graph.
 * @throws InputError for no or too many nodes, a name that is not unique, an edge to an unknown node or without a
 *   finite value (positive for `logValue`), places of some nodes only, or `placeUnit` without places.
 */
export function networkDrawing(options: NetworkOptions): PlotFigure {
  const { name = 'network', title, caption, nodes, edges, placeUnit, height = 520 } = options;
  requireDrawable({ ...options, name });
  const places = placesOf(nodes, edges);
  const kinds = [...new Set(nodes.map(({ kind }) => kind ?? ''))];
  const scaled = scaleOf(options);
  const base = baseLayout({
    title,
    height,
    headroom: 0,
    showLegend: kinds.length > 1,
    rows: legendRows(kinds),
  });
  return {
    name,
    title,
    caption,
    data: [
      ...edges.map((edge) => edgeTrace(edge, places, scaled(edge.value))),
      ...(edges.length > 0 ? [scaleTrace(options, places)] : []),
      ...kinds.map((kind) => nodeTrace(kind, kinds, nodes, places)),
    ],
    layout: {
      ...base,
      ...(placeUnit === undefined ? { margin: { ...(base.margin as object), l: 24, b: 16 } } : {}),
      ...axesOf([...places.values()], placeUnit),
      annotations: [
        ...edges.flatMap((edge) => edgeLabel(edge, places)),
        ...nodes.map((node) => nodeLabel(node, edges, places)),
      ],
    },
    table: tableOf(options),
  };
}

function requireDrawable(options: NetworkOptions & { name: string }): void {
  const { name, nodes, edges, placeUnit, logValue = false } = options;
  const fail = (found: string, allowed: string) => {
    throw new InputError(`figure ${name}: ${found}; allowed: ${allowed}`);
  };
  if (nodes.length < 1 || nodes.length > MAX_NODES) fail(`${nodes.length} nodes`, `1 to ${MAX_NODES}`);
  const names = new Set<string>();
  for (const node of nodes) {
    if (names.has(node.name)) fail(`two nodes are named ${node.name}`, 'each name once');
    names.add(node.name);
    const given = [node.x, node.y].filter((at) => at !== undefined);
    if (!given.every(Number.isFinite))
      fail(`node ${node.name} stands at ${node.x}, ${node.y}`, 'finite numbers');
    const placed = nodes[0]!.x !== undefined;
    if (given.length !== (placed ? 2 : 0))
      fail(`node ${node.name} has ${given.length} coordinates`, 'x and y of all nodes, or of none');
  }
  if (placeUnit !== undefined && nodes[0]!.x === undefined) {
    fail(`places in ${placeUnit} of nodes without places`, 'placeUnit with x and y');
  }
  for (const { from, to, value } of edges) {
    const edge = `edge ${from} to ${to}`;
    if (!names.has(from) || !names.has(to)) fail(edge, 'between nodes of the drawing');
    if (from === to) fail(edge, 'two different ends');
    if (!Number.isFinite(value) || (logValue && value <= 0)) {
      fail(
        `value of ${edge} is ${value}`,
        logValue ? 'a positive number (the scale is logarithmic)' : 'a finite number',
      );
    }
  }
}

function placesOf(nodes: readonly DrawnNode[], edges: readonly DrawnEdge[]): Map<string, Place> {
  const index = new Map(nodes.map(({ name }, i) => [name, i]));
  const laidOut =
    nodes[0]!.x === undefined
      ? layOut(
          nodes.length,
          edges.map(({ from, to }) => [index.get(from)!, index.get(to)!]),
        )
      : nodes.map(({ x, y }) => ({ x: x!, y: y! }));
  return new Map(nodes.map(({ name }, i) => [name, laidOut[i]!]));
}

/** The place of a value on the scale, 0 to 1; the middle where all values are equal. */
function scaleOf({ edges, logValue = false }: NetworkOptions): (value: number) => number {
  const onScale = (value: number) => (logValue ? Math.log10(value) : value);
  const values = edges.map(({ value }) => onScale(value));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return (value) => (high > low ? (onScale(value) - low) / (high - low) : 0.5);
}

function rampColour(part: number): string {
  const at = part * (RAMP.length - 1);
  const below = Math.min(Math.floor(at), RAMP.length - 2);
  const channel = (colour: string, c: number) => Number.parseInt(colour.slice(1 + 2 * c, 3 + 2 * c), 16);
  const mixed = [0, 1, 2].map((c) => {
    const [dark, light] = [channel(RAMP[below + 1]!, c), channel(RAMP[below]!, c)];
    return Math.round(light + (at - below) * (dark - light));
  });
  return `rgb(${mixed.join(',')})`;
}

function edgeTrace(edge: DrawnEdge, places: ReadonlyMap<string, Place>, part: number): PlotlyTrace {
  const [a, b] = [places.get(edge.from)!, places.get(edge.to)!];
  return {
    type: 'scatter',
    mode: 'lines',
    name: plotText(`${edge.from} – ${edge.to}`),
    x: [a.x, b.x],
    y: [a.y, b.y],
    line: { color: rampColour(part), width: EDGE_WIDTH.from + part * (EDGE_WIDTH.to - EDGE_WIDTH.from) },
    showlegend: false,
    hoverinfo: 'skip',
  };
}

/** Unseen markers at the middles of the edges: they carry the colour scale and what a pointer reads. */
function scaleTrace(options: NetworkOptions, places: ReadonlyMap<string, Place>): PlotlyTrace {
  const { edges, edgeQuantity, edgeUnit, logValue = false } = options;
  const values = edges.map(({ value }) => (logValue ? Math.log10(value) : value));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const middles = edges.map((edge) => middleOf(edge, places));
  return {
    type: 'scatter',
    mode: 'markers',
    name: plotText(edgeQuantity),
    x: middles.map(({ x }) => x),
    y: middles.map(({ y }) => y),
    marker: {
      size: 14,
      opacity: 0,
      color: values,
      cmin: high > low ? low : low - 1,
      cmax: high > low ? high : high + 1,
      colorscale: RAMP.map((colour, i) => [i / (RAMP.length - 1), colour]),
      showscale: true,
      colorbar: {
        title: {
          text: plotText(`${edgeQuantity} (${edgeUnit})`),
          side: 'right',
          font: { size: 13, color: INK },
        },
        thickness: 12,
        len: 0.85,
        outlinewidth: 0,
        ...(high > low && !logValue ? {} : ticksOf(logValue ? logTicks(low, high) : [low], logValue)),
        tickfont: { size: 12 },
      },
    },
    customdata: edges.map(({ from, to, value }) => [
      plotText(`${from} – ${to}`),
      `${formatNumber(value)} ${edgeUnit}`,
    ]),
    hovertemplate: '%{customdata[0]}: %{customdata[1]}<extra></extra>',
    showlegend: false,
  };
}

function ticksOf(places: readonly number[], log: boolean): PlotlyLayout {
  return { tickvals: places, ticktext: places.map((at) => shortNumber(log ? 10 ** at : at)) };
}

/** Logarithms of 1, 2 and 5 times powers of ten within the ends, or of the powers alone, or else the ends. */
function logTicks(low: number, high: number): number[] {
  const decades = Array.from(
    { length: Math.floor(high) - Math.floor(low) + 1 },
    (_, i) => Math.floor(low) + i,
  );
  const within = (factors: readonly number[]) =>
    decades
      .flatMap((decade) => factors.map((factor) => decade + Math.log10(factor)))
      .filter((at) => at >= low - 1e-9 && at <= high + 1e-9);
  const fine = within([1, 2, 5]);
  if (fine.length < 2) return [low, high];
  return fine.length <= 7 ? fine : within([1]);
}

function nodeTrace(
  kind: string,
  kinds: readonly string[],
  nodes: readonly DrawnNode[],
  places: ReadonlyMap<string, Place>,
): PlotlyTrace {
  const own = nodes.filter((node) => (node.kind ?? '') === kind);
  // The first colour of the palette is the blue of the edges, so that kinds begin with the second.
  const { colour, symbol } = systemStyles(['', ...kinds.map((one) => `kind ${one}`)]).get(`kind ${kind}`)!;
  return {
    type: 'scatter',
    mode: 'markers',
    name: plotText(kind === '' ? 'node' : kind),
    x: own.map(({ name }) => places.get(name)!.x),
    y: own.map(({ name }) => places.get(name)!.y),
    text: own.map(({ name }) => plotText(name)),
    marker: { color: colour, symbol, size: 15, line: { color: '#FFFFFF', width: 1.5 } },
    hovertemplate: '%{text}<extra></extra>',
    showlegend: kinds.length > 1,
    cliponaxis: false,
  };
}

/** Axes equally scaled in both directions, with room for the labels; drawn only where places have a unit. */
function axesOf(places: readonly Place[], unit: string | undefined): PlotlyLayout {
  const rangeOf = (values: readonly number[], span: number) => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return [low - 0.12 * span, high + 0.12 * span];
  };
  const [xs, ys] = [places.map(({ x }) => x), places.map(({ y }) => y)];
  const span = Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys)) || 1;
  const axis = (title: string) => (unit === undefined ? { visible: false } : axisLayout({ title }));
  return {
    xaxis: { ...axis(`x (${unit})`), range: rangeOf(xs, span) },
    yaxis: { ...axis(`y (${unit})`), range: rangeOf(ys, span), scaleanchor: 'x', scaleratio: 1 },
  };
}

function tableOf({ edges, edgeQuantity, edgeUnit }: NetworkOptions): Table {
  return {
    columns: ['from', 'to', `${edgeQuantity} (${edgeUnit})`, 'label'],
    rows: edges.map(({ from, to, value, label }) => [from, to, value, label ?? null]),
  };
}
