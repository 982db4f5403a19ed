/** One of four consumers behind a distributor is killed. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { NtNdArray, PvaServer, type Departure } from 'pvaflow';
import { newPlace } from '../peers/network.js';
import { ourServerAt, startPvaflow } from '../peers/ours.js';
import { usePeers } from '../peers/peers.js';
import { frame, postFrames, until } from '../pva/serving.js';

const peers = usePeers();
const folder = mkdtempSync(join(tmpdir(), 'pvaflow-'));
const processor = fileURLToPath(new URL('fixtures/id-file.ts', import.meta.url));
let server: PvaServer;

afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const fileOf = (id: number) => join(folder, `${id}.ids`);
const idsOf = (id: number) =>
  existsSync(fileOf(id)) ? readFileSync(fileOf(id), 'utf8').split('\n').filter(Boolean).map(Number) : [];

it('leaves its frames to the others, and tells which may be lost', async () => {
  const place = await newPlace();
  server = new PvaServer(ourServerAt(place));
  const departures: Departure[] = [];
  const channel = server.addChannel('X:image', new NtNdArray(), {
    queue: { frames: 16 },
    onDeparture: (departure) => departures.push(departure),
  });
  const consumers = await Promise.all(
    [1, 2, 3, 4].map(async (id) => {
      const args = ['-id', `${id}`, '-ic', 'X:image', '-du', '1', '-oo', '4', '-dc'];
      const own = ['-pf', processor, '-pa', JSON.stringify({ file: fileOf(id) })];
      return startPvaflow(peers, ['consumer', ...args, ...own], { sources: [place] });
    }),
  );
  await until(() => channel.stats().subscribers.filter((subscriber) => subscriber.running).length === 4);

  await postFrames(channel, 1, 40);
  await until(() => [1, 2, 3, 4].every((id) => idsOf(id).length === 10));
  await consumers[2]?.peer.freeze();
  let last = 40;
  let room: void | Promise<void> = undefined;
  while (!room) room = channel.post(frame(++last)); // the others go on until its turn finds it full
  consumers[2]?.peer.kill('SIGKILL');
  await room;
  await postFrames(channel, last + 1, last + 30);
  last += 30;

  const [gone] = departures;
  if (!gone) throw new Error('nobody left');
  const open = gone.unacknowledgedIds;
  const all = Array.from({ length: last }, (_, i) => i + 1);
  const seen = () => new Set([1, 2, 3, 4].flatMap(idsOf));
  await until(() => all.every((id) => seen().has(id) || open.includes(id)));

  expect(gone).toMatchObject({ id: 'consumer-3', unacknowledged: open.length, abandoned: 0 });
  expect(gone.handedOver).toBeGreaterThan(0);
  const lost = all.filter((id) => !seen().has(id));
  expect(lost.length).toBeGreaterThan(0); // it was stopped: what was sent to it then is gone with it
  expect(open).toEqual(expect.arrayContaining(lost));
  const processed = [1, 2, 3, 4].flatMap(idsOf);
  expect(processed).toHaveLength(new Set(processed).size); // nothing twice
  expect(channel.stats()).toMatchObject({ dropped: 0, handedOver: gone.handedOver });
});
