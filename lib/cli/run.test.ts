import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Fixture, makeFixture } from './fixture.js';
import { runCli } from './program.js';

let fixture: Fixture;
const run = (out: string, ...more: string[]) =>
  fixture.semwave(['run', 'tiny.mjs', '--engine', 'cpu', '--no-report', '--out', out, ...more]);

beforeAll(() => {
  fixture = makeFixture();
});
afterAll(() => fixture.remove());

describe('semwave run', () => {
  it('gives the same rows for the same seed, on one worker and on two, and others for another seed', async () => {
    const [first, second, twoWorkers, otherSeed] = await Promise.all([
      run('first'),
      run('second'),
      run('two-workers', '--workers', '2'),
      run('other-seed', '--seed', '2'),
    ]);
    for (const { code, stderr } of [first, second, twoWorkers, otherSeed])
      expect([code, stderr]).toEqual([0, expect.any(String)]);
    expect(first.stdout).toBe('16 rows of 8/8 points: first/results.jsonl\n');
    expect(fixture.rows('first')).toHaveLength(16);
    expect(fixture.rows('second')).toEqual(fixture.rows('first'));
    expect(fixture.rows('two-workers')).toEqual(fixture.rows('first'));
    expect(fixture.rows('other-seed')).not.toEqual(fixture.rows('first'));
  });

  it('writes rows in the order of the sweep, with fields in the order of the format', () => {
    const lines = readFileSync(join(fixture.dir, 'first/results.jsonl'), 'utf8').split('\n');
    const row = JSON.parse(lines[0]!) as Record<string, unknown>;
    expect(Object.keys(row)).toEqual([
      'experiment',
      'system',
      'params',
      'seed',
      'rate',
      'accuracy',
      'latency',
    ]);
    const snrs = fixture.rows('first').map((each) => (each as { params: { snrDb: number } }).params.snrDb);
    expect(snrs).toEqual([0, 2, 4, 6, 8, 10, 12, 14].flatMap((snr) => [snr, snr]));
  });

  it('leaves a manifest that says how to run it again, without a machine path', () => {
    const text = readFileSync(join(fixture.dir, 'first/manifest.json'), 'utf8');
    const manifest = JSON.parse(text) as Record<string, unknown>;
    expect(manifest).toMatchObject({
      experiment: 'test/tiny',
      preset: 'quick',
      seed: 1,
      config: { draws: 10, snrDb: [0, 2, 4, 6, 8, 10, 12, 14] },
      engine: { name: 'cpu' },
      status: 'complete',
      command: 'semwave run tiny.mjs --preset quick --seed 1 --engine cpu',
      points: { total: 8, finished: 8, failed: 0 },
    });
    expect(Object.keys(manifest.artefacts as object)).toHaveLength(8);
    expect(text).not.toContain(fixture.dir);
  });

  it('refuses to mix two runs in one folder and says what differs', async () => {
    const before = readFileSync(join(fixture.dir, 'first/results.jsonl'), 'utf8');
    for (const [args, difference] of [
      [['--seed', '3'], 'its seed is 1, this command has 3'],
      [['--set', 'draws=11'], 'its draws is 10, this command has 11'],
      [['--preset', 'paper'], 'its draws is 10, this command has 100'],
    ] as const) {
      const { code, stderr } = await run('first', ...args);
      expect([code, stderr.trimEnd().split('\n').length]).toEqual([2, 1]);
      expect(stderr).toContain(`holds another run: ${difference}; take another --out`);
    }
    expect(readFileSync(join(fixture.dir, 'first/results.jsonl'), 'utf8')).toBe(before);
  });

  it('measures the points of each shard once', async () => {
    const measuredBefore = fixture.measuredLines().length;
    const first = await run('shards', '--shard', '1/2');
    expect(first.code).toBe(0);
    expect(first.stderr).toContain('4 points are left to other shards');
    expect(fixture.rows('shards')).toHaveLength(8);
    expect((await run('shards', '--shard', '1/1')).code).toBe(0);
    expect(fixture.rows('shards')).toEqual(fixture.rows('first'));
    expect(fixture.measuredLines().length - measuredBefore).toBe(8);
  });

  it('takes --train for --set train=true', async () => {
    expect((await run('trained', '--train')).code).toBe(0);
    expect(readFileSync(join(fixture.dir, 'trained/manifest.json'), 'utf8')).toContain('"train": true');
  });

  it('stops at Ctrl-C with what is finished, and goes on from there', async () => {
    const args = [
      'run',
      'tiny.mjs',
      '--engine',
      'cpu',
      '--no-report',
      '--out',
      'stopped',
      '--set',
      'delayMs=200',
    ];
    const child = fixture.start(args);
    const code = new Promise((resolve) => child.on('close', resolve));
    await untilSome(join(fixture.dir, 'stopped/points'));
    child.kill('SIGINT');
    expect(await code).toBe(130);
    const kept = fixture.rows('stopped').length;
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(16);
    expect((await fixture.semwave(args)).stdout).toContain(`8/8 points, ${kept / 2} found from before`);
    expect(fixture.rows('stopped')).toEqual(fixture.rows('first'));
  });
});

