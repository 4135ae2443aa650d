import { JSDOM } from 'jsdom';
import { afterAll, describe, expect, it } from 'vitest';
import { closeRenderer, networkDrawing, PALETTE, renderSvg, timeline, validateFigure } from './index.js';
import { layOut } from './network-layout.js';

const star = {
  title: 'Links of a <star>',
  caption: 'Four links about one hub.',
  edgeQuantity: 'Delivered pairs',
  edgeUnit: '1/s',
  nodes: [{ name: 'hub', kind: 'hub' }, ...['A', 'B', 'C', 'D'].map((name) => ({ name, kind: 'end node' }))],
  edges: ['A', 'B', 'C', 'D'].map((to, i) => ({ from: 'hub', to, value: 10 ** i })),
};
const drawing = networkDrawing(star);
const widths = (of: ReturnType<typeof networkDrawing>) =>
  of.data.filter(({ mode }) => mode === 'lines').map(({ line }) => (line as { width: number }).width);

afterAll(closeRenderer);

describe('layOut', () => {
  const apart = (places: readonly { x: number; y: number }[], a: number, b: number) =>
    Math.hypot(places[a]!.x - places[b]!.x, places[a]!.y - places[b]!.y);

  it('puts a chain in a row, from left to right, a hop apart', () => {
    const places = layOut(
      5,
      [0, 1, 2, 3].map((i) => [i, i + 1] as const),
    );
    for (let i = 0; i < 4; i++) {
      expect(apart(places, i, i + 1)).toBeCloseTo(1, 1);
      expect(places[i + 1]!.x).toBeGreaterThan(places[i]!.x + 0.9);
    }
    expect(Math.max(...places.map(({ y }) => Math.abs(y)))).toBeLessThan(0.2);
  });

  it('puts the ends of a star around its hub, the same each time, and takes graphs in parts or of one node', () => {
    const edges = [1, 2, 3, 4].map((end) => [0, end] as const);
    const places = layOut(5, edges);
    for (let end = 1; end < 5; end++) expect(apart(places, 0, end)).toBeCloseTo(apart(places, 0, 1), 4);
    expect(apart(places, 1, 2)).toBeGreaterThan(apart(places, 0, 1));
    expect(layOut(5, edges)).toEqual(places);
    const parts = layOut(4, [
      [0, 1],
      [2, 3],
    ]);
    expect(apart(parts, 0, 2)).toBeGreaterThan(apart(parts, 0, 1));
    expect(layOut(1, [])).toHaveLength(1);
  });
});

describe('networkDrawing', () => {
  it('shows the values by width and by a scale in their unit, and lists them', () => {
    const drawn = widths(drawing);
    expect(drawn).toEqual([...drawn].sort((a, b) => a - b));
    const even = widths(networkDrawing({ ...star, logValue: true }));
    // Decades are equal steps on a logarithmic scale.
    expect(even[1]! - even[0]!).toBeCloseTo(even[3]! - even[2]!, 9);
    expect(JSON.stringify(drawing.data)).toContain('Delivered pairs (1/s)');
    expect(drawing.table).toEqual({
      columns: ['from', 'to', 'Delivered pairs (1/s)', 'label'],
      rows: star.edges.map(({ from, to, value }) => [from, to, value, null]),
    });
    expect(() => validateFigure(drawing)).not.toThrow();
  });

  it('draws every edge, node and label', async () => {
    const svg = new JSDOM(await renderSvg(drawing), { contentType: 'image/svg+xml' }).window.document;
    expect(svg.querySelectorAll('.scatterlayer path.js-line')).toHaveLength(4);
    const labels = [...svg.querySelectorAll('text')].map(({ textContent }) => textContent);
    for (const label of ['Links of a <star>', 'hub', 'A', '1000', 'end node', 'Delivered pairs (1/s)']) {
      expect(labels).toContain(label);
    }
  });

  it('keeps given places, with axes in their unit, equally scaled', () => {
    const nodes = star.nodes.map(({ name }, i) => ({ name, x: 10 * i, y: i % 2 }));
    const placed = networkDrawing({ ...star, nodes, placeUnit: 'km' });
    expect(placed.data.at(-1)).toMatchObject({ x: [0, 10, 20, 30, 40], y: [0, 1, 0, 1, 0] });
    expect(placed.layout.xaxis).toMatchObject({ title: { text: 'x (km)' } });
    expect(placed.layout.yaxis).toMatchObject({ scaleanchor: 'x', scaleratio: 1 });
    expect(() => validateFigure(placed)).not.toThrow();
    expect(placed.data.at(-1)!.marker).toMatchObject({ color: PALETTE[1] });
  });

  it('draws equal values, and nodes without edges', async () => {
    const equal = networkDrawing({ ...star, edges: star.edges.map((edge) => ({ ...edge, value: 5 })) });
    expect(new Set(widths(equal)).size).toBe(1);
    const alone = networkDrawing({ ...star, nodes: [{ name: 'a' }], edges: [] });
    for (const figure of [equal, alone]) {
      expect(() => validateFigure(figure)).not.toThrow();
      expect(await renderSvg(figure)).toContain('<svg');
    }
  });

  it('refuses what cannot be drawn, in one line', () => {
    const edge = (change: object) => ({ edges: [{ from: 'hub', to: 'A', value: 1, ...change }] });
    const broken: [object, RegExp][] = [
      [{ nodes: [] }, /0 nodes; allowed: 1 to 300/],
      [{ nodes: [{ name: 'A' }, { name: 'A' }] }, /two nodes are named A/],
      [edge({ to: 'Z' }), /edge hub to Z; allowed: between nodes/],
      [edge({ to: 'hub' }), /two different ends/],
      [edge({ value: Number.NaN }), /value of edge hub to A is NaN/],
      [{ ...edge({ value: 0 }), logValue: true }, /allowed: a positive number/],
      [{ nodes: [{ name: 'hub', x: 1 }, { name: 'A' }] }, /hub has 1 coordinates/],
      [{ nodes: [{ name: 'hub', x: 1, y: Number.POSITIVE_INFINITY }] }, /finite numbers/],
      [{ placeUnit: 'km' }, /nodes without places/],
    ];
    for (const [change, message] of broken) {
      expect(() => networkDrawing({ ...star, ...change })).toThrow(message);
    }
  });
});

