import { JSDOM } from 'jsdom';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { closeRenderer, curve, pictureStrip, renderPng, renderSvg } from './index.js';
import { syntheticRows } from './synthetic.js';

const rows = syntheticRows().filter((row) => row.params.channel === 'awgn');
const figure = curve(rows, {
  x: 'snrDb',
  y: 'accuracy',
  facet: 'ratio',
  bounds: ['separation bound'],
  title: 'PSNR <over> SNR',
});

afterAll(closeRenderer);

describe('renderSvg', () => {
  it('draws every curve and point, higher values higher up and to the right', async () => {
    const svg = new JSDOM(await renderSvg(figure), { contentType: 'image/svg+xml' }).window.document;
    expect(svg.querySelectorAll('.scatterlayer .trace path.js-line')).toHaveLength(24);
    // Three systems with markers, three panels, twelve SNRs; the bound has none.
    expect(svg.querySelectorAll('.scatterlayer path.point')).toHaveLength(3 * 3 * 12);
    const linear = [...svg.querySelectorAll('.scatterlayer .trace .points')].find(
      (layer) => layer.children.length > 0,
    )!;
    const places = [...linear.querySelectorAll('path.point')].map((point) =>
      /translate\(([-\d.]+),([-\d.]+)\)/.exec(point.getAttribute('transform')!)!.slice(1).map(Number),
    );
    expect(places).toHaveLength(12);
    for (let i = 1; i < places.length; i++) {
      expect(places[i]![0]).toBeGreaterThan(places[i - 1]![0]!);
      expect(places[i]![1]).toBeLessThan(places[i - 1]![1]!);
    }
  });

  it('writes titles as text and keeps every label inside the picture', async () => {
    const text = await renderSvg(figure);
    const svg = new JSDOM(text, { contentType: 'image/svg+xml' }).window.document;
    const labels = [...svg.querySelectorAll('text')].map((label) => label.textContent);
    for (const label of [
      'PSNR <over> SNR',
      'SNR (dB)',
      'PSNR (dB)',
      'separation bound',
      'Bandwidth ratio 1/6',
    ]) {
      expect(labels).toContain(label);
    }
    const title = svg.querySelector('.ytitle')!;
    expect(Number(title.getAttribute('x'))).toBeGreaterThan(8);
    expect(Number(title.getAttribute('x'))).toBeLessThan(45);
    const below = svg.querySelector('.xtitle')!;
    expect(Number(below.getAttribute('y'))).toBeGreaterThan(390);
    expect(Number(below.getAttribute('y'))).toBeLessThan(425);
  });

  it('draws equal figures equally and leaves the figure as it was', async () => {
    const before = JSON.stringify(figure);
    const [first, second] = await Promise.all([renderSvg(figure), renderSvg(figure)]);
    expect(second).toBe(first);
    expect(JSON.stringify(figure)).toBe(before);
  });

  it('refuses traces that need WebGL, before they can hang', async () => {
    const surface = { ...figure, data: [{ type: 'surface', z: [[1]] }] };
    await expect(renderSvg(surface)).rejects.toThrow(/trace type surface; allowed: scatter/);
  });

  it('works again after its page was closed', async () => {
    await closeRenderer();
    expect(await renderSvg(figure, { width: 500, height: 300 })).toContain('width="500" height="300"');
  });
});

describe('renderPng', () => {
  it('has the size asked for, curves in their colours, and letters without a font installed', async () => {
    const png = await renderPng(figure, { scale: 1 });
    const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([900, 430]);
    const near = (colour: number[]) => {
      let count = 0;
      for (let i = 0; i < data.length; i += 3) {
        if (colour.every((value, c) => Math.abs(data[i + c]! - value) < 12)) count++;
      }
      return count;
    };
    for (const colour of [
      [0, 114, 178],
      [213, 94, 0],
      [0, 158, 115],
    ])
      expect(near(colour)).toBeGreaterThan(200);
    // The title's ink, in the band that holds nothing else.
    let ink = 0;
    for (let i = 900 * 12 * 3; i < 900 * 36 * 3; i += 3) if (data[i]! < 90) ink++;
    expect(ink).toBeGreaterThan(150);
    await expect(renderPng(figure, { scale: 40 })).rejects.toThrow(/scale is 40; allowed/);
  });

  it('lays a strip out in rows and columns and keeps the pixels', async () => {
    const colours = ['#ff0000', '#00ff00', '#0000ff', '#ffff00'];
    const pictures = await Promise.all(
      colours.map((background) =>
        sharp({ create: { width: 200, height: 100, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    );
    const strip = pictureStrip({
      name: 'strip',
      title: 'Strip',
      caption: 'Four colours.',
      rows: ['first', 'second'],
      columns: ['a', 'b'],
      pictures: [
        pictures.slice(0, 2),
        [`data:image/png;base64,${pictures[2]!.toString('base64')}`, pictures[3]!],
      ],
      texts: [
        ['1 dB', '2 dB'],
        ['3 dB', '4 dB'],
      ],
    });
    const { data, info } = await sharp(await renderPng(strip))
      .raw()
      .toBuffer({ resolveWithObject: true });
    const count = (r: number, g: number, b: number) => {
      let pixels = 0;
      for (let i = 0; i < data.length; i += info.channels) {
        if (data[i] === r && data[i + 1] === g && data[i + 2] === b) pixels++;
      }
      return pixels;
    };
    for (const [r, g, b] of [
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255],
      [255, 255, 0],
    ] as const) {
      expect(count(r, g, b)).toBe(200 * 100);
    }
    const svg = await renderSvg(strip);
    expect(svg.match(/<image /g)).toHaveLength(4);
    expect(svg).toContain('>second<');
  });
});
