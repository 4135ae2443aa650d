import { beforeAll, describe, expect, it } from 'vitest';
import { executedPage, hasJupyter, numbersIn, prepareJupyter } from './jupyter.js';

// One file for all notebooks: each takes the whole machine, and all share one installation.
describe.skipIf(!hasJupyter)('in Jupyter', () => {
  beforeAll(prepareJupyter, 240_000);

  it('01-first-light: codecs start equal, training helps on a bad link, figures appear', {
    timeout: 480_000,
  }, async () => {
    const page = await executedPage('01-first-light.ipynb');
    const [linear] = numbersIn(page, /linear codec, ratio 1\/6, SNR 10 dB: PSNR ([\d.]+) dB/g);
    const state =
      /after (\d+) steps, SNR 0 dB: PSNR ([\d.]+) dB \(gain (-?[\d.]+) dB\), SNR 10 dB: PSNR ([\d.]+) dB/g;
    const looks = numbersIn(page, state);
    expect(looks.map(([step]) => step)).toEqual([0, 10, 20, 30, 40, 50]);
    const [start, end] = [looks[0]!, looks.at(-1)!];
    expect(Math.abs(start[2]!)).toBeLessThan(0.1);
    expect(Math.abs(start[3]! - linear![0]!)).toBeLessThan(0.1);
    expect(end[1]! - start[1]!).toBeGreaterThan(0.3);

    // Graceful degradation: on every step of 5 dB both codecs gain, and neither jumps.
    const swept = numbersIn(page, /SNR (\d+) dB: linear ([\d.]+) dB, trained here ([\d.]+) dB/g);
    expect(swept.map(([snrDb]) => snrDb)).toEqual([0, 5, 10, 15, 20]);
    for (const codec of [1, 2]) {
      const rises = swept.slice(1).map((row, i) => row[codec]! - swept[i]![codec]!);
      expect(Math.min(...rises)).toBeGreaterThan(0);
      expect(Math.max(...rises)).toBeLessThan(7.5);
    }
    expect(page).toMatch(/shipped weights: (found|none)/);
    expect(page.match(/data:image\/png;base64,/g)?.length).toBeGreaterThanOrEqual(3);
    expect(page).toMatch(/<svg[^>]*class="main-svg"|data:image\/svg\+xml/);
  });

  it('02-link-level: counts meet closed forms and limits, LMMSE its theory, separation its cliff', {
    timeout: 480_000,
  }, async () => {
    const page = await executedPage('02-link-level.ipynb');
    const [uncoded] = numbersIn(page, /bit error rate ([\d.]+), closed form ([\d.]+)/g);
    expect(uncoded![0]! / uncoded![1]!).toBeCloseTo(1, 1);
    // Within 4 standard errors, and what a bin 0.2 wide and three digits may add.
    const honest = numbersIn(page, /0 was sent in ([\d.]+) of (\d+) bits, promised ([\d.]+)/g);
    expect(honest).toHaveLength(6);
    for (const [share, count, promised] of honest) {
      const error = Math.sqrt((promised! * (1 - promised!)) / count!);
      expect(Math.abs(share! - promised!)).toBeLessThan(4 * error + 0.01);
    }

    const [limit] = numbersIn(page, /Eb\/N0 ([\d.]+) dB\n/g);
    expect(limit![0]).toBeCloseTo(2.11, 2);
    const waterfall = numbersIn(page, /Eb\/N0 ([\d.]+) dB: block error rate ([\d.]+)/g);
    expect(waterfall[0]).toEqual([2, 1]);
    expect(waterfall.at(-1)![1]).toBeLessThan(0.03);

    const errorOf = (name: string) =>
      numbersIn(page, new RegExp(`${name}: mean square error ([\\d.]+)`, 'g'))[0]![0]!;
    const overTheory = errorOf('LMMSE') / errorOf('LMMSE, theory');
    expect(overTheory).toBeGreaterThan(0.85);
    expect(overTheory).toBeLessThan(1.15);
    expect(errorOf('LMMSE')).toBeLessThan(0.5 * errorOf('LS, lines between'));
    expect(errorOf('LS, lines between')).toBeLessThan(errorOf('LS, nearest pilot'));
    const lost = numbersIn(page, /: (\d+) of 200 slots lost/g).map(([count]) => count!);
    expect(lost).toHaveLength(4);
    expect(lost).toEqual(lost.toSorted((a, b) => a - b));

    const swept = numbersIn(page, /SNR (\d+) dB: separate ([\d.]+) dB, neural ([\d.]+) dB/g);
    const separate = swept.map((row) => row[1]!);
    expect(Math.max(...separate.slice(1).map((value, i) => value - separate[i]!))).toBeGreaterThan(10);
    expect(separate.at(-1)).toBe(separate.at(-2));
    expect(swept.at(-1)![2]! - swept[0]![2]!).toBeGreaterThan(3);
    expect(page.match(/data:image\/png;base64,/g)?.length).toBeGreaterThanOrEqual(5);
  });

  it('03-quantum-links: values of the literature, a bound that holds, a simulation on its closed form', {
    timeout: 480_000,
  }, async () => {
    const page = await executedPage('03-quantum-links.ipynb');
    const links = numbersIn(page, /succeeds with ([\d.]+), ([\d.]+) pairs\/s of fidelity ([\d.]+)/g);
    expect(links).toHaveLength(4);
    // Barrett and Kok: half the product of two arms of 10 km, each 0.5 emission and 0.8 detection.
    expect(links[0]![0]).toBeCloseTo((0.4 * 10 ** -0.2) ** 2 / 2, 4);
    expect(links[3]![1]).toBeGreaterThan(links[1]![1]!);
    expect(links[3]![2]).toBeLessThan(links[1]![2]!);

    const [, , stored] = numbersIn(page, /T2 0\.5 s: fidelity ([\d.]+)/g);
    expect(stored![0]).toBeCloseTo(0.5545938, 6);
    const rounds = numbersIn(page, /DEJMPS, round \d: fidelity ([\d.]+)/g).map(([fidelity]) => fidelity!);
    expect(rounds.slice(0, 4)).toEqual([0.735294, 0.845946, 0.934395, 0.972004]);
    const [perfect] = numbersIn(page, /0\.95: ([\d.]+) over perfect stations/g);
    expect(perfect![0]).toBe(0.819126);

    const keys = numbersIn(page, /km: BB84 ([\d.e+-]+) bit a pulse, bound ([\d.e+-]+)/g);
    expect(keys.at(-1)![0]! / 1.71844e-5).toBeCloseTo(1, 4);
    for (const [rate, bound] of keys) expect(rate!).toBeLessThan(bound!);
    expect(numbersIn(page, /no key beyond ([\d.]+) km/g)).toEqual([[142.01]]);

    const [run] = numbersIn(page, /(\d+) pairs in 2 s, expected (\d+) \(standard error (\d+)\)/g);
    expect(Math.abs(run![0]! - run![1]!)).toBeLessThan(4 * run![2]!);
    const [genuine] = numbersIn(page, /(\d+) of (\d+) pairs are of the two memories/g);
    expect(genuine![0]).toBe(genuine![1]);
    expect(page.match(/data:image\/png;base64,/g)?.length).toBeGreaterThanOrEqual(6);
  });

  it('04-sensing: errors on their bound above the threshold, targets where they are, verdicts that hold', {
    timeout: 480_000,
  }, async () => {
    const page = await executedPage('04-sensing.ipynb');
    const noise = numbersIn(page, /(\d+)-QAM: noise of variance ([\d.]+)/g);
    expect(noise.map(([order]) => order)).toEqual([4, 16]);
    expect(noise[0]![1]).toBeCloseTo(1, 1);
    expect(noise[1]![1]! / (17 / 9)).toBeCloseTo(1, 1);

    const errors = numbersIn(page, /SNR (-?\d+) dB: range error ([\d.]+) m, bound ([\d.]+) m/g);
    expect(errors).toHaveLength(11);
    // 100 trials: a standard error of 7 %; noise alone puts the target anywhere.
    for (const [snrDb, error, bound] of errors) {
      if (snrDb! >= -14) expect(Math.abs(error! / bound! - 1)).toBeLessThan(0.25);
      if (snrDb! <= -22) expect(error! / bound!).toBeGreaterThan(10);
    }

    expect(page).toContain('resolved: true, 3 targets');
    const found = numbersIn(page, /(-?[\d.]+) [a-z/]+ \(true (-?[\d.]+), deviation of the bound ([\d.]+)\)/g);
    expect(found).toHaveLength(9);
    for (const [value, truth, deviation] of found)
      expect(Math.abs(value! - truth!)).toBeLessThan(6 * deviation! + 0.01);
    for (const name of ['one target too few', 'one too many', 'beyond the compressed band', 'nobody there'])
      expect(page).toMatch(new RegExp(`${name}: resolved false, `));
    expect(page).toContain('all as it should be: resolved true');

    const frames = numbersIn(page, /right (\d+), resolved (\d+), resolved and wrong (\d+) of 30/g);
    expect(frames.at(-1)).toEqual([30, 30, 0]);
    expect(frames[0]![0]).toBeLessThan(10);
    expect(frames.reduce((sum, [, , wrong]) => sum + wrong!, 0)).toBeLessThan(5);

    const traded = numbersIn(page, /(\d) bits a symbol, range of target 2 to ([\d.]+) cm/g);
    expect(traded.map(([bits]) => bits)).toEqual([2, 4, 6, 8]);
    expect(traded[1]![1]! / traded[0]![1]!).toBeCloseTo(Math.sqrt(17 / 9), 1);
    expect(page.match(/data:image\/png;base64,/g)?.length).toBeGreaterThanOrEqual(4);
  });

  it('05-collaborative-perception: bytes buy accuracy, age and loss take it away, moving boxes on keeps it', {
    timeout: 480_000,
  }, async () => {
    const page = await executedPage('05-collaborative-perception.ipynb');
    const [together] = numbersIn(page, /together: (\d+) of (\d+) cars/g);
    const alone = numbersIn(page, /(\d+) points, echoes of (\d+) other cars/g);
    expect(alone).toHaveLength(3);
    for (const [, seen] of alone) expect(seen!).toBeLessThan(together![0]!);
    const found = numbersIn(page, /: (\d+) of (\d+) cars found/g);
    expect(found[1]![0]).toBeGreaterThan(found[0]![0]!);

    const costOf = (name: string) => {
      const [row] = numbersIn(page, new RegExp(`\\b${name}: AP ([\\d.]+), (\\d+) bytes a frame\\n`, 'g'));
      return { ap: row![0]!, bytes: row![1]! };
    };
    const [none, late, early] = [costOf('none'), costOf('late'), costOf('early')];
    expect(none.bytes).toBe(0);
    expect(late.ap).toBeGreaterThan(none.ap + 0.15);
    expect(late.ap).toBeLessThan(early.ap + 0.01);
    expect(early.bytes).toBeGreaterThan(200 * late.bytes);
    expect(costOf('Where2comm').ap).toBeGreaterThan(0.95 * early.ap);

    const bought = (name: string) => numbersIn(page, new RegExp(`${name}, ([\\d.]+) % of the map: AP ([\\d.]+)`, 'g'));
    const [asked, sure, any] = ['Where2comm', 'confidence only', 'any occupied cells'].map(bought);
    for (const [n, [, ap]] of asked!.entries()) {
      expect(ap!).toBeGreaterThan(sure![n]![1]!);
      expect(sure![n]![1]!).toBeGreaterThan(any![n]![1]!);
    }

    const aged = (name: string) => numbersIn(page, new RegExp(`\\d ms, ${name}: AP ([\\d.]+)`, 'g')).map(([ap]) => ap!);
    for (const name of ['early', 'late']) expect(aged(name).at(-1)!).toBeLessThan(none.ap);
    expect(aged('late, moved on').at(-1)!).toBeGreaterThan(aged('late').at(-1)! + 0.3);

    const lost = (name: string) => numbersIn(page, new RegExp(`% lost, ${name}: AP ([\\d.]+)`, 'g')).map(([ap]) => ap!);
    expect(lost('late')[3]!).toBeGreaterThan(lost('Where2comm')[3]!);
    expect(lost('Where2comm')[3]!).toBeGreaterThan(lost('early')[3]!);
    const aired = numbersIn(page, /over the air: AP ([\d.]+) \(ideal ([\d.]+)\)/g);
    expect(aired).toHaveLength(6);
    expect(aired.at(-1)![0]).toBeLessThan(none.ap);
    expect(page.match(/data:image\/png;base64,/g)?.length).toBeGreaterThanOrEqual(6);
  });
});
