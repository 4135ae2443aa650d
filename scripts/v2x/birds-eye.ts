import { PALETTE, type PlotFigure, type PlotlyTrace } from 'semwave/report';
import {
  bevIou,
  boxFootprint,
  type CrossingFrame,
  type Detection,
  decodeMessage,
  type Fixture,
  placed,
  poseMatrix,
  type SceneObject,
  type SharingStrategy,
  topView,
  transformBox,
  visibleObjects,
} from 'semwave/v2x';

export interface EyePanel {
  readonly title: string;
  readonly strategy: SharingStrategy;
  /** Places in the world drawn besides, in the colour of the ego. */
  readonly places?: Corners;
}

export interface EyeFigure {
  readonly name: string;
  readonly title: string;
  readonly caption: string;
  readonly frame: CrossingFrame;
  readonly fixtures: readonly Fixture[];
  readonly panels: readonly EyePanel[];
}

type Corners = readonly (readonly [number, number])[];

const GROUND = { road: '#E9ECEF', building: '#C9CED4', clutter: '#A9B1BA' };
const FOUND = '#009E73';
const MISSED = '#C1121F';
/** Green is for what is found. */
const AGENTS = PALETTE.filter((colour) => colour !== FOUND);
const WIDTH = 900;
const PANEL = 430;
const TOP = 92;

/**
 * One frame from above, once with what each agent's LiDAR met, then for each strategy with what was sent (cells as dots, boxes
 * as outlines, in the colour of who sent) and what the ego found or missed.
 */
export function birdsEye({ name, title, caption, frame, fixtures, panels }: EyeFigure): PlotFigure {
  const colours = new Map(frame.agents.map(({ id }, index) => [id, AGENTS[index % AGENTS.length]!]));
  const draws = [
    { title: 'what each agent sees', traces: seen(frame, colours) },
    ...panels.map(({ title, strategy, places = [] }) => ({
      title,
      traces: [...sent(frame, strategy, colours), dots(places, colours.get(frame.agents[0]!.id)!, 2)],
    })),
  ];
  const ground = standing(frame, fixtures);
  const rows = Math.ceil(draws.length / 2);
  const data = draws.flatMap(({ traces }, index) =>
    [...ground, ...traces].map((trace) => ({
      ...trace,
      ...axesOf(index),
      showlegend: index === 1 && !!trace.name,
    })),
  );
  return {
    name,
    title,
    caption,
    data: [...data, ...legendOf(frame, colours)],
    layout: layoutOf(title, draws, rows),
  };
}

const axesOf = (index: number) => ({ xaxis: `x${index + 1}`, yaxis: `y${index + 1}` });

function layoutOf(title: string, draws: readonly { title: string }[], rows: number) {
  const axis = {
    range: [-50, 50],
    showgrid: false,
    zeroline: false,
    ticks: 'outside',
    tickvals: [-40, -20, 0, 20, 40],
  };
  const axes = draws.flatMap((_, index) => {
    const [column, row] = [index % 2, Math.floor(index / 2)];
    const [left, top] = [column * 0.53, 1 - row / rows];
    const low = row === rows - 1 || index + 2 >= draws.length;
    return [
      [
        `xaxis${index + 1}`,
        {
          ...axis,
          domain: [left, left + 0.47],
          anchor: `y${index + 1}`,
          title: { text: low ? 'x (m)' : '' },
          showticklabels: low,
        },
      ],
      [
        `yaxis${index + 1}`,
        {
          ...axis,
          domain: [top - 0.9 / rows, top],
          anchor: `x${index + 1}`,
          title: { text: column === 0 ? 'y (m)' : '' },
        },
      ],
    ];
  });
  const headings = draws.map(({ title: text }, index) => ({
    ...{ text, showarrow: false, xref: `x${index + 1} domain`, yref: `y${index + 1} domain` },
    ...{ x: 0, y: 1, xanchor: 'left', yanchor: 'bottom', font: { size: 13 } },
  }));
  return {
    title: {
      text: `<b>${title}</b>`,
      x: 0,
      xref: 'paper',
      xanchor: 'left',
      y: 0.985,
      yanchor: 'top',
      font: { size: 16 },
    },
    ...{ width: WIDTH, height: TOP + rows * PANEL, margin: { l: 56, r: 12, t: TOP, b: 44 } },
    ...{ paper_bgcolor: '#FFFFFF', plot_bgcolor: '#FFFFFF', annotations: headings, showlegend: true },
    legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1 + 30 / (rows * PANEL), yanchor: 'bottom' },
    ...Object.fromEntries(axes),
  };
}

const round = (value: number) => Math.round(value * 100) / 100;

/** Closed outlines in one trace. */
function outlines(shapes: readonly Corners[], line: object, more: object = {}): PlotlyTrace {
  const closed = shapes.flatMap((corners) => [...corners, corners[0]!, null]);
  return {
    ...{ type: 'scatter', mode: 'lines', hoverinfo: 'skip' },
    x: closed.map((corner) => corner && round(corner[0])),
    y: closed.map((corner) => corner && round(corner[1])),
    line,
    ...more,
  };
}

