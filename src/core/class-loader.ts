/** Finds a class in a user's file, or among the built-in ones by its name alone, and makes an instance of it. */
import { join, relative } from 'node:path';
import { placeOf } from './error-place.js';
import { messageOf, PvaflowError } from './errors.js';
import { importFile, sourceFiles, type ModuleExports } from './module-import.js';
import { nearestName } from './nearest-name.js';

/** Any class whose constructor takes the configuration. */
export type ClassType<T = object> = new (args: Record<string, unknown>) => T;

export interface ClassRequest {
  /** TypeScript or JavaScript file, absolute or relative to the current directory. Absent: `className` is looked up in `folders`. */
  file?: string | undefined;
  /** Name of an exported class. Absent: the default export, or the only class that the file exports. */
  className?: string | undefined;
  /** Folders with one class per file, searched in this order when `file` is absent. */
  folders?: readonly string[] | undefined;
}

export interface LoadedClass {
  type: ClassType;
  className: string;
  file: string;
}

/**
 * Loads a class and calls its constructor with `args`.
 *
 * @throws PvaflowError PVAFLOW_PROCESSOR_FILE (no such file, or it throws when read), PVAFLOW_PROCESSOR_SYNTAX, PVAFLOW_PROCESSOR_IMPORT,
 *   PVAFLOW_PROCESSOR_CLASS (no such class, or none, or several), PVAFLOW_PROCESSOR_CONSTRUCTOR (it throws)
 */
export async function loadClass(
  request: ClassRequest & { args?: Record<string, unknown> | undefined },
): Promise<object> {
  return instantiate(await findClass(request), request.args ?? {});
}

/** As `loadClass`, but makes no instance. */
export async function findClass({ file, className, folders = [] }: ClassRequest): Promise<LoadedClass> {
  if (file !== undefined) return chooseClass(file, await importFile(file), className);
  if (className === undefined) {
    throw new PvaflowError(
      'PVAFLOW_PROCESSOR_CLASS',
      'neither a processor file nor the class of a built-in processor is given',
    );
  }
  return findBuiltIn(className, folders);
}

/** @throws PvaflowError PVAFLOW_PROCESSOR_CONSTRUCTOR with what the constructor threw as its cause */
export function instantiate({ type, className, file }: LoadedClass, args: Record<string, unknown>): object {
  try {
    return new type(args);
  } catch (cause) {
    const given = JSON.stringify(args);
    throw new PvaflowError(
      'PVAFLOW_PROCESSOR_CONSTRUCTOR',
      `the constructor of ${className} (${file}) failed with the arguments ${given}: ${messageOf(cause)}${placeOf(cause)}`,
      { cause },
    );
  }
}

/** The file of class `AdImageThreshold` is `ad-image-threshold.*`: only that one is read. */
async function findBuiltIn(className: string, folders: readonly string[]): Promise<LoadedClass> {
  const stem = fileStem(className);
  for (const folder of folders) {
    const name = sourceFiles(folder).find((candidate) => withoutExtension(candidate) === stem);
    if (name !== undefined) return chooseClass(join(folder, name), await importFile(join(folder, name)), className);
  }
  const known = folders.flatMap((folder) => sourceFiles(folder).map((name) => classOfStem(withoutExtension(name))));
  throw new PvaflowError(
    'PVAFLOW_PROCESSOR_CLASS',
    unknownClass(`there is no built-in processor ${className}`, className, known),
  );
}

function chooseClass(file: string, module: ModuleExports, className: string | undefined): LoadedClass {
  const classes = exportedClasses(module);
  const place = shown(file);
  if (classes.size === 0) {
    throw new PvaflowError(
      'PVAFLOW_PROCESSOR_CLASS',
      `${place} exports no class. Write \`export default class …\` in it.`,
    );
  }
  if (className !== undefined) {
    const type = classes.get(className);
    if (type !== undefined) return { type, className, file };
    throw new PvaflowError(
      'PVAFLOW_PROCESSOR_CLASS',
      unknownClass(`${place} exports no class ${className}`, className, [...classes.keys()]),
    );
  }
  const [only] = classes;
  if (isClass(module.default)) return { type: module.default, className: nameOf(module.default), file };
  if (only !== undefined && classes.size === 1) return { type: only[1], className: only[0], file };
  throw new PvaflowError(
    'PVAFLOW_PROCESSOR_CLASS',
    `${place} exports several classes: ${[...classes.keys()].join(', ')}. Name the one to use, or make it the default export.`,
  );
}

/** Classes by the name they are exported under; the default export by its own name. */
function exportedClasses(module: ModuleExports): Map<string, ClassType> {
  const classes = new Map<string, ClassType>();
  for (const [name, value] of Object.entries(module)) {
    if (isClass(value)) classes.set(name === 'default' ? nameOf(value) : name, value);
  }
  return classes;
}

function isClass(value: unknown): value is ClassType {
  return typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));
}

function nameOf(type: ClassType): string {
  return type.name === '' ? 'default' : type.name;
}

function unknownClass(what: string, wanted: string, known: string[]): string {
  const nearest = nearestName(wanted, known);
  if (nearest !== undefined) return `${what}. Did you mean ${nearest}?`;
  return known.length > 0 ? `${what}. There is ${known.join(', ')}.` : `${what}.`;
}

function withoutExtension(file: string): string {
  return file.replace(/\.[cm]?[jt]sx?$/, '');
}

/** `AdImageThreshold` -> `ad-image-threshold`, `Hdf5AdImageWriter` -> `hdf5-ad-image-writer`. */
function fileStem(className: string): string {
  return className.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();
}

function classOfStem(stem: string): string {
  return stem.replace(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase());
}

function shown(file: string): string {
  const nearer = relative(process.cwd(), file);
  return nearer.startsWith('..') ? file : nearer;
}
