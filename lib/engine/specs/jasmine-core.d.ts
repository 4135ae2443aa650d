/** The part of jasmine-core 5 that is used here; the package ships no types. */
declare module 'jasmine-core' {
  export interface SpecResult {
    fullName: string;
    status: 'passed' | 'failed' | 'pending' | 'excluded';
    failedExpectations: { message: string }[];
  }
  export interface Reporter {
    specStarted?(result: SpecResult): void;
    specDone?(result: SpecResult): void;
    suiteDone?(result: SpecResult): void;
  }
  export interface Env {
    configure(options: { random: boolean }): void;
    clearReporters(): void;
    addReporter(reporter: Reporter): void;
    execute(): Promise<unknown>;
  }
  /** Installs describe, it, expect and their like as globals. */
  export function boot(): { DEFAULT_TIMEOUT_INTERVAL: number; getEnv(): Env };
}