describe('timeline', () => {
  const options = {
    title: 'A schedule',
    caption: 'Two tasks on one link.',
    unit: 'ms',
    bars: [
      { row: 'link', task: 'first', start: 0, end: 2, text: 'C = 2' },
      { row: 'link', task: 'second', start: 2, end: 8 },
      { row: 'memory', task: 'first', start: 8, end: 10 },
    ],
    marks: [{ row: 'link', kind: 'deadline', at: 4 }],
  };
  const chart = timeline(options);

  it('has a bar from start to end in the row, a colour a task, an axis with its unit', () => {
    const [first, second, deadline] = chart.data;
    expect(first).toMatchObject({ base: [0, 8], x: [2, 2], y: ['link', 'memory'], orientation: 'h' });
    expect(second).toMatchObject({ base: [2], x: [6], y: ['link'] });
    expect(deadline).toMatchObject({ mode: 'markers', x: [4], y: ['link'], name: 'deadline' });
    expect(first!.marker).not.toEqual(second!.marker);
    expect(chart.layout.xaxis).toMatchObject({ title: { text: 'Time (ms)' } });
    expect(chart.table!.rows).toEqual([
      ['link', 'first', 0, 2],
      ['link', 'second', 2, 8],
      ['memory', 'first', 8, 10],
      ['link', 'deadline', 4, 4],
    ]);
    expect(() => validateFigure(chart)).not.toThrow();
  });

  it('draws rows from top to bottom in the order given', async () => {
    const svg = new JSDOM(await renderSvg(timeline({ ...options, rows: ['memory', 'link'] })), {
      contentType: 'image/svg+xml',
    }).window.document;
    expect(svg.querySelectorAll('.barlayer path')).toHaveLength(3);
    const heights = new Map(
      [...svg.querySelectorAll('.yaxislayer-above text, .yaxislayer-below text, .ytick text')].map((tick) => [
        tick.textContent,
        Number(tick.getAttribute('y')) +
          Number(/,([\d.]+)\)/.exec(tick.getAttribute('transform') ?? '')?.[1] ?? 0),
      ]),
    );
    expect(heights.get('memory')).toBeLessThan(heights.get('link')!);
  });

  it('tells more tasks apart than there are colours', () => {
    const bars = Array.from({ length: 18 }, (_, i) => ({ row: 'r', task: `${i}`, start: i, end: i + 1 }));
    const looks = timeline({ ...options, bars, marks: [] }).data.map(({ marker }) => JSON.stringify(marker));
    expect(new Set(looks).size).toBe(18);
  });

  it('refuses what cannot be drawn, in one line', () => {
    const [bar] = options.bars;
    const broken: [object, RegExp][] = [
      [{ bars: [] }, /no bars are left/],
      [{ bars: [{ ...bar, end: -1 }] }, /first on link lasts from 0 to -1/],
      [{ bars: [{ ...bar, start: Number.NaN }] }, /lasts from NaN/],
      [{ marks: [{ row: 'link', kind: 'deadline', at: Number.NaN }] }, /deadline on link is at NaN/],
      [{ rows: ['link'] }, /row memory; allowed: link/],
      [{ tasks: ['first'] }, /task second; allowed: first/],
    ];
    for (const [change, message] of broken) {
      expect(() => timeline({ ...options, ...change })).toThrow(message);
    }
  });
});
