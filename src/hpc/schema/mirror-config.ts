import { checkEntries } from '../mirror/channel-map.js';
import type { MirrorServerConfig } from '../mirror/mirror-server.js';
import type { MirrorSettings } from './mirror-schema.js';

/**
 * What the mirror server has to know that a configuration asks for.
 *
 * @throws {PvaflowError} PVAFLOW_CHANNEL_MAP when entries contradict themselves or each other
 */
export function mirrorConfig({ channels, subscribers, network }: MirrorSettings): MirrorServerConfig {
  checkEntries(channels);
  const { onFull, queue } = subscribers;
  return { channels, onFull, queue, network: network as NonNullable<MirrorServerConfig['network']> };
}
