import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { messageOf, PvaflowError } from '../../core/errors.js';
import { packageRoot } from '../../core/package-root.js';

export interface NewProject {
  readonly name: string;
  readonly files: readonly string[];
}

/**
 * Writes a project into a folder.
 *
 * @param pvaflow how its package.json asks for pvaflow
 * @throws {PvaflowError} PVAFLOW_INIT when a file is there already, in which case nothing is written, or cannot be written
 */
export function newProject(folder: string, pvaflow: string): NewProject {
  const template = join(packageRoot(), 'templates', 'project');
  const name = projectName(folder);
  const files = readdirSync(template).map((from) => ({ from, to: from === 'gitignore' ? '.gitignore' : from }));
  refuseToOverwrite(
    folder,
    files.map(({ to }) => to),
  );
  const values = { name, pvaflow, tsx: dependencyRange('tsx') };
  try {
    mkdirSync(folder, { recursive: true });
    for (const { from, to } of files) {
      writeFileSync(join(folder, to), filledIn(readFileSync(join(template, from), 'utf8'), values), { flag: 'wx' });
    }
  } catch (cause) {
    throw new PvaflowError('PVAFLOW_INIT', `cannot write to ${folder}: ${messageOf(cause)}`, { cause });
  }
  return { name, files: files.map(({ to }) => to) };
}

/** The name of the folder, as npm allows it. It is the first part of the names of the channels too. */
function projectName(folder: string): string {
  const name = basename(resolve(folder))
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return name === '' || name === 'pvaflow' ? 'my-pvaflow' : name;
}

function refuseToOverwrite(folder: string, files: readonly string[]): void {
  const there = files.filter((file) => existsSync(join(folder, file)));
  if (there.length === 0) return;
  const what = there.length === 1 ? there.join() : `${there.slice(0, -1).join(', ')} and ${there.at(-1)}`;
  throw new PvaflowError('PVAFLOW_INIT', `${folder} has ${what} already; nothing was written. Choose another folder.`);
}

function filledIn(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_, key: string) => values[key] as string);
}

/** The range of versions of one of our own dependencies. */
function dependencyRange(dependency: string): string {
  const manifest = readFileSync(join(packageRoot(), 'package.json'), 'utf8');
  const { dependencies } = JSON.parse(manifest) as { dependencies: Readonly<Record<string, string>> };
  return dependencies[dependency] as string;
}
