import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['@semwave/source'] },
  ssr: { resolve: { conditions: ['@semwave/source', 'node'] } },
  test: {
    include: ['lib/**/*.test.ts', 'scripts/**/*.test.ts', 'notebooks/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
