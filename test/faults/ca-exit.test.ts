/** How a process or a worker thread ends while values come over Channel Access. */
import { beforeAll, describe, expect, it } from 'vitest';
import { caClientOf, type Environment } from '../peers/network.js';
import { Peer } from '../peers/peer.js';
import { usePeers } from '../peers/peers.js';
import { startIoc } from '../peers/python.js';
import { runScript, script } from '../peers/script.js';

const peers = usePeers();
let env: Environment;

beforeAll(async () => {
  const { place } = await startIoc(peers, 'f:', { database: 'ca_records.db' });
  env = caClientOf(place);
});

const fixture = (way: string) => script(import.meta.url, 'fixtures/ca-exit.ts', [way]);

describe('a process with monitors of Channel Access', () => {
  it('ends by itself once its client is closed', async () => {
    const { exit, log } = await runScript(fixture('close'), env);
    expect(exit, log).toEqual({ code: 0, signal: null });
  });

  it('ends at once on process.exit', async () => {
    const { exit, log } = await runScript(fixture('exit'), env);
    expect(exit, log).toEqual({ code: 3, signal: null });
  });

  it('can close in a handler of SIGTERM', async () => {
    await using peer = await Peer.start({ ...fixture('handled'), env, ready: /^STREAMING$/ });
    peer.kill('SIGTERM');
    expect(await peer.exited, peer.log()).toEqual({ code: 0, signal: null });
  });

  it('is not kept alive by a client that was only forgotten', async () => {
    const { exit, log } = await runScript(fixture('forgotten'), env);
    expect(exit, log).toEqual({ code: 0, signal: null });
  });

  it('ends by an exception in a callback, and shows it', async () => {
    const { exit, log } = await runScript(fixture('callback'), env);
    expect(exit.code, log).toBe(1);
    expect(log).toContain('Error: thrown by the callback');
  });
});

describe('worker threads with monitors of Channel Access', () => {
  it('are terminated one after the other while the main thread goes on', async () => {
    const { exit, log } = await runScript(fixture('workers'), env);
    expect(exit, log).toEqual({ code: 0, signal: null });
    expect(log).toContain('DONE');
  });

  it('do not keep the process from its exit', async () => {
    const { exit, log } = await runScript(fixture('workerExit'), env);
    expect(exit, log).toEqual({ code: 5, signal: null });
  });
});
