import { dirname, resolve } from 'node:path';
import { messageOf, PvaflowError } from '../../core/errors.js';
import type { Path, Problem } from '../../core/schema/problem.js';
import { configProblems } from '../../processor/config-schema.js';
import { findProcessorClass } from '../../processor/load-processor.js';
import type { ProcessorConfig } from '../consumer-config.js';
import { isOvertakenAt, refuseOvertaken, type StageQueue } from '../stages/stage-place.js';
import type { ProcessorSettings } from './processor-schema.js';
import { memoryOf } from './receiver-queue.js';

/** The processors of a configuration as something that runs takes them. */
export function processorConfigs(
  processors: readonly ProcessorSettings[],
  configFile: string | undefined,
): ProcessorConfig[] {
  return processors.map(({ name, file, class: className, config: args, queue, concurrency, order, onError }) => {
    const place = { queue: stageQueue(queue), concurrency, order, onError };
    return { name, file: processorFile(file, configFile), className, args, ...place };
  });
}

function stageQueue(queue: ProcessorSettings['queue']): StageQueue | undefined {
  return queue === 'none' ? undefined : { ...queue, bytes: memoryOf(queue.bytes) };
}

/** A file of a processor is meant relative to the configuration that names it. */
function processorFile(file: string | undefined, configFile: string | undefined): string | undefined {
  return file === undefined || configFile === undefined ? file : resolve(dirname(configFile), file);
}

/** What is wrong with the processors of a configuration: classes that cannot be loaded, and what they do not take. */
export async function processorProblems(
  processors: readonly ProcessorSettings[],
  configFile: string | undefined,
): Promise<Problem[]> {
  const found = processors.map((settings, i) => {
    return problemsOf(settings, ['processors', i], isOvertakenAt(processors, i), configFile);
  });
  return (await Promise.all(found)).flat();
}

async function problemsOf(
  { file, class: className, config }: ProcessorSettings,
  path: Path,
  isOvertaken: boolean,
  configFile: string | undefined,
): Promise<Problem[]> {
  try {
    const found = await findProcessorClass({ file: processorFile(file, configFile), className });
    if (isOvertaken) refuseOvertaken(found.type);
    const problems = await configProblems(found, config);
    return problems.map((problem) => ({ ...problem, path: [...path, 'config', ...problem.path] }));
  } catch (error) {
    const isClass = file === undefined || (className !== undefined && codeOf(error) === 'PVAFLOW_PROCESSOR_CLASS');
    return [{ path: [...path, isClass ? 'class' : 'file'], message: messageOf(error) }];
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof PvaflowError ? error.code : undefined;
}
