/**
 * Run by end-watch.test.ts with the path of the addon: its end is watched, and it writes to stderr until it is stuck there, because nobody
 * reads, as in a terminal that was stopped by Ctrl-S. Neither `console` nor TypeScript: they make stderr one that does not wait.
 */
import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';

const { EndWatch } = createRequire(import.meta.url)(process.argv[2]);
process.on('SIGTERM', () => {});
const watch = new EndWatch(1, 2, 3, 'not read');
watch.beat('not read');
writeSync(1, 'watched');
for (;;) writeSync(2, Buffer.alloc(2 ** 16));
