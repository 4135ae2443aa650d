/**
 * Our LDPC decoders beside Sionna's on this machine:
 *
 *     npx tsx --conditions=@semwave/source scripts/bench/phy/ldpc-sionna.ts speed --python VENV/bin/python
 *     npx tsx --conditions=@semwave/source scripts/bench/phy/ldpc-sionna.ts decisions --python VENV/bin/python
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { median, Rng } from '../../../lib/math/index.js';
import { type LdpcCode, ldpcCode, randomBits } from '../../../lib/phy/index.js';
import { type Peer, pythonPeer } from '../peer.js';

const startSionna = (python: string): Peer =>
  pythonPeer(python, new URL('sionna_ldpc.py', import.meta.url), 'sionna-no-rt', {});

const large = { k: 8448, n: 16896, iterations: 10 };

/** Seconds a block of noisy words. */
function secondsOf(code: LdpcCode, words: Float32Array[]): number {
  const start = performance.now();
  for (const word of words) code.decode(word);
  return (performance.now() - start) / 1000 / words.length;
}

function noisyWords(code: LdpcCode, count: number, rng: Rng): Float32Array[] {
  return Array.from({ length: count }, () => {
    const word = code.encode(randomBits(rng, code.k));
    return rng.fillNormal(new Float32Array(code.n), 4, Math.sqrt(8)).map((llr, i) => (word[i] ? -llr : llr));
  });
}

/** Turn by turn: 500 blocks of ours, then one batch of Sionna's for each setting. */
async function speed(python: string, rounds: number): Promise<void> {
  const sionna = startSionna(python);
  const code = ldpcCode({ ...large, decoder: 'min-sum-int8', earlyStop: false });
  const words = noisyWords(code, 50, Rng.of('speed'));
  const settings = [1, 2].flatMap((threads) => [1, 8].map((batch) => ({ threads, batch })));
  const theirs = settings.map(() => [] as number[]);
  const ours: number[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(median(Array.from({ length: 10 }, () => secondsOf(code, words))));
    for (const [index, setting] of settings.entries()) {
      const request = { do: 'time', ...large, cn_update: 'minsum', ...setting };
      const { seconds } = await sionna.ask<{ seconds: number }>(request);
      theirs[index]!.push(seconds / setting.batch);
    }
  }
  sionna.close();
  report(ours, theirs, settings);
}

function report(ours: number[], theirs: number[][], settings: { threads: number; batch: number }[]): void {
  const rate = (seconds: number) => `${((large.k / seconds) * 1e-6).toPrecision(3)} Mb/s`;
  console.log(`semwave, 8-bit min-sum, one core: ${rate(median(ours))}`);
  for (const [index, { threads, batch }] of settings.entries()) {
    const seconds = theirs[index]!;
    const ratios = seconds.map((value, round) => value / ours[round]!);
    const setup = `Sionna, min-sum, ${threads} threads, batch ${batch}`;
    console.log(
      `${setup}: ${rate(median(seconds))}; ratio ${median(ratios).toFixed(0)}, least ${Math.min(...ratios).toFixed(0)}`,
    );
  }
}

const decisions = [
  { k: 256, n: 768, bits_per_symbol: 2, snr_db: -0.7 },
  { k: 640, n: 960, bits_per_symbol: 4, snr_db: 9.3 },
  { k: 1200, n: 2400, bits_per_symbol: 6, snr_db: 10.7 },
];

/** Sionna makes LLRs and decides; we decide on the same LLRs. */
async function compareDecisions(python: string, blocks: number): Promise<void> {
  const sionna = startSionna(python);
  const folder = mkdtempSync(join(tmpdir(), 'semwave-ldpc-'));
  try {
    for (const setup of decisions) {
      const file = join(folder, 'llrs.bin');
      const request = {
        do: 'llrs',
        seed: 1,
        blocks,
        iterations: 20,
        cn_update: 'boxplus-phi',
        file,
        ...setup,
      };
      const { errors } = await sionna.ask<{ errors: number }>(request);
      const counts = (['sum-product', 'min-sum', 'min-sum-int8'] as const).map((decoder) => {
        const { k, n, bits_per_symbol: bitsPerSymbol } = setup;
        return `${decoder} ${wrongBlocks(ldpcCode({ k, n, bitsPerSymbol, decoder }), readFileSync(file), blocks)}`;
      });
      console.log(`${JSON.stringify(setup)}, ${blocks} blocks: Sionna ${errors} wrong; ${counts.join(', ')}`);
    }
  } finally {
    sionna.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Wrong blocks of ours, and those in which Sionna's decision is another. */
function wrongBlocks(code: LdpcCode, data: Buffer, blocks: number): string {
  const { k, n } = code;
  const llrs = new Float32Array(data.buffer.slice(data.byteOffset, data.byteOffset + 4 * blocks * n));
  let wrong = 0;
  let different = 0;
  for (let block = 0; block < blocks; block++) {
    const sent = data.subarray(4 * blocks * n + block * k, 4 * blocks * n + (block + 1) * k);
    const theirs = data.subarray(4 * blocks * n + (blocks + block) * k).subarray(0, k);
    const ours = Buffer.from(code.decode(llrs.subarray(block * n, (block + 1) * n)).bits);
    const failed = !ours.equals(sent);
    if (failed) wrong++;
    if (failed === theirs.equals(sent)) different++;
  }
  return `${wrong} (${different} judged otherwise)`;
}

const program = new Command('ldpc-sionna').description('our LDPC decoders beside those of Sionna');
program
  .command('speed')
  .requiredOption('--python <path>', 'an interpreter that has sionna-no-rt')
  .option('--rounds <n>', 'turns', '5')
  .action(({ python, rounds }: { python: string; rounds: string }) => speed(python, Number(rounds)));
program
  .command('decisions')
  .requiredOption('--python <path>', 'an interpreter that has sionna-no-rt')
  .option('--blocks <n>', 'blocks a code', '500')
  .action(({ python, blocks }: { python: string; blocks: string }) =>
    compareDecisions(python, Number(blocks)),
  );
program.parseAsync().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
