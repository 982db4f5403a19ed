/**
 * Makes `import … from 'pvaflow'` in a user's file mean the package that runs, wherever the file lies and however the
 * package was started (installed, from a clone, under a test runner): the classes that the file extends are then the
 * same objects that the program checks with `instanceof`.
 *
 * The specifier resolves to a small module that hands on the exports of the running instance, kept under a symbol of
 * the global object. Hooks: https://nodejs.org/api/module.html#customization-hooks (for `import`) and `Module._load` (for `require`,
 * which is what `import` becomes in a TypeScript file of a folder with `"type": "commonjs"`).
 *
 * A TypeScript file whose folder says nothing of the kind is a module if it is written as one, as Node.js from 22.18 on has
 * it: `await` works at its top, and errors are told with its own lines.
 */
import { randomUUID } from 'node:crypto';
import Module, { register } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const NAME = 'pvaflow';
const PROCESSORS = `${NAME}/processors/`;

type Exports = Readonly<Record<string, unknown>>;

/** `Module._load`, through which every `require` goes; not in Node's types. */
interface CommonJsLoader {
  _load(request: string, parent: unknown, isMain: boolean): unknown;
}

let ready: Promise<void> | undefined;

/** Idempotent. To be awaited before a user's file is imported. */
export function serveRunningPackage(): Promise<void> {
  ready ??= install();
  return ready;
}

async function install(): Promise<void> {
  // The public face of the package, named here because a user's file asks for it by name: the one look upwards of `core`.
  const face = (await import('../index.js')) as Exports;
  const key = `pvaflow.running-package.${randomUUID()}`;
  Object.defineProperty(globalThis, Symbol.for(key), { value: face });
  const processors = pathToFileURL(`${processorsFolder()}/`).href;
  register(asModule(resolveHook(asModule(forwarder(key, face)), processors)));
  hookRequire(face);
}

/** The built-in processors: `processors/` beside `src/`, from source and compiled. */
export function processorsFolder(): string {
  const own = dirname(fileURLToPath(import.meta.url));
  return join(own, '..', '..', 'processors');
}

/** Source text of a module that exports what the running instance exports. */
function forwarder(key: string, face: Exports): string {
  const names = Object.keys(face).filter((name) => name !== 'default');
  const lines = names.map((name) => `export const ${name} = face.${name};`);
  return [`const face = globalThis[Symbol.for(${JSON.stringify(key)})];`, ...lines].join('\n');
}

/** Source text of the `resolve` hook; it runs in Node's hooks thread. */
function resolveHook(forwarderUrl: string, processorsUrl: string): string {
  return `
    import { readFileSync } from 'node:fs';
    import { dirname, join } from 'node:path';
    import { fileURLToPath } from 'node:url';

    function packageType(folder) {
      try {
        return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).type;
      } catch (error) {
        if (error.code === 'ENOENT' && dirname(folder) !== folder) return packageType(dirname(folder));
      }
    }

    function isWrittenAsModule(file) {
      const text = readFileSync(file, 'utf8');
      const isCommonJs = /\\brequire\\s*\\(|\\bmodule\\.exports\\b/.test(text);
      return /^(import|export)\\b/m.test(text) && !isCommonJs;
    }

    function asModule(found) {
      if (found.format || !/^file:.*\\.tsx?(\\?.*)?$/.test(found.url)) return found;
      const file = fileURLToPath(found.url);
      const isModule = packageType(dirname(file)) === undefined && isWrittenAsModule(file);
      return isModule ? { ...found, format: 'module' } : found;
    }

    export async function resolve(specifier, context, next) {
      if (specifier === '${NAME}') return { url: ${JSON.stringify(forwarderUrl)}, format: 'module', shortCircuit: true };
      if (specifier.startsWith('${PROCESSORS}'))
        return next(${JSON.stringify(processorsUrl)} + specifier.slice(${PROCESSORS.length}), context);
      return asModule(await next(specifier, context));
    }`;
}

function hookRequire(face: Exports): void {
  const loader = Module as unknown as CommonJsLoader;
  const load = loader._load.bind(loader);
  const folder = processorsFolder();
  loader._load = (request, parent, isMain) => {
    if (request === NAME) return face;
    const inside = request.startsWith(PROCESSORS) ? join(folder, request.slice(PROCESSORS.length)) : request;
    return load(inside, parent, isMain);
  };
}

function asModule(source: string): string {
  return `data:text/javascript,${encodeURIComponent(source)}`;
}