function dots(places: Corners, colour: string, size: number, more: object = {}): PlotlyTrace {
  return {
    ...{ type: 'scatter', mode: 'markers', hoverinfo: 'skip', marker: { color: colour, size } },
    x: places.map(([x]) => round(x)),
    y: places.map(([, y]) => round(y)),
    ...more,
  };
}

function standing(frame: CrossingFrame, fixtures: readonly Fixture[]): PlotlyTrace[] {
  const filled = (kinds: (kind: string) => boolean, colour: string) => {
    const shapes = topView(frame, fixtures).outlines.filter(({ kind }) => kinds(kind));
    const corners = shapes.map(({ x, y }) => x.slice(0, -1).map((value, at) => [value, y[at]!] as const));
    return corners.map((shape) => outlines([shape], { width: 0 }, { fill: 'toself', fillcolor: colour }));
  };
  const clutter = ['pole', 'bin', 'bush', 'kiosk'];
  return [
    ...filled((kind) => kind === 'road', GROUND.road),
    ...filled((kind) => kind === 'building', GROUND.building),
    ...filled((kind) => clutter.includes(kind), GROUND.clutter),
  ];
}

/** Points above the ground, agent by agent, and the cars. */
function seen(frame: CrossingFrame, colours: ReadonlyMap<string, string>): PlotlyTrace[] {
  const cars = outlines(
    frame.objects.map((box) => boxFootprint(box)),
    { color: '#52606D', width: 1 },
  );
  const points = topView(frame).agents.map(({ id, x, y, hits }) => {
    const places = Array.from(x, (value, at) => [value, y[at]!] as const).filter(
      (_, at) => hits?.[at] !== -1,
    );
    return dots(places, colours.get(id)!, 2);
  });
  return [cars, ...points, ...agentMarks(frame, colours)];
}

function agentMarks({ agents }: CrossingFrame, colours: ReadonlyMap<string, string>): PlotlyTrace[] {
  const way = agents[0]!.route ?? [];
  const route = {
    ...dots(way, colours.get(agents[0]!.id)!, 1),
    mode: 'lines',
    line: { color: colours.get(agents[0]!.id)!, width: 1.5, dash: 'dot' },
  };
  const marks = agents.map(({ id, truePose: { x, y } }, index) =>
    dots([[x, y]], colours.get(id)!, 11, {
      marker: {
        color: colours.get(id)!,
        size: 11,
        symbol: index === 0 ? 'star' : 'diamond',
        line: { color: '#FFFFFF', width: 1 },
      },
    }),
  );
  return [route, ...marks];
}

/** What a strategy sends in this frame, and what of the cars the ego then finds. */
function sent(
  frame: CrossingFrame,
  strategy: SharingStrategy,
  colours: ReadonlyMap<string, string>,
): PlotlyTrace[] {
  const [ego, ...others] = frame.agents;
  const request = strategy.request?.(ego!);
  const messages = others.map((sender) => {
    const bytes = strategy.share(sender, request?.length ? request : undefined);
    return { from: sender.id, bytes, arrivedSec: frame.timeSec };
  });
  const shown = messages.flatMap(({ from, bytes }) => {
    const message = decodeMessage(bytes);
    if (!message) return [];
    const colour = colours.get(from)!;
    const cells = message.cells.flatMap(({ size, x, y }) =>
      Array.from({ length: size }, (_, cell) => placed(message.pose, { x: x[cell]!, y: y[cell]!, yaw: 0 })),
    );
    const boxes = message.boxes.map((box) => boxFootprint(placed(message.pose, box)));
    return [
      dots(
        cells.map(({ x, y }) => [x, y] as const),
        colour,
        3,
      ),
      outlines(boxes, { color: colour, width: 1.5 }),
    ];
  });
  return [...verdicts(frame, strategy.fuse(ego!, messages)), ...shown, ...agentMarks(frame, colours)];
}

/** Score above which a box counts in a drawing. */
const DRAWN_SCORE = 0.5;

function verdicts(frame: CrossingFrame, detections: readonly Detection[]): PlotlyTrace[] {
  const toWorld = poseMatrix(frame.agents[0]!.truePose);
  const boxes = detections
    .filter(({ score }) => score >= DRAWN_SCORE)
    .map((box) => transformBox(toWorld, box));
  const hit = (truth: SceneObject) => boxes.some((box) => bevIou(box, truth) >= 0.5);
  const truths = visibleObjects(frame);
  const filled = (objects: readonly SceneObject[], name: string, colour: string) =>
    outlines(
      objects.map((box) => boxFootprint(box)),
      { color: colour, width: 1 },
      { fill: 'toself', fillcolor: `${colour}40`, name },
    );
  return [
    filled(truths.filter(hit), 'found', FOUND),
    filled(
      truths.filter((truth) => !hit(truth)),
      'missed',
      MISSED,
    ),
  ];
}

/** One entry for each agent; its traces carry none. */
function legendOf({ agents }: CrossingFrame, colours: ReadonlyMap<string, string>): PlotlyTrace[] {
  return agents.map(({ id }, index) => ({
    ...dots([], colours.get(id)!, 9, { name: index === 0 ? `${id}, the ego` : id, showlegend: true }),
    x: [null],
    y: [null],
  }));
}
