import { Rng } from 'semwave/math';

/**
 * The stream of a scene of a run: the same for all points and systems, so that what is compared saw the same; another
 * `--seed` gives other scenes.
 */
export const sceneRng = (seed: number, scene: number): Rng => Rng.of(seed).fork('scene').fork(scene);
