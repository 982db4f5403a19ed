import type { PvaflowError } from '../../core/errors.js';
import type { Logger } from '../../core/logger.js';
import type { Source } from '../../pipeline/interfaces.js';
import type { PvaClient } from '../../pva/client.js';
import type { DistributorOptions } from '../../pva/distributor-options.js';
import type { PvObject } from '../../pva/pv-object.js';
import type { PvType } from '../../pva/pv-type.js';
import type { QueueOptions } from '../../pva/monitor-options.js';
import type { PvaServer } from '../../pva/server.js';
import type { ArgType } from '../mode-args.js';

/** What one channel is to be received with; plain data. */
export interface InputConfig {
  readonly channel: string;
  readonly objectIdField: string;
  /** Fields to ask for, such as `value,timeStamp`; empty for all. */
  readonly fieldRequest: string;
  /** `record[queueSize=N]`; 0 for the default. */
  readonly serverQueueSize: number;
  /** The part of the updates to ask the server's data distributor for; all if not given. */
  readonly distributor?: DistributorOptions | undefined;
  /** What may wait between the network and whoever takes it, where the mode has such a queue; by default the mode's own. */
  readonly queue?: QueueOptions;
  /** Arguments of the mode; their keys have been checked. */
  readonly args: Readonly<Record<string, unknown>>;
}

/** Where an input shows what has come: the `Intake`, where ids are looked at. */
export interface Admission {
  /** @returns whether the object is to be given on; if not, it has been released */
  admit(object: PvObject): boolean;
  /** The id of the last object that was admitted, for messages to people. */
  readonly lastId: number | undefined;
  /** The source was lost and is there again. */
  sourceCameBack(): void;
}

/** What an input works with. */
export interface InputContext {
  readonly config: InputConfig;
  /** Made when it is called for the first time. */
  readonly client: () => PvaClient;
  readonly server: PvaServer;
  /** Each object is shown to it as it comes in: what it does not admit is not given on. */
  readonly intake: Admission;
  readonly logger: Logger;
  /** The type that the processor wants, for a channel that is hosted here; null or undefined when it names none. */
  readonly inputType: () => PvObject | PvType | null | undefined;
  /** Whether objects wait in a receiver queue before they are processed. */
  readonly hasQueue: boolean;
  /** To be called whenever the server of the channel is there, or gone. */
  readonly onConnection?: ((isConnected: boolean) => void) | undefined;
  /** Whether a server that refuses from the beginning is asked again; by default it is only when it had accepted before. */
  readonly persists?: boolean;
  /** To be called when nothing can follow: the source has no more, or, with an error, refused. */
  readonly onEnd: (error: PvaflowError | undefined) => void;
}

/** Figures of an input since it was opened, or since `resetStats` where they are errors and overruns. */
export interface InputFigures {
  /** Objects that came, the skipped ones among them. */
  readonly received: number;
  /** Their size in memory, about. */
  readonly bytes: number;
  readonly errors: number;
  /** Updates that somebody on the way squashed because a queue was full, or could not send: seen by nobody. */
  readonly overruns: number;
}

/** Where a consumer gets its objects from: a source that knows whether it is connected. */
export interface Input extends Source<PvObject> {
  /** Whether there is a server to receive from; for a channel that is hosted here, whether it is served. */
  readonly isConnected: boolean;
  /** Whether a server has the channel, although there may be nothing to receive yet. Absent: as `isConnected`. */
  readonly isFound?: boolean;
  figures(): InputFigures;
  resetStats(): void;
  /** An object that was taken, and admitted, came to its end; `failure` says why it was not processed. */
  settled?(object: PvObject, failure: string | undefined): void;
  /**
   * Called once before a drain: resolves when nothing more can come and all that came has been taken, or the input was closed.
   * Absent: the drain takes what has come, and leaves the rest to the server.
   */
  exhausted?(): Promise<void>;
  /** Where the channel is looked for, for messages to people; absent when it is hosted here. */
  describeSearch?(): string;
}

/** An input channel that is not connected, and that nothing has come from. */
export interface Unanswered {
  readonly channel: string;
  /** Whether a server has it, and only nothing to give: nothing was published on it. */
  readonly isFound: boolean;
}

/** One of the ways to receive, as `--input-mode` names it. */
export interface InputMode {
  /** The keys of `--input-args`. */
  readonly args: Readonly<Record<string, ArgType>>;
  /** Whether the first object is what the channel held already, and so is skipped unless the user wants it. */
  readonly showsPresentValue: boolean;
  /** Whether ids that do not come were missed: they were, unless somebody before has filtered them. True if not given. */
  readonly countsGaps?: boolean;
  /** @throws PvaflowError when it cannot be opened as configured */
  open(context: InputContext): Input;
}
