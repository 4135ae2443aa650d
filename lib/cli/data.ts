import { InputError } from '../base/index.js';
import { checkDataset } from '../source/index.js';

/**
 * `semwave data NAME [DIR]`: checks a user's copy of a data set.
 * @returns 0 when every file is there with its checksum.
 * @throws InputError when the data set is unknown, the folder absent or a file of it wrong.
 */
export async function dataCommand(name: string, dir?: string): Promise<number> {
  const { variant, filesChecked, problems } = await checkDataset(name, dir);
  for (const problem of problems) process.stdout.write(`${problem}\n`);
  if (problems.length > 0) {
    throw new InputError(
      `data set ${name}: ${problems.length} of ${filesChecked} files of ${variant} are missing or wrong`,
    );
  }
  process.stdout.write(`${name} (${variant}): ${filesChecked} files, all as they should be\n`);
  return 0;
}
