import { InputError } from '../base/index.js';
import { formatNumber } from './quantity.js';
import type { PlotlyLayout } from './types.js';

/**
 * The colours of Okabe and Ito (2008), told apart by people with any of the common colour vision
 * deficiencies. Their yellow is left out: it vanishes on white.
 */
export const PALETTE = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9'] as const;
const BOUND_COLOURS = ['#3B3B3B', '#8A8A8A'] as const;
const SYMBOLS = [
  'circle',
  'square',
  'diamond',
  'triangle-up',
  'cross',
  'star',
  'triangle-down',
  'x',
] as const;
const DASHES = ['solid', 'dashdot', 'dot', 'longdash'] as const;

export const FONT_FAMILY = 'Helvetica Neue, Helvetica, Arial, Liberation Sans, DejaVu Sans, sans-serif';
export const INK = '#1F2933';
export const MUTED = '#52606D';
const GRID = '#E4E7EB';
const AXIS = '#9AA5B1';

/** How one system is drawn, everywhere in a report. */
export interface SystemStyle {
  colour: string;
  symbol: string;
  dash: string;
  draws: 'lines' | 'markers' | 'lines+markers';
}

/** A system's marker; those with points need more size to look as large. */
export function markerOf({ colour, symbol }: Pick<SystemStyle, 'colour' | 'symbol'>) {
  return { color: colour, symbol, size: /^(circle|square|diamond)$/.test(symbol) ? 7 : 10 };
}

/**
 * Gives every system a colour, a marker and a dash of its own, so that a figure is read without colour
 * too. The style depends on the place of the system in `systems` only: pass the same list for
 * every figure of a report. A bound is grey and dashed.
 */
export function systemStyles(
  systems: readonly string[],
  bounds: readonly string[] = [],
): Map<string, SystemStyle> {
  const styles = new Map<string, SystemStyle>();
  let plain = 0;
  let limits = 0;
  for (const system of new Set(systems)) {
    const isBound = bounds.includes(system);
    const index = isBound ? limits++ : plain++;
    styles.set(system, {
      colour: isBound ? BOUND_COLOURS[index % BOUND_COLOURS.length]! : PALETTE[index % PALETTE.length]!,
      symbol: SYMBOLS[index % SYMBOLS.length]!,
      dash: isBound ? 'dash' : DASHES[Math.floor(index / PALETTE.length) % DASHES.length]!,
      draws: isBound ? 'lines' : 'lines+markers',
    });
  }
  return styles;
}

/**
 * Adds closed forms to the styles: each is a dashed line in the colour of the system that it foretells, and that system
 * keeps its markers only, or, where lines have none, its solid line.
 * @param theory the system that each closed form foretells, by name
 * @throws InputError when that system is not among the styles.
 */
export function withTheory(
  styles: ReadonlyMap<string, SystemStyle>,
  theory: Readonly<Record<string, string>>,
): Map<string, SystemStyle> {
  const all = new Map(styles);
  for (const [name, system] of Object.entries(theory)) {
    const style = styles.get(system);
    if (!style) {
      throw new InputError(
        `theory ${name} of ${system}; allowed: of a system drawn, ${[...styles.keys()].join(', ')}`,
      );
    }
    all.set(system, { ...style, draws: style.draws === 'lines' ? 'lines' : 'markers' });
    all.set(name, { ...style, dash: 'dash', draws: 'lines' });
  }
  return all;
}

/** `#RRGGBB` as a CSS `rgba` colour of the given opacity in [0, 1]. */
export function translucent(colour: string, opacity: number): string {
  const value = Number.parseInt(colour.slice(1), 16);
  return `rgba(${value >> 16},${(value >> 8) & 255},${value & 255},${opacity})`;
}

