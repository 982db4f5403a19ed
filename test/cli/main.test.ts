import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.js';
import { projectRoot } from '../peers/install.js';
import { Peer } from '../peers/peer.js';
import { reachesNothing, runCommand } from './command.js';

const noAddon = { PVAFLOW_ADDON: '/does/not/exist.node' };

describe('pvaflow', () => {
  test('--help names every command with its summary and does not load the addon', async () => {
    const { code, output, errors } = await runCommand(['--help'], noAddon);
    expect(errors).toEqual([]);
    expect(code).toBe(0);
    for (const { name, summary } of commands)
      expect(output.join('\n')).toMatch(new RegExp(`^  ${name} .*${summary}$`, 'm'));
  });

  test('without arguments shows the help', async () => {
    const { code, output } = await runCommand([], noAddon);
    expect(code).toBe(0);
    expect(output[0]).toBe('Usage: pvaflow [options] [command]');
  });

  test('--version is the version of the package', async () => {
    const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { version: string };
    expect((await runCommand(['--version'], noAddon)).output).toEqual([version]);
  });

  test('names the nearest command for one that does not exist', async () => {
    const { code, output, errors } = await runCommand(['mnitor', 'X'], noAddon);
    expect({ code, output }).toEqual({ code: 2, output: [] });
    expect(errors).toEqual(["error PVAFLOW_USAGE: unknown command 'mnitor'", '(Did you mean monitor?)']);
  });

  test('names the nearest option for one that does not exist', async () => {
    const { code, errors } = await runCommand(['get', '--timout', '3', 'X']);
    expect(code).toBe(2);
    expect(errors).toEqual([
      "error PVAFLOW_USAGE: unknown option '--timout'",
      '(Did you mean --timeout?)',
      'pvaflow help get shows its options.',
    ]);
  });

  test('says what is wrong with the value of an option', async () => {
    const { code, errors } = await runCommand(['get', '--timeout', 'soon', 'X']);
    expect(code).toBe(2);
    expect(errors.join()).toContain('It must be a number of 0 or more.');
  });

  test('says what to do when the addon is not there', async () => {
    const { code, errors } = await runCommand(['get', 'X'], noAddon);
    expect(code).toBe(1);
    expect(errors.join('\n')).toMatch(/^error PVAFLOW_ADDON: cannot load .*Build it with `npm run build`/s);
  });
});

test('a run goes on when what it prints cannot be written, and says so by its exit code', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pvaflow-full-'));
  const report = join(folder, 'report.json');
  const args = ['consumer', '-ic', 'no:such', '-rt', '1', '-rp', '0.1', '-dc', '--report-file', report];
  try {
    await using command = await Peer.start({
      name: 'consumer',
      command: 'bash',
      args: ['-c', 'exec "$0" --import tsx src/cli/main.ts "$@" > /dev/full 2> /dev/full', process.execPath, ...args],
      cwd: projectRoot,
      env: reachesNothing,
    });
    expect(await command.exited).toEqual({ code: 1, signal: null });
    expect(JSON.parse(readFileSync(report, 'utf8'))).toMatchObject({ inputChannel: 'no:such', received: 0 });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe('the help of each command', () => {
  test.each(commands.map(({ name }) => name))('%s has a description and examples', async (name) => {
    const { code, output } = await runCommand(['help', name]);
    const text = output.join('\n');
    expect(code).toBe(0);
    expect(text).toMatch(new RegExp(`^Usage: pvaflow ${name} `));
    expect(text).toMatch(new RegExp(`^Examples:\n  pvaflow ${name} `, 'm'));
  });
});
