/** What needs memory of the system, when it has none to give. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Peer } from '../peers/peer.js';
import { script } from '../peers/script.js';
import { compileFault } from './disk-fault.js';

const folder = mkdtempSync(join(tmpdir(), 'pvaflow-no-memory-'));
afterAll(() => rmSync(folder, { recursive: true }));

it.skipIf(process.platform !== 'linux')('sends by the connection what there is no memory to share for', async () => {
  const library = join(folder, 'no-memory.so');
  compileFault(library, 'no-memory.cpp');
  const program = script(import.meta.url, 'fixtures/no-memory.ts');
  const preload = [process.env.LD_PRELOAD, library].filter(Boolean).join(' ');
  const run = async (env: Record<string, string>) => JSON.parse(await Peer.run({ ...program, env })) as unknown;
  expect(await run({ LD_PRELOAD: preload })).toEqual({ seen: [1, 2], shared: [0] });
  expect(await run({})).toEqual({ seen: [1, 2], shared: [2] });
});
