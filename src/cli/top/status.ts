import type { PvObject } from '../../pva/pv-object.js';

/** What a status channel of ours or of pvaPy says, as far as it says the same of all of them. */
export interface Status {
  readonly kind: string;
  readonly id: number;
  readonly input: string;
  /** When it was said, in seconds since 1970. */
  readonly time: number;
  readonly received: number;
  readonly receivedRate: number;
  readonly processed: number;
  readonly missed: number;
  /** Rejected, or failed. */
  readonly lost: number;
  readonly queued: number;
  /** Whether the run is over. */
  readonly isOver: boolean;
}

const kinds = ['consumer', 'collector', 'splitter', 'mirror'] as const;

/** Reads a status; undefined when the value is none. */
export function statusOf(value: PvObject): Status | undefined {
  const kind = kinds.find((each) => value.has(`${each}Id`));
  if (kind === undefined || !value.has('processorStats.nProcessed')) return undefined;
  const number = (...paths: string[]) => {
    const path = paths.find((each) => value.has(each));
    return path === undefined ? 0 : Number(value.get<number | bigint>(path));
  };
  return {
    kind,
    id: number(`${kind}Id`),
    input: value.has('inputChannel') ? value.get<string>('inputChannel') : '',
    time: number('objectTime'),
    received: number('frameStats.nReceived', 'receiverStats.nReceived', 'collectorStats.nCollected'),
    receivedRate: number('receiverStats.receivedRate', 'collectorStats.collectedRate'),
    processed: number('frameStats.nProcessed', 'processorStats.nProcessed'),
    missed: number('processorStats.nMissed'),
    lost: number('receiverStats.nRejected', 'collectorStats.nRejected') + number('processorStats.nErrors'),
    queued: number('queueStats.nQueued', 'collectorStats.nCached'),
    isOver: number('processorStats.endTime') > 0,
  };
}
