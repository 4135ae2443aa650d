/** What every section of the benches is told. */
export interface SectionOptions {
  /** Interpreter with SeQUeNCe 0.6. */
  python: string;
  /** Turns of each side. */
  rounds: number;
}

/** One table of `npm run bench -- quantum`. A builder adds a section to `bench.ts`. */
export interface Section {
  title: string;
  /** Runs both sides in turns; the table, in Markdown. */
  run(options: SectionOptions): Promise<string>;
}

/** A Markdown table whose columns but the first are numbers. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join(
    '\n',
  );
}