/** Escapes text for Plotly, whose titles and names read `<b>`, `<br>` and entities as markup. */
export function plotText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Powers of ten alone where an axis spans decades or its ends are unknown, else twice and five times them too, as numbers. */
function logTicks(ends: Ends | undefined, showTicks: boolean): PlotlyLayout {
  const minor = { dtick: 'D1', ticks: showTicks ? 'outside' : '', ticklen: 2 };
  if (!ends) return { exponentformat: 'power', dtick: 'D2', minor };
  const [low, high] = ends;
  if (high > 100 * low) return { exponentformat: 'power', dtick: 1, minor };
  const decades = Math.ceil(Math.log10(high / low)) + 2;
  const powers = Array.from({ length: decades }, (_, n) => Math.floor(Math.log10(low)) + n);
  const tickvals = powers
    .flatMap((power) => [1, 2, 5].map((digit) => Number(`${digit}e${power}`)))
    // Half a step beyond the points, where an axis still reaches.
    .filter((value) => value >= low / 1.3 && value <= high * 1.3);
  return { tickmode: 'array', tickvals, ticktext: tickvals.map(formatNumber), minor };
}

/** Least and largest value of an axis. */
export type Ends = readonly [low: number, high: number];

/** An axis in the looks of the house: light grid, a line at its foot, few labels on a log scale. */
export function axisLayout(options: {
  title?: string;
  log?: boolean;
  /** What a logarithmic axis has to show. */
  ends?: Ends;
  showTicks?: boolean;
}): PlotlyLayout {
  const { title, log = false, ends, showTicks = true } = options;
  return {
    ...(title === undefined
      ? {}
      : { title: { text: plotText(title), standoff: 10, font: { size: 13, color: INK } } }),
    type: log ? 'log' : 'linear',
    ...(log ? logTicks(ends, showTicks) : {}),
    showticklabels: showTicks,
    gridcolor: GRID,
    zeroline: false,
    showline: true,
    linecolor: AXIS,
    ticks: showTicks ? 'outside' : '',
    tickcolor: AXIS,
    ticklen: 4,
    tickfont: { size: 12, color: MUTED },
    automargin: true,
  };
}

/** Height of the band above the plot area that the title takes; a report drops both. */
export const TITLE_HEIGHT = 36;

/** Width in pixels that the legend and the plot area have in a figure as it is drawn. */
const LEGEND_WIDTH = 820;
const LEGEND_ROW_HEIGHT = 19;

/** How many rows a legend takes: entries that do not fit into one stand in columns as wide as the longest. */
export function legendRows(names: readonly string[]): number {
  const widths = names.map((name) => 46 + 7.6 * name.length);
  if (widths.reduce((sum, width) => sum + width, 0) <= LEGEND_WIDTH) return 1;
  return Math.ceil(names.length / Math.max(1, Math.floor(LEGEND_WIDTH / Math.max(...widths))));
}

/** The layout that all figures share: fonts, margins, title at the left, legend in a row below it. */
export function baseLayout(options: {
  title: string;
  height: number;
  headroom: number;
  showLegend: boolean;
  /** Rows of the legend, default 1; the plot area keeps its height, the figure grows. */
  rows?: number;
}): PlotlyLayout {
  const { title, headroom, showLegend, rows = 1 } = options;
  const more = LEGEND_ROW_HEIGHT * (rows - 1);
  const height = options.height + more;
  const top = TITLE_HEIGHT + (showLegend ? 30 : 6) + headroom + more;
  const plotHeight = height - top - 58;
  return {
    title: {
      text: `<b>${plotText(title)}</b>`,
      x: 0,
      xref: 'paper',
      xanchor: 'left',
      y: 1 - 24 / height,
      yref: 'container',
      yanchor: 'middle',
      font: { size: 16, color: INK },
    },
    font: { family: FONT_FAMILY, size: 12, color: INK },
    width: 900,
    height,
    autosize: true,
    margin: { l: 62, r: 16, t: top, b: 58 },
    paper_bgcolor: '#FFFFFF',
    plot_bgcolor: '#FFFFFF',
    colorway: [...PALETTE],
    hovermode: 'closest',
    showlegend: showLegend,
    legend: {
      orientation: 'h',
      x: 0,
      xanchor: 'left',
      y: 1 + (headroom + 4) / plotHeight,
      yanchor: 'bottom',
      font: { size: 12.5, color: INK },
      traceorder: 'normal',
      bgcolor: 'rgba(255,255,255,0)',
    },
  };
}
