/** Milliseconds of the processor that one of several turns takes, all threads of this process together. */
export function processorMs(turns: number, run: (turn: number) => unknown): number {
  const began = process.cpuUsage();
  for (let turn = 0; turn < turns; turn++) run(turn);
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000 / turns;
}
