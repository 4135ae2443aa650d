import { parseArgs } from 'node:util';
import { Rng } from '../../../lib/math/index.js';
import { type CrossingOptions, crossing } from '../../../lib/v2x/index.js';

/** Frames a second on one core: whole frames of the crossing, that is traffic, ray casting, noise, dropout and clouds. */

const line = { beams: 64, azimuths: 1024 };
const setups: Record<string, Omit<CrossingOptions, 'rng'>> = {
  '4 vehicles': { cavs: 4, lidar: line },
  '3 vehicles and a tilted road-side unit': { cavs: 3, rsu: {}, lidar: line },
  '3 vehicles and a UAV': { cavs: 3, uav: {}, lidar: line },
};

/** By the processor's time, which other processes on the machine disturb less than the wall clock. */
function framesPerSecond(
  options: Omit<CrossingOptions, 'rng'>,
  frames: number,
): { processor: number; wall: number } {
  const scene = crossing({ rng: Rng.of(1), ...options });
  for (let index = 0; index < frames / 2; index++) scene.frame(index % scene.frameCount);
  const used = process.cpuUsage();
  const began = performance.now();
  for (let index = 0; index < frames; index++) scene.frame(index % scene.frameCount);
  const wallSec = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(used);
  return { processor: (1e6 * frames) / (user + system), wall: frames / wallSec };
}

function main(): void {
  const { values } = parseArgs({ options: { frames: { type: 'string', default: '60' } } });
  console.log('4 agents x 64 beams x 1,024 azimuths = 262,144 rays a frame; wanted: 20 frames/s on one core');
  for (const [name, options] of Object.entries(setups)) {
    const { processor, wall } = framesPerSecond(options, Number(values.frames));
    const rays = (4 * 64 * 1024 * processor) / 1e6;
    console.log(
      `${name}: ${processor.toFixed(1)} frames per processor second (${rays.toFixed(1)} M rays/s), ${wall.toFixed(1)} by the wall clock`,
    );
  }
}

main();
