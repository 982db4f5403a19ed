/** Run by server.test.ts: a server that posts without end to a subscriber, and ends as its argument says. */
import { parentPort } from 'node:worker_threads';
import { PvaClient } from '../../src/pva/client.js';
import { PvaServer } from '../../src/pva/server.js';

const how = process.argv[2] ?? 'forever';

const ways: Readonly<Record<string, (server: PvaServer, client: PvaClient) => void>> = {
  close: (server, client) => {
    server.close();
    client.close();
  },
  exit: () => process.exit(7),
  unref: (server, client) => {
    server.unref();
    client.close();
  },
  throw: () => {
    throw new Error('on purpose');
  },
};

async function serve(): Promise<void> {
  const server = new PvaServer({ isolated: true });
  const channel = server.addChannel('X', { value: 'int' }, { queue: { frames: 100 } });
  const client = new PvaClient(server.clientConfig());
  const subscription = client.monitor('X');
  let seen = 0;
  let ended = false;
  subscription.onReadable(() => {
    while (subscription.take().length > 0) seen++;
    if (seen < 20 || ended) return;
    ended = true;
    console.log('busy');
    parentPort?.postMessage('busy');
    ways[how]?.(server, client);
  });
  for (let value = 0; !server.closed && !(ended && how === 'unref'); value++) {
    try {
      await channel.post({ value });
    } catch (error) {
      if (!server.closed) throw error;
    }
    if (value % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

await serve();
