/** An IOC cannot send an array because its own EPICS_CA_MAX_ARRAY_BYTES is too small: nobody gets it, but everybody counts it. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { CaClient, Consumer } from 'pvaflow';
import { isLossless } from '../../src/hpc/loss-report.js';
import { parseChannelMap } from '../../src/hpc/mirror/channel-map.js';
import { MirrorServer } from '../../src/hpc/mirror/mirror-server.js';
import { caClientOf, type Environment, type Place } from '../peers/network.js';
import { ourCaClientOf } from '../peers/ours.js';
import { usePeers } from '../peers/peers.js';
import { startIoc } from '../peers/python.js';
import { until } from '../pva/serving.js';

const peers = usePeers();
const TOO_SMALL: Environment = { EPICS_CA_AUTO_ARRAY_BYTES: 'NO', EPICS_CA_MAX_ARRAY_BYTES: '16384' };
let place: Place;

beforeAll(async () => {
  ({ place } = await startIoc(peers, 'n:', { database: 'ca_records.db', env: TOO_SMALL }));
  for (const [name, value] of Object.entries(caClientOf(place))) vi.stubEnv(name, value);
});
afterAll(() => void vi.unstubAllEnvs());

it('is counted by a subscription, a mirror and a consumer, of its input and of its metadata', async () => {
  const isolated = { isolated: true };
  using client = new CaClient(ourCaClientOf(place));
  using subscription = client.monitor('n:array:large');
  const mirror = new MirrorServer({
    channels: parseChannelMap('(m,n:array:large,ca)'),
    network: { server: isolated, ca: ourCaClientOf(place) },
  });
  const consumer = await Consumer.create({
    consumerId: 1,
    channels: { input: 'n:array:large' },
    inputMode: 'ca',
    metadataChannels: ['n:array:large'],
    network: { server: isolated },
    processors: [{ className: 'PassThrough' }],
  });
  const counts = () => ({
    subscription: subscription.stats().missed,
    mirror: mirror.figures()['m']?.nOverruns,
    input: consumer.stats().receiverStats.nOverruns,
    metadata: consumer.stats().metadataStats[0]?.receiverStats.nOverruns,
  });
  const allAre = (count: number) => until(() => Object.values(counts()).every((each) => each === count));
  try {
    mirror.start();
    await consumer.start();
    await allAre(1); // the present value
    await client.put('n:array:large', [1, 2, 3]);
    await allAre(2);
    expect(subscription.stats().received).toBe(0);
    expect(consumer.report()).toMatchObject({ received: 0, overruns: 2, metadataOverruns: 2 });
    expect(isLossless(consumer.report())).toBe(false);
  } finally {
    await consumer.drain();
    mirror.abort();
  }
});
