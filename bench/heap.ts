import ndarray from 'ndarray';
import { generateNtNdArray2D, transportSettings } from '../src/index.js';
import { PvaClient } from '../src/pva/client.js';
import { PvaServer } from '../src/pva/server.js';

/** Buffers are kept as in a consumer (transport remedy `heap`): from the first connection on. */
export async function keepHeap(): Promise<void> {
  if (!transportSettings().heap) return;
  using server = new PvaServer({ isolated: true });
  using client = new PvaClient(server.clientConfig());
  server.addChannel('x', generateNtNdArray2D(1, ndarray(new Uint8Array(1), [1, 1])));
  await client.get('x');
}
