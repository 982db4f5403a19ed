import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { packageRoot, packageVersion } from '../../core/package-root.js';

/**
 * How npm installs the pvaflow that runs now: by its version if it came from a registry, else from where it lies, which works
 * on this machine.
 *
 * What it came from stands in npm's own record: https://docs.npmjs.com/cli/configuring-npm/package-lock-json#hidden-lockfiles
 */
export function pvaflowSpec(root = packageRoot()): string {
  return isFromRegistry(root) ? `^${packageVersion()}` : `file:${root}`;
}

function isFromRegistry(root: string): boolean {
  const record = join(dirname(root), '.package-lock.json');
  if (!dirname(root).endsWith(`${sep}node_modules`) || !existsSync(record)) return false;
  const { packages } = JSON.parse(readFileSync(record, 'utf8')) as {
    packages?: Readonly<Record<string, { resolved?: string; link?: boolean }>>;
  };
  const entry = packages?.['node_modules/pvaflow'];
  return entry !== undefined && entry.link !== true && !(entry.resolved ?? '').startsWith('file:');
}
