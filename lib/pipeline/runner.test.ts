import type * as fs from 'node:fs';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defineExperiment, type NewRow } from './experiment.js';
import { readManifest } from './manifest.js';
import { param } from './params.js';
import { type RunOptions, runExperiment } from './runner.js';
import { pointKey, readResults, Store } from './store.js';

const disk = vi.hoisted(() => ({ fullFor: '' }));

vi.mock('node:fs', async (importOriginal) => {
  const real = await importOriginal<typeof fs>();
  const writeFileSync: typeof real.writeFileSync = (path, ...rest) => {
    if (disk.fullFor && String(path).includes(disk.fullFor))
      throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
    return real.writeFileSync(path, ...rest);
  };
  return { ...real, writeFileSync };
});

let dir: string;
let measured: number[];
let prepared: number;
const log = vi.fn();
const options = (more: RunOptions = {}): RunOptions => ({
  out: dir,
  engine: 'cpu',
  report: false,
  log,
  ...more,
});

const experiment = defineExperiment({
  id: 'test/run',
  title: 'Run',
  paper: '',
  purpose: '',
  params: { n: param.grid({ from: 1, to: 4, step: 1 }), gain: param.number({ default: 2, min: 0, max: 9 }) },
  presets: { quick: { cost: '' }, paper: { cost: '', gain: 3 } },
  async prepare({ rng, saveArtefact }) {
    prepared++;
    saveArtefact('model/weights.txt', String(rng.uniform()));
  },
  async *measure({ n }, { rng, config, artefact }) {
    measured.push(n);
    const weights = Number(Buffer.from(artefact('model/weights.txt')!).toString());
    yield row(rng.uniform() * config.gain + weights);
  },
  figures: () => [],
});

function row(value: number): NewRow {
  return {
    system: 's',
    rate: { value: 1, unit: 'bit' },
    accuracy: { value, unit: 'dB', metric: 'PSNR' },
    latency: { value: 0, unit: 's' },
  };
}

beforeEach(() => {
  dir = join(mkdtempSync(join(tmpdir(), 'semwave-')), 'run');
  measured = [];
  prepared = 0;
  disk.fullFor = '';
});
afterEach(() => rmSync(join(dir, '..'), { recursive: true, force: true }));

