/** Children of a real supervisor: each test runs with processes, most also with threads. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { configureLogging, interceptLog } from '../../src/core/logger.js';
import type { ChildSpec } from '../../src/supervisor/child-spec.js';
import type { SupervisedChild } from '../../src/supervisor/supervised-child.js';
import { Supervisor, type SupervisorOptions } from '../../src/supervisor/supervisor.js';
import type { TaskConfig, TestShape } from './fixtures/task.js';

const module = new URL('./fixtures/task.ts', import.meta.url).href;
const supervisors: Supervisor[] = [];
const quick = { statsPeriod: 0.05, restart: { delay: 0.01, maxDelay: 0.02 } } as const;

afterEach(async () => {
  await Promise.all(supervisors.splice(0).map((supervisor) => supervisor.kill()));
});

/** A child, with everything that it says. */
function startChild(
  config: TaskConfig,
  options: SupervisorOptions = {},
  spec: Partial<ChildSpec<TestShape>> = {},
): Watched {
  const supervisor = new Supervisor({ ...quick, ...options });
  supervisors.push(supervisor);
  const watched = { supervisor, infos: [], stats: [], reports: [], crashes: [], wake: () => {} } as unknown as Watched;
  const note = (list: unknown[]) => (item: unknown) => {
    list.push(item);
    watched.wake();
  };
  watched.child = supervisor.start<TestShape>({
    name: 'child',
    module,
    config,
    onReady: note(watched.infos),
    onStats: note(watched.stats),
    onReport: note(watched.reports),
    onCrash: note(watched.crashes),
    ...spec,
  });
  return watched;
}

interface Watched {
  supervisor: Supervisor;
  child: SupervisedChild<TestShape>;
  infos: TestShape['info'][];
  stats: TestShape['stats'][];
  reports: TestShape['report'][];
  crashes: string[];
  wake: () => void;
}

/** Waits until what was said by a child fulfils a condition. */
async function until(watched: Watched, isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise<void>((resolve) => (watched.wake = resolve));
}

/** The lines that are logged until the function that is returned is called. */
function logLines(): { lines: string[]; [Symbol.dispose](): void } {
  configureLogging({ level: 'info' });
  const lines: string[] = [];
  const release = interceptLog((text) => lines.push(...text.trimEnd().split('\n')));
  return {
    lines,
    [Symbol.dispose]: () => {
      release();
      configureLogging({ level: 'warn' });
    },
  };
}

