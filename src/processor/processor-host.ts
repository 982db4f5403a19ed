import { placeOf } from '../core/error-place.js';
import { messageOf, PvaflowError } from '../core/errors.js';
import type { PvObject } from '../pva/pv-object.js';
import type { PvaServer } from '../pva/server.js';
import type { MetadataQueue, UserDataProcessor } from './user-data-processor.js';

/** What runs a processor, as the processor sees it. */
export interface ProcessorHost {
  /**
   * Publishes on the output channel. Called within `process`, any number of times for one object. The host keeps the value
   * readable until it returns; a promise is given only when a subscriber that must not lose anything has no room, and the
   * host holds back the next object until it resolves, whether or not the processor waits for it.
   */
  updateOutputChannel(value: PvObject): void | Promise<void>;
}

/** What a processor is told before it is started. */
export interface ProcessorContext {
  readonly processorId: number;
  readonly inputChannel: string;
  /** Empty when nothing is published. */
  readonly outputChannel: string;
  readonly objectIdField: string;
  readonly pvaServer: PvaServer | undefined;
  /** Metadata by channel name. */
  readonly metadataQueueMap: ReadonlyMap<string, MetadataQueue>;
  readonly host: ProcessorHost;
}

/**
 * Makes a new processor ready for its first object: gives it its context, configures it with the arguments it was made with,
 * if there are any, and starts it.
 *
 * @throws PvaflowError PVAFLOW_PROCESSOR_CONFIGURE or PVAFLOW_PROCESSOR_START with what the processor threw as its cause
 */
export async function startProcessor(
  processor: UserDataProcessor,
  context: ProcessorContext,
  args: Record<string, unknown> = {},
): Promise<void> {
  const { host, metadataQueueMap, ...fields } = context;
  Object.assign(processor, fields, { metadataQueueMap: new Map(metadataQueueMap) });
  hosts.set(processor, host);
  if (Object.keys(args).length > 0) await attempt(processor, 'configure', () => processor.configure(args));
  await attempt(processor, 'start', () => processor.start());
}

const hosts = new WeakMap<UserDataProcessor, ProcessorHost>();

/** The host of a processor that was started; undefined for one that somebody tries out by himself. */
export function hostOf(processor: UserDataProcessor): ProcessorHost | undefined {
  return hosts.get(processor);
}

async function attempt(
  processor: UserDataProcessor,
  method: 'configure' | 'start',
  call: () => unknown,
): Promise<void> {
  try {
    await call();
  } catch (cause) {
    const code = method === 'start' ? 'PVAFLOW_PROCESSOR_START' : 'PVAFLOW_PROCESSOR_CONFIGURE';
    const what = `${messageOf(cause)}${placeOf(cause)}`;
    throw new PvaflowError(code, `${processor.constructor.name}.${method} failed: ${what}`, { cause });
  }
}
