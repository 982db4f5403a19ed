import { beforeAll, expect, it } from 'vitest';
import { configureLogging, getLogger } from '../../../src/core/logger.js';
import type { PvaflowError } from '../../../src/core/errors.js';
import { MonitorSource } from '../../../src/hpc/inputs/monitor-source.js';
import { PvaClient } from '../../../src/pva/client.js';
import { PvaServer } from '../../../src/pva/server.js';
import { PvType } from '../../../src/pva/pv-type.js';
import type { Subscription } from '../../../src/pva/subscription.js';
import { until } from '../stream.js';

beforeAll(() => configureLogging({ level: 'silent' }));

const full = new PvType({ value: 'int' });
const other = new PvType({ somethingElse: 'int' });

/** A source of the field `value` of the channel `x`, whose values are collected. */
class Watched implements Disposable {
  readonly server = new PvaServer({ isolated: true });
  readonly client = new PvaClient(this.server.clientConfig());
  readonly values: number[] = [];
  cameBack = 0;
  ended: PvaflowError | undefined;
  readonly source: MonitorSource<Subscription>;

  constructor(persists: boolean) {
    this.source = new MonitorSource({
      subscribe: () => this.client.monitor('x', { fields: ['value'], dedicated: true }),
      channel: 'x',
      intake: { admit: () => true, lastId: undefined, sourceCameBack: () => void (this.cameBack += 1) },
      logger: getLogger('test'),
      persists,
      onEnd: (error) => (this.ended = error),
      overruns: () => 0,
      describeSearch: () => '',
    });
    this.source.start(() => this.#take());
  }

  /** Another server in the place of this one, or the first one. */
  serve(type: PvType): void {
    this.server.removeChannel('x');
    this.server.addChannel('x', type);
  }

  async refused(times: number): Promise<void> {
    await until(() => this.source.figures().errors >= times);
  }

  [Symbol.dispose](): void {
    this.source.close();
    this.client.close();
    this.server.close();
  }

  #take(): void {
    for (const object of this.source.take(10)) this.values.push(object.get<number>('value'));
  }
}

it('ends with the reason when the server refuses from the beginning', async () => {
  using watched = new Watched(false);
  watched.serve(other);
  await until(() => watched.ended !== undefined);
  expect(watched.ended).toMatchObject({ code: 'PVAFLOW_REMOTE' });
  expect(watched.source.figures().errors).toBe(1);
});

it('asks again when the server refuses what it had accepted before, and counts it', async () => {
  using watched = new Watched(false);
  watched.serve(full);
  await until(() => watched.values.length === 1);
  watched.serve(other);
  await watched.refused(2);
  expect(watched.source.isConnected).toBe(false);
  watched.serve(full);
  await until(() => watched.values.length === 2);
  expect(watched.source.isConnected).toBe(true);
  expect(watched.cameBack).toBe(1);
  expect(watched.ended).toBeUndefined();
  expect(watched.source.figures().received).toBe(2); // those of the earlier subscription are not forgotten
});

it('asks again from the beginning where it is to persist', async () => {
  using watched = new Watched(true);
  watched.serve(other);
  await watched.refused(2);
  watched.serve(full);
  await until(() => watched.values.length === 1);
  expect(watched.ended).toBeUndefined();
});