describe.each([
  ['a process', false],
  ['a thread', true],
])('a child in %s', (_where, inThread) => {
  it('tells that it runs, its figures, answers, drains, and reports', async () => {
    const watched = startChild({}, {}, { inThread });
    const { child } = watched;
    const info = await child.ready;
    expect(info).toEqual({ pid: expect.any(Number) as number, nRestarts: 0, lastExit: '' });
    expect(info.pid === process.pid).toBe(inThread);
    await until(watched, () => watched.stats.length > 2);
    expect(await child.request('echo', { a: [1, NaN] })).toEqual({ args: { a: [1, NaN] }, big: 2n ** 60n });
    await expect(child.request('unheard')).rejects.toThrow('no unheard');
    expect(child.stats()).toMatchObject({ state: 'running', isResponding: true, nRestarts: 0, lastExit: '' });
    expect(await child.stop()).toEqual({ outcome: 'stopped' });
    expect(watched.reports).toEqual([{ how: 'drained' }]);
    expect(watched.stats.map(({ nTicks }) => nTicks)).toEqual(watched.stats.map((_, at) => at + 1));
    expect(child.stats()).toMatchObject({ state: 'ended', pid: undefined });
    await expect(child.request('echo')).rejects.toThrow('child does not run');
  });

  it('ends by itself when its work is over, and is not started again', async () => {
    const watched = startChild({}, {}, { inThread });
    await watched.child.ready;
    await watched.child.request('finish');
    expect(await watched.child.ended).toEqual({ outcome: 'done' });
    expect(watched.reports).toEqual([{ how: 'drained' }]);
  });

  it('that cannot start says why, once', async () => {
    const { child } = startChild({ start: 'fail' }, {}, { inThread });
    await expect(child.ready).rejects.toThrow('it cannot start');
    expect(await child.ended).toMatchObject({ outcome: 'failed' });
  });

  it('that cannot go on drains, says why, and is not started again', async () => {
    const watched = startChild({}, {}, { inThread });
    await watched.child.ready;
    await watched.child.request('fail');
    expect(await watched.child.ended).toMatchObject({ outcome: 'failed' });
    expect(watched.reports).toEqual([{ how: 'drained' }]);
  });

  it('is started again after an exception that nobody catches, and knows of it', async () => {
    const watched = startChild({}, {}, { inThread });
    const { child } = watched;
    await child.ready;
    await child.request('throw');
    await until(watched, () => watched.infos.length === 2);
    expect(watched.crashes).toEqual([expect.stringContaining('nobody catches this')]);
    expect(watched.infos[1]).toMatchObject({
      nRestarts: 1,
      lastExit: expect.stringContaining('nobody catches') as string,
    });
    expect(child.stats()).toMatchObject({ nRestarts: 1, state: 'running' });
    expect(watched.reports).toEqual([]);
  });

  it('logs line by line, marked with its name', async () => {
    using log = logLines();
    const { child } = startChild({}, {}, { inThread });
    await child.ready;
    await child.request('print');
    await child.stop();
    const texts = log.lines.map((line) => line.slice(line.indexOf(']') + 2));
    expect(texts).toEqual(
      expect.arrayContaining([
        'INFO (child): task of {}',
        'INFO (child): said',
        'INFO (child): with two lines',
        'WARN (child): warned',
      ]),
    );
  });

  it('is killed when it neither drains nor obeys', async () => {
    const options = { stopTimeout: 0.05, killTimeout: 0.05 };
    const watched = startChild({ drain: 'stuck', obeysAbort: false }, options, { inThread });
    await watched.child.ready;
    expect(await watched.child.stop()).toMatchObject({ outcome: 'killed' });
    expect(watched.reports).toEqual([]);
  });

  it('is killed when it blocks', async () => {
    const { child } = startChild({}, { stopTimeout: 0.05, killTimeout: 0.05 }, { inThread });
    await child.ready;
    const never = child.request('block').catch((error: unknown) => error);
    expect(await child.stop()).toMatchObject({ outcome: 'killed' });
    expect(await never).toMatchObject({ code: 'PVAFLOW_CHILD' });
  });
});

describe('a child that crashes', () => {
  it('at the start is started again until it is well', async () => {
    const watched = startChild({ start: 'crash', wellAfter: 2 });
    const info = await watched.child.ready;
    expect(info).toMatchObject({ nRestarts: 2, lastExit: 'code 9' });
    expect(watched.crashes).toEqual(['code 9', 'code 9']);
    expect(await watched.child.stop()).toEqual({ outcome: 'stopped' });
  });

  it('too often is given up, and that is said', async () => {
    using log = logLines();
    const restart = { delay: 0.01, limit: { restarts: 1, seconds: 60 } };
    const { child } = startChild({ start: 'crash' }, { restart });
    await expect(child.ready).rejects.toThrow('child ended too often and is not started again (code 9)');
    expect(await child.ended).toEqual({ outcome: 'gaveUp', exit: 'code 9' });
    expect(log.lines.map((line) => line.slice(line.indexOf('(supervisor)')))).toEqual([
      '(supervisor): child ended (code 9); it is started again in 0.01 s (1)',
      '(supervisor): child ended (code 9); it is given up after 1 restart in 60 s',
    ]);
  });

  it('is not started again when nobody wants it', async () => {
    const { child } = startChild({}, { restart: { on: 'never' } });
    await child.ready;
    const answer = child.request('exit').catch((error: unknown) => error);
    expect(await child.ended).toEqual({ outcome: 'crashed', exit: 'code 7' });
    expect(await answer).toMatchObject({ message: 'child ended (code 7) before it answered' });
  });

  it('by a signal is started again, even when the next one cannot start', async () => {
    const watched = startChild({ start: 'fail', illFrom: 1, wellAfter: 2 });
    process.kill((await watched.child.ready).pid, 'SIGKILL');
    await until(watched, () => watched.infos.length === 2);
    expect(watched.crashes).toEqual(['SIGKILL']);
    expect(watched.infos[1]).toMatchObject({
      nRestarts: 2,
      lastExit: expect.stringContaining('it cannot start') as string,
    });
  });

  it('waits for its restart no longer when it is stopped', async () => {
    const { child } = startChild({ start: 'crash' }, { restart: { delay: 3600, maxDelay: 3600 } });
    while (child.stats().state !== 'waiting') await new Promise((resolve) => setTimeout(resolve, 5));
    expect(child.stats().restartInMs).toBeGreaterThan(0);
    expect(await child.stop()).toEqual({ outcome: 'stopped' });
    expect(child.stats().restartInMs).toBeUndefined();
  });
});

