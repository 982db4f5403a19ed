import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { PvaServer } from '../../src/pva/server.js';
import { frameOf, until } from '../hpc/stream.js';
import type { Peer } from '../peers/peer.js';
import { reaches, startCommand } from './command.js';

const blocks = fileURLToPath(new URL('../hpc/fixtures/blocks.ts', import.meta.url));
const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

/** A consumer whose processor has one frame behind it, and does not return from the next. */
async function stuck(...args: string[]): Promise<Peer> {
  const server = new PvaServer({ isolated: true });
  const input = server.addChannel('in:image', frameOf(1));
  const consumer = await startCommand(
    ['consumer', '-ic', 'in:image', '-siu', '0', '-pf', blocks, ...args],
    reaches(server),
  );
  open.push(server, { close: () => consumer.stop() });
  await until(() => input.subscribers === 1); // what is posted from now on comes
  for (let id = 2; id <= 4; id++) void input.post(frameOf(id));
  await consumer.line(/^blocks now/);
  return consumer;
}

it('ends at the second Ctrl-C although a processor never returns, and says what it knew before', async () => {
  const consumer = await stuck('--drain-timeout', '1000', '--report-file', 'none.json');
  const pressing = setInterval(() => consumer.kill('SIGINT'), 100); // two at once may be one
  const { code } = await consumer.exited.finally(() => clearInterval(pressing));
  const text = consumer.lines.join('\n');
  expect(code).toBe(130);
  expect(text).toContain(
    'error PVAFLOW_BLOCKED: a processor does not return: the run was ended, its account is missing, and there is no loss report (none.json).',
  );
  expect(text).toMatch(/run of 00:\d\d:\d\d until .*: \d frames? expected/);
});

it('ends some time after the first signal when there is no other', async () => {
  const consumer = await stuck('--drain-timeout', '0');
  consumer.kill('SIGTERM');
  const { code } = await consumer.exited;
  expect(code).toBe(143);
  const text = consumer.lines.join('\n');
  expect(text).toContain('a processor has not returned for 1 s');
  expect(text).toContain('PVAFLOW_BLOCKED');
});
