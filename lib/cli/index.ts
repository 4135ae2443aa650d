/** The `semwave` command: list, run, report, doctor, data. */
export { runCli } from './program.js';
