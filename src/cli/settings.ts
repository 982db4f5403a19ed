import type { Command } from 'commander';
import type { z } from 'zod';
import { PvaflowError } from '../core/errors.js';
import { Configuration, type Override } from '../core/schema/configuration.js';
import { readDocument, type ConfigDocument } from '../core/schema/document.js';
import { memberOf } from '../core/schema/json-schema.js';
import { kindNames, type ConfigKind } from './config-kinds.js';
import { GivenOptions, type OptionPlaces } from './given-options.js';

export interface ConfigCliOptions {
  readonly config?: string;
}

export function addConfigOption(command: Command): void {
  command.option('--config <file>', 'configuration, YAML or JSON; options of the command line go before what it says');
}

/** How the options of a command become settings. */
export interface OptionSettings<O extends object, S extends z.ZodType> {
  readonly kind: ConfigKind<S>;
  /** Options that stand for one setting each. */
  readonly places: OptionPlaces<O>;
  /** Those that say something together. */
  readonly combined?: (given: GivenOptions<O>, document: ConfigDocument | undefined) => Override[];
}

/** What a command line and the file that it names ask for. */
export interface GivenSettings<S extends z.ZodType> {
  readonly settings: z.output<S>;
  readonly configuration: Configuration;
}

/**
 * Reads the configuration file, if one is named, puts the options that were given over it, and checks the whole.
 *
 * @throws {PvaflowError} PVAFLOW_CONFIG_FILE, PVAFLOW_CONFIG or PVAFLOW_USAGE, saying what is wrong and where
 */
export function readSettings<O extends ConfigCliOptions, S extends z.ZodType>(
  command: Command,
  options: O,
  { kind, places, combined }: OptionSettings<O, S>,
): GivenSettings<S> {
  const document = options.config === undefined ? undefined : readDocument(options.config);
  if (document !== undefined) refuseOtherKinds(document, kind.name);
  const given = new GivenOptions(command, options);
  const overrides = [...given.overrides(places), ...(combined?.(given, document) ?? [])];
  const ofCommand = document === undefined ? [{ path: ['kind'], value: kind.name, option: command.name() }] : [];
  const configuration = new Configuration(document, [...ofCommand, ...overrides], (path) => given.flagAt(places, path));
  return { settings: configuration.read(kind.schema), configuration };
}

/** One that is for another command is told so, instead of each of its keys. */
function refuseOtherKinds(document: ConfigDocument, wanted: string): void {
  const found = memberOf(document.value, 'kind') ?? kindNames[0];
  const kind = kindNames.find((name) => name === found);
  if (kind === undefined || kind === wanted) return;
  const { file, line } = document.place(['kind']);
  const message = `it configures a ${kind}: pvaflow ${kind} --config ${file}, or kind: ${wanted}`;
  throw new PvaflowError('PVAFLOW_CONFIG', `${file}:${line}: kind: ${message}`);
}
