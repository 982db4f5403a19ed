/** A server that is killed in the middle of a stream and comes back later, with real processes. */
import { expect, it } from 'vitest';
import { PvaClient, type PvObject } from 'pvaflow';
import { nextUpdate } from '../peers/events.js';
import { newPlace, serverAt } from '../peers/network.js';
import { ourClientOf, startPvaflow } from '../peers/ours.js';
import { usePeers } from '../peers/peers.js';
import { script } from '../peers/script.js';

const peers = usePeers();
const BACK_AT = 10_000;

it('is waited for by a consumer, which goes on and counts what it missed', async () => {
  const place = await newPlace();
  const serve = (first: number) =>
    peers.start({
      ...script(import.meta.url, 'fixtures/id-server.ts', [String(first)]),
      env: serverAt(place),
      ready: /^posted /,
    });
  const server = await serve(1);
  const consumer = await startPvaflow(
    peers,
    ['consumer', '-ic', 'x', '-sc', 'status', '-cc', 'control', '-rp', '1', '-dc'],
    {
      sources: [place],
    },
  );
  using client = new PvaClient(ourClientOf(consumer.place));
  using status = client.monitor('status');
  const statusWhen = async (isSo: (stats: Stats) => boolean) => {
    for (;;) {
      const stats = processorStats(await nextUpdate(status));
      if (isSo(stats)) return stats;
    }
  };

  await statusWhen(({ nProcessed }) => nProcessed > 50);
  server.kill('SIGKILL');
  await consumer.peer.line(/its server went away/);
  await serve(BACK_AT);
  const { nProcessed, nMissed, firstObjectId, lastObjectId } = await statusWhen(
    (stats) => stats.lastObjectId > BACK_AT + 50,
  );
  expect(nMissed).toBeGreaterThan(0);
  expect(nMissed).toBeLessThan(BACK_AT);
  expect(nProcessed + nMissed).toBe(lastObjectId - firstObjectId + 1);

  await client.put('control', { command: 'stop' });
  expect(await consumer.peer.exited).toEqual({ code: 0, signal: null });
  expect(consumer.peer.log()).toMatch(/published .* missed/);
});

interface Stats {
  readonly nProcessed: number;
  readonly nMissed: number;
  readonly firstObjectId: number;
  readonly lastObjectId: number;
}

function processorStats(status: PvObject): Stats {
  return status.get<Stats>('processorStats');
}
