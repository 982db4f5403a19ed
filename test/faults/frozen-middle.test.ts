/** The middle of a chain stands still for longer than its connections last: what follows it tells what it missed, if anything. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { Consumer, NtNdArray } from 'pvaflow';
import { newPlace } from '../peers/network.js';
import { ourClientOf, ourServerAt, startPvaflow } from '../peers/ours.js';
import { usePeers } from '../peers/peers.js';
import { frame, until, useServers } from '../pva/serving.js';

const peers = usePeers();
const newServer = useServers();
/** Seconds without a sign of life, of both sides. */
const TIMEOUT = { EPICS_PVA_CONN_TMO: '2' };

it('loses its connections, takes them up again, and every frame is accounted for', async () => {
  const from = await newPlace();
  const source = newServer(ourServerAt(from)).addChannel('in', new NtNdArray(), { queue: { frames: 8 } });
  const args = ['consumer', '-ic', 'in', '-oc', 'middle', '-pc', 'PassThrough', '-dc'];
  const middle = await startPvaflow(peers, args, { sources: [from], ready: /in: connected/, env: TIMEOUT });
  vi.stubEnv('EPICS_PVA_CONN_TMO', TIMEOUT.EPICS_PVA_CONN_TMO);
  const last = await Consumer.create({
    consumerId: 2,
    channels: { input: 'middle' },
    network: { client: { ...ourClientOf(middle.place), useEnvironment: true }, server: { isolated: true } },
    processors: [{ className: 'PassThrough' }],
    drainTimeout: 2,
  });
  const received = () => last.stats().frameStats.nReceived;
  let id = 0;
  /** Posts as fast as they are taken, until the last consumer has got so many more. */
  const postUntilReceived = async (count: number) => {
    for (const enough = received() + count; received() < enough; await nextTurn()) await source.post(frame(++id, 64));
  };
  try {
    await last.start();
    await until(() => last.stats().frameStats.nSkipped === 1);
    await postUntilReceived(20);
    await middle.peer.freeze();
    await until(() => !last.snapshot().isConnected);
    middle.peer.kill('SIGCONT');
    await until(() => last.snapshot().isConnected);
    await postUntilReceived(20);
    const { firstId, lastId, expected, received: got, processed, missed } = last.report();
    expect(expected).toBe(got + missed.count);
    expect(expected).toBe((lastId ?? 0) - (firstId ?? 0) + 1);
    expect(processed).toBeGreaterThanOrEqual(40);
  } finally {
    await last.drain();
    vi.unstubAllEnvs();
  }
}, 240_000);
