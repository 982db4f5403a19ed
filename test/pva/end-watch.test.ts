import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { addonFile } from '../../src/core/package-root.js';
import { watchEndOfProcess } from '../../src/pva/end-watch.js';

// what it does when a process is asked to end is tried with real processes, in test/cli/watch-end.test.ts
const options = { remarkMs: 1e9, limitMs: 1e9, remark: 'never said', last: () => 'never said' };

it('watches once at a time, and again when it was disposed of', () => {
  const before = process.listenerCount('exit');
  {
    using first = watchEndOfProcess(options);
    expect(() => watchEndOfProcess(options)).toThrow('the end of this process is watched already');
    first[Symbol.dispose]();
  } // disposed of twice
  watchEndOfProcess(options)[Symbol.dispose]();
  expect(process.listenerCount('exit')).toBe(before);
});

it.skipIf(process.platform === 'win32')('ends a process that is stuck because nobody reads what it says', async () => {
  const program = fileURLToPath(new URL('unread-words.mjs', import.meta.url));
  const pipe = join(tmpdir(), `pvaflow-unread-${process.pid}`);
  execFileSync('mkfifo', [pipe]);
  await using unread = await open(pipe, 'r+'); // for both: to open it for one is to wait for the other
  rmSync(pipe);
  const stuck = spawn(process.execPath, [program, addonFile()], { stdio: ['ignore', 'pipe', unread.fd] });
  try {
    const exited = once(stuck, 'exit');
    await once(stuck.stdout as Readable, 'data');
    stuck.kill('SIGTERM');
    expect(await exited).toEqual([143, null]);
  } finally {
    stuck.kill('SIGKILL');
  }
});
