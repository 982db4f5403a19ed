/** What a consumer receives over Channel Access: its objects, its metadata. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CaClient } from '../../../src/ca/client.js';
import { getLogger } from '../../../src/core/logger.js';
import { Consumer } from '../../../src/hpc/consumer.js';
import { inputModes } from '../../../src/hpc/inputs/modes.js';
import { MetadataChannels } from '../../../src/hpc/metadata/metadata-channels.js';
import { PvaClient } from '../../../src/pva/client.js';
import { PvaServer } from '../../../src/pva/server.js';
import { caClientOf } from '../../peers/network.js';
import { usePeers } from '../../peers/peers.js';
import { startIoc } from '../../peers/python.js';
import { until } from '../../pva/serving.js';
import { Reader } from '../../pva/clients.js';

const peers = usePeers();
const before = { ...process.env };

beforeAll(async () => {
  const { place } = await startIoc(peers, 'm:', { database: 'ca_records.db' });
  Object.assign(process.env, caClientOf(place));
});
afterAll(() => {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
});

it('takes every update through the processor and publishes what comes out', async () => {
  const consumer = await Consumer.create({
    consumerId: 1,
    channels: { input: 'm:long', output: 'm:out' },
    inputMode: 'ca',
    objectIdField: 'value',
    network: { client: { addressList: ['127.0.0.1'], autoAddressList: false }, server: { isolated: true } },
    processors: [{ className: 'PassThrough' }],
    drainTimeout: 2,
  });
  using writer = new CaClient();
  try {
    await consumer.start();
    await until(() => consumer.stats().frameStats.nSkipped === 1);
    using client = new PvaClient(consumer.clientConfig());
    using output = client.monitor('m:out');
    const reader = new Reader(output);
    await reader.until('connected');
    for (let value = 1; value <= 5; value++) await writer.put('m:long', value);
    await until(() => consumer.stats().frameStats.nReceived === 5);
    const values: unknown[] = [];
    while (values.at(-1) !== 5) values.push((await reader.until('update')).value.get('value'));
    expect(values.slice(-5)).toEqual([1, 2, 3, 4, 5]);
    expect(consumer.snapshot()).toMatchObject({ isConnected: true, input: { received: 6, overruns: 0 } });
    expect(consumer.describeSearch()).toContain('EPICS_CA_ADDR_LIST=127.0.0.1:');
  } finally {
    await consumer.drain();
  }
});

it('brings metadata of several records, by bare names and with ca://', async () => {
  using client = new PvaClient({ addressList: ['127.0.0.1'], autoAddressList: false });
  using server = new PvaServer({ isolated: true });
  const metadata = new MetadataChannels({
    channels: ['m:double', 'ca://m:enum', 'm:ramp'],
    serverQueueSize: 0,
    receiverQueueSize: -1,
    client: () => client,
    server,
    logger: getLogger('test'),
    modes: inputModes,
  });
  try {
    await metadata.start(30);
    await until(() => metadata.stats().every(({ receiverStats }) => receiverStats.nReceived > 0));
    const [double, choice] = ['m:double', 'm:enum'].map((name) => metadata.queues.get(name)?.get());
    expect(double?.get('value')).toBe(1.5);
    expect(choice?.get('value.choices')).toEqual(['idle', 'moving', 'fault']);
  } finally {
    metadata.close();
  }
});
