import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PvaflowError } from './errors.js';

/** The package's own folder, the same whether pvaflow runs from its sources or compiled. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'binding.gyp'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new PvaflowError('PVAFLOW_ADDON', 'the package folder of pvaflow cannot be found');
    folder = parent;
  }
  return folder;
}

/** The addon that is loaded. What was built with it lies beside it. */
export function addonFile(): string {
  return process.env.PVAFLOW_ADDON ?? join(packageRoot(), 'build', 'Release', 'pvaflow.node');
}

/** The version that package.json states. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string };
  return version;
}
