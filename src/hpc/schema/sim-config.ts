import type { SimConfig } from '../sim-server/sim-config.js';
import type { SimSettings } from './sim-schema.js';

/** What the simulator has to know that a configuration asks for. */
export function simConfig(settings: SimSettings): SimConfig {
  const { channel, image, frames, subscribers, metadata, notify, network } = settings;
  const { rate, count, runtime, startDelay, shutdownDelay, awaitSubscribers } = settings;
  return {
    ...{ channel, rate, count, runtime, startDelay, shutdownDelay, awaitSubscribers, notify },
    ...image,
    frames: frames.distinct,
    cacheFrames: frames.kept,
    cacheBytes: frames.bytes,
    onFull: subscribers.onFull,
    queue: subscribers.queue,
    metadata: metadata.channels,
    ...(network as Pick<SimConfig, 'client' | 'server' | 'ca' | 'caServer'>),
  };
}
