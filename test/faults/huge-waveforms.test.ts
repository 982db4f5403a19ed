/** A record of 32 MB goes over Channel Access into a client, a consumer and a mirror. */
import { expect, it } from 'vitest';
import { CaClient, PvaClient } from 'pvaflow';
import { nextValue } from '../hpc/stream.js';
import { ourCaClientOf, ourClientOf, startPvaflow } from '../peers/ours.js';
import { usePeers } from '../peers/peers.js';
import { startIoc } from '../peers/python.js';

const peers = usePeers();
const ELEMENTS = 4 * 2 ** 20;
const UPDATES = [1, 2, 3];

it('comes whole, each time', async () => {
  const ioc = await startIoc(peers, 'w:', { database: 'ca_records.db' });
  const sources = [ioc.place];
  const [mirror, consumer] = [
    await startPvaflow(peers, ['mirror-server', '--channel-map', '(m,w:array:huge,ca,10)'], { sources }),
    await startPvaflow(peers, ['consumer', '-im', 'ca', '-ic', 'w:array:huge', '-oc', 'o', '-dc'], { sources }),
  ];
  process.env.EPICS_CA_MAX_ARRAY_BYTES = '16384'; // does not matter, as long as EPICS_CA_AUTO_ARRAY_BYTES is not NO
  using ca = new CaClient({ ...ourCaClientOf(ioc.place), useEnvironment: true, timeout: 100 });
  using pva = new PvaClient(ourClientOf(mirror.place, consumer.place));
  await consumer.peer.line(/missed frames cannot be told/); // the value it begins with is there
  const outputs = [pva.monitor('m'), pva.monitor('o')];
  const value = new Float64Array(ELEMENTS);
  for (const update of UPDATES) {
    value[0] = value[ELEMENTS - 1] = update;
    await ca.put('w:array:huge', value);
    for (const output of outputs) {
      const got = await nextValue(output, (each) => each.get<Float64Array>('value')[0] === update);
      const numbers = got.get<Float64Array>('value');
      expect([numbers.length, numbers[ELEMENTS - 1]]).toEqual([ELEMENTS, update]);
    }
  }
  const read = (await ca.get('w:array:huge')).get<Float64Array>('value');
  expect(read.length === ELEMENTS && read.every((number, at) => number === value[at])).toBe(true);
  consumer.peer.kill('SIGINT');
  expect((await consumer.peer.exited).code).toBe(0);
  expect(consumer.peer.output.join('\n')).toMatch(/3 frames expected.*\n {2}processed 3 .* failed 0 .* rejected 0/);
}, 240_000);
