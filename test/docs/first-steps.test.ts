import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../peers/install.js';
import { clientOf, newPlace, serverAt } from '../peers/network.js';
import { usePeers } from '../peers/peers.js';

const text = readFileSync(join(projectRoot, 'docs', 'tutorial', 'first-steps.md'), 'utf8');
const blocks = [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language, body = '']) => ({ language, body }));
const commands = blocks.filter(({ language }) => language === '').flatMap(({ body }) => body.trim().split('\n'));
const folder = mkdtempSync(join(tmpdir(), 'pvaflow-tutorial-'));
afterAll(() => rmSync(folder, { recursive: true }));
const peers = usePeers();

/** The command of the tutorial that begins so, run by a shell in a folder with the tutorial's processor. */
function run(beginning: string, env: Record<string, string>) {
  const command = commands.find((each) => each.startsWith(beginning));
  if (command === undefined) throw new Error(`the tutorial has no command ${beginning}`);
  const main = join(projectRoot, 'src', 'cli', 'main.ts');
  const loader = join(projectRoot, 'node_modules', 'tsx', 'dist', 'loader.mjs');
  const script = command.replace(/^pvaflow/, `exec ${process.execPath} --import ${loader} ${main}`);
  return peers.start({ name: command, command: 'sh', args: ['-c', script], cwd: folder, env });
}

describe('the first steps', () => {
  test('work as they are written', async () => {
    writeFileSync(join(folder, 'spot.ts'), blocks.find(({ language }) => language === 'ts')?.body ?? '');
    const [detector, sink] = [await newPlace(), await newPlace()];
    const env = clientOf(detector, sink);
    const succeeds = async (beginning: string) => {
      const command = await run(beginning, env);
      expect({ name: command.name, ...(await command.exited) }).toMatchObject({ name: command.name, code: 0 });
      return command.output.join('\n');
    };

    const simulator = await run('pvaflow sim-server', serverAt(detector));
    await simulator.line(/^published/);
    expect(await succeeds('pvaflow info')).toContain('epics:nt/NTNDArray:1.0');
    expect(await succeeds('pvaflow get --field uniqueId')).toMatch(/int size 512/);
    expect((await succeeds('pvaflow monitor')).match(/uniqueId/g)).toHaveLength(5);
    expect(await succeeds('pvaflow view --png')).toMatch(/^spot.png: image \d+ of tutorial:image, 512×512 uint8/);
    expect(await succeeds('pvaflow list')).toContain('tutorial:image');
    const view = await run('pvaflow view tutorial:image', env);
    await view.line(/^tutorial:image {2}id /);
    expect(await view.stop()).toMatchObject({ code: 0 });

    const consumer = await run('pvaflow consumer', { ...env, ...serverAt(sink) });
    await consumer.line(/started/);
    const output = await run('pvaflow view tutorial:spot', env);
    await output.line(/^tutorial:spot {2}id /);
    expect(await output.stop()).toMatchObject({ code: 0 });
    while (!/double brightest [1-9]/.test(await succeeds('pvaflow get --field userStats'))); // it is updated every second
    await succeeds('pvaflow put');
    expect(await succeeds('pvaflow get --field statusMessage')).toContain('Configuration successful');
    consumer.kill('SIGINT');
    expect(await consumer.exited).toMatchObject({ code: 0 });
    expect(consumer.output.join('\n')).toMatch(/^run of .* frames expected/m);
    expect(await simulator.stop()).toMatchObject({ code: 0 });
  }, 120_000);
});
