import { checkKeys } from '../../core/check-keys.js';
import { PvaflowError } from '../../core/errors.js';
import type { ProcessorConfig } from '../consumer-config.js';
import { configureCommand, parseArgs, type Command } from '../control-channel.js';
import type { RunConfiguration } from './run-configuration.js';

/** What a chain of processors can be told besides pvaPy's commands. */
export interface ControlledProcessors {
  /** Configures all. */
  configure(config: Record<string, unknown>): Promise<void>;
  /** Configures the processor of one stage. */
  configureStage(stage: string, config: Record<string, unknown>): Promise<void>;
  /** See `ProcessorStage.replace`; without a name, the stage of the only processor. */
  replace(stage: string | undefined, config: ProcessorConfig): Promise<void>;
  /** What happened to every frame so far, as JSON can hold it. */
  report(): object;
}

/** The commands for a chain of processors; `configure` may name one of them. */
export function processorCommands(controlled: ControlledProcessors): Record<string, Command> {
  return {
    configure: configureCommand((config) => configure(controlled, config)),
    get_report: { failure: 'Report failed', run: () => JSON.stringify(controlled.report()) },
    replace: {
      failure: 'Replacement failed',
      run: async (args) => {
        const { stage, config } = replacementOf(parseArgs(args));
        await controlled.replace(stage, config);
        return 'Replacement successful';
      },
    },
  };
}

/** Of a part of a chain that was cut: checks what `configure` would be given, and answers with {@link CheckAnswer} as JSON. */
export const CHECK_COMMAND = 'check_configure';

export interface CheckAnswer {
  /** The keys that the part takes; absent when not all of its processors tell. */
  readonly known?: readonly string[];
}

export function checkCommand(configuration: RunConfiguration): Command {
  return {
    failure: 'Configuration failed',
    run: async (args) => {
      await configuration.check(parseArgs(args));
      return JSON.stringify({ known: configuration.knownKeys });
    },
  };
}

/** `{"stage":"threshold","config":{…}}` is for one stage; anything else is for all, as in pvaPy. */
function configure(controlled: ControlledProcessors, args: Record<string, unknown>): Promise<void> {
  const { stage, config, ...rest } = args;
  const isForOne = typeof stage === 'string' && isObject(config) && Object.keys(rest).length === 0;
  return isForOne ? controlled.configureStage(stage, config) : controlled.configure(args);
}

/** @throws {PvaflowError} PVAFLOW_OPTION, PVAFLOW_CONFIG naming what is wrong */
function replacementOf(args: Record<string, unknown>): { stage: string | undefined; config: ProcessorConfig } {
  checkKeys('replace', args, ['stage', 'processorFile', 'processorClass', 'processorArgs']);
  const { processorArgs } = args;
  if (processorArgs !== undefined && !isObject(processorArgs)) throw wrongArgument('processorArgs', 'an object');
  const config = {
    file: textOf(args, 'processorFile'),
    className: textOf(args, 'processorClass'),
    args: processorArgs,
  };
  return { stage: textOf(args, 'stage'), config };
}

function textOf(args: Readonly<Record<string, unknown>>, key: string): string | undefined {
  const value = args[key];
  if (value === undefined || typeof value === 'string') return value;
  throw wrongArgument(key, 'a text');
}

function wrongArgument(key: string, what: string): PvaflowError {
  return new PvaflowError('PVAFLOW_CONFIG', `${key} must be ${what}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
