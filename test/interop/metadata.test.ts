/** The metadata channels of pvaPy's simulator, joined by our consumer. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { NtNdArray } from '../../src/pva/normative/nt-nd-array.js';
import { PvaClient } from '../../src/pva/client.js';
import type { Place } from '../peers/network.js';
import { ourClientOf, startPvaflow } from '../peers/ours.js';
import { usePeers } from '../peers/peers.js';
import { PythonClient, startPvapySimulator } from '../peers/python.js';
import { differences, truthType, type Described } from '../peers/truth.js';

const peers = usePeers();
const metadata = 'pva://sim:m1,pva://sim:m2';

describe("pvaPy's simulator with metadata, our join", () => {
  let consumer: Place;

  beforeAll(async () => {
    const image = ['-cn', 'sim:image', '-nx', '32', '-ny', '16', '-fps', '50', '-nf', '20', '-mpv', metadata];
    const { place: simulator } = await startPvapySimulator(peers, [...image, '-rt', '300', '-std', '1', '-shd', '0']);
    const channels = ['-ic', 'sim:image', '-oc', 'join:image', '-sc', 'join:status', '-mc', metadata];
    const started = await startPvaflow(peers, ['consumer', ...channels, '-pc', 'MetadataJoin', '-dc'], {
      sources: [simulator],
    });
    consumer = started.place;
  });

  it('gives frames doubles of exactly their time', async () => {
    using client = new PvaClient(ourClientOf(consumer));
    let joined = 0;
    for await (const event of client.monitor('join:image')) {
      if (event.type !== 'update') continue;
      const frame = event.value as NtNdArray;
      const found = frame.attributes.filter(({ name }) => name.startsWith('sim:m'));
      if (found.length < 2) continue; // the first may have come before its metadata was connected
      for (const { value, tags, timeStamp, source, name } of found) {
        expect(value).toBeTypeOf('number');
        expect([Number(value) >= 0, Number(value) < 1, source]).toEqual([true, true, name]);
        expect(tags).toEqual(['timeDifference=0.000000000']);
        expect(timeStamp.secondsPastEpoch).toBe(frame.timeStamp.secondsPastEpoch);
      }
      frame.release();
      if (++joined === 20) break;
    }
    expect(joined).toBe(20);
  });

  it("has the status that pvaPy's consumer has with metadata", async () => {
    const p4p = await PythonClient.p4p(peers, consumer);
    const found = await p4p.request<Described>('introspect', { name: 'join:status' });
    expect(differences(truthType('status_metadata'), found)).toEqual([]);
  });
});
