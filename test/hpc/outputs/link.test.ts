import { afterEach, expect, it } from 'vitest';
import { getLogger } from '../../../src/core/logger.js';
import { LinkInput } from '../../../src/hpc/inputs/link.js';
import { LinkOutput } from '../../../src/hpc/outputs/link.js';
import { NtScalar } from '../../../src/pva/normative/nt-scalar.js';
import type { PvObject } from '../../../src/pva/pv-object.js';
import { PvaServer } from '../../../src/pva/server.js';
import { until } from '../stream.js';

const logger = getLogger('link-test');
const open: { close(): void }[] = [];
afterEach(() => open.splice(0).forEach((each) => each.close()));

function newOutput(port?: number): LinkOutput {
  const config = { channel: 'out', onFull: 'wait' as const, args: port === undefined ? {} : { port } };
  const server = new PvaServer({ isolated: true });
  open.push(server);
  const client = () => {
    throw new Error('a link looks for nothing');
  };
  return new LinkOutput({ config, client, server, logger, onError: () => {}, onOverflow: () => {} });
}

/** What comes over the link, in order. */
function received(port: number): { values: unknown[]; input: LinkInput } {
  const values: unknown[] = [];
  const intake = {
    admit: (object: PvObject) => values.push(object.get('value')) > 0,
    lastId: undefined,
    sourceCameBack: () => {},
  };
  const config = {
    ...{ channel: 'in', objectIdField: 'uniqueId', fieldRequest: '', serverQueueSize: 0 },
    args: { server: `127.0.0.1:${port}` },
  };
  const server = new PvaServer({ isolated: true });
  const input = new LinkInput({
    ...{ config, server, intake, logger, hasQueue: false, inputType: () => null, onEnd: () => {} },
    client: () => {
      throw new Error('a link has a client of its own');
    },
  });
  open.push(server, input);
  input.start(() => void input.take(100));
  return { values, input };
}

const number = (value: number) => NtScalar.from(value);

it('nothing is sent before somebody is there, and then all of it, in order', async () => {
  const output = newOutput();
  expect(output.update(number(1))).toBeInstanceOf(Promise);
  void output.update(number(2));
  expect(output.isHeldBack).toBe(false);
  const { values, input } = received(output.port);
  await until(() => values.length === 2);
  void output.update(number(3));
  await output.flush();
  await input.exhausted();
  expect(values).toEqual([1, 2, 3]);
  expect(input.figures().received).toBe(3);
});

it('objects of another type are not lost, nor taken for what the channel holds', async () => {
  const output = newOutput();
  const { values, input } = received(output.port);
  await output.update(number(1));
  await output.update(NtScalar.from('two'));
  await output.update(NtScalar.from('three'));
  await output.update(number(4));
  await output.flush();
  await input.exhausted();
  expect(values).toEqual([1, 'two', 'three', 4]);
});

it('whoever comes anew gets what follows, and what it had not taken is gone', async () => {
  const output = newOutput();
  const first = received(output.port);
  await output.update(number(1));
  await until(() => first.values.length === 1);
  first.input.close();
  await until(() => output.subscribers === 0);
  void output.update(number(2));
  const second = received(output.port);
  await until(() => second.values.length === 1);
  expect(second.values).toEqual([2]);
  await output.flush();
});

it('a port that somebody else has is refused', () => {
  const other = new PvaServer({ isolated: true });
  open.push(other);
  expect(() => newOutput(other.port)).toThrow(/is in use by another program/);
});
