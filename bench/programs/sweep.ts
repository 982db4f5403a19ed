// Removes the oldest finished files of a folder as new ones come, until it is killed: sweep.ts FOLDER
//
// Memory that was just given back is found at once by who writes next. A virtual machine may have to ask its host for each page that
// nobody has used for a while, which costs ten times what the page is then used for: that is not what the bench is about.
import { readdirSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';

const KEPT_BYTES = 2 ** 28;
const PERIOD_MS = 10;

const folder = process.argv[2] ?? '';
const isFinished = (name: string) => /\.(tiff|hdf|h5)$/.test(name);

function sweep(): void {
  const names = readdirSync(folder).filter(isFinished).sort();
  const newest = names.at(-1);
  if (newest === undefined) return;
  const kept = Math.max(1, Math.floor(KEPT_BYTES / statSync(join(folder, newest)).size));
  for (const name of names.slice(0, -kept)) unlinkSync(join(folder, name));
}

setInterval(sweep, PERIOD_MS);
