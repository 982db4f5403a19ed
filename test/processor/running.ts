import { startProcessor, type NtNdArray, type PvObject, type UserDataProcessor } from 'pvaflow';

/** What a processor published, as copies of the moment. */
export interface Run {
  readonly published: PvObject[];
  readonly process: (object: PvObject) => Promise<PvObject | null>;
}

/** Starts a processor as the consumer does, with a host that keeps what is published. */
export async function run(processor: UserDataProcessor, args: Record<string, unknown> = {}): Promise<Run> {
  const published: PvObject[] = [];
  const context = {
    processorId: 3,
    inputChannel: 'test:in',
    outputChannel: 'test:out',
    objectIdField: 'uniqueId',
    pvaServer: undefined,
    metadataQueueMap: new Map(),
    host: { updateOutputChannel: (value: PvObject) => void published.push(value.clone()) },
  };
  await startProcessor(processor, context, args);
  const process = async (object: PvObject) => ((await processor.process(object)) ?? null) as PvObject | null;
  return { published, process };
}

/** The pixels of a frame as numbers. */
export function pixelsOf(frame: PvObject | undefined): number[] {
  return Array.from((frame as NtNdArray).data as ArrayLike<number>, Number);
}
