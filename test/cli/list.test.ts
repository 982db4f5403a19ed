import { describe, expect, test } from 'vitest';
import { serveChannels } from './channels.js';
import { reachesNothing, runCommand } from './command.js';

const { env, server } = serveChannels();
const address = `127.0.0.1:${server.port}`;
const names = ['X:count', 'X:curve', 'X:mode', 'X:number', 'X:text'];

describe('pvaflow list', () => {
  test('lists the channels of a server that is named', async () => {
    const { code, output } = await runCommand(['list', address], reachesNothing);
    expect({ code, output }).toEqual({ code: 0, output: [`# ${address}`, ...names] });
  });

  test('finds the servers of EPICS_PVA_NAME_SERVERS', async () => {
    expect((await runCommand(['list', '-w', '0.5'], env)).output).toEqual([`# ${address}`, ...names]);
    expect((await runCommand(['list', '-w', '0.5', '--servers'], env)).output).toEqual([address]);
  });

  test('--json prints a document for each server', async () => {
    const { output } = await runCommand(['list', '--json', address], reachesNothing);
    expect(output.map((line) => JSON.parse(line) as unknown)).toEqual([{ server: address, channels: names }]);
  });

  test('says where it searched when nothing answers', async () => {
    const { code, output, errors } = await runCommand(['list', '-w', '0.2'], reachesNothing);
    expect({ code, output }).toEqual({ code: 0, output: [] });
    expect(errors.join('\n')).toMatch(/no server answered in 0.2 s \(searched /);
  });
});
