import { Command } from 'commander';
import { InputError } from '../../lib/base/index.js';
import { checkReferences, loadReferences, number } from './check.js';

interface Options {
  check?: boolean;
  list?: boolean;
  only?: string;
  out: string;
}

/** What a family's command does without an option: its benches against peers. */
export interface SideBySide {
  /** Adds options of its own. */
  configure?(command: Command): Command;
  /** @param options all options of the command by name, `out` among them */
  run(options: Readonly<Record<string, unknown>>): Promise<void>;
}

/** The command of a family's reference table: `npm run bench -- FAMILY --check`. */
export function familyBench(family: string, description: string, sideBySide?: SideBySide): Command {
  const without = sideBySide ? '; without an option, the benches against peers' : '';
  const command = new Command(family)
    .description(`${description}, measured again${without}`)
    .option('--check', 'measure every reference again and say whether it holds')
    .option('--list', 'list the references')
    .option('--only <id>', 'only those whose id begins so')
    .option('--out <folder>', 'folder for the tables (Markdown)', `runs/bench/${family}`)
    .action(async (options: Options) => {
      const { check, list, only, out } = options;
      if (list) {
        for (const { id, value, what, source } of await loadReferences(family)) {
          console.log(`${id}: ${number(value)}; ${what}; ${source}`);
        }
      } else if (check) {
        if (!(await checkReferences(family, out, only))) process.exitCode = 1;
      } else if (sideBySide) {
        await sideBySide.run({ ...options });
      } else {
        throw new InputError('nothing to do; allowed: --check, --list');
      }
    });
  return sideBySide?.configure?.(command) ?? command;
}
