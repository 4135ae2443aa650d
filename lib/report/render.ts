import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type DOMWindow, JSDOM, VirtualConsole } from 'jsdom';
import { InputError, requireRange } from '../base/index.js';
import { type Box, textBox } from './boxes.js';

import { stripPng, stripSvg } from './pictures.js';
import { rasterise } from './raster.js';
import type { Figure, PlotFigure, PlotlyLayout, PlotlyTrace } from './types.js';

/** The part of Plotly that is used here. */
interface Plotly {
  newPlot(div: unknown, data: PlotlyTrace[], layout: PlotlyLayout, config: object): Promise<unknown>;
  toImage(div: unknown, options: object): Promise<string>;
  purge(div: unknown): void;
}

/** Trace types that draw without WebGL or a canvas; the others need a browser. */
const DRAWABLE = ['scatter', 'bar', 'histogram', 'box', 'violin', 'contour', 'pie', 'scatterpolar'];

let page: { window: DOMWindow; plotly: Plotly } | undefined;
let queue: Promise<unknown> = Promise.resolve();

/** The text of the Plotly library. */
export function plotlySource(): string {
  return readFileSync(createRequire(import.meta.url).resolve('plotly.js-dist-min'), 'utf8');
}

function openPage(): { window: DOMWindow; plotly: Plotly } {
  if (page) return page;
  // jsdom reports each missing browser feature that Plotly probes for; none matters for charts.
  const { window } = new JSDOM('<!doctype html><body></body>', {
    runScripts: 'outside-only',
    pretendToBeVisual: true,
    virtualConsole: new VirtualConsole(),
  });
  Object.assign(window.URL, { createObjectURL: () => '' });
  Object.assign(window.SVGElement.prototype, {
    getBBox(this: Element) {
      return asRect(textBox(this, 'self'));
    },
    getBoundingClientRect(this: Element) {
      return asRect(textBox(this, 'page'));
    },
  });
  window.eval(plotlySource());
  page = { window, plotly: (window as unknown as { Plotly: Plotly }).Plotly };
  return page;
}

/** A box in the form of the DOM. */
function asRect({ left, top, right, bottom }: Box): object {
  return { x: left, y: top, left, top, right, bottom, width: right - left, height: bottom - top };
}

/**
 * Closes the page behind `renderSvg` once its drawings are done, so that the process can end. The next drawing
 * opens it again.
 */
export async function closeRenderer(): Promise<void> {
  queue = queue.then(() => {
    page?.window.close();
    page = undefined;
  });
  await queue;
}

/**
 * Draws a figure as SVG, without a browser. The first call of a process loads Plotly (about a second); call
 * `closeRenderer` after the last.
 * @param size CSS pixels; default: the layout's own size.
 * @throws InputError for a trace type that needs WebGL.
 */
export async function renderSvg(
  figure: Figure,
  size: { width?: number; height?: number } = {},
): Promise<string> {
  if (figure.kind === 'pictures') return stripSvg(figure);
  // One page draws one figure at a time.
  const drawn = queue.then(() => drawPlot(figure, size));
  queue = drawn.catch(() => undefined);
  return drawn;
}

async function drawPlot(figure: PlotFigure, size: { width?: number; height?: number }): Promise<string> {
  for (const trace of figure.data) {
    if (!DRAWABLE.includes(trace.type)) {
      throw new InputError(
        `figure ${figure.name}: trace type ${trace.type}; allowed: ${DRAWABLE.join(', ')}`,
      );
    }
  }
  const { window, plotly } = openPage();
  const width = size.width ?? sizeOf(figure.layout.width, 900);
  const height = size.height ?? sizeOf(figure.layout.height, 450);
  const div = window.document.createElement('div');
  window.document.body.append(div);
  try {
    // Plotly fills in what it is given, so it gets a copy.
    const { data, layout } = structuredClone({ data: figure.data, layout: figure.layout });
    await plotly.newPlot(div, data, { ...layout, width, height }, { staticPlot: true });
    const svg = await plotly.toImage(div, { format: 'svg', imageDataOnly: true, width, height });
    return stableIds(svg);
  } finally {
    plotly.purge(div);
    div.remove();
  }
}

function sizeOf(value: unknown, otherwise: number): number {
  return typeof value === 'number' && value > 0 ? value : otherwise;
}

/** Plotly names clip paths and traces at random; numbered in order, equal figures give equal files. */
function stableIds(svg: string): string {
  const numbers = new Map<string, string>();
  return svg.replace(/<[^>]*>/g, (tag) =>
    tag.replace(/\b(defs-|topdefs-|clip|legend|trace)([0-9a-f]{6})/g, (_, kind: string, id: string) => {
      if (!numbers.has(id)) numbers.set(id, numbers.size.toString(16).padStart(6, '0'));
      return kind + numbers.get(id)!;
    }),
  );
}

/**
 * Draws a figure as PNG, without a browser. A chart is drawn from its SVG; a picture strip keeps the pictures'
 * pixels, whatever the scale.
 * @param options scale: device pixels to a CSS pixel, 0.25 to 4 (default 2).
 * @throws InputError as `renderSvg`, or when the scale is out of range.
 */
export async function renderPng(figure: Figure, options: { scale?: number } = {}): Promise<Uint8Array> {
  const scale = requireRange('scale', options.scale ?? 2, 0.25, 4);
  return figure.kind === 'pictures' ? stripPng(figure) : rasterise(await renderSvg(figure), { scale });
}
