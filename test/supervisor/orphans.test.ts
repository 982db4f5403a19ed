/** Children and the end of their parent, with real processes. */
import { describe, expect, it } from 'vitest';
import { Peer } from '../peers/peer.js';
import { script } from '../peers/script.js';
import type { TaskConfig } from './fixtures/task.js';
import { Lifelines } from './lifelines.js';

/** A parent whose two children run and hold their lifelines. */
async function startParent(lifelines: Lifelines, config: TaskConfig = {}, orphanSeconds = 60): Promise<Peer> {
  const args = [String(lifelines.port), JSON.stringify(config), String(orphanSeconds)];
  const parent = await Peer.start({
    ...script(import.meta.url, 'fixtures/parent.ts', args),
    ready: /^READY$/,
    ownGroup: true,
  });
  await lifelines.connected(2);
  return parent;
}

describe('the children of a parent', () => {
  it('that is killed drain and end', async () => {
    await using lifelines = await Lifelines.open();
    await using parent = await startParent(lifelines);
    parent.kill('SIGKILL');
    expect(await lifelines.allEnded(2)).toEqual(['drains ', 'drains ']);
  });

  it('that is killed end even if they never come to drain', async () => {
    await using lifelines = await Lifelines.open();
    await using parent = await startParent(lifelines, {}, 0.1);
    parent.write('block');
    await parent.line(/^BLOCKING$/);
    parent.kill('SIGKILL');
    expect(await lifelines.allEnded(2)).toHaveLength(2);
  });

  it('that is killed end even if their drain never ends', async () => {
    await using lifelines = await Lifelines.open();
    await using parent = await startParent(lifelines, { drain: 'stuck' }, 0.1);
    parent.kill('SIGKILL');
    expect(await lifelines.allEnded(2)).toEqual(['drains ', 'drains ']);
  });

  it('that exits end at once', async () => {
    await using lifelines = await Lifelines.open();
    await using parent = await startParent(lifelines, { drain: 'stuck' });
    parent.write('exit');
    expect(await parent.exited).toEqual({ code: 3, signal: null });
    expect(await lifelines.allEnded(2)).toHaveLength(2);
  });

  it('drain in peace when Ctrl-C reaches the whole group', async () => {
    await using lifelines = await Lifelines.open();
    await using parent = await startParent(lifelines);
    parent.killGroup('SIGINT');
    expect(await parent.exited).toEqual({ code: 0, signal: null });
    expect(parent.output.toSorted()).toEqual(['READY', 'STOPPING', 'a drained', 'b drained']);
    expect(await lifelines.allEnded(2)).toEqual(['drains ', 'drains ']);
  });

  it('drain once when SIGTERM reaches the whole group', async () => {
    await using lifelines = await Lifelines.open();
    await using parent = await startParent(lifelines);
    parent.killGroup('SIGTERM');
    expect(await parent.exited).toEqual({ code: 0, signal: null });
    expect(await lifelines.allEnded(2)).toEqual(['drains ', 'drains ']);
  });

  it('end at once at the second Ctrl-C', async () => {
    await using lifelines = await Lifelines.open();
    await using parent = await startParent(lifelines, { drain: 'stuck' });
    parent.killGroup('SIGINT');
    await parent.line(/^STOPPING$/);
    parent.killGroup('SIGINT');
    expect(await parent.exited).toEqual({ code: 130, signal: null });
    expect(await lifelines.allEnded(2)).toHaveLength(2);
  });
});
