import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { freeze } from './freeze.js';
import type { Environment } from './network.js';

const READY_MS = 100_000;
const LINE_MS = 100_000;
const GRACE_MS = 5_000;

export interface PeerOptions {
  /** What the process is called in messages. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Environment;
  readonly cwd?: string;
  /** It leads a group of processes of its own, as a shell starts a command; see `killGroup`. */
  readonly ownGroup?: boolean;
  /** The peer is ready when it wrote a line that matches. Without it, it is ready when it runs. */
  readonly ready?: RegExp;
}

/** How a peer ended. */
export interface PeerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

interface Waiter {
  readonly pattern: RegExp;
  resolve(line: string): void;
  reject(error: Error): void;
}

/** A program in a process of its own, on which a test waits by the lines it writes. */
export class Peer implements AsyncDisposable {
  readonly name: string;
  /** All lines so far, of standard output and standard error. */
  readonly lines: string[] = [];
  /** The lines of standard output alone. */
  readonly output: string[] = [];
  /** Resolves when the process has ended and all its lines are here. */
  readonly exited: Promise<PeerExit>;
  private readonly process: ChildProcess;
  private readonly waiters = new Set<Waiter>();
  private exit: PeerExit | undefined;

  private constructor(options: PeerOptions) {
    this.name = options.name;
    this.process = spawn(options.command, options.args, {
      cwd: options.cwd,
      env: { ...withoutEpics(process.env), PYTHONUNBUFFERED: '1', ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: options.ownGroup ?? false,
    });
    this.process.stdin?.on('error', () => undefined); // it may end while it is written to
    this.read(this.process.stdout, this.output);
    this.read(this.process.stderr);
    this.exited = this.waitForEnd();
  }

  /** Starts a process and waits until it is ready. */
  static async start(options: PeerOptions): Promise<Peer> {
    const peer = new Peer(options);
    if (!options.ready) return peer;
    try {
      await peer.line(options.ready, READY_MS);
    } catch (error) {
      await peer.stop();
      throw error;
    }
    return peer;
  }

  /** Starts a process, waits for its end and returns what it wrote to standard output. Throws when it fails. */
  static async run(options: PeerOptions): Promise<string> {
    await using peer = new Peer(options);
    peer.process.stdin?.end();
    const { code, signal } = await peer.exited;
    if (code !== 0) throw new Error(`${peer.name} ended with ${signal ?? `code ${code}`}${peer.log()}`);
    return peer.output.join('\n');
  }

  get pid(): number {
    if (this.process.pid === undefined) throw new Error(`${this.name} could not be started`);
    return this.process.pid;
  }

  get running(): boolean {
    return this.exit === undefined;
  }

  /** The first line, old or new, that matches. */
  line(pattern: RegExp, timeout = LINE_MS): Promise<string> {
    const seen = this.lines.find((text) => pattern.test(text));
    return seen === undefined ? this.nextLine(pattern, timeout) : Promise.resolve(seen);
  }

  /** The next new line that matches. */
  nextLine(pattern: RegExp, timeout = LINE_MS): Promise<string> {
    if (this.exit) return Promise.reject(this.endedWithout(pattern));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => settle(() => reject(this.silent(pattern, timeout))), timeout);
      const settle = (how: () => void) => {
        clearTimeout(timer);
        this.waiters.delete(waiter);
        how();
      };
      const waiter: Waiter = {
        pattern,
        resolve: (text) => settle(() => resolve(text)),
        reject: (error) => settle(() => reject(error)),
      };
      this.waiters.add(waiter);
    });
  }

  /** Writes a line to the process. */
  write(line: string): void {
    this.process.stdin?.write(`${line}\n`);
  }

  /** Ends its standard input: many programs end with it. */
  endInput(): void {
    this.process.stdin?.end();
  }

  /** Stops reading its standard output, as `head` does when it has enough. */
  closeOutput(): void {
    this.process.stdout?.destroy();
  }

  /** Stops all of it, as if its machine had no time for it. */
  freeze(): Promise<void> {
    return freeze(this.pid);
  }

  kill(signal: NodeJS.Signals): void {
    this.process.kill(signal);
  }

  /** Sends a signal to it and all its children, as a terminal does on Ctrl-C. */
  killGroup(signal: NodeJS.Signals): void {
    process.kill(-this.pid, signal);
  }

  /** Ends the process: asked politely first, then not. */
  async stop(): Promise<PeerExit> {
    if (this.running) this.process.kill('SIGTERM');
    const timer = setTimeout(() => this.process.kill('SIGKILL'), GRACE_MS);
    try {
      return await this.exited;
    } finally {
      clearTimeout(timer);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** What the process wrote, to be shown with a failure. */
  log(): string {
    return [`\n--- ${this.name}`, ...this.lines, `--- end of ${this.name}`].join('\n');
  }

  private read(stream: NodeJS.ReadableStream | null, also: string[] = []): void {
    if (!stream) return;
    createInterface({ input: stream }).on('line', (text) => {
      also.push(text);
      this.lines.push(text);
      for (const waiter of this.waiters) if (waiter.pattern.test(text)) waiter.resolve(text);
    });
  }

  private async waitForEnd(): Promise<PeerExit> {
    try {
      const [code, signal] = (await once(this.process, 'close')) as [number | null, NodeJS.Signals | null];
      this.exit = { code, signal };
    } catch (error) {
      this.lines.push(String(error)); // it could not be started
      this.exit = { code: null, signal: null };
    }
    for (const waiter of this.waiters) waiter.reject(this.endedWithout(waiter.pattern));
    return this.exit;
  }

  private endedWithout(pattern: RegExp): Error {
    const how = this.exit?.signal ?? `code ${this.exit?.code}`;
    return new Error(`${this.name} ended with ${how} before it wrote ${pattern}${this.log()}`);
  }

  private silent(pattern: RegExp, timeout: number): Error {
    return new Error(`${this.name} did not write ${pattern} in ${timeout / 1000} s${this.log()}`);
  }
}

/** Nothing of the machine's own EPICS configuration reaches a test. */
function withoutEpics(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('EPICS_')));
}
