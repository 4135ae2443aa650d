import { Command } from 'commander';
import { InputError } from '../../lib/base/index.js';
import { checkReferences, loadReferences, number } from './check.js';

interface Options {
  check?: boolean;
  list?: boolean;
  only?: string;
  out: string;
}

/**
 * The command of a family's reference table: `npm run bench -- FAMILY --check`.
 * @param sideBySide what the command does without an option: the family's benches against peers
 */
export function familyBench(
  family: string,
  description: string,
  sideBySide?: (out: string) => Promise<void>,
): Command {
  const without = sideBySide ? '; without an option, the benches against peers' : '';
  return new Command(family)
    .description(`${description}, measured again${without}`)
    .option('--check', 'measure every reference again and say whether it holds')
    .option('--list', 'list the references')
    .option('--only <id>', 'only those whose id begins so')
    .option('--out <folder>', 'folder for the tables (Markdown)', `runs/bench/${family}`)
    .action(async ({ check, list, only, out }: Options) => {
      if (list) {
        for (const { id, value, what, source } of await loadReferences(family)) {
          console.log(`${id}: ${number(value)}; ${what}; ${source}`);
        }
      } else if (check) {
        if (!(await checkReferences(family, out, only))) process.exitCode = 1;
      } else if (sideBySide) {
        await sideBySide(out);
      } else {
        throw new InputError('nothing to do; allowed: --check, --list');
      }
    });
}
