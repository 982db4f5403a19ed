import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^pvaflow$/, replacement: at('src/index.ts') },
      { find: /^pvaflow\/testing$/, replacement: at('src/testing/index.ts') },
      { find: /^pvaflow\/processors\/(.*)\.js$/, replacement: at('processors/$1.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks', // the addon is tried in real processes, so that its exit is tried too
    testTimeout: 120_000, // of a machine that does other things, too; nothing is measured by it
    hookTimeout: 180_000,
    maxWorkers: 2,
  },
});
