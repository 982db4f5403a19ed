import { messageOf } from '../core/errors.js';
import type { Logger } from '../core/logger.js';
import { PvObject } from '../pva/pv-object.js';
import { PvType } from '../pva/pv-type.js';
import type { PvaChannel } from '../pva/channel.js';
import type { PvaServer } from '../pva/server.js';
import { PvTimeStamp } from '../pva/time-stamp.js';
import { timeType } from './status-channel.js';

/** What pvaPy's control channels take. */
export const controlCommands = ['configure', 'get_stats', 'reset_stats', 'stop'] as const;
export type ControlCommand = (typeof controlCommands)[number];

/** What a consumer does when it is told to. What a method throws is answered as a failure. */
export interface Controlled {
  configure(config: Record<string, unknown>): void | Promise<void>;
  getStats(): void;
  resetStats(): void;
  stop(): void;
}

/** pvaPy's fields, with its names, order and types. */
export function controlType(): PvType {
  return new PvType({
    consumerId: 'uint',
    objectTime: 'double',
    objectTimestamp: timeType,
    command: 'string',
    args: 'string',
    statusMessage: 'string',
  });
}

/** A command is carried out this long after it was acknowledged, so that both messages can be seen; as in pvaPy. */
const EXECUTION_DELAY_MS = 100;

/**
 * The channel through which a consumer is controlled. Each put gets two answers in `statusMessage`: at once, that the command
 * was understood, and later, what came of it. A put that does not set `args` has none: those of an earlier put are gone.
 */
export class ControlChannel {
  readonly #channel: PvaChannel;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(
    server: PvaServer,
    readonly name: string,
    consumerId: number,
    readonly controlled: Controlled,
    readonly logger: Logger,
  ) {
    const first = new PvObject(controlType(), { consumerId });
    this.#channel = server.addChannel(name, first, { onFull: 'dropOldest', onPut: (put) => this.#onPut(put) });
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  /** @returns what is published last, before the client gets its answer */
  #onPut(put: PvObject): Record<string, unknown> {
    const text = (field: string) => (put.isChanged(field) ? put.get<string>(field) : '');
    const command = text('command');
    const args = text('args');
    this.#publish({ command, args });
    const refusal = refusalOf(command);
    if (refusal === undefined) this.#later(command as ControlCommand, args);
    else this.logger.warn(`${this.name}: ${refusal}`);
    const now = PvTimeStamp.now();
    const statusMessage = refusal ?? 'Command successful';
    return { statusMessage, objectTime: now.seconds, objectTimestamp: now.toFields() };
  }

  #later(command: ControlCommand, args: string): void {
    this.logger.info(`${this.name}: ${command} ${args}`.trimEnd());
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void this.#carryOut(command, args).then((statusMessage) => this.#publish({ statusMessage }));
    }, EXECUTION_DELAY_MS);
    this.#timers.add(timer);
  }

  async #carryOut(command: ControlCommand, args: string): Promise<string> {
    try {
      return await this.#call(command, args);
    } catch (error) {
      const message = `${failures[command]}: ${messageOf(error)}`;
      this.logger.warn(`${this.name}: ${message}`);
      return message;
    }
  }

  async #call(command: ControlCommand, args: string): Promise<string> {
    switch (command) {
      case 'configure':
        await this.controlled.configure(parseArgs(args));
        return 'Configuration successful';
      case 'get_stats':
        this.controlled.getStats();
        return 'Stats update successful';
      case 'reset_stats':
        this.controlled.resetStats();
        return 'Stats reset successful';
      case 'stop':
        this.controlled.stop();
        return 'Stop flag set';
    }
  }

  /** Its ring drops, so that nobody has to wait; after the consumer has ended there is nobody left to tell. */
  #publish(fields: Record<string, unknown>): void {
    if (!this.#channel.closed) void this.#channel.post(fields);
  }
}

const failures: Readonly<Record<ControlCommand, string>> = {
  configure: 'Configuration failed',
  get_stats: 'Stats update failed',
  reset_stats: 'Stats reset failed',
  stop: 'Stop failed',
};

function refusalOf(command: string): string | undefined {
  if ((controlCommands as readonly string[]).includes(command)) return undefined;
  const what = command === '' ? 'no command specified' : `unrecognized command specified: ${command.slice(0, 100)}`;
  return `Ignoring invalid request (${what}). Commands are ${controlCommands.join(', ')}`;
}

/** @throws when it is not the text of a JSON object; nothing at all is an object without keys */
function parseArgs(args: string): Record<string, unknown> {
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
