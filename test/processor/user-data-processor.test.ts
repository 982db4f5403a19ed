import { AdImageProcessor, NtNdArray, PvaflowError, PvObject, startProcessor, UserDataProcessor } from 'pvaflow';
import { describe, expect, test } from 'vitest';
import { run } from './running.js';

const calls: string[] = [];
class Recorder extends UserDataProcessor {
  override configure(config: Record<string, unknown>) {
    calls.push(`configure ${JSON.stringify(config)} as ${this.processorId}`);
  }
  override async start() {
    await Promise.resolve();
    calls.push(`start ${this.inputChannel} ${this.outputChannel} ${this.objectIdField}`);
  }
}

describe('a processor is started', () => {
  test('with its context first, then its arguments, then start', async () => {
    calls.length = 0;
    await run(new Recorder(), { level: 3 });
    expect(calls).toEqual(['configure {"level":3} as 3', 'start test:in test:out uniqueId']);
  });
  test('without configure when there are no arguments', async () => {
    calls.length = 0;
    await run(new Recorder());
    expect(calls).toEqual(['start test:in test:out uniqueId']);
  });
  test.each([
    ['configure', 'PVAFLOW_PROCESSOR_CONFIGURE'],
    ['start', 'PVAFLOW_PROCESSOR_START'],
  ] as const)('and %s that fails is told', async (method, code) => {
    class Fails extends UserDataProcessor {}
    const cause = new RangeError('no');
    Fails.prototype[method] = () => {
      throw cause;
    };
    const error: unknown = await run(new Fails(), { a: 1 }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PvaflowError);
    expect(error).toMatchObject({ code, cause });
    expect((error as Error).message).toMatch(`Fails.${method} failed: no (test/processor/user-data-processor.test.ts:`);
  });
  test('with the metadata queues of its host', async () => {
    const queue = { length: 0, get: () => undefined, peek: () => undefined, onArrival: () => () => {} };
    const processor = new Recorder();
    const metadataQueueMap = new Map([['motor:x', queue]]);
    await startProcessor(processor, { processorId: 1, inputChannel: '', outputChannel: '', objectIdField: 'uniqueId', pvaServer: undefined,
      metadataQueueMap, host: { updateOutputChannel: () => undefined } }); // prettier-ignore
    expect(processor.metadataQueueMap.get('motor:x')).toBe(queue);
  });
});

describe('without overrides', () => {
  const object = new PvObject({ uniqueId: 'int' }, { uniqueId: 5 });
  test('an object is published and handed on', async () => {
    const { process, published } = await run(new UserDataProcessor());
    expect(await process(object)).toBe(object);
    expect(published).toHaveLength(1);
  });
  test('nobody waits when there is room, and the chain waits when there is none', async () => {
    const processor = new UserDataProcessor();
    expect(processor.process(object)).toBe(object);
    let release = (): void => undefined;
    const host = { updateOutputChannel: () => new Promise<void>((resolve) => (release = resolve)) };
    await startProcessor(processor, { processorId: 1, inputChannel: '', outputChannel: '', objectIdField: 'uniqueId', pvaServer: undefined,
      metadataQueueMap: new Map(), host }); // prettier-ignore
    const result = processor.process(object);
    expect(result).toBeInstanceOf(Promise);
    release();
    expect(await result).toBe(object);
  });
  test('there are no statistics of its own, and input and output have one type', () => {
    const processor = new UserDataProcessor();
    expect(processor.getStats()).toEqual({});
    expect(processor.getStatsPvaTypes()).toEqual({});
    expect(processor.getInputPvObjectType()).toBeNull();
    expect(processor.getOutputPvObjectType(object)).toBe(object);
    expect(new AdImageProcessor().getInputPvObjectType()).toBe(NtNdArray.type());
  });
  test('one that was not started publishes nowhere', () => {
    expect(new UserDataProcessor().updateOutputChannel(object)).toBeUndefined();
  });
  test('it logs under the name of its class', () => {
    expect(new Recorder().logger.bindings()).toMatchObject({ name: 'Recorder' });
  });
});
