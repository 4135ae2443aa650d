/** What became of one spec. */
export interface SpecOutcome {
  /** Full name; where several specs bear the same, `#2`, `#3`, … is appended. */
  name: string;
  status: 'passed' | 'failed' | 'pending';
  /** First line of each failed expectation. */
  messages?: string[];
}

/** A whole run of the specs on one engine. */
export interface SpecRun {
  engine: string;
  specs: SpecOutcome[];
  /** Why the run ended early, where it did. */
  crash?: string;
}

/** Specs that one engine passes and another does not, under one cause. */
export interface LostGroup {
  cause: string;
  specs: string[];
}

/** Numbers of a run: specs that passed, that failed, and that declared themselves pending. */
export function tally({ specs }: SpecRun): Record<SpecOutcome['status'], number> {
  const count = (status: SpecOutcome['status']) => specs.filter((spec) => spec.status === status).length;
  return { passed: count('passed'), failed: count('failed'), pending: count('pending') };
}

/** Specs that `reference` passes and `run` does not, largest group first. */
export function lostSpecs(run: SpecRun, reference: SpecRun): LostGroup[] {
  const outcomes = new Map(run.specs.map((spec) => [spec.name, spec]));
  const groups = new Map<string, string[]>();
  for (const { name, status } of reference.specs) {
    const outcome = outcomes.get(name);
    if (status !== 'passed' || outcome?.status === 'passed') continue;
    const cause = outcome ? causeOf(outcome) : 'did not run';
    groups.set(cause, [...(groups.get(cause) ?? []), name]);
  }
  return [...groups]
    .map(([cause, specs]) => ({ cause, specs }))
    .sort((a, b) => b.specs.length - a.specs.length || a.cause.localeCompare(b.cause));
}

/** The message that a failed spec shares with its like: numbers and arrays are left out. */
function causeOf({ status, messages = [] }: SpecOutcome): string {
  const message = messages[0] ?? status;
  return message
    .replace(/^(Failed: |Error: )+/, '')
    .replace(/(?<![A-Za-z\d])-?\d[\d.]*(e[-+]?\d+)?(?![A-Za-z])/g, 'N')
    .replace(/(N\s*,\s*)+N/g, 'N')
    .slice(0, 160);
}

/** A comparison as lines for people: both tallies, then what was lost by cause, then what was gained. */
export function formatComparison(run: SpecRun, reference: SpecRun): string {
  const lost = lostSpecs(run, reference);
  const gained = lostSpecs(reference, run);
  const count = (groups: LostGroup[]) => groups.reduce((sum, { specs }) => sum + specs.length, 0);
  const passed = tally(reference).passed;
  const share = passed > 0 ? ((100 * (passed - count(lost))) / passed).toFixed(2) : '0';
  const listed = (groups: LostGroup[]) =>
    groups.flatMap(({ cause, specs }) => [
      `  ${String(specs.length).padStart(4)}  ${cause}`,
      ...specs.slice(0, 3).map((name) => `          ${name}`),
    ]);
  return [
    summary(reference),
    summary(run),
    `lost against ${reference.engine}: ${count(lost)} (${share} % of its ${passed} hold)`,
    ...listed(lost),
    `gained: ${count(gained)}`,
    ...listed(gained),
  ].join('\n');
}

/** One line on a run. */
export function summary(run: SpecRun): string {
  const { passed, failed, pending } = tally(run);
  const crash = run.crash ? `; ended early: ${run.crash}` : '';
  return `${run.engine}: ${passed} passed, ${failed} failed, ${pending} pending${crash}`;
}
