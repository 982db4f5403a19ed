/** Requests over Channel Access, to the records of a real IOC. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CaClient, NtEnum, NtScalar, NtScalarArray, PvaflowError } from 'pvaflow';
import { ourCaClientOf } from '../peers/ours.js';
import { usePeers } from '../peers/peers.js';
import { startIoc } from '../peers/python.js';

const peers = usePeers();
let client: CaClient;
let port: number;

beforeAll(async () => {
  const { place } = await startIoc(peers, 'c:', { database: 'ca_records.db' });
  port = place.caPort;
  client = new CaClient(ourCaClientOf(place));
});
afterAll(() => client.close());

/** The error that a promise rejects with. */
async function errorOf(promise: Promise<unknown>): Promise<PvaflowError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof PvaflowError) return error;
  throw new Error(`expected a PvaflowError, found ${String(error)}`);
}

describe('a scalar', () => {
  it('comes as NTScalar with all that the server knows of it', async () => {
    const got = await client.get('c:double');
    expect(got).toBeInstanceOf(NtScalar);
    expect(got.get('value')).toBe(1.5);
    expect(got.get('display')).toMatchObject({ limitLow: -20, limitHigh: 20, units: 'mm', precision: 3 });
    expect(got.get('control')).toMatchObject({ limitLow: -10, limitHigh: 10 });
    expect(got.get('valueAlarm')).toMatchObject({
      lowAlarmLimit: -8,
      lowWarningLimit: -6,
      highWarningLimit: 6,
      highAlarmLimit: 8,
    });
    expect(got.alarm.severity).toBe(0);
    expect(got.timeStamp.toDate().getUTCFullYear()).toBeGreaterThan(2000);
  });

  it('has its alarm with the name of the condition', async () => {
    await client.put('c:double', 7);
    expect((await client.get('c:double')).alarm).toMatchObject({ severity: 1, status: 1, message: 'HIGH' });
    await client.put('c:double', 9);
    expect((await client.get('c:double')).alarm).toMatchObject({ severity: 2, status: 1, message: 'HIHI' });
    await client.put('c:double', 1.5);
    expect((await client.get('c:double')).alarm).toMatchObject({ severity: 0, status: 0, message: '' });
  });

  it.each([
    ['c:long', 'int', -17],
    ['c:double', 'double', 3.25],
    ['c:string', 'string', 'two words'],
    ['c:double.PREC', 'short', 4],
    ['c:double.ADEL', 'double', 0.5],
    ['c:enum.ZRVL', 'double', 7], // an unsigned 32-bit number
    ['c:enum.UNSV', 'ushort', 1],
  ])('%s is %s, and takes what it gives', async (name, type, value) => {
    await client.put(name, value);
    const got = await client.get(name);
    const shown = got instanceof NtEnum ? got.index : got.get('value');
    expect(shown).toBe(value);
    if (!(got instanceof NtEnum)) expect(got.type.fields['value']).toBe(type);
  });

  it('that was never processed is invalid and undefined', async () => {
    const { alarm } = await client.get('c:never');
    expect(alarm).toMatchObject({ severity: 3, message: 'UDF' });
  });
});

describe('an enumeration', () => {
  it('comes as NTEnum with its choices', async () => {
    const got = await client.get('c:enum');
    expect(got).toBeInstanceOf(NtEnum);
    expect(got.get('value')).toEqual({ index: 1, choices: ['idle', 'moving', 'fault'] });
  });

  it('takes an index, a choice, a value of its own type', async () => {
    await client.put('c:enum', 2);
    const got = (await client.get('c:enum')) as NtEnum;
    expect(got.choice).toBe('fault');
    await client.put('c:enum', 'idle');
    expect(((await client.get('c:enum')) as NtEnum).choice).toBe('idle');
    await client.put('c:enum', got);
    expect(((await client.get('c:enum')) as NtEnum).choice).toBe('fault');
    await client.put('c:enum', { value: { index: 1 } });
    expect(((await client.get('c:enum')) as NtEnum).choice).toBe('moving');
  });

  it('refuses a choice that it does not have', async () => {
    expect((await errorOf(client.put('c:enum', 'flying'))).code).toBe('PVAFLOW_REMOTE');
  });
});

