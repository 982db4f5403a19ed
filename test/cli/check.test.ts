import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { buildProgram } from '../../src/cli/program.js';
import { projectRoot } from '../peers/install.js';
import { runCommand } from './command.js';

const folder = mkdtempSync(join(tmpdir(), 'pvaflow-check-'));
const before = process.cwd();
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

beforeAll(() => {
  write('threshold.ts', readFileSync(join(projectRoot, 'examples', '1-basics', '3-threshold.ts'), 'utf8'));
  process.chdir(folder);
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

/** What `pvaflow check` writes in this folder, and its exit code. */
async function check(...args: string[]): Promise<{ code: number; output: string }> {
  const written: string[] = [];
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  try {
    await (await buildProgram(['check'])).parseAsync(['check', ...args], { from: 'user' });
    return { code: Number(process.exitCode ?? 0), output: written.join('') };
  } finally {
    spy.mockRestore();
    process.exitCode = 0;
  }
}

const chain = `# pipeline.yaml
input:  { channel: 13SIM1:Pva1:Image, queue: { frames: 200, bytes: 2GiB, onFull: wait } }
processors:
  - { class: AdImageThreshold, config: { levle: 120 } }
  - { file: threshold.ts, config: { level: 120 } }
  - { class: PassThrough }
output: { channel: "proc:*:image" }
status: { channel: "proc:*:status" }
control: { channel: "proc:*:control" }
consumers: 4
distribute: { updates: 8 }
`;

describe('pvaflow check', () => {
  test('finds no problem where there is none', async () => {
    write('pipeline.yaml', chain.replace('levle', 'level'));
    expect(await check('pipeline.yaml')).toEqual({
      code: 0,
      output: 'pipeline.yaml: no problem found: 4 consumers of 13SIM1:Pva1:Image, each with 3 processors\n',
    });
  });

  test('names file, line, path and the nearest key', async () => {
    write('pipeline.yaml', chain);
    expect(await check('pipeline.yaml')).toEqual({
      code: 1,
      output: 'pipeline.yaml:4: processors[0].config.levle: unknown key. Did you mean "level"?\n',
    });
  });

  test('says which classes cannot be loaded', async () => {
    write('broken.ts', 'export default class {');
    const processors = [
      '{ class: PasThrough }',
      '{ file: thresold.ts }',
      '{ file: threshold.ts, class: Treshold }',
      '{ file: broken.ts }',
    ];
    write('classes.yaml', `input: { channel: X }\nprocessors:\n${processors.map((each) => `  - ${each}\n`).join('')}`);
    const { code, output } = await check('classes.yaml');
    expect(code).toBe(1);
    expect(output.replaceAll(folder, '.').split('\n')).toEqual([
      'classes.yaml:3: processors[0].class: there is no built-in processor PasThrough. Did you mean PassThrough?',
      'classes.yaml:4: processors[1].file: thresold.ts does not exist in the current directory. threshold.ts does.',
      'classes.yaml:5: processors[2].class: threshold.ts exports no class Treshold. Did you mean Threshold?',
      'classes.yaml:6: processors[3].file: broken.ts:1:23: Expected identifier but found end of file.',
      '',
    ]);
  });

  test('says where a chain is cut', async () => {
    const processors = '\nprocessors:\n  - { class: PassThrough }\n  - { class: PassThrough, process: own }\n';
    write('cut.yaml', `input: { channel: X }${processors}`);
    write('threads.yaml', `input: { channel: X }\nthreads: true${processors}`);
    expect((await check('cut.yaml', 'threads.yaml')).output.split('\n')).toEqual([
      'cut.yaml: no problem found: a consumer of X with 2 processors in 2 processes',
      expect.stringMatching(/^threads\.yaml:2: threads: threads of one process cannot be cut: take `process: own` out/),
      '',
    ]);
  });

  test('says what contradicts itself', async () => {
    write('same.yaml', 'input: { channel: X }\nstatus: { channel: X }\n');
    expect(await check('same.yaml')).toEqual({
      code: 1,
      output:
        'same.yaml:1: the input channel and the status channel have the same name X: give each a name of its own\n',
    });
  });

  test('knows what each command does', async () => {
    write('collector.yaml', 'kind: collector\nproducers: [1, 2, 3]\ninput: { channel: "p:*" }\n');
    write('sim.yaml', 'kind: sim-server\nimage: { nx: 64, type: uint16 }\n');
    write('mirror.json', '{"kind": "mirror-server", "channels": [{"mirror": "m", "source": "s"}]}');
    write('split.yaml', 'kind: splitter\ninput: { channel: x }\nsplit: { tiles: 3x2 }\noutput: { channel: "s:*" }\n');
    expect(await check('collector.yaml', 'sim.yaml', 'mirror.json', 'split.yaml')).toEqual({
      code: 0,
      output: [
        'collector.yaml: no problem found: a collector of p:* from 3 producers, with no processor',
        'sim.yaml: no problem found: a simulator of pvapy:image with images of 64 × 256 uint16',
        'mirror.json: no problem found: a mirror server of 1 channel',
        'split.yaml: no problem found: a splitter of x onto 6 channels, with no processor',
        '',
      ].join('\n'),
    });
  });

  test('says what the commands would refuse', async () => {
    write('collector.yaml', 'kind: collector\ninput: { channel: p }\n');
    write('sim.yaml', 'kind: sim-server\nimage: { minimum: 9, maximum: 3 }\n');
    write('mirror.yaml', 'kind: mirror-server\nchannels: [{ mirror: m, source: s, provider: ca, monitors: 2 }]\n');
    write('split.yaml', 'kind: splitter\ninput: { channel: x }\noutput: { channel: "s:*", policies: [wait] }\n');
    const { code, output } = await check('collector.yaml', 'sim.yaml', 'mirror.yaml', 'split.yaml');
    expect(code).toBe(1);
    expect(output.split('\n')).toEqual([
      expect.stringMatching(
        /^collector\.yaml:1: the input channel of producer 1 and the .* producer 2 have the same name p/,
      ),
      'sim.yaml:1: the minimum 9 is larger than the maximum 3',
      expect.stringMatching(/^mirror\.yaml:1: the mirror m: Channel Access has no requests/),
      'split.yaml:1: output.policies (--output-policies): 1 policies for 2 outputs; give one for each',
      '',
    ]);
  });

  test('looks for files beside the configuration', async () => {
    write('elsewhere.yaml', 'input: { channel: X }\nprocessors: [{ file: threshold.ts }]\n');
    process.chdir(projectRoot);
    const { code } = await check(join(folder, 'elsewhere.yaml'));
    process.chdir(folder);
    expect(code).toBe(0);
  });

  test('takes several files, and tells of each', async () => {
    write('a.json', '{"input": {"channel": "X"}}');
    write('b.yaml', 'input: { chanel: X }\nkind: consumer\n');
    write('c.yaml', 'kind: pmup\n');
    write('d.yaml', 'input: [\n');
    expect(await check('a.json', 'b.yaml', 'c.yaml', 'd.yaml', 'e.yaml')).toEqual({
      code: 1,
      output: [
        'a.json: no problem found: a consumer of X with no processor',
        'b.yaml:1: input.channel: missing. Expected the name of a channel',
        'b.yaml:1: input.chanel: unknown key. Did you mean "channel"?',
        'c.yaml:1: kind: unknown kind. It may be consumer, collector, splitter, mirror-server, sim-server.',
        'd.yaml:2: not valid YAML or JSON: Flow sequence in block collection must be sufficiently indented and end with a ]',
        'e.yaml does not exist',
        '',
      ].join('\n'),
    });
  });

  test('--show prints the complete configuration, which is one too', async () => {
    write('short.yaml', 'input: { channel: X, queue: { bytes: 1GiB } }\n');
    const { output } = await check('--show', 'short.yaml');
    expect(parse(output)).toMatchObject({ input: { channel: 'X', queue: { frames: 0, bytes: 2 ** 30 } }, runtime: 0 });
    write('complete.yaml', output);
    expect(await check('--show', 'complete.yaml')).toEqual({ code: 0, output });
  });

  test('as a command: problems on stdout and exit code 1; without a file, exit code 2', async () => {
    write('wrong.yaml', 'input: { channel: 3 }\n');
    const file = join(folder, 'wrong.yaml');
    expect(await runCommand(['check', file])).toEqual({
      code: 1,
      output: [`${file}:1: input.channel: expected the name of a channel, found 3`],
      errors: [],
    });
    expect(await runCommand(['check'])).toMatchObject({
      code: 2,
      errors: ['error PVAFLOW_USAGE: check needs a file, such as pipeline.yaml'],
    });
  });
});
