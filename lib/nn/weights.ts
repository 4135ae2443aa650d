import { assignTree, type ParameterTree, snapshot } from './parameters.js';
import { readSafetensors, type SafetensorsOptions, writeSafetensors } from './safetensors.js';

/** Saves the parameters of a model as safetensors under their dotted names. @throws InputError as `writeSafetensors`. */
export async function saveWeights(
  path: string,
  tree: ParameterTree,
  options: SafetensorsOptions = {},
): Promise<void> {
  writeSafetensors(path, await snapshot(tree), options);
}

/**
 * Loads weights into a model of the same names and shapes; the model is left as it was when anything disagrees.
 * @returns the metadata of the file
 * @throws InputError when the file is not sound or does not fit the model.
 */
export function loadWeights(path: string, tree: ParameterTree): Record<string, string> {
  const { tensors, metadata } = readSafetensors(path, { what: 'weights' });
  assignTree(tree, tensors, `weights ${path}`);
  return metadata;
}
