import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { PvaClient } from '../../src/pva/client.js';
import { PvaServer } from '../../src/pva/server.js';
import { localAddress, serverDefinitions } from '../../src/pva/server-config.js';
import { until, useServers } from './serving.js';

const newServer = useServers();
const code = (name: string) => expect.objectContaining({ code: name }) as Error;

describe('the configuration of a server', () => {
  it('comes from the environment where it is not given', () => {
    const environment = { EPICS_PVAS_SERVER_PORT: '5555', EPICS_PVAS_BROADCAST_PORT: '5556', PATH: '/bin' };
    expect(serverDefinitions({ port: 0, interfaces: ['127.0.0.1', '10.0.0.1'] }, environment)).toEqual({
      EPICS_PVAS_SERVER_PORT: '0',
      EPICS_PVAS_BROADCAST_PORT: '5556',
      EPICS_PVAS_INTF_ADDR_LIST: '127.0.0.1 10.0.0.1',
    });
    expect(serverDefinitions({ useEnvironment: false }, environment)).toEqual({});
    expect(serverDefinitions({ isolated: true }, environment)).toEqual({});
  });

  it.each([
    [{ prot: 5 }, 'Did you mean port?'],
    [{ port: 70_000 }, 'port must be a whole number from 0 to 65535'],
    [{ connectionTimeout: 0 }, 'connectionTimeout must be a number of seconds'],
  ])('is refused with the reason: %j', (config: object, message) => {
    expect(() => new PvaServer(config)).toThrow(message);
  });

  it('tells where clients on this machine find the server', () => {
    expect(localAddress('')).toBe('127.0.0.1');
    expect(localAddress('0.0.0.0')).toBe('127.0.0.1');
    expect(localAddress('192.168.7.1:0 10.0.0.1')).toBe('192.168.7.1');
    expect(localAddress('::1')).toBe('[::1]');
  });

  it('can be read as it is in effect', () => {
    const server = newServer();
    expect(server.port).toBeGreaterThan(0);
    expect(server.config()).toMatchObject({
      EPICS_PVAS_SERVER_PORT: String(server.port),
      EPICS_PVAS_INTF_ADDR_LIST: '127.0.0.1',
    });
  });

  it('takes another port when the wanted one is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    expect(newServer({ isolated: true, port }).port).not.toBe(port);
    other.close();
  });

  it('that cannot be had is an error', () => {
    expect(() => new PvaServer({ isolated: true, interfaces: ['203.0.113.7'] })).toThrowError(code('PVAFLOW_SERVER'));
  });
});

describe('several servers in one process', () => {
  it('share nothing', async () => {
    const servers = [newServer(), newServer(), newServer()];
    for (const [value, server] of servers.entries()) await server.addChannel('X', { value: 'int' }).post({ value });
    for (const [value, server] of servers.entries()) {
      using client = new PvaClient(server.clientConfig());
      expect((await client.get('X')).get('value')).toBe(value);
    }
    servers[1]!.close();
    using client = new PvaClient(servers[2]!.clientConfig());
    expect((await client.get('X')).get('value')).toBe(2);
  });
});

describe('many channels', () => {
  it('are found by their names', async () => {
    const server = newServer();
    for (let i = 0; i < 500; i++) await server.addChannel(`X:${i}`, { value: 'int' }).post({ value: i });
    expect(server.channels()).toHaveLength(500);
    using client = new PvaClient(server.clientConfig());
    const values = await Promise.all(Array.from({ length: 500 }, (_, i) => client.get(`X:${i}`)));
    expect(values.map((value) => value.get('value'))).toEqual(Array.from({ length: 500 }, (_, i) => i));
    expect(server.connections()).toHaveLength(1);
    expect(server.connections()[0]?.channels).toBeGreaterThan(0);
    for (let i = 0; i < 499; i++) expect(server.removeChannel(`X:${i}`)).toBe(true);
    expect(server.channels()).toEqual(['X:499']);
    expect(server.removeChannel('X:0')).toBe(false);
    expect(server.channel('X:0')).toBeUndefined();
    expect(server.channel('X:499')?.name).toBe('X:499');
  });

  it('have each a name of their own, and options that exist', () => {
    const server = newServer();
    server.addChannel('X', { value: 'int' });
    expect(() => server.addChannel('X', { value: 'int' })).toThrowError(code('PVAFLOW_CHANNEL_EXISTS'));
    expect(() => server.addChannel('', { value: 'int' })).toThrowError(code('PVAFLOW_OPTION'));
    expect(() => server.addChannel('Y', { value: 'itn' as 'int' })).toThrowError(code('PVAFLOW_TYPE'));
    expect(() => server.addChannel('Y', 'int')).toThrowError(code('PVAFLOW_TYPE'));
    const wrong: [object, string][] = [
      [{ onput: 'accept' }, 'Did you mean onPut?'],
      [{ onPut: 'yes' }, "a function or 'accept'"],
      [{ onRpc: 'accept' }, 'must be a function'],
      [{ onFull: 'drop' }, 'one of wait, dropOldest, dropNewest'],
      [{ queue: { frames: 0 } }, 'queue.frames must be a whole number of at least 1'],
      [{ queue: { size: 1 } }, 'has no option size'],
    ];
    for (const [options, message] of wrong)
      expect(() => server.addChannel('Z', { value: 'int' }, options)).toThrow(message);
    expect(server.channels()).toEqual(['X']);
  });
});