describe('a child', () => {
  it('that cannot go on is started again, where that is wanted', async () => {
    const watched = startChild({}, { restart: { on: 'failure', delay: 0.01 } });
    await watched.child.ready;
    await watched.child.request('fail');
    await until(watched, () => watched.infos.length === 2);
    expect(watched.infos[1]).toMatchObject({ nRestarts: 1 });
    expect(watched.crashes).toEqual(['PVAFLOW_CHILD: it cannot go on']);
    expect(watched.reports).toHaveLength(1);
  });

  it('that comes no further gives up what it has when it is told to', async () => {
    const { child, reports } = startChild({ drain: 'stuck' }, { stopTimeout: 0.1, killTimeout: 60 });
    await child.ready;
    expect(await child.stop()).toEqual({ outcome: 'stopped' });
    expect(reports).toEqual([{ how: 'aborted' }]);
  });

  it('is ended while it starts', async () => {
    using log = logLines();
    const { child } = startChild({ start: 'hang' });
    await expect(child.stop()).resolves.toEqual({ outcome: 'stopped' });
    await expect(child.ready).rejects.toThrow('child ended before it was ready');
    expect(log.lines[0]).toContain('INFO (child): start given up');
  });

  it.each([
    ['blocks', 'block', 'no sign of life in'],
    ['says that its work is stuck', 'stick', 'its processor finished nothing in 3600 s'],
  ])('that %s is killed and started again, where that is wanted', async (_how, request, why) => {
    const watched = startChild({}, { stallTimeout: request === 'block' ? 2 : 3600 });
    await watched.child.ready;
    void watched.child.request(request).catch(() => {});
    await until(watched, () => watched.infos.length === 2);
    expect(watched.crashes).toEqual([expect.stringContaining(why)]);
    expect(watched.infos[1]).toMatchObject({ nRestarts: 1, lastExit: expect.stringContaining(why) as string });
  });

  it('that blocks is not waited for longer than somebody wants', async () => {
    const { child } = startChild({});
    await child.ready;
    const blocked = child.request('block').catch(() => {});
    await expect(child.request('echo', 1, 50)).rejects.toThrow(
      'child has not answered in 0.05 s: its processor may block',
    );
    await child.kill();
    await blocked;
  });

  it('that blocks is said not to respond, until it does again', async () => {
    using log = logLines();
    const { child } = startChild({}, { statsPeriod: 0.02, silence: 0 });
    await child.ready;
    await child.request('block', 500);
    expect(log.lines.join('\n')).toMatch(/child has not responded for 0\.06 s[^]*child responds again/);
    expect(child.stats().isResponding).toBe(true);
  });

  it('that does not respond is not asked for more, so that those who ask do not pile up', async () => {
    const { child } = startChild({}, { statsPeriod: 0.02, silence: 0 });
    await child.ready;
    const blocked = child.request('block').catch(() => {});
    const isDone = () => Promise.race([child.refresh().then(() => true), sleep(10, false)]);
    await vi.waitUntil(isDone, { timeout: 60_000 });
    await child.kill();
    await blocked;
  });

  it('is not waited for any longer when it has ended', async () => {
    const { child } = startChild({});
    await child.ready;
    await child.stop();
    const timers = () => process.getActiveResourcesInfo().filter((each) => each === 'Timeout').length;
    const before = timers();
    child.keepWaiting();
    expect(timers()).toBe(before);
  });

  it('has a name of its own, which is free again when it was removed', async () => {
    const { supervisor, child } = startChild({});
    expect(() => supervisor.start({ name: 'child', module, config: {} })).toThrow('there is a child child already');
    await child.ready;
    expect(await supervisor.remove('child')).toEqual({ outcome: 'stopped' });
    expect(supervisor.children).toEqual([]);
    expect(await supervisor.remove('child')).toBeUndefined();
  });

  it('whose module is no task says so', async () => {
    const { child } = startChild({}, {}, { module: new URL('../../src/core/errors.ts', import.meta.url).href });
    await expect(child.ready).rejects.toThrow('does not export startTask');
  });
});
