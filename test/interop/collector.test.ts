/** Our collector in the place of pvaPy's, with pvaPy's consumers as its producers. */
import { expect, it } from 'vitest';
import { startPvaflow } from '../peers/ours.js';
import { usePeers } from '../peers/peers.js';
import { PythonClient, startPvapyConsumer, startPvapySimulator } from '../peers/python.js';
import { differences, truthType, type Described } from '../peers/truth.js';

const peers = usePeers();

it("puts what pvaPy's consumers share in order, and has the structures of pvaPy's collector", async () => {
  const image = ['-cn', 'sim:image', '-nx', '16', '-ny', '8', '-fps', '50', '-nf', '20'];
  const simulator = await startPvapySimulator(peers, [...image, '-rt', '300', '-std', '1', '-shd', '0']);
  const shared = ['-ic', 'sim:image', '-oc', 'p:*:output', '-dg', 'share', '-du', '1', '-oo', '2', '-rp', '1'];
  const pass = ['-pc', 'pvapy.hpc.userDataProcessor.UserDataProcessor'];
  const producers = await Promise.all(
    ['1', '2'].map((id) => startPvapyConsumer(peers, ['-id', id, ...shared, ...pass], [simulator.place])),
  );
  const channels = ['-oc', '_', '-sc', '_', '-cc', '_', '--status-period', '0.2'];
  const { place } = await startPvaflow(
    peers,
    ['collector', '-id', '5', '-pid', '1,2', '-ic', 'p:*:output', ...channels, '--tiles', '1', '-dc'],
    { sources: producers.map((producer) => producer.place) },
  );
  const p4p = await PythonClient.p4p(peers, place);
  const described = (role: string) => p4p.request<Described>('introspect', { name: `pvapy:collector:5:${role}` });
  expect(differences(truthType('control_collector'), await described('control'))).toEqual([]);
  const wanted = truthType('status_collector') as [string, string, [string, Described][]];
  const withoutMetadata = wanted[2].filter(([field]) => !field.startsWith('metadata'));
  expect(differences([wanted[0], wanted[1], withoutMetadata], await described('status'))).toEqual([]);
  await p4p.request('monitor', { name: 'pvapy:collector:5:output' });
  const events = await p4p.request<{ uniqueId?: number }[]>('events', { name: 'pvapy:collector:5:output', count: 60 });
  const ids = events.flatMap(({ uniqueId }) => (uniqueId === undefined ? [] : [uniqueId])).slice(1);
  expect(ids.length).toBeGreaterThan(50);
  expect(ids.map((id) => id - (ids[0] as number))).toEqual(ids.map((_, at) => at));
});
