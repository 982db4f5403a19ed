import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { PvaflowError } from '../core/errors.js';
import { addonFile } from '../core/package-root.js';
import { logCa } from './log.js';
import { serverEnvironment, type CaServerConfig } from './server-config.js';

/** So many bytes of values may be on their way to the records; more are dropped, and counted. */
const MAX_WAITING = 1024 * 1024;

/** An IOC that is told to end and has not after this long is killed. */
const END_MS = 5000;

/** As EPICS has it, and no field of a record may be named. */
const NAME = /^[\w\-+:[\]<>;]{1,60}$/;

const living = new Set<ChildProcessWithoutNullStreams>();
process.on('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

/**
 * Analogue records (`ao`) that are served over Channel Access, by an IOC in a process of its own: see
 * docs/decisions/0016-records-of-channel-access-in-a-process-of-their-own.md. The process ends with this one.
 */
export class CaRecordServer {
  /** Resolves when the IOC ended before it was closed: the records are gone. */
  readonly failed: Promise<PvaflowError>;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #exited: Promise<string>;
  readonly #last: string[] = [];
  #isClosed = false;
  #dropped = 0;

  private constructor(
    readonly names: readonly string[],
    child: ChildProcessWithoutNullStreams,
  ) {
    this.#child = child;
    this.#exited = exitOf(child);
    this.failed = new Promise((resolve) => {
      void this.#exited.then((how) => {
        if (!this.#isClosed) resolve(this.#failure(how));
      });
    });
    child.stdin.on('error', () => {}); // an IOC that has ended is told of by `failed`
    this.#read(child.stderr, 'debug');
  }

  /**
   * Starts an IOC; resolves when it serves the records.
   *
   * @param names as EPICS allows them, each once
   * @throws {PvaflowError} PVAFLOW_OPTION for a wrong name or configuration, PVAFLOW_CA_SERVER when there can be no IOC
   */
  static async start(names: readonly string[], config: CaServerConfig = {}): Promise<CaRecordServer> {
    checkNames(names);
    const { program, definitions } = iocFiles();
    const child = spawn(program, [definitions, ...names], { env: serverEnvironment(config) });
    living.add(child);
    const server = new CaRecordServer(names, child);
    await server.#ready();
    return server;
  }

  /** Values that were dropped, because the IOC did not take them. */
  get dropped(): number {
    return this.#dropped;
  }

  /**
   * Sets a record; its clients get the value with this time.
   *
   * @param record place in `names`
   * @param time nanoseconds since 1970
   */
  set(record: number, value: number, time: bigint): void {
    if (this.#isClosed || !this.#child.stdin.writable) return;
    if (this.#child.stdin.writableLength > MAX_WAITING) this.#dropped++;
    else this.#child.stdin.write(`${record} ${time / 1_000_000_000n} ${time % 1_000_000_000n} ${value}\n`);
  }

  /** Sets what was given so far, and ends the IOC. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#child.stdin.end();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), END_MS);
    await this.#exited;
    clearTimeout(timer);
  }

  async #ready(): Promise<void> {
    const isReady = new Promise<undefined>((resolve) => {
      const lines = createInterface(this.#child.stdout);
      lines.on('line', (line) => (line === 'READY' ? resolve(undefined) : logCa('debug', line)));
    });
    const how = await Promise.race([isReady, this.#exited]);
    if (how !== undefined) throw this.#failure(how);
  }

  #read(stream: NodeJS.ReadableStream, level: 'debug'): void {
    createInterface(stream).on('line', (line) => {
      if (this.#last.push(line) > 5) this.#last.shift();
      logCa(level, line);
    });
  }

  #failure(how: string): PvaflowError {
    const said = this.#last.length === 0 ? '' : `: ${this.#last.join('; ')}`;
    return new PvaflowError('PVAFLOW_CA_SERVER', `the IOC of ${this.names.join(', ')} ended (${how})${said}`);
  }
}

function checkNames(names: readonly string[]): void {
  const wrong = names.find((name) => !NAME.test(name));
  if (wrong !== undefined) {
    const rule = 'it has 1 to 60 letters, digits and characters of _-+:[]<>;';
    throw new PvaflowError('PVAFLOW_OPTION', `"${wrong}" is no name of a record: ${rule}`);
  }
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice !== undefined) throw new PvaflowError('PVAFLOW_OPTION', `the record ${twice} is named twice`);
}

/** The program and the definitions of records that the build put beside the addon. */
function iocFiles() {
  const folder = dirname(addonFile());
  const program = join(folder, process.platform === 'win32' ? 'pvaflow-ioc.exe' : 'pvaflow-ioc');
  if (!existsSync(program)) {
    const reason =
      'the EPICS Base that it was built with is too old; pvAccess channels (pva://NAME) are served without it';
    throw new PvaflowError('PVAFLOW_CA_SERVER', `this build cannot serve records over Channel Access: ${reason}`);
  }
  return { program, definitions: join(folder, 'dbd') };
}

async function exitOf(child: ChildProcessWithoutNullStreams): Promise<string> {
  try {
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    return signal === null ? `exit code ${code}` : `signal ${signal}`;
  } catch (error) {
    return (error as Error).message; // it could not be started
  } finally {
    living.delete(child);
  }
}