describe('an array', () => {
  it.each([
    ['char', 'ubyte[]', Uint8Array.of(0, 1, 255)],
    ['short', 'short[]', Int16Array.of(-32768, 0, 32767)],
    ['long', 'int[]', Int32Array.of(-(2 ** 31), 2 ** 31 - 1)],
    ['float', 'float[]', Float32Array.of(0.5, -1.25)],
    ['double', 'double[]', Float64Array.of(Math.PI, -1e300, Infinity)],
    ['string', 'string[]', ['one', '', 'three']],
    ['enum', 'ushort[]', Uint16Array.of(0, 3, 65535)],
    ['int64', 'double[]', Float64Array.of(0, 2 ** 40)],
  ])('of %s is %s, and takes what it gives', async (name, type, value) => {
    await client.put(`c:array:${name}`, value);
    const got = await client.get(`c:array:${name}`);
    expect(got).toBeInstanceOf(NtScalarArray);
    expect(got.type.fields['value']).toBe(type);
    expect(got.get('value')).toEqual(value);
    await client.put(`c:array:${name}`, got);
  });

  it('takes other kinds of numbers that fit', async () => {
    await client.put('c:array:short', [1, 2n, true]);
    expect((await client.get('c:array:short')).get('value')).toEqual(Int16Array.of(1, 2, 1));
  });

  it('may be large', async () => {
    const value = Float64Array.from({ length: 1_000_000 }, (_, index) => index);
    await client.put('c:array:large', value);
    const got = (await client.get('c:array:large')).get<Float64Array>('value');
    expect(got.length).toBe(value.length);
    expect(got.every((number, index) => number === index)).toBe(true);
  });

  it('has its units', async () => {
    expect((await client.get('c:array:double')).get('display.units')).toBe('V');
  });
});

describe('a long string', () => {
  const text = 'longer than the forty characters of a string of Channel Access: µ°€';

  it('is a text for a name with $', async () => {
    await client.put('c:text.VAL$', text);
    const got = await client.get('c:text.VAL$');
    expect(got.type.fields['value']).toBe('string');
    expect(got.get('value')).toBe(text);
  });

  it('is an array of characters where that is wanted, and the other way round', async () => {
    const bytes = new TextEncoder().encode(text);
    const got = await client.get('c:text.VAL$', { longString: false });
    expect([...got.get<Uint8Array>('value')].slice(0, bytes.length)).toEqual([...bytes]);
    await client.put('c:array:char', 'as text');
    expect((await client.get('c:array:char', { longString: true })).get('value')).toBe('as text');
  });

  it('shows units in ISO 8859-1', async () => {
    await client.put('c:long.EGU$', Uint8Array.of(0xb0, 0x43, 0));
    expect((await client.get('c:long')).get('display.units')).toBe('°C');
  });
});

describe('what a channel cannot hold', () => {
  it.each([
    ['c:long', 1.5, /whole number from -2147483648 to 2147483647 \(DBF_LONG\), found 1.5/],
    ['c:long', 2 ** 31, /found 2147483648/],
    ['c:array:char', [256], /found 256/],
    ['c:array:short', [1, 40_000], /found 40000/],
    ['c:array:char', new Uint8Array(101), /at most 100 elements, found 101/],
    ['c:array:double', [], /without elements/],
    ['c:string', 'x'.repeat(40), /at most 39 bytes/],
    ['c:double', 2n ** 60n, /below 2\^53/],
  ])('%s refuses %s', async (name, value, message) => {
    const error = await errorOf((async () => client.put(name, value))());
    expect(error.code).toBe('PVAFLOW_VALUE_RANGE');
    expect(error.message).toMatch(message);
  });

  it.each([[{ value: {} }], [[1, 'one']], [[{}]]])('refuses %j', async (value) => {
    const error = await errorOf((async () => client.put('c:double', value as never))());
    expect(error.code).toBe('PVAFLOW_VALUE_TYPE');
  });

  it('says what the server does not allow', async () => {
    const error = await errorOf(client.put('c:double.RTYP', 'x'));
    expect(error.code).toBe('PVAFLOW_REMOTE');
    expect(error.message).toMatch(/put ca:\/\/c:double\.RTYP: .*[Ww]rite/);
  });
});

