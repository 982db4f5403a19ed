import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configureLogging } from '../../../src/core/logger.js';
import { NtScalar } from '../../../src/pva/normative/nt-scalar.js';
import { PvaServer } from '../../../src/pva/server.js';
import { screenLines } from '../../../src/cli/top.js';
import { Consumer } from '../../../src/hpc/consumer.js';
import { NtNdArray } from '../../../src/pva/normative/nt-nd-array.js';
import { frameOf, plainConfig, until } from '../../hpc/stream.js';
import { reachesNothing, runCommand, startCommand } from '../command.js';

beforeAll(() => configureLogging({ level: 'silent' }));

describe('screenLines', () => {
  it('say where they are looked for, as long as none was found', () => {
    const lines = screenLines([], 'searched 10.0.3.255', 60);
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d {2}0 found, 0 running/);
    expect(lines.join('\n')).toMatch(/no status channel was found yet\nsearched 10\.0\.3\.255\n/);
  });
});

describe('pvaflow top', () => {
  const source = new PvaServer({ isolated: true });
  const consumers: Consumer[] = [];
  let env: Record<string, string>;

  beforeAll(async () => {
    const input = source.addChannel('in:image', new NtNdArray());
    source.addChannel('other:status', NtScalar.from(5));
    for (const consumerId of [1, 2]) {
      const network = { client: source.clientConfig(), server: { isolated: true } };
      const channels = { input: 'in:image', status: `top:${consumerId}:status` };
      const consumer = await Consumer.create({ ...plainConfig, consumerId, channels, network });
      consumers.push(consumer);
      await consumer.start();
      await until(() => consumer.stats().frameStats.nSkipped === 1);
    }
    for (const id of [1, 2, 5]) await input.post(frameOf(id));
    await until(() => consumers.every((consumer) => consumer.stats().frameStats.nProcessed === 3));
    const servers = consumers.flatMap((consumer) => consumer.clientConfig().nameServers ?? []);
    env = {
      EPICS_PVA_AUTO_ADDR_LIST: 'NO',
      EPICS_PVA_NAME_SERVERS: [...servers, `127.0.0.1:${source.port}`].join(' '),
    };
  });

  afterAll(async () => {
    for (const consumer of consumers) await consumer.abort();
    source.close();
  });

  it('shows every consumer, and what is no status not', async () => {
    // A status follows in a tenth of a second: what is shown may be of before the frames.
    let entries: { channel: string; processed: number }[];
    do {
      const { code, output } = await runCommand(['top', '--once', '--json', '-w', '0.5'], env);
      expect(code).toBe(0);
      entries = output.map((line) => JSON.parse(line) as (typeof entries)[number]);
    } while (entries.some(({ processed }) => processed < 3));
    expect(entries).toMatchObject([
      { channel: 'top:1:status', kind: 'consumer', id: 1, input: 'in:image', processed: 3, missed: 2, lost: 0 },
      { channel: 'top:2:status', kind: 'consumer', id: 2, input: 'in:image', processed: 3, missed: 2, lost: 0 },
    ]);
  });

  it('shows those that match, as lines with a period where there is no terminal', async () => {
    await using command = await startCommand(['top', 'top:2:*', '-w', '0.5', '-p', '0.1'], env);
    await command.line(/^channel +kind/);
    await command.nextLine(/^top:2:status +consumer 2 +in:image/);
    command.kill('SIGINT');
    expect(await command.exited).toMatchObject({ code: 0 });
    expect(command.output.some((line) => line.startsWith('top:1'))).toBe(false);
  });

  it('says where it searched when nothing was found', async () => {
    const { code, output, errors } = await runCommand(['top', '--once', '-w', '0.1'], reachesNothing);
    expect([code, output]).toEqual([0, []]);
    expect(errors.join('\n')).toMatch(/no status channel was found in 0.1 s \(searched /);
  });
});
