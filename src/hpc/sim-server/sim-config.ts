import type { CaClientConfig } from '../../ca/config.js';
import type { CaServerConfig } from '../../ca/server-config.js';
import type { PvaClientConfig } from '../../pva/config.js';
import type { PvaServerConfig } from '../../pva/server-config.js';
import type { PatternOptions } from './pattern.js';
import type { SimInput } from './sim-input.js';

/** Everything that the simulator has to know. */
export interface SimConfig extends PatternOptions {
  readonly channel: string;
  /** Files in the place of images that are drawn: what the pattern says does not count then. */
  readonly input?: SimInput | undefined;
  /** Frames per second; 0 or less for as many as the subscribers take. */
  readonly rate: number;
  /** How many different frames there are; 0 or less for as many as the cache holds. More than it holds: they are sent once. */
  readonly frames: number;
  readonly cacheFrames: number;
  /** Memory for frames. Drawn ones are fewer when they are large; of files, those that do not fit are read again each time. */
  readonly cacheBytes: number;
  /** Seconds to publish for. */
  readonly runtime: number;
  /** Frames to publish; 0 for no limit. */
  readonly count: number;
  readonly startDelay: number;
  readonly shutdownDelay: number;
  /** So many subscribers are waited for before the first frame. */
  readonly awaitSubscribers: number;
  readonly onFull: 'wait' | 'dropOldest' | 'dropNewest';
  /** Limits of what is kept for each subscriber. */
  readonly queue: { readonly frames: number; readonly bytes: number };
  /** A channel that is set when everything is ready, `pva://x`, `ca://x` or `x` over either, and the value. */
  readonly notify?: { readonly channel: string; readonly value: string } | undefined;
  /** Channels with a random number for each frame: `pva://x`, `ca://y`; a bare name is one of Channel Access. */
  readonly metadata: readonly string[];
  /** Where the channels are served; what is not given comes from the environment. */
  readonly server?: PvaServerConfig;
  /** Where metadata channels of Channel Access are served. */
  readonly caServer?: CaServerConfig;
  /** Where the channel to notify is looked for. */
  readonly client?: PvaClientConfig;
  readonly ca?: CaClientConfig;
}
