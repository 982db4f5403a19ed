/** Images of pvaPy read here, and images of ours read by pvaPy, in every element type and colour mode that it can read. */
import ndarray from 'ndarray';
import { generateNtNdArray2D, NtNdArray, PvaClient, PvaServer, reshapeNtNdArray } from 'pvaflow';
import { describe, expect, test } from 'vitest';
import { pixelFormats } from '../../src/pva/normative/pixel-types.js';
import { listed, numbered } from '../image/frames.js';
import { newPlace, pvapyClientOf, serverAt } from '../peers/network.js';
import { Peer } from '../peers/peer.js';
import { usePeers } from '../peers/peers.js';
import { pvapyImages } from '../peers/python.js';

const peers = usePeers();
const formats = pixelFormats.filter(({ dtype }) => dtype !== 'boolean');
const modes = [0, 2, 3, 4] as const;

/** Rows, columns and colours of 0, 1, 2 …, as numpy's arange. */
function counting(dtype: string, shape: number[]): ReturnType<typeof ndarray<Uint8Array>> {
  const count = shape.reduce((product, size) => product * size);
  return ndarray(numbered(dtype, [...Array(count).keys()]) as Uint8Array, shape);
}

test("pvaPy's images", async () => {
  const place = await newPlace();
  await peers.start({ ...pvapyImages('serve', 'img:'), env: serverAt(place), ready: /^READY$/ });
  using client = new PvaClient({
    addressList: [`127.0.0.1:${place.udpPort}`],
    autoAddressList: false,
    broadcastPort: place.beaconPort,
    useEnvironment: false,
  });
  for (const { dtype, fieldKey } of formats) {
    for (const mode of modes) {
      const frame = await client.get(`img:${dtype}:${mode}`);
      expect(frame).toBeInstanceOf(NtNdArray);
      expect(frame.type.toString()).toBe(NtNdArray.type().toString());
      const { image, ...rest } = reshapeNtNdArray(frame as NtNdArray);
      expect(rest).toEqual({ imageId: 7, nx: 4, ny: 5, nz: mode === 0 ? null : 3, colorMode: mode, fieldKey });
      expect(listed(image)).toEqual(listed(counting(dtype, mode === 0 ? [5, 4] : [5, 4, 3])));
    }
  }
});

describe('our images', () => {
  test('are read by pvaPy (mono: it refuses all colour)', async () => {
    const place = await newPlace();
    using server = new PvaServer({
      interfaces: ['127.0.0.1'],
      port: place.tcpPort,
      broadcastPort: place.udpPort,
      beaconAddresses: [`127.0.0.1:${place.beaconPort}`],
      autoBeacons: false,
      useEnvironment: false,
    });
    for (const { dtype } of formats) server.addChannel(`our:${dtype}`, generateNtNdArray2D(9, counting(dtype, [3, 4])));
    const names = formats.map(({ dtype }) => `our:${dtype}`);
    const seen = JSON.parse(await Peer.run({ ...pvapyImages('read', ...names), env: pvapyClientOf(place) })) as unknown;
    const image = listed(counting('uint8', [3, 4]));
    expect(seen).toEqual(formats.map(({ dtype, fieldKey }) => ({ imageId: 9, image, dtype, nx: 4, ny: 3, fieldKey })));
  });
});
