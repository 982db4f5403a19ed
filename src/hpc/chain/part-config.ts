import type { ConsumerConfig, ProcessorConfig } from '../consumer-config.js';

/** Where a part of a chain that was cut stands. */
export interface PartPlace {
  /** Counted from 0. */
  readonly at: number;
  /** How many parts there are. */
  readonly of: number;
  /** The processors of this part: from this one on, up to before that one. */
  readonly from: number;
  readonly to: number;
}

/**
 * Where a chain is cut: before and after each processor that is to have a process of its own. Others that follow each other
 * share one.
 *
 * @param isOwn for each processor of the chain
 */
export function placesOf(isOwn: readonly boolean[]): PartPlace[] {
  const starts = isOwn.flatMap((own, at) => (at === 0 || own || isOwn[at - 1] === true ? [at] : []));
  const of = Math.max(1, starts.length);
  if (starts.length === 0) return [{ at: 0, of, from: 0, to: 0 }];
  return starts.map((from, at) => ({ at, of, from, to: starts[at + 1] ?? isOwn.length }));
}

/** Whether there is more than one part: a single processor with a process of its own has that of the consumer. */
export function isCut(isOwn: readonly boolean[]): boolean {
  return placesOf(isOwn).length > 1;
}

/** Ports of the links of a part: of the part before, and of its own if it had one before it was started again. */
export interface LinkPorts {
  readonly input?: number | undefined;
  readonly output?: number | undefined;
}

/** The name of an output channel that nobody wants but the next part. */
const UNNAMED = 'link';

/**
 * The configuration of one part of a chain, but for its names: what is about the input is for the first part, and what is about
 * the output for the last one. Its processors see the channels of the whole chain.
 */
export function partConfig(config: ConsumerConfig, place: PartPlace, ports: LinkPorts): ConsumerConfig {
  const { channels } = config;
  const isLast = place.at === place.of - 1;
  return {
    ...config,
    channels: { ...channels, output: isLast ? channels.output : (channels.output ?? UNNAMED), control: undefined },
    processors: processorsOf(config, place),
    ...(place.at === 0 ? {} : linkedInput(ports.input as number)),
    ...(isLast ? {} : linkedOutput(ports.output)),
  };
}

/** The processors of a part. */
export function processorsOf({ processors = [] }: ConsumerConfig, { from, to }: PartPlace): readonly ProcessorConfig[] {
  return processors.slice(from, to);
}

function linkedInput(port: number): Partial<ConsumerConfig> {
  return {
    inputMode: 'link',
    inputArgs: { server: `127.0.0.1:${port}` },
    objectIdOffset: 1,
    sequentialUpdates: 1,
    skipInitialUpdates: 0,
    fieldRequest: '',
    serverQueueSize: 0,
    receiverQueueSize: -1,
    accumulateObjects: -1,
    distributor: undefined,
  };
}

function linkedOutput(port: number | undefined): Partial<ConsumerConfig> {
  return {
    outputMode: 'link',
    outputArgs: port === undefined ? {} : { port },
    outputOnFull: 'wait',
    passOn: true,
  };
}
