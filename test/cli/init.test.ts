import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { newProject } from '../../src/cli/init/new-project.js';
import { pvaflowSpec } from '../../src/cli/init/pvaflow-spec.js';
import { packageVersion } from '../../src/core/package-root.js';
import { projectRoot } from '../peers/install.js';
import { startPvaflow } from '../peers/ours.js';
import { usePeers } from '../peers/peers.js';
import { runCommand } from './command.js';

const scratch = mkdtempSync(join(tmpdir(), 'pvaflow-init-'));
afterAll(() => rmSync(scratch, { recursive: true }));
const peers = usePeers();

const written = [
  '.gitignore',
  'README.md',
  'package.json',
  'pipeline.yaml',
  'threshold.test.ts',
  'threshold.ts',
  'tsconfig.json',
];

describe('pvaflow init', () => {
  test('makes a project that is right, runs, and whose test passes', async () => {
    const folder = join(scratch, 'Beam Line_7');
    const { code, output } = await runCommand(['init', folder]);
    expect(code).toBe(0);
    expect(output.join('\n')).toContain(`pvaflow consumer --config ${folder}/pipeline.yaml`);
    expect(readdirSync(folder).sort()).toEqual(written);
    expect(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).toMatchObject({
      name: 'beam-line-7',
      dependencies: { pvaflow: `file:${projectRoot}` },
      devDependencies: { tsx: expect.stringMatching(/^\^\d/) as string },
    });
    expect(await runCommand(['check', join(folder, 'pipeline.yaml')])).toMatchObject({
      code: 0,
      output: [expect.stringContaining('no problem found: a consumer of beam-line-7:image with 1 processor')],
    });

    const image = 'beam-line-7:image';
    const simulator = await startPvaflow(peers, ['sim-server', '-cn', image, '-fps', '50', '--await-subscribers', '1']);
    const { peer: consumer } = await startPvaflow(
      peers,
      ['consumer', '--config', join(folder, 'pipeline.yaml'), '-rp', '0.2', '-rs', 'publisher'],
      { sources: [simulator.place] },
    );
    await consumer.line(/nPublished=[1-9]/);
    consumer.kill('SIGTERM');
    expect(await consumer.exited).toEqual({ code: 0, signal: null });
    expect(consumer.output.join('\n')).toMatch(/published [1-9]\d* {3}failed 0 {3}missed 0 {3}rejected 0/);
    await simulator.peer.stop();
    mkdirSync(join(folder, 'node_modules')); // as `npm install` links it
    symlinkSync(projectRoot, join(folder, 'node_modules', 'pvaflow'));
    symlinkSync(join(projectRoot, 'node_modules', 'tsx'), join(folder, 'node_modules', 'tsx'));
    const npmTest = await peers.start({ name: 'npm test', command: 'npm', args: ['test'], cwd: folder });
    expect(await npmTest.exited).toEqual({ code: 0, signal: null });
    expect(npmTest.output.join('\n')).toMatch(/^# pass 2$[^]*^# fail 0$/m);
  });

  test('overwrites nothing, and writes nothing then', async () => {
    const folder = join(scratch, 'taken');
    mkdirSync(folder);
    writeFileSync(join(folder, 'threshold.ts'), 'mine');
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    const { code, errors } = await runCommand(['init', folder]);
    expect(code).toBe(1);
    expect(errors).toEqual([
      `error PVAFLOW_INIT: ${folder} has threshold.ts already; nothing was written. Choose another folder.`,
    ]);
    expect(readdirSync(folder).sort()).toEqual(['notes.txt', 'threshold.ts']);
    expect(readFileSync(join(folder, 'threshold.ts'), 'utf8')).toBe('mine');
  });

  test('takes a folder that has other files', () => {
    const folder = join(scratch, 'begun');
    mkdirSync(folder);
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    expect(newProject(folder, '^1.0.0').files.slice().sort()).toEqual(written);
    expect(readFileSync(join(folder, 'notes.txt'), 'utf8')).toBe('mine');
  });

  test('says when it cannot write', () => {
    const file = join(scratch, 'file');
    writeFileSync(file, '');
    expect(() => newProject(join(file, 'inside'), '^1.0.0')).toThrow(/^cannot write to .*inside: /);
  });
});

describe('the pvaflow of a new project', () => {
  function installed(name: string, entry: object | undefined): string {
    const modules = join(scratch, name, 'node_modules');
    mkdirSync(join(modules, 'pvaflow'), { recursive: true });
    const packages = { 'node_modules/pvaflow': entry };
    if (entry) writeFileSync(join(modules, '.package-lock.json'), JSON.stringify({ packages }));
    return join(modules, 'pvaflow');
  }

  test('is the version, when it came from a registry', () => {
    const root = installed('registry', { version: '1.2.3', resolved: 'https://registry/pvaflow.tgz' });
    expect(pvaflowSpec(root)).toBe(`^${packageVersion()}`);
    expect(pvaflowSpec(installed('unnamed', { version: '1.2.3' }))).toBe(`^${packageVersion()}`);
  });

  test.each([
    ['tarball', { version: '1.2.3', resolved: 'file:../pvaflow-1.2.3.tgz' }],
    ['link', { resolved: '../pvaflow', link: true }],
    ['nobody', undefined],
  ])('is where it lies, when it came from a %s', (name, entry) => {
    const root = installed(name, entry);
    expect(pvaflowSpec(root)).toBe(`file:${root}`);
  });

  test('is the clone', () => expect(pvaflowSpec(projectRoot)).toBe(`file:${projectRoot}`));
});
