import { InputError } from '../../base/index.js';
import type { Rng } from '../../math/index.js';

/**
 * Random streams of a simulation's entities, each forked by the entity's name: a stream depends on the root and that name
 * only, so an entity more or less, or another order of building, leaves all other streams as they were.
 * @returns gives an entity its stream, once: two entities on one stream would draw the same numbers
 * @throws InputError (the returned function) for a name that was given before.
 */
export function entityStreams(root: Rng): (name: string) => Rng {
  const taken = new Set<string>();
  return (name) => {
    if (taken.has(name))
      throw new InputError(`entity ${JSON.stringify(name)} stands twice; allowed: one a name`);
    taken.add(name);
    return root.fork(name);
  };
}
