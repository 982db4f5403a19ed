import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { PvaflowError } from '../../core/errors.js';

const REMEMBERED_LINES = 20;

/** A pvaflow command in a process of its own, started the way this one was. It never outlives this process. */
export class Child {
  /** The last lines that it wrote, errors included. */
  readonly lines: string[] = [];
  private readonly process: ChildProcess;
  private readonly closed: Promise<unknown>;
  private readonly killWithUs = () => this.process.kill('SIGKILL');

  constructor(
    private readonly args: readonly string[],
    env: Readonly<Record<string, string>>,
  ) {
    const command = [...process.execArgv, process.argv[1] as string, ...args];
    this.process = spawn(process.execPath, command, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true, // Ctrl-C is for us: we end the processes one after the other, so that nothing is lost
    });
    this.closed = once(this.process, 'close');
    process.once('exit', this.killWithUs);
    for (const stream of [this.process.stdout, this.process.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => this.note(line));
    }
  }

  get running(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  /** The newest remembered line that matches. */
  lastLine(pattern: RegExp): string | undefined {
    return this.lines.findLast((line) => pattern.test(line));
  }

  /** Asks it to end, and waits until it has. Throws when it ended with a fault. */
  async stop(): Promise<void> {
    if (this.running) this.process.kill('SIGTERM');
    await this.closed;
    process.off('exit', this.killWithUs);
    this.check();
  }

  /** Throws when it has ended with a fault. */
  check(): void {
    const { exitCode, signalCode } = this.process;
    if (this.running || exitCode === 0) return;
    const how = signalCode ?? `code ${exitCode}`;
    throw new PvaflowError('PVAFLOW_DEMO', `pvaflow ${this.args[0]} ended with ${how}:\n${this.lines.join('\n')}`);
  }

  private note(line: string): void {
    this.lines.push(line);
    if (this.lines.length > REMEMBERED_LINES) this.lines.shift();
  }
}
