import { join, relative } from 'node:path';
import { packageRoot } from './package-root.js';

/** A line of a stack: `at Threshold.process (file:///data/thr.ts?namespace=…:9:7)`, or without the brackets. */
const FRAME = /(?:\(|at )(?:async )?(?:file:\/\/)?(\/[^\s()?]+\.[cm]?[jt]sx?)(?:\?[^\s():]*)?:(\d+):(\d+)\)?$/gm;

let own: readonly string[] | undefined;

/** ` (thr.ts:9:7)`: where in a user's file an error arose; empty when no file of a user had to do with it. */
export function placeOf(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  for (const [, path = '', line, column] of stack.matchAll(FRAME))
    if (!isOurs(path)) return ` (${shorter(path)}:${line}:${column})`;
  return '';
}

/** A path as a user in the current directory would write it. */
export function shorter(path: string): string {
  const nearer = relative(process.cwd(), path);
  return nearer.startsWith('..') ? path : nearer;
}

/** Files of this package, and of those that are installed. */
function isOurs(path: string): boolean {
  own ??= ['dist', 'src', 'processors'].map((folder) => `${join(packageRoot(), folder)}/`);
  return path.includes('/node_modules/') || own.some((folder) => path.startsWith(folder));
}
