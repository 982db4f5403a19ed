import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** What a process holds at a moment, as Linux tells it. Memory is in MB. */
export interface ProcessFigures {
  readonly anonymous: number;
  readonly shared: number;
  readonly maps: number;
  readonly descriptors: number;
  readonly sockets: number;
  readonly threads: number;
  readonly zombies: number;
}

const DOES_NOT_RUN = undefined;

/** Undefined for a process that is gone. */
export function processFigures(pid: number): ProcessFigures | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const number = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
    const targets = descriptors(pid);
    return {
      anonymous: number('RssAnon') / 1024,
      shared: number('RssShmem') / 1024,
      maps: readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n').length,
      descriptors: targets.length,
      sockets: targets.filter((target) => target.startsWith('socket:')).length,
      threads: number('Threads'),
      zombies: childrenOf(pid).filter(isZombie).length,
    };
  } catch {
    return DOES_NOT_RUN;
  }
}

function descriptors(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((name) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${name}`)];
    } catch {
      return []; // it was closed meanwhile
    }
  });
}

/** The processes that a process has started and that still have an entry. */
export function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

function isZombie(pid: number): boolean {
  try {
    return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