describe('a point that goes wrong', () => {
  it.each([
    ['throw', 'thrown at 4 dB'],
    ['exit', ''],
    ['nan', 'accuracy'],
  ])('%s: the other points are kept and the run ends with 1', async (trouble, message) => {
    const { code, stderr } = await run(trouble, '--set', `trouble=${trouble}`, '--workers', '2');
    expect(code).toBe(1);
    const last = stderr.trimEnd().split('\n').at(-1)!;
    expect(last).toMatch(/^semwave: 1 of 8 points failed: \{"snrDb":4\} \(/);
    expect(last).toContain(message);
    expect(fixture.rows(trouble)).toHaveLength(14);
    expect(JSON.parse(readFileSync(join(fixture.dir, trouble, 'manifest.json'), 'utf8'))).toMatchObject({
      status: 'incomplete',
      points: { total: 8, finished: 7, failed: 1 },
    });
  });

  it('input error: ends with 2 and one line, what was finished is kept', async () => {
    const { code, stderr } = await run('input', '--set', 'trouble=input');
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/^(test\/tiny.*\n)?semwave: weights w.safetensors: truncated\n$/),
    ]);
    expect(fixture.rows('input')).toHaveLength(4);
  });

  it('folder that can no longer be written: ends with 2 and one line, results intact', async () => {
    const { code, stderr } = await run('folder', '--set', 'trouble=folder');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^(test\/tiny.*\n)?semwave: cannot write .*\n$/);
    expect(fixture.rows('folder')).toHaveLength(4);
  });
});

