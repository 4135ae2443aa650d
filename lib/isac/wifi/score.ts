/** What a protocol measures of one way to classify. */
export interface ProtocolScore {
  readonly protocol: 'in-domain' | 'zero-shot' | 'one-shot' | 'new class';
  /**
   * By the network: `templates` of Weight-Net, `class means`, `adopted` (transductive), `labelled sample`. By the Doppler
   * profile, without a network: `ridge`, `1-NN`.
   */
  readonly method: string;
  readonly correct: number;
  readonly trials: number;
}

export type ScoreName = Pick<ProtocolScore, 'protocol' | 'method'>;

/** The score of found labels against those of the samples. */
export function scoreOf(
  name: ScoreName,
  found: readonly number[],
  test: readonly { readonly label: number }[],
): ProtocolScore {
  const correct = found.filter((label, index) => label === test[index]!.label).length;
  return { ...name, correct, trials: test.length };
}

/** One score for each protocol and method, in the order in which they first appear. */
export function summed(scores: readonly ProtocolScore[]): ProtocolScore[] {
  const sums = new Map<string, ProtocolScore>();
  for (const score of scores) {
    const name = `${score.protocol}, ${score.method}`;
    const { correct, trials } = sums.get(name) ?? { correct: 0, trials: 0 };
    sums.set(name, { ...score, correct: correct + score.correct, trials: trials + score.trials });
  }
  return [...sums.values()];
}
