import { describe, expect, test } from 'vitest';
import { NtScalar } from '../../src/pva/normative/nt-scalar.js';
import type { NtUri } from '../../src/pva/normative/nt-uri.js';
import { serveChannels } from './channels.js';
import { runCommand } from './command.js';

const { env, server } = serveChannels();
let asked: NtUri | undefined;
server.addChannel('X:sum', null, {
  onRpc: (argument) => {
    asked = argument as NtUri;
    return NtScalar.from(Object.values(asked.query).reduce((sum: number, each) => sum + Number(each), 0));
  },
});
server.addChannel('X:broken', null, {
  onRpc: () => {
    throw new Error('no beam');
  },
});

describe('pvaflow rpc', () => {
  test('sends texts as an NTURI and prints the answer', async () => {
    const { code, output } = await runCommand(['rpc', 'X:sum', 'a=1', 'b=2.5'], env);
    expect({ code, output }).toEqual({ code: 0, output: [expect.stringMatching(/^X:sum .* 3\.5$/)] });
    expect(asked?.toObject()).toMatchObject({ scheme: 'pva', path: 'X:sum', query: { a: '1', b: '2.5' } });
  });

  test('sends typed arguments', async () => {
    await runCommand(['rpc', '--json', 'X:sum', 'a:long=3', 'b:double=0.5', 'c:boolean=true'], env);
    expect(asked?.query).toEqual({ a: 3n, b: 0.5, c: true });
  });

  test('tells what the service says when it fails', async () => {
    const { code, errors } = await runCommand(['rpc', 'X:broken'], env);
    expect(code).toBe(1);
    expect(errors[0]).toMatch(/^error PVAFLOW_REMOTE: rpc X:broken: .*no beam/);
  });

  test.each([
    ['a', /"a" is not of the form name=value/],
    ['a:integer=1', /"integer" in "a:integer=1" is no type; there are boolean, byte/],
    ['a:int=x', /a is an integer: "x" is none/],
  ])('refuses the argument %s', async (word, message) => {
    const { code, errors } = await runCommand(['rpc', 'X:sum', word], env);
    expect(code).toBe(2);
    expect(errors[0]).toMatch(message);
  });
});
