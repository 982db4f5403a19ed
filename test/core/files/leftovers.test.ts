import { spawnSync } from 'node:child_process';
import { hostname, tmpdir } from 'node:os';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { removeLeftovers } from '../../../src/core/files/leftovers.js';
import { temporaryName } from '../../../src/core/files/temporary-name.js';

let folder = '';
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'pvaflow-leftovers-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const source = fileURLToPath(new URL('../../../src/core/files/temporary-name.ts', import.meta.url));

/** The name that a process uses which has ended. */
function nameOfTheDead(): string {
  const code = `import { temporaryName } from ${JSON.stringify(source)}; console.log(temporaryName());`;
  const args = ['--import', 'tsx', '--input-type=module', '-e', code];
  return spawnSync(process.execPath, args, { encoding: 'utf8' }).stdout.trim();
}

it('removes what the dead left, and nothing else', async () => {
  const dead = nameOfTheDead();
  expect(dead).toContain(hostname().replaceAll(/[^\w.-]/g, '_'));
  const own = temporaryName();
  const ofOther = dead.replace(/^\.pvaflow-/, '.pvaflow-other.');
  const sameNumber = dead.replace(/-\d+-(\d+-\d+-\d+\.part)$/, `-${process.pid}-$1`); // the pid was used again
  const ofContainer = dead.replace(/-\d+-(\d+-\d+-\d+-\d+\.part)$/, '-4026530000-$1'); // of the same name
  for (const name of [dead, own, ofOther, ofContainer, sameNumber, '.pvaflow-x', 'image.tiff'])
    writeFileSync(join(folder, name), '');
  const { removed, others } = await removeLeftovers(folder);
  expect([...removed].sort()).toEqual([dead, sameNumber].sort());
  expect([...others].sort()).toEqual([own, ofOther, ofContainer].sort());
  expect(readdirSync(folder).sort()).toEqual([own, ofOther, ofContainer, '.pvaflow-x', 'image.tiff'].sort());
});

it('finds nothing where there is no directory', async () => {
  expect(await removeLeftovers(join(folder, 'nowhere'))).toEqual({ removed: [], others: [] });
});