describe('bad input', () => {
  const cases: [string, string[], RegExp][] = [
    ['unknown id', ['run', 'jsc/awgn'], /unknown experiment "jsc\/awgn".*semwave list/],
    [
      'unknown key',
      ['run', 'tiny.mjs', '--set', 'dras=3'],
      /no parameter "dras"; did you mean draws\? allowed: snrDb, draws/,
    ],
    [
      'out of range',
      ['run', 'tiny.mjs', '--set', 'draws=0'],
      /draws is "0"; allowed: integer from 1 to 1000/,
    ],
    ['wrong type', ['run', 'tiny.mjs', '--set', 'draws=many'], /draws is "many"; allowed: integer/],
    [
      'wrong type of a grid',
      ['run', 'tiny.mjs', '--set', 'snrDb=0,x'],
      /snrDb is "0,x"; allowed: distinct numbers from 0 to 14 dB/,
    ],
    [
      'wrong choice',
      ['run', 'tiny.mjs', '--set', 'trouble=some'],
      /trouble is "some"; allowed: one of none, throw/,
    ],
    ['no value', ['run', 'tiny.mjs', '--set', 'draws'], /--set "draws"; allowed: --set key=value/],
    ['unknown preset', ['run', 'tiny.mjs', '--preset', 'fast'], /preset is "fast"; allowed: quick, paper/],
    ['bad seed', ['run', 'tiny.mjs', '--seed', '1.5'], /--seed is "1.5"; allowed: an integer/],
    ['bad workers', ['run', 'tiny.mjs', '--workers', '0'], /--workers is 0; allowed: an integer from 1/],
    ['bad engine', ['run', 'tiny.mjs', '--engine', 'abacus'], /engine is "abacus"; allowed: .*wasm/],
    ['bad shard', ['run', 'tiny.mjs', '--shard', '5/4'], /--shard is "5\/4"; allowed: i\/n/],
    ['unknown option', ['run', 'tiny.mjs', '--sed', '3'], /unknown option --sed; did you mean --seed\?/],
    ['option with missing value', ['run', 'tiny.mjs', '--out'], /option '--out <dir>' argument missing/],
    ['missing experiment', ['run'], /missing required argument 'experiment'/],
    ['second experiment', ['run', 'tiny.mjs', 'more'], /unexpected argument "more"/],
    ['file that is absent', ['run', './none.mjs'], /experiment \.\/none\.mjs: no such file/],
    ['file without experiment', ['run', 'empty.mjs'], /its default export is not made by defineExperiment/],
    ['file with a syntax error', ['run', 'broken.mjs'], /experiment .*broken\.mjs: /],
    [
      'results below a file',
      ['run', 'tiny.mjs', '--out', 'empty.mjs/x'],
      /cannot write .*: a part of the path is not a folder/,
    ],
    [
      'results in a file',
      ['run', 'tiny.mjs', '--out', 'empty.mjs'],
      /empty\.mjs: it is a file; take another --out/,
    ],
    [
      'results in a strange folder',
      ['run', 'tiny.mjs', '--out', 'strange'],
      /strange is no run folder and not empty/,
    ],
    ['damaged manifest', ['run', 'tiny.mjs', '--out', 'damaged'], /manifest .*damaged.*: it is no JSON/],
    ['unknown command', ['lst'], /unknown command 'lst' \(Did you mean list\?\)/],
    ['report of no run', ['report', 'strange'], /strange is no run folder: it has no manifest\.json/],
    ['unknown data set', ['data', 'nothing', '.'], /nothing/],
  ];

  beforeAll(() => {
    writeFileSync(join(fixture.dir, 'empty.mjs'), '');
    writeFileSync(join(fixture.dir, 'broken.mjs'), 'export default {');
    mkdirSync(join(fixture.dir, 'strange'));
    writeFileSync(join(fixture.dir, 'strange/thesis.txt'), 'dear');
    mkdirSync(join(fixture.dir, 'damaged'));
    writeFileSync(join(fixture.dir, 'damaged/manifest.json'), '{"format": 1, "exp');
  });

  const outputs = () => readdirSync(fixture.dir, { recursive: true }).map(String).sort();

  it.each(cases)('%s: one line, exit 2, nothing written', async (_name, args, line) => {
    const before = outputs();
    const { code, stdout, stderr } = await inThisProcess(args);
    expect(stderr).toMatch(line);
    expect(stderr).toMatch(/^semwave: [^\n]+\n$/);
    expect([code, stdout]).toEqual([2, '']);
    expect(outputs()).toEqual(before);
  });

  it.each(
    cases.filter(([name]) =>
      ['unknown id', 'out of range', 'unknown option', 'results below a file'].includes(name),
    ),
  )('%s: the same of the command itself', async (_name, args, line) => {
    const { code, stdout, stderr } = await fixture.semwave(args);
    expect(stderr).toMatch(line);
    expect(stderr).toMatch(/^semwave: [^\n]+\n$/);
    expect([code, stdout]).toEqual([2, '']);
  });

  it('an internal error gives one line and a hint, exit 1, and a trace with --debug', async () => {
    writeFileSync(join(fixture.dir, 'faulty.mjs'), faulty(fixture));
    const plain = await fixture.semwave(['run', 'faulty.mjs']);
    expect([plain.code, plain.stderr]).toEqual([
      1,
      'semwave: points went wrong\nsemwave: --debug shows where it happened\n',
    ]);
    const debug = await fixture.semwave(['--debug', 'run', 'faulty.mjs']);
    expect(debug.stderr).toMatch(/\n +at .*points .*faulty/);
    expect(existsSync(join(fixture.dir, 'runs'))).toBe(false);
  });
});

/** Runs the command without a process of its own, which would take most of the time of so many cases. */
async function inThisProcess(args: readonly string[]) {
  const folder = process.cwd();
  const written = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((chunk) => {
      written[name] += String(chunk);
      return true;
    }),
  );
  process.chdir(fixture.dir);
  try {
    return { code: await runCli(args), ...written };
  } finally {
    process.chdir(folder);
    for (const spy of spies) spy.mockRestore();
  }
}

function faulty({ dir }: Fixture): string {
  const source = readFileSync(join(dir, 'tiny.mjs'), 'utf8');
  return source.replace('figures:', "points() { throw new Error('points went wrong'); },\n  figures:");
}

async function untilSome(folder: string): Promise<void> {
  for (let waited = 0; waited < 20_000; waited += 20) {
    if (existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('.jsonl'))) return;
    await new Promise((done) => setTimeout(done, 20));
  }
  throw new Error(`nothing appeared in ${folder}`);
}
