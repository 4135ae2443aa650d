import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { JSDOM } from 'jsdom';
import { chromium } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  bars,
  curve,
  type Figure,
  pictureStrip,
  readFigure,
  type WrittenReport,
  writeReport,
} from './index.js';
import { syntheticRows } from './synthetic.js';
import { escapeMarkup, scriptJson, toCsv } from './text.js';

const HOSTILE = `</script><script>window.broken = true</script><img src=x onerror="window.broken = true">'"&\u2028`;
const browserPath = process.env.SEMWAVE_CHROMIUM ?? '/usr/bin/chromium';

let dir: string;
let written: WrittenReport;
let figures: Figure[];
let page: Document;

async function noisePicture(width: number, height: number): Promise<Uint8Array> {
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 60 };
  return sharp({ create: { width, height, channels: 3, background: '#777', noise } })
    .png()
    .toBuffer();
}

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'semwave-report-'));
  const rows = syntheticRows().map((row) => ({ ...row, params: { ...row.params, note: HOSTILE } }));
  // Noise hardly compresses: twelve such pictures take over 5 MB as PNG.
  const picture = await noisePicture(480, 320);
  const strip = pictureStrip({
    name: 'pictures',
    title: `Pictures ${HOSTILE}`,
    caption: 'What the receiver sees.',
    rows: ['linear', 'deepjscc', 'adaptive', HOSTILE],
    columns: ['0 dB', '10 dB', HOSTILE],
    pictures: Array.from({ length: 4 }, () => [picture, picture, picture]),
    texts: Array.from({ length: 4 }, () => ['20 dB', '30 dB', HOSTILE]),
  });
  const psnr = (channel: string) =>
    curve(rows, {
      name: `psnr-${channel}`,
      title: `PSNR over ${channel}`,
      caption: HOSTILE,
      x: 'snrDb',
      y: 'accuracy',
      facet: 'ratio',
      where: (row) => row.params.channel === channel,
      bounds: ['separation bound'],
    });
  const named = rows.map((row) => ({ ...row, system: row.system === 'linear' ? HOSTILE : row.system }));
  figures = [strip, psnr('awgn'), psnr('rayleigh'), bars(named)];
  written = await writeReport(dir, {
    manifest: {
      preset: 'quick',
      seed: 1,
      engine: 'wasm',
      versions: { semwave: '0.1.0' },
      finishedAt: '2026-01-02T03:04:05.678Z',
      wallTimeSec: 123.4,
      command: `semwave run jscc/awgn --set note='${HOSTILE}'`,
      config: { note: HOSTILE },
    },
    experiment: { id: 'jscc/awgn', title: `Title ${HOSTILE}`, paper: HOSTILE, purpose: HOSTILE },
    rows: named,
    figures,
    notes: ['A bound that no real code reaches.', HOSTILE],
  });
  page = new JSDOM(readFileSync(written.html, 'utf8')).window.document;
});

afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('text', () => {
  it('escapes markup, script data and table cells', () => {
    expect(escapeMarkup(`<a b="c">'&\u0000`)).toBe('&lt;a b=&quot;c&quot;&gt;&#39;&amp;\uFFFD');
    const json = scriptJson({ note: HOSTILE });
    expect(json).not.toMatch(/[<\u2028]/);
    expect(JSON.parse(json)).toEqual({ note: HOSTILE });
    expect(
      toCsv({
        columns: ['a,b', 'c'],
        rows: [
          ['say "x"', 1.5],
          ['=1+1', null],
        ],
      }),
    ).toBe(`"a,b",c\r\n"say ""x""",1.5\r\n'=1+1,\r\n`);
  });
});

