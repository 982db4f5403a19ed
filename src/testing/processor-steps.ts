import type { ProcessorConfig } from '../hpc/consumer-config.js';
import type { LoadProcessor } from '../hpc/stages/processor-stage.js';
import { loadProcessor, newProcessor } from '../processor/load-processor.js';
import type { UserDataProcessor } from '../processor/user-data-processor.js';

/** A class that extends UserDataProcessor or AdImageProcessor. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a class may have any type of arguments it wants
export type ProcessorClass<P extends UserDataProcessor = UserDataProcessor> = new (args?: any) => P;

/**
 * A processor to try: its class; or, as `--processor-file` and `--processor-class` name it, the file it is in (`threshold.ts`), or a built-in one
 * (`AdImageThreshold`).
 */
export type ProcessorSource = ProcessorClass | string;

/** One processor of a chain. */
export interface ProcessorStep {
  readonly processor: ProcessorSource;
  /** Of the class, where the file exports several. */
  readonly className?: string | undefined;
  /** Its arguments; they are checked, and given to the constructor and to `configure`. */
  readonly config?: Readonly<Record<string, unknown>> | undefined;
  /** Of its stage; by default that of its class, as `threshold`. */
  readonly name?: string | undefined;
}

/** The processors as a consumer's configuration, and how they are made. */
export interface LoadableSteps {
  readonly configs: readonly ProcessorConfig[];
  readonly load: LoadProcessor;
}

export function loadable(steps: readonly ProcessorStep[]): LoadableSteps {
  const classes = new Map<ProcessorConfig, ProcessorClass>();
  const configs = steps.map(({ processor, className, config: args, name }) => {
    const place = typeof processor === 'string' ? placeOf(processor, className) : {};
    const config: ProcessorConfig = { name, args, ...place };
    if (typeof processor !== 'string') classes.set(config, processor);
    return config;
  });
  const load = (config: ProcessorConfig) => {
    const type = classes.get(config);
    const args = { ...config.args };
    if (type === undefined) return loadProcessor({ ...config, args });
    return newProcessor({ type: type, className: type.name, file: 'the test' }, args);
  };
  return { configs, load };
}

/** What has an extension or a folder is a file, and else a class. */
function placeOf(source: string, className: string | undefined): Pick<ProcessorConfig, 'file' | 'className'> {
  return /[./\\]/.test(source) ? { file: source, className } : { className: source };
}
