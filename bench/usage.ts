import { readFileSync } from 'node:fs';

export const MS_PER_TICK = 10; // USER_HZ is 100 on every Linux architecture that Node supports

/** CPU time that a process has used so far, all threads, in ms. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // the name before it may hold spaces
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}

function statusMb(pid: number, field: string): number {
  const line = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1] ?? 0) / 1024;
}

/** Resident memory now, in MB. */
export function residentMb(pid: number): number {
  return statusMb(pid, 'VmRSS');
}

/** The most resident memory that a process ever had, in MB. */
export function peakMb(pid: number): number {
  return statusMb(pid, 'VmHWM');
}
