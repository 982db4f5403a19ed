import { messageOf } from '../core/errors.js';
import { grouped } from '../core/figures.js';
import type { Logger } from '../core/logger.js';
import { PvObject } from '../pva/pv-object.js';
import { PvType } from '../pva/pv-type.js';
import type { PvaChannel } from '../pva/channel.js';
import type { PvaServer } from '../pva/server.js';
import { PvTimeStamp } from '../pva/time-stamp.js';
import { timeType } from './status-types.js';

/** Something that can be asked for by the control channel. */
export interface Command {
  /** What the answer to a failure begins with: `Configuration failed`. */
  readonly failure: string;
  /** Carries it out. What it gives is the answer; what it throws is answered as a failure. */
  run(args: string): string | Promise<string>;
}

/** What pvaPy's control channels can do. What a method throws is answered as a failure. */
export interface Controlled {
  configure(config: Record<string, unknown>): void | Promise<void>;
  getStats(): void | Promise<void>;
  resetStats(): void | Promise<void>;
  stop(): void;
}

/** pvaPy's commands, with its answers. */
export function standardCommands(controlled: Controlled): Record<string, Command> {
  return {
    configure: configureCommand((config) => controlled.configure(config)),
    get_stats: {
      failure: 'Stats update failed',
      run: async () => {
        await controlled.getStats();
        return 'Stats update successful';
      },
    },
    reset_stats: {
      failure: 'Stats reset failed',
      run: async () => {
        await controlled.resetStats();
        return 'Stats reset successful';
      },
    },
    stop: {
      failure: 'Stop failed',
      run: () => {
        controlled.stop();
        return 'Stop flag set';
      },
    },
  };
}

/** pvaPy's command `configure`, with its answers. */
export function configureCommand(configure: Controlled['configure']): Command {
  return {
    failure: 'Configuration failed',
    run: async (args) => {
      await configure(parseArgs(args));
      return 'Configuration successful';
    },
  };
}

/** pvaPy's fields, with its names, order and types. @param idField `consumerId` or `collectorId` */
function controlType(idField: string): PvType {
  return new PvType({
    [idField]: 'uint',
    objectTime: 'double',
    objectTimestamp: timeType,
    command: 'string',
    args: 'string',
    statusMessage: 'string',
  });
}

/** A command is carried out this long after it was acknowledged, so that both messages can be seen; as in pvaPy. */
const EXECUTION_DELAY_MS = 100;

/** So many characters of `command` and `args` are looked at, together. */
const MAX_CHARACTERS = 2 ** 20;
/** So many of them are shown in the log, and of what is answered. */
const SHOWN_CHARACTERS = 1000;

export interface ControlChannelOptions {
  readonly name: string;
  /** `{ consumerId: 1 }`, as pvaPy has it for consumers. */
  readonly id: Readonly<Record<string, number>>;
  readonly commands: Readonly<Record<string, Command>>;
  readonly logger: Logger;
}

/**
 * The channel through which something is controlled. Each put gets two answers in `statusMessage`: at once, that the command
 * was understood, and later, what came of it. A put that does not set `args` has none: those of an earlier put are gone.
 */
export class ControlChannel {
  readonly #options: ControlChannelOptions;
  readonly #channel: PvaChannel;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(server: PvaServer, options: ControlChannelOptions) {
    this.#options = options;
    const [idField = ''] = Object.keys(options.id);
    const first = new PvObject(controlType(idField), { ...options.id });
    this.#channel = server.addChannel(options.name, first, { onFull: 'dropOldest', onPut: (put) => this.#onPut(put) });
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  /** @returns what is published last, before the client gets its answer */
  #onPut(put: PvObject): Record<string, unknown> {
    const { name, commands, logger } = this.#options;
    const text = (field: string) => (put.isChanged(field) ? put.get<string>(field) : '');
    const command = text('command');
    const args = text('args');
    const isTooLong = command.length + args.length > MAX_CHARACTERS;
    if (!isTooLong) this.#publish({ command, args });
    const known = !isTooLong && Object.hasOwn(commands, command) ? commands[command] : undefined;
    const problem = isTooLong ? tooLong(command, args) : problemOf(command);
    const refusal = known === undefined ? refusalFor(problem, Object.keys(commands)) : undefined;
    if (known !== undefined) this.#later(command, known, args);
    else logger.warn(`${name}: ${refusal}`);
    const now = PvTimeStamp.now();
    const statusMessage = refusal ?? 'Command successful';
    return { statusMessage, objectTime: now.seconds, objectTimestamp: now.toFields() };
  }

  #later(name: string, command: Command, args: string): void {
    this.#options.logger.info(`${this.#options.name}: ${name} ${shown(args)}`.trimEnd());
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void this.#carryOut(command, args).then((statusMessage) => this.#publish({ statusMessage }));
    }, EXECUTION_DELAY_MS);
    this.#timers.add(timer);
  }

  async #carryOut(command: Command, args: string): Promise<string> {
    try {
      return await command.run(args);
    } catch (error) {
      const message = `${command.failure}: ${shown(messageOf(error))}`;
      this.#options.logger.warn(`${this.#options.name}: ${message}`);
      return message;
    }
  }

  /** Its ring drops, so that nobody has to wait; after the end there is nobody left to tell. */
  #publish(fields: Record<string, unknown>): void {
    if (!this.#channel.closed) void this.#channel.post(fields);
  }
}

function refusalFor(problem: string, known: readonly string[]): string {
  return `Ignoring invalid request (${problem}). Commands are ${known.join(', ')}`;
}

function problemOf(command: string): string {
  return command === '' ? 'no command specified' : `unrecognized command specified: ${command.slice(0, 100)}`;
}

function tooLong(command: string, args: string): string {
  return `${grouped(command.length + args.length)} characters in command and args, at most ${grouped(MAX_CHARACTERS)} are taken`;
}

/** The beginning of a text that is too long to be shown. */
function shown(text: string): string {
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}…`;
}

/**
 * The arguments of a command.
 *
 * @throws when it is not the text of a JSON object; nothing at all is an object without keys
 */
export function parseArgs(args: string): Record<string, unknown> {
  if (args.trim() === '') return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(args);
  } catch (error) {
    throw new Error(`args is not valid JSON: ${messageOf(error)}`, { cause: error });
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new Error(`args must be a JSON object such as {"level":120}, not ${JSON.stringify(parsed).slice(0, 100)}`);
  }
  return parsed as Record<string, unknown>;
}