describe('a closed server', () => {
  it('refuses every use but those that end it', () => {
    const server = newServer();
    const channel = server.addChannel('X', { value: 'int' });
    server.close();
    server.close();
    expect(server.closed).toBe(true);
    expect(channel.closed).toBe(true);
    expect(() => server.addChannel('Y', { value: 'int' })).toThrowError(code('PVAFLOW_SERVER_CLOSED'));
    expect(() => server.connections()).toThrowError(code('PVAFLOW_SERVER_CLOSED'));
    expect(() => channel.post({ value: 1 })).toThrowError(code('PVAFLOW_CHANNEL_CLOSED'));
    channel.close();
    expect(server.channels()).toEqual([]);
    expect(server.removeChannel('X')).toBe(false);
    expect(server.ref().unref()).toBe(server);
  });

  it('disconnects its clients, also while they are busy', async () => {
    const server = newServer();
    let puts = 0;
    const onPut = () => (puts++, new Promise<void>(() => undefined));
    const channel = server.addChannel('X', { value: 'int' }, { onPut, onFull: 'dropOldest' });
    using client = new PvaClient({ ...server.clientConfig(), timeout: 20 });
    const subscription = client.monitor('X');
    await until(() => channel.subscribers === 1);
    const put = client.put('X', { value: 1 });
    put.catch(() => undefined);
    await until(() => puts === 1);
    for (let i = 0; i < 1000; i++) void channel.post({ value: i });
    server.close();
    await expect(put).rejects.toThrowError(code('PVAFLOW_DISCONNECTED'));
    const types: string[] = [];
    for await (const event of subscription) {
      types.push(event.type);
      if (event.type === 'disconnected') break;
    }
    expect(types).toContain('disconnected');
  });
});

/** A server with a subscriber, posting without end; each way of ending the process must work in the middle of it. */
const busy = fileURLToPath(new URL('busy-server.ts', import.meta.url));

describe('the process of a busy server', () => {
  const run = async (how: string) => {
    const child = spawn(process.execPath, ['--import', 'tsx', busy, how], { stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    child.stdout.on('data', (data: Buffer) => {
      text += data.toString();
      if (how === 'SIGTERM' && text.includes('busy')) child.kill('SIGTERM');
    });
    child.stderr.on('data', (data: Buffer) => (text += data.toString()));
    const [exit, signal] = (await once(child, 'close')) as [number | null, string | null];
    return { exit, signal, text };
  };

  it.each([
    ['close', { exit: 0, signal: null }],
    ['exit', { exit: 7, signal: null }],
    ['unref', { exit: 0, signal: null }],
    ['throw', { exit: 1, signal: null }],
    ['SIGTERM', { exit: null, signal: 'SIGTERM' }],
  ])('ends by %s', async (how, expected) => {
    expect(await run(how)).toMatchObject({ ...expected, text: expect.stringContaining('busy') as string });
  });

  it('ends with the worker thread that it runs in', async () => {
    const source = `import('tsx/esm/api').then(({ register }) => (register(), import(${JSON.stringify(busy)})))`;
    const worker = new Worker(source, { eval: true, argv: ['forever'] });
    await once(worker, 'message');
    expect(await worker.terminate()).toBe(1);
  });
});
