import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PvaClient, SimServer, type NtNdArray } from 'pvaflow';
import { simKind } from '../../src/cli/config-kinds/sim-server.js';
import { configureLogging } from '../../src/core/logger.js';
import { Configuration } from '../../src/core/schema/configuration.js';
import { readDocument } from '../../src/core/schema/document.js';
import { simConfig } from '../../src/hpc/schema/sim-config.js';
import { npyHeader } from '../../src/image/files/npy-header.js';
import { projectRoot } from '../peers/install.js';

const name = '4-files/3-replay.yaml';

test(`${name} sends saved images again`, async () => {
  configureLogging({ level: 'silent' });
  const file = join(projectRoot, 'examples', name);
  const configuration = new Configuration(readDocument(file));
  const config = simConfig(configuration.read(simKind.schema), (path) => configuration.fileOf(path));
  expect(config.input?.directory).toBe(join(projectRoot, 'examples/4-files/snapshots'));

  const directory = mkdtempSync(join(tmpdir(), 'pvaflow-replay-'));
  for (const n of [1, 2, 10])
    writeFileSync(join(directory, `${n}.npy`), Buffer.concat([npyHeader('uint8', [1, 2]), Uint8Array.of(n, n)]));
  const input = { ...config.input, directory, keepCompressed: false, onBadFile: 'fail' } as const;
  const simulator = new SimServer({ ...config, input, rate: 0, count: 4, server: { isolated: true } });
  using client = new PvaClient(simulator.clientConfig());
  const subscription = client.monitor('replay:image');
  const values: unknown[] = [];
  subscription.onReadable(() => {
    for (const event of subscription.take())
      if (event.type === 'update') values.push((event.value as NtNdArray).data?.[0]);
  });
  await simulator.start();
  await simulator.ended;
  await simulator.stop();
  expect(values).toEqual([undefined, 1, 2, 10, 1]);
  rmSync(directory, { recursive: true });
});
