import { Command } from 'commander';
import { InputError } from '../../../lib/base/index.js';
import { checkReferences, loadReferences, number } from '../check.js';

interface Options {
  check?: boolean;
  list?: boolean;
  only?: string;
  out: string;
}

/** `npm run bench -- phy`: the reference table of the physical layer and the channels. */
export function bench(): Command {
  return new Command('phy')
    .description('the reference table of the physical layer and the channels, measured again')
    .option('--check', 'measure every reference again and say whether it holds')
    .option('--list', 'list the references')
    .option('--only <id>', 'only those whose id begins so')
    .option('--out <folder>', 'folder for the table (Markdown)', 'runs/bench/phy')
    .action((options: Options) => run(options));
}

async function run({ check, list, only, out }: Options): Promise<void> {
  if (list) {
    for (const { id, value, what, source } of await loadReferences('phy')) {
      console.log(`${id}: ${number(value)}; ${what}; ${source}`);
    }
  } else if (check) {
    if (!(await checkReferences('phy', out, only))) process.exitCode = 1;
  } else {
    throw new InputError('nothing to do; allowed: --check, --list');
  }
}
