import { PvaflowError } from '../../core/errors.js';
import type { Logger } from '../../core/logger.js';
import type { OnFull } from '../../pipeline/bounded-queue.js';
import type { PvaClient } from '../../pva/client.js';
import type { PvObject } from '../../pva/pv-object.js';
import type { PvType } from '../../pva/pv-type.js';
import type { PvaServer } from '../../pva/server.js';
import type { ArgType } from '../mode-args.js';

/** What a full ring of a subscriber of the output channel does; with `fail` the run ends. */
export type OutputOnFull = OnFull;

/** What one channel is published with; plain data. */
export interface OutputConfig {
  readonly channel: string;
  /** For subscribers that are too slow. Outputs without subscribers wait for their server, and lose nothing. */
  readonly onFull: OutputOnFull;
  /** Arguments of the mode; their keys have been checked. */
  readonly args: Readonly<Record<string, unknown>>;
}

/** What an output works with. */
export interface OutputContext {
  readonly config: OutputConfig;
  /** Made when it is called for the first time. */
  readonly client: () => PvaClient;
  readonly server: PvaServer;
  readonly logger: Logger;
  /** To be told of each object that could not be published. */
  readonly onError: (value: PvObject, message: string) => void;
  /** To be told, with the policy `fail`, that there was no room for an object; it was not published. */
  readonly onOverflow: (error: PvaflowError) => void;
}

/** Where a consumer publishes, in the order of the calls. */
export interface Output {
  readonly published: number;
  readonly errors: number;
  /** Objects that were handed over and are neither published nor given up yet. */
  readonly waiting: number;
  /** Updates that slow subscribers lost by the policy of the channel. */
  readonly dropped: number;
  /** How many take what is published: subscribers, or the one remote server. */
  readonly subscribers: number;
  /** Whether it waits for a next part of the chain, which is there and has no room. Absent: there is none. */
  readonly isHeldBack?: boolean;
  /** Called once, as soon as the type of what will be published is known. */
  open(type: PvObject | PvType): void;
  /**
   * Publishes all its fields. The value stays readable for the output for as long as it needs it. A promise says that somebody has no
   * room, and resolves when everybody has. Never throws.
   */
  update(value: PvObject): Promise<void> | undefined;
  /** A promise as long as somebody has no room. */
  ready(): Promise<void> | undefined;
  resetStats(): void;
  /** Called once at the end: resolves when everything has arrived, or after so many seconds. */
  flush(seconds: number): Promise<void>;
}

/** One of the ways to publish, as `--output-mode` names it. */
export interface OutputMode {
  /** The keys of `--output-args`. */
  readonly args: Readonly<Record<string, ArgType>>;
  /** @throws PvaflowError when it cannot be opened as configured */
  open(context: OutputContext): Output;
}

/** @param whose the queue that was full: `the queue of 10.1.2.3:4711` */
export function overflowError(channel: string, whose: string): PvaflowError {
  return new PvaflowError(
    'PVAFLOW_OUTPUT_FULL',
    `${channel}: ${whose} was full, and the policy of the output is to fail (output.onFull, --output-on-full)`,
  );
}
