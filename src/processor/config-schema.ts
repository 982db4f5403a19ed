import type { ClassType, LoadedClass } from '../core/class-loader.js';
import { messageOf, PvaflowError } from '../core/errors.js';
import type { JsonSchema } from '../core/schema/json-schema.js';
import { pathText, type Problem } from '../core/schema/problem.js';
import { keysOfConfigure } from './config-keys.js';
import { UserDataProcessor } from './user-data-processor.js';

/**
 * What the configuration of a processor may hold: the keys, or a JSON Schema of an object. Keys that are not among its
 * `properties` are refused unless it says `additionalProperties: true`.
 *
 * @example static override readonly configSchema = { properties: { level: { type: 'number', minimum: 0 } } };
 */
export type ProcessorConfigSchema = readonly string[] | JsonSchema;

/** What is wrong with the configuration of a processor, as far as its class tells what it takes. */
export async function configProblems(
  { type, className }: LoadedClass,
  config: Readonly<Record<string, unknown>>,
): Promise<readonly Problem[]> {
  const schema = configSchemaOf(type);
  if (schema === undefined) return [];
  const { validateJson } = await import('../core/schema/validate.js'); // only here: it takes its time to load
  try {
    return validateJson(schema, config);
  } catch (error) {
    return [{ path: [], message: `configSchema of ${className} is no JSON Schema: ${messageOf(error)}` }];
  }
}

/** @throws {PvaflowError} PVAFLOW_PROCESSOR_CONFIG naming the class, the key, what was expected and what was found */
export async function checkProcessorConfig(
  found: LoadedClass,
  config: Readonly<Record<string, unknown>>,
): Promise<void> {
  const problems = (await configProblems(found, config)).map(({ path, message }) => {
    return `${found.className}: ${path.length > 0 ? `${pathText(path)}: ` : ''}${message}`;
  });
  if (problems.length > 0) throw new PvaflowError('PVAFLOW_PROCESSOR_CONFIG', problems.join('\n'));
}

/**
 * Checks what a processor is configured with while it runs; for its method `configure` to call first. Keys that the class does not
 * declare are left out: one command may configure several processors of a chain, and the runtime.
 *
 * @returns what is meant for this processor
 * @throws {PvaflowError} PVAFLOW_PROCESSOR_CONFIG as `checkProcessorConfig`
 */
export async function checkConfig<C extends object>(processor: UserDataProcessor, config: C): Promise<C> {
  const own = ownConfig(processor, config);
  await checkProcessorConfig(classOf(processor), own as Record<string, unknown>);
  return own;
}

/**
 * What is wrong with what a processor is to be configured with while it runs.
 *
 * @param before what it was configured with already
 */
export function runtimeProblems(
  processor: UserDataProcessor,
  config: Readonly<Record<string, unknown>>,
  before: Readonly<Record<string, unknown>>,
): Promise<readonly Problem[]> {
  return configProblems(classOf(processor), { ...ownConfig(processor, before), ...ownConfig(processor, config) });
}

/** Of what a user sent, what is meant for this processor, as far as it tells. */
export function ownConfig<C extends object>(processor: UserDataProcessor, config: C): C {
  return ownKeys(configSchemaOf(processor.constructor as ClassType), config);
}

/** The keys of the configuration that a processor takes; undefined when it does not tell, or takes any. */
export function knownKeysOf(processor: UserDataProcessor): readonly string[] | undefined {
  const schema = configSchemaOf(processor.constructor as ClassType);
  return schema?.additionalProperties === false ? Object.keys(schema.properties ?? {}) : undefined;
}

function classOf(processor: UserDataProcessor): LoadedClass {
  const type = processor.constructor as ClassType;
  return { type, className: type.name, file: '' };
}

function ownKeys<C extends object>(schema: JsonSchema | undefined, config: C): C {
  if (schema === undefined || schema.additionalProperties === true) return config;
  const known = Object.keys(schema.properties ?? {});
  return Object.fromEntries(Object.entries(config).filter(([key]) => known.includes(key))) as C;
}

/** The schema that a class declares, or else what its method `configure` takes; undefined when neither tells. */
function configSchemaOf(type: ClassType): JsonSchema | undefined {
  const declared = (type as unknown as typeof UserDataProcessor).configSchema;
  const offered = declared ?? keysOfConfigure(type, UserDataProcessor);
  if (offered === undefined) return undefined;
  if (!isKeyList(offered)) return { type: 'object', additionalProperties: false, ...offered };
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(offered.map((key) => [key, {}])),
  };
}

function isKeyList(schema: ProcessorConfigSchema): schema is readonly string[] {
  return Array.isArray(schema);
}
