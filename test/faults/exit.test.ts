/** How a process ends while frames flow through the addon. */
import { describe, expect, it } from 'vitest';
import { Peer } from '../peers/peer.js';
import { runScript, script } from '../peers/script.js';

const fixture = (way: string) => script(import.meta.url, 'fixtures/exit.ts', [way]);

describe('a process that streams', () => {
  it('ends by itself once all is closed', async () => {
    const { exit, log } = await runScript(fixture('close'));
    expect(exit, log).toEqual({ code: 0, signal: null });
  });

  it('ends at once on process.exit', async () => {
    const { exit, log } = await runScript(fixture('exit'));
    expect(exit, log).toEqual({ code: 3, signal: null });
  });

  it('can look at its statistics while it exits', async () => {
    const { exit, log } = await runScript(fixture('answered'));
    expect(exit, log).toEqual({ code: 0, signal: null });
    expect(log).toContain('at exit true');
  });

  it('goes on until it is told to end', async () => {
    await using peer = await Peer.start({ ...fixture('stay'), ready: /^STREAMING$/ });
    expect(peer.running).toBe(true);
    peer.kill('SIGTERM');
    expect(await peer.exited, peer.log()).toEqual({ code: null, signal: 'SIGTERM' });
  });

  it('can close in a handler of SIGTERM', async () => {
    await using peer = await Peer.start({ ...fixture('handled'), ready: /^STREAMING$/ });
    peer.kill('SIGTERM');
    expect(await peer.exited, peer.log()).toEqual({ code: 0, signal: null });
  });

  it('is not kept alive by a client that was only forgotten', async () => {
    const { exit, log } = await runScript(fixture('forgotten'));
    expect(exit, log).toEqual({ code: 0, signal: null });
  });

  it('is not kept alive by a server that is asked what it is', async () => {
    const { exit, log } = await runScript(fixture('asking'));
    expect(exit, log).toEqual({ code: 0, signal: null });
    expect(log).toContain('at exit undefined');
  });

  it('ends by an exception elsewhere as any process does', async () => {
    const { exit, log } = await runScript(fixture('uncaught'));
    expect(exit.code, log).toBe(1);
    expect(log).toContain('Error: uncaught beside the stream');
  });

  it('ends by an exception in a callback of the addon, and shows it', async () => {
    const { exit, log } = await runScript(fixture('callback'));
    expect(exit.code, log).toBe(1);
    expect(log).toContain('Error: thrown by the callback');
  });
});
