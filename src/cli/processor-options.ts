import type { Command } from 'commander';
import type { ProcessorConfig } from '../hpc/consumer-config.js';
import { usageError } from './exit.js';
import type { OptionPlaces } from './given-options.js';
import { jsonObject } from './option-values.js';

/** The value of an option that may be given several times, and where it stood among all of these. */
interface Placed<T> {
  readonly at: number;
  readonly value: T;
}

export interface ProcessorCliOptions {
  processorFile?: readonly Placed<string>[];
  processorClass?: readonly Placed<string>[];
  processorArgs?: readonly Placed<Record<string, unknown>>[];
  passOn?: true;
  metadataChannels?: string;
}

/** `--processor-file`, `--processor-class` and `--processor-args`, several times for a chain, and what the chain is for. */
export function addProcessorFileOptions(command: Command): void {
  let at = 0;
  const placed =
    <T>(read: (text: string) => T) =>
    (text: string, before: readonly Placed<T>[] = []) => [...before, { at: at++, value: read(text) }];
  const text = (value: string) => value;
  command
    .option(
      '--processor-file <file>',
      'TypeScript or JavaScript file with a processor class; several times: a chain; without one objects are handed on',
      placed(text),
    )
    .option(
      '--processor-class <name>',
      'class in the file before it, or a built-in processor; several times: a chain',
      placed(text),
    )
    .option('--processor-args <json>', 'arguments of the processor that was named last', placed(jsonObject))
    .option('--metadata-channels <list>', 'channels whose updates processors find in queues: pva://x,ca://y');
}

/** For commands where a chain may be a part of another. */
export function addPassOnOption(command: Command): void {
  command.option(
    '--pass-on',
    'publish what the last processor returns without having published: for a part of a chain that was cut',
  );
}

/** The setting that it stands for. */
export const passOnPlaces: OptionPlaces<ProcessorCliOptions> = { passOn: { path: ['output', 'passOn'] } };

type Word =
  | { readonly kind: 'file' | 'class'; readonly at: number; readonly value: string }
  | { readonly kind: 'args'; readonly at: number; readonly value: Record<string, unknown> };

/**
 * The processors that the options ask for. One of each in any order is one processor, as in pvaPy. Else they are read from left
 * to right: a file begins a processor; a class is that of the file just before it, or else begins a built-in one; arguments are
 * those of the processor before them.
 *
 * @throws {PvaflowError} PVAFLOW_USAGE for arguments of no processor, or twice for the same
 */
export function processorConfigs(options: ProcessorCliOptions): ProcessorConfig[] {
  const { processorFile: files = [], processorClass: classes = [], processorArgs: args = [] } = options;
  if (files.length <= 1 && classes.length <= 1 && args.length <= 1) {
    const [file, className, given] = [files[0]?.value, classes[0]?.value, args[0]?.value];
    return [{ file, className: className && shortName(className), args: given }].filter(isAnything);
  }
  const words: Word[] = [
    ...files.map((each) => ({ kind: 'file' as const, ...each })),
    ...classes.map((each) => ({ kind: 'class' as const, ...each })),
    ...args.map((each) => ({ kind: 'args' as const, ...each })),
  ];
  return chainOf(words.sort((one, other) => one.at - other.at));
}

function chainOf(words: readonly Word[]): ProcessorConfig[] {
  const chain: ProcessorConfig[] = [];
  for (const word of words) {
    const last = chain.at(-1);
    if (word.kind === 'file') chain.push({ file: word.value });
    else if (word.kind === 'args') chain.splice(-1, 1, { ...withoutArgs(last, word.value), args: word.value });
    else if (last?.file !== undefined && last.className === undefined && last.args === undefined)
      chain.splice(-1, 1, { ...last, className: shortName(word.value) });
    else chain.push({ className: shortName(word.value) });
  }
  return chain;
}

function withoutArgs(last: ProcessorConfig | undefined, args: Record<string, unknown>): ProcessorConfig {
  const text = JSON.stringify(args);
  if (last === undefined) throw usageError(`--processor-args ${text}: write it after the processor that it is for`);
  if (last.args === undefined) return last;
  throw usageError(`--processor-args ${text}: ${last.className ?? last.file} has arguments already`);
}

/** pvaPy names built-in classes by their module too: `pvapy.hpc.adImageProcessor.AdImageProcessor`. */
function shortName(className: string): string {
  return className.split('.').at(-1) as string;
}

function isAnything({ file, className, args }: ProcessorConfig): boolean {
  return file !== undefined || className !== undefined || args !== undefined;
}
