import { InputError } from '../base/index.js';
import { axisLayout, baseLayout, INK, legendRows, PALETTE, plotText, translucent } from './style.js';
import type { PlotFigure, PlotlyTrace, Table } from './types.js';

/** What occupies a row from `start` to `end`. */
export interface TimelineBar {
  row: string;
  /** Gives the colour and the entry in the legend. */
  task: string;
  start: number;
  end: number;
  /** Text within the bar; left out where the bar is too short for it. */
  text?: string;
}

/** A moment on a row: a release, a deadline, a delivered pair. */
export interface TimelineMark {
  row: string;
  /** What it is: a marker of its own, and an entry in the legend. */
  kind: string;
  at: number;
}

/** What `timeline` draws. */
export interface TimelineOptions {
  name?: string;
  title: string;
  caption: string;
  bars: readonly TimelineBar[];
  marks?: readonly TimelineMark[];
  /** Unit of all times, such as `ms`. */
  unit: string;
  /** What the time axis is; default `Time`. */
  quantity?: string;
  /** The rows from top to bottom; default: as they appear. */
  rows?: readonly string[];
  /** The tasks in the order that sets colours; default: as they appear. */
  tasks?: readonly string[];
}

/** Colours come round after six tasks: then as pale bars with an edge of the colour, then as the edge alone. */
const COLOURS = PALETTE.length;
const FILLS = [0.88, 0.3, 0.04] as const;

/**
 * A Gantt chart: one row a resource, a bar for each time that a task holds it, marks for single moments.
 * @throws InputError without bars, for times that are not finite, an end before its start, or a row or task that a
 *   given list lacks.
 */
export function timeline(options: TimelineOptions): PlotFigure {
  const { name = 'timeline', title, caption, bars, marks = [], unit, quantity = 'Time' } = options;
  const rows = options.rows ?? [...new Set([...bars, ...marks].map(({ row }) => row))];
  const tasks = options.tasks ?? [...new Set(bars.map(({ task }) => task))];
  requireDrawable(name, bars, marks, { rows, tasks });
  const kinds = [...new Set(marks.map(({ kind }) => kind))];
  const legend = [...tasks, ...kinds];
  const height = 130 + Math.max(26, Math.min(44, 420 / rows.length)) * rows.length;
  return {
    name,
    title,
    caption,
    data: [
      ...tasks.map((task, index) => barTrace(task, index, bars)),
      ...kinds.map((kind, index) => markTrace(kind, index, marks)),
    ],
    layout: {
      ...baseLayout({
        title,
        height,
        headroom: 0,
        showLegend: legend.length > 1,
        rows: legendRows(legend),
      }),
      barmode: 'overlay',
      bargap: 0.3,
      xaxis: axisLayout({ title: `${quantity} (${unit})` }),
      yaxis: {
        ...axisLayout({}),
        type: 'category',
        categoryorder: 'array',
        categoryarray: rows.map(plotText),
        range: [rows.length - 0.5, -0.5],
        ticks: '',
        ticklabelstandoff: 6,
      },
    },
    table: tableOf(bars, marks, unit),
  };
}

function requireDrawable(
  name: string,
  bars: readonly TimelineBar[],
  marks: readonly TimelineMark[],
  known: { rows: readonly string[]; tasks: readonly string[] },
): void {
  const fail = (found: string, allowed: string) => {
    throw new InputError(`figure ${name}: ${found}; allowed: ${allowed}`);
  };
  if (bars.length === 0) fail('no bars are left to draw', 'at least one');
  for (const { row, task, start, end } of bars) {
    const what = `${task} on ${row}`;
    if (!Number.isFinite(start) || !Number.isFinite(end) || end < start)
      fail(`${what} lasts from ${start} to ${end}`, 'finite times, the end not before the start');
    if (!known.tasks.includes(task)) fail(`task ${task}`, known.tasks.join(', '));
  }
  for (const { row, kind, at } of marks)
    if (!Number.isFinite(at)) fail(`${kind} on ${row} is at ${at}`, 'a finite time');
  for (const { row } of [...bars, ...marks])
    if (!known.rows.includes(row)) fail(`row ${row}`, known.rows.join(', '));
}

function barTrace(task: string, index: number, bars: readonly TimelineBar[]): PlotlyTrace {
  const own = bars.filter((bar) => bar.task === task);
  const colour = PALETTE[index % COLOURS]!;
  const round = Math.floor(index / COLOURS) % FILLS.length;
  return {
    type: 'bar',
    orientation: 'h',
    name: plotText(task),
    y: own.map(({ row }) => plotText(row)),
    x: own.map(({ start, end }) => end - start),
    base: own.map(({ start }) => start),
    marker: {
      color: translucent(colour, FILLS[round]!),
      line: round === 0 ? { color: '#FFFFFF', width: 1 } : { color: colour, width: 1.6 },
    },
    text: own.map(({ text = '' }) => plotText(text)),
    textposition: 'inside',
    insidetextanchor: 'middle',
    textangle: 0,
    constraintext: 'inside',
    insidetextfont: { size: 11, color: round === 0 && isDark(colour) ? '#FFFFFF' : INK },
    customdata: own.map(({ start, end }) => [start, end]),
    hovertemplate: `${plotText(task)}: %{customdata[0]:.6~g} to %{customdata[1]:.6~g}<extra>%{y}</extra>`,
  };
}

/** Whether white letters are read on `#RRGGBB` better than dark ones (luma of BT.601). */
function isDark(colour: string): boolean {
  const value = Number.parseInt(colour.slice(1), 16);
  return 0.299 * (value >> 16) + 0.587 * ((value >> 8) & 255) + 0.114 * (value & 255) < 140;
}

const MARKS = ['triangle-down', 'line-ns-open', 'diamond', 'star', 'circle-open', 'x'] as const;

function markTrace(kind: string, index: number, marks: readonly TimelineMark[]): PlotlyTrace {
  const own = marks.filter((mark) => mark.kind === kind);
  return {
    type: 'scatter',
    mode: 'markers',
    name: plotText(kind),
    y: own.map(({ row }) => plotText(row)),
    x: own.map(({ at }) => at),
    marker: {
      symbol: MARKS[index % MARKS.length]!,
      size: 11,
      color: INK,
      line: { color: index % MARKS.length === 0 ? '#FFFFFF' : INK, width: 1.6 },
    },
    hovertemplate: `${plotText(kind)}: %{x:.6~g}<extra>%{y}</extra>`,
  };
}

function tableOf(bars: readonly TimelineBar[], marks: readonly TimelineMark[], unit: string): Table {
  return {
    columns: ['row', 'task or mark', `start (${unit})`, `end (${unit})`],
    rows: [
      ...bars.map(({ row, task, start, end }) => [row, task, start, end]),
      ...marks.map(({ row, kind, at }) => [row, kind, at, at]),
    ],
  };
}
