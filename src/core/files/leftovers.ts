import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isGone, writerOf } from './temporary-name.js';

/** Files that were not finished: found by their names. */
export interface Leftovers {
  /** Removed: their process is gone. */
  readonly removed: readonly string[];
  /** Left alone: they are of other machines or containers, or of processes that run. */
  readonly others: readonly string[];
}

/**
 * Removes what processes that were killed left unfinished in a directory. Call it before writing there. Nothing is found in a directory
 * that does not exist.
 */
export async function removeLeftovers(directory: string): Promise<Leftovers> {
  const names = await readdir(directory).catch(() => []);
  const removed: string[] = [];
  const others: string[] = [];
  for (const name of names) {
    const writer = writerOf(name);
    if (writer === undefined) continue;
    const isRemoved = isGone(writer) && (await wasRemoved(join(directory, name)));
    (isRemoved ? removed : others).push(name);
  }
  return { removed, others };
}

async function wasRemoved(path: string): Promise<boolean> {
  return unlink(path).then(
    () => true,
    () => false,
  );
}