describe('runExperiment', () => {
  it('prepares once, measures each point once, and finds everything done the second time', async () => {
    const first = await runExperiment(experiment, options());
    const second = await runExperiment(experiment, options());
    expect([prepared, measured]).toEqual([1, [1, 2, 3, 4]]);
    expect(second.rows).toEqual(first.rows);
    expect(second.points).toEqual({ total: 4, finished: 4, measured: 0 });
    expect(readResults(dir)).toEqual(first.rows);
    expect(first.rows[2]).toMatchObject({ experiment: 'test/run', seed: 1, params: { n: 3 } });
  });

  it('gives a point the same stream whatever else is swept, and another one for another seed or experiment', async () => {
    const all = await runExperiment(experiment, options());
    const one = await runExperiment(experiment, options({ out: `${dir}-one`, sets: ['n=3'] }));
    const other = await runExperiment(
      { ...experiment, id: 'test/other' },
      options({ out: `${dir}-other`, sets: ['n=3'] }),
    );
    const seed2 = await runExperiment(experiment, options({ out: `${dir}-2`, sets: ['n=3'], seed: 2 }));
    expect(one.rows[0]!.accuracy.value).toBe(all.rows[2]!.accuracy.value);
    expect(other.rows[0]!.accuracy.value).not.toBe(one.rows[0]!.accuracy.value);
    expect(seed2.rows[0]!.accuracy.value).not.toBe(one.rows[0]!.accuracy.value);
  });

  it('keeps what is finished when the disk fills up, and goes on when there is room', async () => {
    const whole = await runExperiment(experiment, options({ out: `${dir}-whole` }));
    measured = [];
    disk.fullFor = pointKey({ n: 3 });
    await expect(runExperiment(experiment, options())).rejects.toThrow(
      /^cannot write .*: no space left on the device$/,
    );
    expect(readResults(dir)).toEqual(whole.rows.slice(0, 2));
    expect(readdirSync(join(dir, 'points')).filter((name) => name.endsWith('.part'))).toEqual([]);
    disk.fullFor = '';
    measured = [];
    const { rows } = await runExperiment(experiment, options());
    expect([rows, measured]).toEqual([whole.rows, [3, 4]]);
  });

  it('removes temporary files that a killed process left, artefacts included', async () => {
    await runExperiment(experiment, options());
    const left = ['results.jsonl.1.part', 'points/a.part', 'artefacts/model/b.part'].map((name) =>
      join(dir, name),
    );
    for (const path of left) {
      writeFileSync(path, 'half');
      utimesSync(path, 0, 0);
    }
    await runExperiment(experiment, options());
    expect(left.filter((path) => existsSync(path))).toEqual([]);
  });

  it('measures nothing in a folder that is full from the start', async () => {
    disk.fullFor = 'manifest.json';
    await expect(runExperiment(experiment, options())).rejects.toThrow('no space left');
    expect([prepared, measured]).toEqual([0, []]);
  });

  it('goes on after a point that throws and tells which it was', async () => {
    const faulty = defineExperiment({
      ...experiment,
      async *measure({ n }) {
        if (n === 2) throw new Error('singular matrix');
        yield row(n === 3 ? Number.NaN : n);
      },
    });
    const { failed, rows } = await runExperiment(faulty, options());
    expect(failed.map(({ point, message }) => [point, message.split(':')[0]])).toEqual([
      [{ n: 2 }, 'singular matrix'],
      [{ n: 3 }, 'row of system "s"'],
    ]);
    expect(rows.map(({ params }) => params.n)).toEqual([1, 4]);
    expect(readManifest(dir)).toMatchObject({ status: 'incomplete', points: { finished: 2, failed: 2 } });
  });

  it('refuses an artefact name that leads out of its folder', async () => {
    for (const name of ['../manifest.json', '/etc/x', 'a/../../b', '']) {
      const leaving = defineExperiment({
        ...experiment,
        async *measure(_, { saveArtefact }) {
          saveArtefact(name, 'x');
          yield row(0);
        },
      });
      await expect(runExperiment(leaving, options())).rejects.toThrow('artefact name');
    }
  });
});

describe('Store', () => {
  const points = [{ n: 1 }, { n: 2 }];
  const full = { experiment: 'e', seed: 1, params: {}, ...row(1) };
  const fileOf = (point: { n: number }) => join(dir, 'points', `${pointKey(point)}.jsonl`);

  it.each([
    ['cut anywhere', (text: string) => text.slice(0, -2)],
    ['without its last line', (text: string) => text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1)],
    ['with one digit changed', (text: string) => text.replace('"value":1', '"value":2')],
    ['with a row missing', (text: string) => text.slice(text.indexOf('\n') + 1)],
    ['empty', () => ''],
  ])('counts a point file %s as missing', (_name, damage) => {
    const store = new Store(dir, 'run', points);
    store.commit({ n: 1 }, [full, full]);
    store.commit({ n: 2 }, []);
    expect(new Store(dir, 'run', points).missing()).toEqual([]);
    writeFileSync(fileOf({ n: 1 }), damage(readFileSync(fileOf({ n: 1 }), 'utf8')));
    expect(new Store(dir, 'run', points).missing()).toEqual([{ n: 1 }]);
  });

  it('counts point files of another run as missing', () => {
    new Store(dir, 'run', points).commit({ n: 1 }, [full]);
    expect(new Store(dir, 'other', points).missing()).toEqual(points);
  });

  it('names the line of results that is damaged', () => {
    const store = new Store(dir, 'run', points);
    store.commit({ n: 1 }, [full]);
    store.assemble();
    writeFileSync(store.resultsPath, `${readFileSync(store.resultsPath, 'utf8')}{"experiment":`);
    expect(() => readResults(dir)).toThrow(/results\.jsonl:2: measurement line is not JSON/);
  });
});
