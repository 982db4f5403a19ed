/** What the addon holds is given back. */
import { expect, it } from 'vitest';
import { Peer } from '../peers/peer.js';
import { script } from '../peers/script.js';

const MARGIN_MIB = 48; // what the allocators keep; a leak of these rounds is hundreds

async function measure<T>(thing: string): Promise<T> {
  const output = await Peer.run(script(import.meta.url, 'fixtures/memory.ts', [thing], ['--expose-gc']));
  return JSON.parse(output) as T;
}

it.each(['pairs', 'values'])('does not grow by %s', async (thing) => {
  const { early, late } = await measure<{ early: number; late: number }>(thing);
  expect(late - early).toBeLessThan(MARGIN_MIB);
});

it('collects what was closed or dropped', async () => {
  expect(await measure('objects')).toEqual({ left: [] });
});
