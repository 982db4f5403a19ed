/** What a consumer receives over pvAccess from servers that come and go. */
import { expect, it } from 'vitest';
import { captureLog } from '../../../src/core/logger.js';
import { Consumer } from '../../../src/hpc/consumer.js';
import { usePeers } from '../../peers/peers.js';
import { startPvapySource } from '../../peers/python.js';
import { until } from '../../pva/serving.js';

const peers = usePeers();

it('goes on with a server of pvaPy that ended its streams as it was shut down, and came back; says that it does not wait', async () => {
  const told: string[] = [];
  const endCapture = captureLog('info', ({ message }) => told.push(message));
  const first = await startPvapySource(peers, 'x');
  const consumer = await Consumer.create({
    consumerId: 1,
    channels: { input: 'x' },
    network: {
      client: { addressList: [`127.0.0.1:${first.place.udpPort}`], autoAddressList: false },
      server: { isolated: true },
    },
    processors: [],
    drainTimeout: 2,
  });
  try {
    await consumer.start();
    await until(() => consumer.snapshot().isConnected && consumer.stats().frameStats.nSkipped === 1);
    await first.client.request('post', { first: 1, last: 5 });
    await until(() => consumer.stats().frameStats.nReceived === 5);
    first.peer.endInput();
    await first.peer.exited;
    await until(() => !consumer.snapshot().isConnected);
    const second = await startPvapySource(peers, 'x', first.place);
    await until(() => consumer.snapshot().isConnected);
    await second.client.request('post', { first: 8, last: 10 });
    await until(() => consumer.stats().frameStats.nReceived === 8);
    expect(consumer.stats().frameStats).toMatchObject({ nMissed: 2, nRestarted: 0 });
    const { length } = told.filter((line) => /^x: connected.*; its server does not wait/.test(line));
    expect(length).toBeGreaterThanOrEqual(2); // a server that is about to end may take one more connection
    expect(consumer.snapshot().input.received).toBe(8 + length); // with the record's value at each connection
  } finally {
    endCapture();
    await consumer.drain();
  }
});