describe('a request', () => {
  it('tells where a channel is, and what it is', async () => {
    const info = await client.info('c:array:double');
    expect(info).toMatchObject({ nativeType: 'DBF_DOUBLE', count: 100, readable: true, writable: true });
    expect(info.peer).toMatch(new RegExp(`:${port}$`));
    expect(info.type.id).toBe('epics:nt/NTScalarArray:1.0');
  });

  it('is over when it was sent, if that is asked for', async () => {
    await client.put('c:long', 5, { wait: false });
    await expect.poll(async () => (await client.get('c:long')).get('value'), { timeout: 60_000 }).toBe(5);
  });

  it('gives up when no server answers, and says where it searched', async () => {
    const error = await errorOf(client.get('c:nowhere', { timeout: 0.2 }));
    expect(error.code).toBe('PVAFLOW_TIMEOUT');
    expect(error.message).toContain(
      `get ca://c:nowhere: no server answered in 0.2 s (EPICS_CA_ADDR_LIST=127.0.0.1:${port}`,
    );
  });

  it('can be cancelled', async () => {
    const cancel = new AbortController();
    const promise = errorOf(client.get('c:nowhere', { signal: cancel.signal }));
    cancel.abort();
    expect((await promise).code).toBe('PVAFLOW_CANCELLED');
  });

  it('ends with the client', async () => {
    const other = new CaClient({ addressList: [`127.0.0.1:${port}`], autoAddressList: false });
    const promise = errorOf(other.get('c:nowhere'));
    other.close();
    expect((await promise).code).toBe('PVAFLOW_CLOSED');
    expect(other.closed).toBe(true);
    expect(() => other.monitor('c:double')).toThrow('the client is closed');
    other.close();
  });

  it('finds a server by name, over TCP alone', async () => {
    using other = new CaClient({ nameServers: [`127.0.0.1:${port}`], autoAddressList: false, useEnvironment: false });
    expect((await other.get('c:enum')).typeId).toBe('epics:nt/NTEnum:1.0');
  });

  it('is answered at once after the only monitor of its server was closed', async () => {
    using other = new CaClient({ addressList: [`127.0.0.1:${port}`], autoAddressList: false, useEnvironment: false });
    for (let round = 0; round < 20; round++) {
      for await (const event of other.monitor('c:double')) if (event.type === 'update') break;
      await other.get('c:long'); // the connection must not have been closed with the monitor
    }
  });

  it('may be one of many at once', async () => {
    const values = await Promise.all(Array.from({ length: 500 }, () => client.get('c:double')));
    expect(values.every((value) => value.typeId === 'epics:nt/NTScalar:1.0')).toBe(true);
  });
});

describe('a client', () => {
  it('that was never used is closed, with name servers too', () => {
    const unused = new CaClient({ nameServers: [`127.0.0.1:${port}`], autoAddressList: false, useEnvironment: false });
    unused.close();
    expect(unused.closed).toBe(true);
  });

  it('has places of its own: another one in this process does not find what this one does', async () => {
    using other = new CaClient({
      addressList: [`127.0.0.1:${port + 1}`],
      autoAddressList: false,
      useEnvironment: false,
    });
    expect((await errorOf(other.get('c:double', { timeout: 0.3 }))).code).toBe('PVAFLOW_TIMEOUT');
    expect((await client.get('c:double')).get('value')).toBeTypeOf('number');
  });

  it('takes EPICS_CA_ variables from process.env', async () => {
    process.env.EPICS_CA_ADDR_LIST = `127.0.0.1:${port}`;
    process.env.EPICS_CA_AUTO_ADDR_LIST = 'NO';
    try {
      using other = new CaClient();
      expect((await other.get('c:double')).get('value')).toBeTypeOf('number');
    } finally {
      delete process.env.EPICS_CA_ADDR_LIST;
      delete process.env.EPICS_CA_AUTO_ADDR_LIST;
    }
  });
});
