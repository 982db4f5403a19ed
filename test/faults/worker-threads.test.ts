/** The addon in worker threads. */
import { expect, it } from 'vitest';
import { runScript, script } from '../peers/script.js';

it('survives that workers are terminated while they stream', async () => {
  const { exit, log } = await runScript(script(import.meta.url, 'fixtures/workers.ts'));
  expect(exit, log).toEqual({ code: 0, signal: null });
  expect(log).toContain('DONE');
});

it('lets the process exit while a worker streams', async () => {
  const { exit, log } = await runScript(script(import.meta.url, 'fixtures/worker-exit.ts'));
  expect(exit, log).toEqual({ code: 5, signal: null });
});
