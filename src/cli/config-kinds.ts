import type { z } from 'zod';
import type { Configuration } from '../core/schema/configuration.js';
import type { JsonSchema } from '../core/schema/json-schema.js';
import type { Problem } from '../core/schema/problem.js';
import { publishedSchema } from '../core/schema/publish.js';

/** What a configuration file can be of. Its name is that of the command that runs it. */
export interface ConfigKind<S extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly schema: S;
  /** What is wrong beyond the schema: files that are not there, settings that contradict each other. */
  readonly check: (settings: z.output<S>, configuration: Configuration) => Promise<Problem[]>;
  /** `4 consumers of 13SIM1:Pva1:Image, …`, for somebody who asks whether all is right. */
  readonly summary: (settings: z.output<S>) => string;
}

/** Each kind, loaded when a file is of it. The first is that of a file that does not say. */
const loaders: Readonly<Record<string, () => Promise<ConfigKind>>> = {
  consumer: async () => (await import('./config-kinds/consumer.js')).consumerKind,
  collector: async () => (await import('./config-kinds/collector.js')).collectorKind,
  splitter: async () => (await import('./config-kinds/splitter.js')).splitterKind,
  'mirror-server': async () => (await import('./config-kinds/mirror-server.js')).mirrorKind,
  'sim-server': async () => (await import('./config-kinds/sim-server.js')).simKind,
};

export const kindNames: readonly string[] = Object.keys(loaders);

/** The kind that a configuration says it is of; undefined when there is none of that name. */
export async function kindOf(configuration: Configuration): Promise<ConfigKind | undefined> {
  const { given } = configuration;
  const isMapping = typeof given === 'object' && given !== null;
  const { kind = kindNames[0] } = (isMapping ? given : {}) as { kind?: unknown };
  return typeof kind === 'string' && Object.hasOwn(loaders, kind) ? loaders[kind]?.() : undefined;
}

export function allKinds(): Promise<ConfigKind[]> {
  return Promise.all(Object.values(loaders).map((load) => load()));
}

/** The JSON Schema of every configuration file, as `docs/reference/pvaflow.schema.json` has it. */
export async function configurationSchema(): Promise<JsonSchema> {
  const kinds = await allKinds();
  return publishedSchema(
    'pvaflow configuration',
    kinds.map(({ schema }) => schema),
  );
}
