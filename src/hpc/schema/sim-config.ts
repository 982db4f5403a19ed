import { dirname, resolve } from 'node:path';
import type { Path } from '../../core/schema/problem.js';
import type { SimConfig } from '../sim-server/sim-config.js';
import type { SimInput } from '../sim-server/sim-input.js';
import type { SimSettings } from './sim-schema.js';

/**
 * What the simulator has to know that a configuration asks for.
 *
 * @param fileOf the configuration that names what is at a path; names of files are relative to it
 */
export function simConfig(
  settings: SimSettings,
  fileOf: (path: Path) => string | undefined = () => undefined,
): SimConfig {
  const { channel, image, frames, subscribers, metadata, notify, network } = settings;
  const { rate, count, runtime, startDelay, shutdownDelay, awaitSubscribers } = settings;
  return {
    ...{ channel, rate, count, runtime, startDelay, shutdownDelay, awaitSubscribers, notify },
    ...image,
    input: settings.input && inputOf(settings.input, fileOf),
    frames: frames.distinct,
    cacheFrames: frames.kept,
    cacheBytes: frames.bytes,
    onFull: subscribers.onFull,
    queue: subscribers.queue,
    metadata: metadata.channels,
    ...(network as Pick<SimConfig, 'client' | 'server' | 'ca' | 'caServer'>),
  };
}

function inputOf(input: NonNullable<SimSettings['input']>, fileOf: (path: Path) => string | undefined): SimInput {
  const located = (key: 'directory' | 'file' | 'description') => {
    const configuration = fileOf(['input', key]);
    const name = input[key];
    return name === undefined || configuration === undefined ? name : resolve(dirname(configuration), name);
  };
  const { dataset, compressed, colorMode, onBadFile } = input;
  return {
    ...{ dataset, colorMode, onBadFile, keepCompressed: compressed },
    ...{ directory: located('directory'), file: located('file'), description: located('description') },
  };
}