describe('writeReport', () => {
  it('stays under 6 MB, whatever the pictures weigh', () => {
    expect(written.bytes).toBe(readFileSync(written.html).length);
    expect(written.bytes).toBeLessThan(6_000_000);
    expect(page.querySelectorAll('table.strip img')).toHaveLength(12);
    expect(page.querySelector('figcaption')?.textContent).toMatch(/WebP of quality/);
  });

  it('lets no hostile text become an element', () => {
    expect(page.querySelectorAll('script')).toHaveLength(3);
    expect(page.querySelectorAll('[onerror]')).toHaveLength(0);
    expect(page.querySelector('h1')?.textContent).toBe(`Title ${HOSTILE}`);
    expect(page.querySelector('pre')?.textContent).toContain(HOSTILE);
  });

  it('loads nothing from anywhere', () => {
    const addresses = [...page.querySelectorAll('[src], link[href]')].map(
      (element) => element.getAttribute('src') ?? element.getAttribute('href')!,
    );
    expect(addresses.length).toBeGreaterThan(12);
    expect(addresses.filter((address) => !address.startsWith('data:'))).toEqual([]);
    expect(page.querySelector('meta[http-equiv]')?.getAttribute('content')).toMatch(/default-src 'none'/);
  });

  it('shows the run, the key numbers, the numbers behind each figure and the manifest', () => {
    const facts = page.querySelector('dl.facts')?.textContent ?? '';
    for (const fact of ['quick', 'wasm', '2026-01-02 03:04 UTC', '2 min 3 s', 'semwave 0.1.0'])
      expect(facts).toContain(fact);
    const key = [...page.querySelectorAll('section:first-of-type tbody tr')].map((row) => row.textContent);
    expect(key).toHaveLength(4);
    expect(key[2]).toContain('23.3 to 46.7 dB PSNR');
    expect(page.querySelectorAll('details')).toHaveLength(3 + 1);
    const csv = page.querySelector('a[download="psnr-awgn.csv"]')!.getAttribute('href')!;
    const lines = Buffer.from(csv.split('base64,')[1]!, 'base64').toString('utf8').trim().split('\r\n');
    expect(lines).toHaveLength(1 + 144);
    expect(page.querySelectorAll('img:not([alt])')).toHaveLength(0);
  });

  it('writes SVG, PNG and JSON of each figure, and reads the figures back', async () => {
    expect(written.figures.map(({ name }) => name)).toEqual([
      'pictures',
      'psnr-awgn',
      'psnr-rayleigh',
      'latency',
    ]);
    for (const { svg, png, json } of written.figures) {
      expect(readFileSync(svg!, 'utf8')).toMatch(/^<svg /);
      expect((await sharp(png!).metadata()).format).toBe('png');
      expect(existsSync(json)).toBe(true);
    }
    expect((await sharp(join(dir, 'figures/psnr-awgn.png')).metadata()).width).toBe(1800);
    expect(readFigure(join(dir, 'figures/psnr-awgn.json'))).toEqual(JSON.parse(JSON.stringify(figures[1])));
    const strip = readFigure(join(dir, 'figures/pictures.json'));
    const original = figures[0]!;
    if (strip.kind !== 'pictures' || original.kind !== 'pictures') throw new Error('not a strip');
    expect(Buffer.compare(strip.rows[2]!.cells[1]!.png, original.rows[2]!.cells[1]!.png)).toBe(0);
  });

  it('refuses stored figures that are none, and figures of one name', async () => {
    const bad = join(dir, 'bad.json');
    for (const text of [
      '{"name"',
      '[]',
      'null',
      '{"name":"a","title":"b","caption":"c"}',
      '{"name":"a","title":"b","caption":"c","kind":"pictures"}',
    ]) {
      writeFileSync(bad, text);
      expect(() => readFigure(bad)).toThrow(/^figure .*bad\.json: .*allowed: /);
    }
    const content = {
      manifest: {},
      experiment: { id: 'x', title: 'x' },
      rows: [],
      figures: [figures[1]!, figures[1]!],
    };
    await expect(writeReport(dir, content)).rejects.toThrow(/psnr-awgn is given twice/);
  });

  it('says in one line when the page cannot be written', async () => {
    const taken = join(dir, 'taken');
    mkdirSync(join(taken, 'report.html'), { recursive: true });
    const content = { manifest: {}, experiment: { id: 'x', title: 'x' }, rows: [], figures: [] };
    await expect(writeReport(taken, content)).rejects.toThrow(
      /^cannot write .*report\.html: it is a folder$/,
    );
  });
});

describe.skipIf(!existsSync(browserPath))(`report in Chromium (${browserPath})`, () => {
  it('opens from file:// without network or errors and draws all figures', async () => {
    const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] });
    try {
      const context = await browser.newContext({ offline: true, viewport: { width: 1000, height: 800 } });
      const tab = await context.newPage();
      const problems: string[] = [];
      const requests: string[] = [];
      tab.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
      tab.on('pageerror', (error) => problems.push(error.message));
      tab.on('request', (request) => requests.push(request.url().slice(0, 5)));
      await tab.goto(pathToFileURL(written.html).href);
      await tab.waitForFunction(() => document.documentElement.dataset.figures !== undefined, null, {
        timeout: 40_000,
      });
      const seen = await tab.evaluate(() => ({
        state: document.documentElement.dataset.figures,
        plots: [...document.querySelectorAll('.js-plotly-plot')].filter((div) =>
          div.querySelector('svg .trace'),
        ).length,
        points: document.querySelectorAll('#plot-psnr-awgn path.point').length,
        broken: 'broken' in window,
        pictures: [...document.querySelectorAll<HTMLImageElement>('table.strip img')].every(
          (img) => img.naturalWidth > 0,
        ),
        width: document.documentElement.scrollWidth,
      }));
      expect(problems).toEqual([]);
      expect(requests.filter((scheme) => scheme !== 'file:' && scheme !== 'data:')).toEqual([]);
      expect(seen).toEqual({
        state: 'drawn',
        plots: 3,
        points: 108,
        broken: false,
        pictures: true,
        width: 1000,
      });
    } finally {
      await browser.close();
    }
  });
});
