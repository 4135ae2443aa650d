// Entry of a worker thread when semwave runs from its TypeScript source: a thread does not inherit tsx.
import { register } from 'tsx/esm/api';

register();

export default async function work(task) {
  const { default: run } = await import('./worker.ts');
  return run(task);
}
