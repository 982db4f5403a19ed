import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { threadId } from 'node:worker_threads';

/** Who writes, or wrote, a file that is not finished. */
interface Writer {
  readonly host: string;
  /** In which its number counts: containers may share the name of a host, and not the processes; 0 if unknown. */
  readonly namespace: number;
  readonly pid: number;
  /** When the process was started, in the kernel's units, so that its number cannot be taken for that of a later one; 0 if unknown. */
  readonly start: number;
}

const pattern = /^\.pvaflow-(.+)-(\d+)-(\d+)-(\d+)-\d+-\d+\.part$/;
const host = hostname().replaceAll(/[^\w.-]/g, '_');
const namespace = pidNamespace();
const start = startOf(process.pid);
let count = 0;

/** A name for a file that is not finished, as no other process or thread uses it. */
export function temporaryName(): string {
  return `.pvaflow-${host}-${namespace}-${process.pid}-${start}-${threadId}-${++count}.part`;
}

/** The writer of a file of such a name; undefined for other names. */
export function writerOf(name: string): Writer | undefined {
  const [, writer, ...numbers] = pattern.exec(name) ?? [];
  if (writer === undefined) return undefined;
  const [space = 0, pid = 0, started = 0] = numbers.map(Number);
  return { host: writer, namespace: space, pid, start: started };
}

/** Whether it will not finish the file. False for processes of other machines and containers, of which nothing is known here. */
export function isGone(writer: Writer): boolean {
  if (writer.host !== host || writer.namespace !== namespace) return false;
  const now = startOf(writer.pid);
  if (now !== 0 && writer.start !== 0) return now !== writer.start;
  return !isRunning(writer.pid);
}

/** https://man7.org/linux/man-pages/man7/pid_namespaces.7.html; 0 where there is no /proc. */
function pidNamespace(): number {
  try {
    return Number(/\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? 0);
  } catch {
    return 0;
  }
}

/** Field 22 of https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html; 0 when there is no such process, or no /proc. */
function startOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
  } catch {
    return 0;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
