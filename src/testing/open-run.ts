import type { ConsumerConfig } from '../hpc/consumer-config.js';
import { metadataChannelNames } from '../hpc/metadata/channel-list.js';
import type { LoadProcessor } from '../hpc/stages/processor-stage.js';
import type { MetadataUpdate } from './metadata-update.js';
import { TestRun } from './test-run.js';

/** Nothing is looked for, and what processors serve is on loopback. */
const network = {
  server: { isolated: true },
  client: { addressList: [], autoAddressList: false, useEnvironment: false },
} as const;

/**
 * Starts a run, with these updates in the queues of its metadata channels.
 *
 * @param load makes the processors; by default from what the configuration names
 */
export async function openRun(
  config: ConsumerConfig,
  metadata: Readonly<Record<string, readonly MetadataUpdate[]>>,
  load?: LoadProcessor,
): Promise<TestRun> {
  const run = await TestRun.open({ ...config, network }, load);
  try {
    for (const [channel, updates] of Object.entries(metadata)) {
      const [{ name } = { name: channel }] = metadataChannelNames([channel]);
      await run.updateMetadata(name, ...updates);
    }
  } catch (error) {
    await run.stop();
    throw error;
  }
  return run;
}
