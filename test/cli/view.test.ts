import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { decode } from 'fast-png';
import ndarray from 'ndarray';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compressNtNdArray } from '../../src/image/codec/compress.js';
import { generateNtNdArray2D } from '../../src/image/generate.js';
import { NtNdArray } from '../../src/pva/normative/nt-nd-array.js';
import { projectRoot } from '../peers/install.js';
import { serveChannels } from './channels.js';
import { reachesNothing, runCommand, startCommand } from './command.js';

const { env, server } = serveChannels();
const images = server.addChannel('X:image', NtNdArray.type());
const floats = server.addChannel('X:float', NtNdArray.type());
const compressed = server.addChannel('X:compressed', NtNdArray.type());
const empty = server.addChannel('X:empty', NtNdArray.type());
const folder = mkdtempSync(join(tmpdir(), 'pvaflow-view-'));
const file = join(folder, 'image.png');

const pixels = Uint16Array.from({ length: 8 * 4 }, (_, i) => i * 100);
const frame = (id: number) => generateNtNdArray2D(id, ndarray(pixels, [4, 8]));

beforeAll(async () => {
  await empty.post(new NtNdArray());
  await images.post(frame(7));
  await compressed.post(await compressNtNdArray(frame(8), { codec: 'bslz4' }));
  await floats.post(generateNtNdArray2D(1, ndarray(Float32Array.of(-0.5, 0, 0.25, 0.5), [2, 2])));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Posts frames until the returned function is called. */
function flow(): () => void {
  let id = 100;
  const timer = setInterval(() => void images.post(frame(id++)), 10);
  return () => clearInterval(timer);
}

describe('pvaflow view --png', () => {
  test('writes the pixels as they are and says what the file holds', async () => {
    const { code, output, errors } = await runCommand(['view', '--png', file, 'X:image'], env);
    expect({ code, errors }).toEqual({ code: 0, errors: [] });
    expect(output).toEqual([`${file}: image 7 of X:image, 8×4 uint16, as 16-bit grey; pixel values as they are`]);
    const png = decode(readFileSync(file));
    expect(png).toMatchObject({ width: 8, height: 4, depth: 16, channels: 1 });
    expect(png.text).toEqual({ channel: 'X:image', uniqueId: '7' });
    expect([...png.data]).toEqual([...pixels]);
  });

  test('decodes what is compressed', async () => {
    const { output } = await runCommand(['view', '--png', file, 'X:compressed'], env);
    expect(output[0]).toMatch(/image 8 of X:compressed, 8×4 uint16, as 16-bit grey; pixel values as they are$/);
    expect([...decode(readFileSync(file)).data]).toEqual([...pixels]);
  });

  test('scales floats and states the range', async () => {
    const { output } = await runCommand(['view', '--png', file, '--depth', '8', 'X:float'], env);
    expect(output[0]).toMatch(/2×2 float32, as 8-bit grey; -0.5 is 0 and 0.5 full scale$/);
    expect([...decode(readFileSync(file)).data]).toEqual([0, 128, 191, 255]);
  });

  test('colours what is scaled when a colour map is named', async () => {
    const { output } = await runCommand(['view', '--png', file, '--scaled', '--color-map', 'viridis', 'X:image'], env);
    expect(output[0]).toMatch(/as 8-bit RGB/);
    expect(decode(readFileSync(file))).toMatchObject({ depth: 8, channels: 3 });
  });

  test('says what is wrong', async () => {
    const raw = await runCommand(['view', '--png', file, '--raw', 'X:float'], env);
    expect(raw).toMatchObject({
      code: 1,
      errors: [expect.stringMatching(/^error PVAFLOW_PNG: a PNG holds values of uint8/)],
    });
    const nowhere = await runCommand(['view', '--png', join(folder, 'no', 'x.png'), 'X:image'], env);
    expect(nowhere).toMatchObject({
      code: 1,
      errors: [expect.stringMatching(/^error PVAFLOW_PNG: cannot write .*ENOENT/)],
    });
    const both = await runCommand(['view', '--png', file, '--raw', '--scaled', 'X:image'], env);
    expect(both).toMatchObject({ code: 2, errors: ['error PVAFLOW_USAGE: give --raw or --scaled, not both'] });
    const range = await runCommand(['view', '--range', '5,1', 'X:image'], env);
    expect(range.errors[0]).toMatch(/It must be LOW,HIGH with LOW below HIGH/);
  });
});

describe('pvaflow view without a terminal', () => {
  test('prints a line for the newest frame, now and then', async () => {
    const stop = flow();
    try {
      const { code, output } = await runCommand(['view', '--count', '2', 'X:image'], env);
      expect(code).toBe(0);
      const line = /^X:image {2}id [\d,]+ {2}(–|[\d,.]+) fps {2}8×4 uint16 {2}min 0 {2}max 3,100$/;
      expect(output).toEqual([expect.stringMatching(line), expect.stringMatching(line)]);
    } finally {
      stop();
    }
  });

  test('waits for the first image where there is none yet', async () => {
    await using command = await startCommand(['view', '--count', '1', 'X:empty'], env);
    await new Promise<void>((resolve) => {
      const waiting = setInterval(() => {
        if (empty.subscribers === 0) return;
        clearInterval(waiting);
        resolve();
      }, 5);
    });
    await empty.post(frame(3));
    expect(await command.exited).toEqual({ code: 0, signal: null });
    expect(command.output).toEqual([expect.stringMatching(/^X:empty {2}id 3 /)]);
  });

  test('says that a channel carries no images', async () => {
    const { code, errors } = await runCommand(['view', 'X:number'], env);
    expect(code).toBe(1);
    expect(errors).toEqual([
      'error PVAFLOW_FIELD: X:number carries no images: it is epics:nt/NTScalar:1.0, an image is epics:nt/NTNDArray:1.0. Try pvaflow monitor X:number.',
    ]);
  });

  test('gives up when it is told to', async () => {
    const { code, errors } = await runCommand(['view', '-w', '0.2', 'X:image'], reachesNothing);
    expect(code).toBe(3);
    expect(errors.at(-1)).toMatch(/^error PVAFLOW_TIMEOUT: X:image: no server answered in 0.2 s/);
  });
});

const pseudoTerminal = `
import fcntl, os, pty, struct, sys, termios
pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 12, 40, 0, 0))
    os.execvp(sys.argv[1], sys.argv[1:])
while True:
    try:
        chunk = os.read(fd, 65536)
    except OSError:
        break
    if not chunk:
        break
    sys.stdout.buffer.write(chunk)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

/** What is written to a terminal of 40 columns and 12 rows. */
async function drawn(extra: Readonly<Record<string, string>>): Promise<string> {
  const command = [process.execPath, '--import', 'tsx', 'src/cli/main.ts', 'view', '--count', '1', 'X:image'];
  const { stdout } = await promisify(execFile)('python3', ['-c', pseudoTerminal, ...command], {
    cwd: projectRoot,
    env: { PATH: process.env.PATH ?? '', TERM: 'xterm', ...env, ...extra },
  });
  return stdout.replaceAll('\r\n', '\n');
}

describe('pvaflow view in a terminal', () => {
  test.each([
    [{ COLORTERM: 'truecolor' }, /\x1b\[38;2;\d+;\d+;\d+;48;2;\d+;\d+;\d+m▀/],
    [{ TERM: 'xterm-256color' }, /\x1b\[38;5;\d+;48;5;\d+m▀/],
    [{ NO_COLOR: '1' }, /^[ .:=+*#%@-]{40}\x1b\[K$/m],
  ])('draws with what the terminal can show: %j', async (extra, cells) => {
    expect(await drawn(extra)).toMatch(cells);
  });

  test('fills the width, keeps the shape, and gives the terminal back as it was', async () => {
    const text = await drawn({ COLORTERM: 'truecolor' });
    expect(text.startsWith('\x1b[?1049h\x1b[?25l')).toBe(true);
    expect(text.endsWith('\x1b[0m\x1b[?25h\x1b[?1049l')).toBe(true);
    const lines = (text.split('\x1b[?2026h\x1b[H').at(-1) ?? '').split('\n');
    expect(lines).toHaveLength(12); // 8×4 pixels in 40 columns are 20 rows of points: 10 lines, and 2 lines of text
    expect(lines[0]?.match(/▀/g)).toHaveLength(40);
    expect(lines[10]).toContain('fps  8×4 uint16');
    expect(lines[11]).toContain('drawn from 0 to 3,100');
  });
});
