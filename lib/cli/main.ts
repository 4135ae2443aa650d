#!/usr/bin/env node
import { runCli } from './program.js';

// A handle that a library leaves open must not keep a finished command alive.
const EXIT_GRACE_MS = 1000;

void runCli(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
  setTimeout(() => process.exit(), EXIT_GRACE_MS).unref();
});
