/**
 * Imports a user's TypeScript or JavaScript file from anywhere on disk. TypeScript is stripped of its types by tsx, not
 * checked. What is wrong with the file is told as a PvaflowError whose message says where and what to change.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { placeOf, shorter } from './error-place.js';
import { messageOf, PvaflowError } from './errors.js';
import { nearestName } from './nearest-name.js';
import { serveRunningPackage } from './running-package.js';

const EXTENSIONS = ['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs', '.jsx'];

/** What a file exports, by name; a default export is under `default`. */
export type ModuleExports = Readonly<Record<string, unknown>>;

/** Each call evaluates the file anew, so a file that was changed on disk is seen as it is now. */
export async function importFile(file: string): Promise<ModuleExports> {
  const path = resolve(file);
  checkFile(file, path);
  await serveRunningPackage();
  process.setSourceMapsEnabled(true); // stacks then tell the lines of the file, not those of what was made of it
  const { tsImport } = await import('tsx/esm/api');
  try {
    const url = pathToFileURL(path).href;
    return flatten((await tsImport(url, { parentURL: url, tsconfig: false })) as ModuleExports);
  } catch (cause) {
    throw explain(file, cause);
  }
}

/** Source files of a folder, by name. Empty when there is no such folder. */
export function sourceFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const isSource = (name: string): boolean => EXTENSIONS.includes(extname(name)) && !/\.d\.[cm]?ts$/.test(name);
  return readdirSync(folder).filter(isSource).sort();
}

function checkFile(file: string, path: string): void {
  if (!existsSync(path)) throw new PvaflowError('PVAFLOW_PROCESSOR_FILE', missingFile(file, path));
  if (!statSync(path).isFile()) {
    const inside = sourceFiles(path);
    const hint = inside.length > 0 ? ` Name a file in it: ${inside.join(', ')}.` : '';
    throw new PvaflowError('PVAFLOW_PROCESSOR_FILE', `${file} is a folder, not a file.${hint}`);
  }
  if (!EXTENSIONS.includes(extname(path))) {
    const found = extname(path) === '.py' ? 'a Python file' : `a ${extname(path) || 'nameless'} file`;
    throw new PvaflowError(
      'PVAFLOW_PROCESSOR_FILE',
      `${file} is ${found}. A processor is a TypeScript or JavaScript file (${EXTENSIONS.slice(0, 2).join(', ')}, .js, .mjs).`,
    );
  }
}

function missingFile(file: string, path: string): string {
  const folder = dirname(path);
  if (!existsSync(folder)) return `${file} does not exist, nor does its folder ${folder}.`;
  const place = folder === process.cwd() ? 'the current directory' : folder;
  const missing = `${basename(path)} does not exist in ${place}.`;
  const files = sourceFiles(folder);
  const nearest = nearestName(basename(path), files);
  if (nearest !== undefined) return `${missing} ${nearest} does.`;
  return files.length > 0
    ? `${missing} There are ${files.slice(0, 10).join(', ')}.`
    : `${missing} It has no TypeScript or JavaScript file.`;
}

/** A CommonJS module seen through `import` has its exports under `default`, once or twice. */
function flatten(module: ModuleExports): ModuleExports {
  const inner = module.default;
  if (typeof inner !== 'object' || inner === null) return module;
  return flatten({ ...module, default: undefined, ...(inner as ModuleExports) });
}

function explain(file: string, cause: unknown): PvaflowError {
  const text = messageOf(cause);
  const { name, code } = (cause ?? {}) as { name?: string; code?: string };
  if (name === 'TransformError')
    return new PvaflowError('PVAFLOW_PROCESSOR_SYNTAX', syntaxMessage(file, text), { cause });
  if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND') {
    return new PvaflowError('PVAFLOW_PROCESSOR_IMPORT', importMessage(file, text), { cause });
  }
  if (/does not provide an export named|Class extends value undefined/.test(text)) {
    const hint = 'A name that is imported does not exist where it is imported from: check the import lines.';
    return new PvaflowError('PVAFLOW_PROCESSOR_IMPORT', `${file}: ${text}. ${hint}`, { cause });
  }
  return new PvaflowError(
    'PVAFLOW_PROCESSOR_FILE',
    `${file} failed while it was read${placeOf(cause)}: ${name ?? 'error'}: ${text}`,
    { cause },
  );
}

/** esbuild's "…:\n/folder/file.ts:2:20: ERROR: text", made one line with the path as a user would write it. */
function syntaxMessage(file: string, text: string): string {
  const [, path, line, column, what] = /^(.+):(\d+):(\d+): ERROR: (.+)$/m.exec(text) ?? [];
  if (path === undefined) return `${file}: ${text}`;
  const advice = what?.includes('Top-level await')
    ? ' Rename the file to .mts, or put {"type":"module"} into a package.json beside it.'
    : '';
  return `${shorter(path)}:${line}:${Number(column) + 1}: ${what}.${advice}`;
}

function importMessage(file: string, text: string): string {
  const [, missing] = /Cannot find (?:module|package) '([^']+)'/.exec(text) ?? [];
  if (missing === undefined) return `${file}: ${text}`;
  const isFile = missing.startsWith('.') || missing.startsWith('/');
  const advice = isFile ? 'Check the path in its import line.' : `Install it beside the file: npm install ${missing}`;
  return `${file} imports ${isFile ? shorter(missing) : missing}, which cannot be found. ${advice}`;
}
