import { PvaflowError } from '../core/errors.js';
import { findClass, instantiate, type LoadedClass } from '../core/class-loader.js';
import { processorsFolder } from '../core/running-package.js';
import { AdImageProcessor } from './ad-image-processor.js';
import { checkProcessorConfig } from './config-schema.js';
import { UserDataProcessor } from './user-data-processor.js';

export interface ProcessorRequest {
  /** The user's file. Absent: `className` is a built-in processor, such as `PassThrough`. */
  file?: string | undefined;
  /** Absent: the default export of `file`, or the only class it exports. */
  className?: string | undefined;
  /** Processor arguments, for the constructor. */
  args?: Record<string, unknown> | undefined;
}

/** What the runtime calls, and a user may have written in another way. */
const METHODS = [
  'process',
  'start',
  'stop',
  'configure',
  'checkConfigure',
  'finishAcquisition',
  'resetStats',
  'getStats',
  'getStatsPvaTypes',
  'getInputPvObjectType',
  'getOutputPvObjectType',
];

/**
 * Loads a processor from a file, or a built-in one by the name of its class alone. Started it is with `startProcessor`.
 *
 * @throws PvaflowError with the codes of `loadClass`; PVAFLOW_PROCESSOR_CLASS when the class is no processor,
 *   PVAFLOW_PROCESSOR_CONFIG when the arguments are not those that the class takes, PVAFLOW_PROCESSOR_METHOD when a method
 *   is missing or cannot be called as the runtime does
 */
export async function loadProcessor({ file, className, args = {} }: ProcessorRequest): Promise<UserDataProcessor> {
  return newProcessor(await findProcessorClass({ file, className }), args);
}

/**
 * An instance of a class that was found, or is at hand.
 *
 * @throws PvaflowError PVAFLOW_PROCESSOR_CLASS, PVAFLOW_PROCESSOR_CONFIG, PVAFLOW_PROCESSOR_CONSTRUCTOR, PVAFLOW_PROCESSOR_METHOD
 */
export async function newProcessor(found: LoadedClass, args: Record<string, unknown>): Promise<UserDataProcessor> {
  checkClass(found);
  await checkProcessorConfig(found, args);
  const processor = instantiate(found, args) as UserDataProcessor;
  checkMethods(nameOf(found), ownMethods(processor));
  return processor;
}

/**
 * The class of a processor, of which no instance is made yet.
 *
 * @throws PvaflowError with the codes of `findClass`; PVAFLOW_PROCESSOR_CLASS when the class is no processor
 */
export async function findProcessorClass({ file, className }: Omit<ProcessorRequest, 'args'>): Promise<LoadedClass> {
  const found = await findClass({ file, className, folders: [processorsFolder()] });
  checkClass(found);
  return found;
}

function checkClass(found: LoadedClass): void {
  if (found.type.prototype instanceof UserDataProcessor) return;
  const advice = `Write \`class ${found.className} extends AdImageProcessor\` (or UserDataProcessor), imported from 'pvaflow'.`;
  throw new PvaflowError('PVAFLOW_PROCESSOR_CLASS', `${nameOf(found)} is not a processor. ${advice}`);
}

function nameOf({ className, file }: LoadedClass): string {
  return `${className} (${file})`;
}

function checkMethods(where: string, own: ReadonlyMap<string, unknown>): void {
  for (const name of own.keys()) {
    const meant = METHODS.find((method) => plain(method) === plain(name));
    if (meant !== undefined && !own.has(meant)) {
      const advice = `Did you mean ${meant}?`;
      throw new PvaflowError(
        'PVAFLOW_PROCESSOR_METHOD',
        `${where} has a method ${name}, which is never called. ${advice}`,
      );
    }
  }
  checkProcess(where, own.get('process'));
}

function checkProcess(where: string, process: unknown): void {
  if (typeof process !== 'function') {
    const advice = 'Add `process(frame) { … return frame; }`; what it returns goes to the next stage.';
    throw new PvaflowError('PVAFLOW_PROCESSOR_METHOD', `${where} has no method process. ${advice}`);
  }
  if (process.length > 2) {
    const advice = 'It is called with the object and its context: give the others defaults, or take them in configure.';
    throw new PvaflowError(
      'PVAFLOW_PROCESSOR_METHOD',
      `${where}: process takes ${process.length} arguments. ${advice}`,
    );
  }
}

/** Methods that the user wrote: of the instance, its class and the ancestors of this up to the base classes of the package. */
function ownMethods(processor: object): Map<string, unknown> {
  const methods = new Map<string, unknown>();
  const bases: object[] = [UserDataProcessor.prototype, AdImageProcessor.prototype];
  for (let at = processor; !bases.includes(at); at = Object.getPrototypeOf(at) as object) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      if (name !== 'constructor' && typeof value === 'function' && !methods.has(name)) methods.set(name, value);
    }
  }
  return methods;
}

/** `get_stats`, `getstats` and `GetStats` are `getStats` to somebody who comes from another language. */
function plain(name: string): string {
  return name.replaceAll('_', '').toLowerCase();
}
