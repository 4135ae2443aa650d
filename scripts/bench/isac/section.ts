/** What every section of the benches is told. */
export interface SectionOptions {
  /** Interpreter with numpy and tensorly. */
  python: string;
  /** Turns of each side. */
  rounds: number;
}

/** One table of `npm run bench -- isac`. */
export interface Section {
  title: string;
  /** Runs both sides in turns; the table, in Markdown. */
  run(options: SectionOptions): Promise<string>;
}
