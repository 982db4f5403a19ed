import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PvaflowError, UserDataProcessor } from 'pvaflow';
import { afterAll, describe, expect, test } from 'vitest';
import { findClass, loadClass } from '../../src/core/class-loader.js';
import { placeOf } from '../../src/core/error-place.js';
import { packageRoot } from '../../src/core/package-root.js';

const folder = mkdtempSync(join(tmpdir(), 'pvaflow-loader-'));
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;
/** A folder of its own, with these files, outside the repository. */
function userFolder(files: Record<string, string>): string {
  const own = join(folder, String(++count));
  mkdirSync(own);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(own, name), text);
  return own;
}

function userFile(name: string, text: string): string {
  return join(userFolder({ [name]: text }), name);
}

async function failure(action: Promise<unknown>): Promise<PvaflowError> {
  const error = await action.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(PvaflowError);
  return error as PvaflowError;
}

const typed = `
import { PvaflowError, type ErrorCode } from 'pvaflow';
export default class Mine extends PvaflowError {
  private readonly level: number = 3;
  constructor(readonly args: { n?: number }) { super('PVAFLOW_MINE' satisfies ErrorCode, 'mine'); }
  sum(): number { return this.level + (this.args.n ?? 0); }
}`;
const plain = `
import { PvaflowError } from 'pvaflow';
export default class Mine extends PvaflowError {
  level = 3;
  constructor(args) { super('PVAFLOW_MINE', 'mine'); this.args = args; }
  sum() { return this.level + (this.args.n ?? 0); }
}`;
const common = `
const { PvaflowError } = require('pvaflow');
exports.Mine = class Mine extends PvaflowError {
  constructor(args) { super('PVAFLOW_MINE', 'mine'); this.args = args; this.level = 3; }
  sum() { return this.level + (this.args.n ?? 0); }
};`;

describe('a class extends the one of the running package', () => {
  const module = '{"type":"module"}';
  const cases: [string, Record<string, string>, string][] = [
    ['TypeScript without package.json', { 'a.ts': typed }, 'a.ts'],
    ['TypeScript in an ES module folder', { 'a.ts': typed, 'package.json': module }, 'a.ts'],
    ['.mts', { 'a.mts': typed }, 'a.mts'],
    ['JavaScript without package.json', { 'a.js': plain }, 'a.js'],
    ['JavaScript in an ES module folder', { 'a.js': plain, 'package.json': module }, 'a.js'],
    ['.mjs', { 'a.mjs': plain }, 'a.mjs'],
    ['.cjs', { 'a.cjs': common }, 'a.cjs'],
    ['through a file beside it', { 'b.ts': typed, 'a.ts': "export { default } from './b.js';" }, 'a.ts'],
    [
      'in a package that has the same name',
      { 'a.ts': typed, 'package.json': '{"name":"pvaflow","type":"module","exports":"./nothing.js"}' },
      'a.ts',
    ],
  ];
  test.each(cases)('%s', async (_, files, name) => {
    const instance = await loadClass({ file: join(userFolder(files), name), args: { n: 4 } });
    expect(instance).toBeInstanceOf(PvaflowError);
    expect((instance as { sum(): number }).sum()).toBe(7);
  });
});

test.each(['a.ts', 'a.mts'])('a built-in processor can be imported and extended in %s', async (name) => {
  const text = `import { PassThrough } from 'pvaflow/processors/pass-through.js';
    export default class Mine extends PassThrough {}`;
  expect(await loadClass({ file: userFile(name, text) })).toBeInstanceOf(UserDataProcessor);
});

describe('the class is chosen', () => {
  const two = 'export class A {}\nexport class B {}\n';
  test('by its name', async () => {
    expect((await findClass({ file: userFile('two.ts', two), className: 'B' })).className).toBe('B');
  });
  test('by the name of the default export', async () => {
    const file = userFile('d.ts', `${two}export default class C {}`);
    expect((await findClass({ file, className: 'C' })).className).toBe('C');
  });
  test('as the default export when no name is given', async () => {
    expect((await findClass({ file: userFile('d.ts', `${two}export default class C {}`) })).className).toBe('C');
  });
  test('as the only class when no name is given', async () => {
    const file = userFile('one.ts', 'export const limit = 3;\nexport function help() {}\nexport class Only {}');
    expect((await findClass({ file })).className).toBe('Only');
  });
  test('from the built-in ones by its name alone', async () => {
    const files = {
      'spot-finder.ts': 'export class SpotFinder { found = true; }',
      'other.ts': 'export class Other {}',
    };
    const own = userFolder(files);
    const instance = await loadClass({ className: 'SpotFinder', folders: [join(own, 'absent'), own] });
    expect(instance).toMatchObject({ found: true });
  });
  test('anew when the file was changed', async () => {
    const file = userFile('c.ts', 'export default class C { version = 1; }');
    expect(await loadClass({ file })).toMatchObject({ version: 1 });
    writeFileSync(file, 'export default class C { version = 2; }');
    expect(await loadClass({ file })).toMatchObject({ version: 2 });
  });
});

describe('an error says what to change', () => {
  test('a misspelt file: the near one in its folder', async () => {
    const own = userFolder({ 'threshold.ts': typed });
    const { code, message } = await failure(loadClass({ file: join(own, 'thresold.ts') }));
    expect(code).toBe('PVAFLOW_PROCESSOR_FILE');
    expect(message).toBe(`thresold.ts does not exist in ${own}. threshold.ts does.`);
  });
  test('a misspelt file in the current directory', async () => {
    const { message } = await failure(loadClass({ file: 'vitest.confg.ts' }));
    expect(message).toBe('vitest.confg.ts does not exist in the current directory. vitest.config.ts does.');
  });
  test('no folder', async () => {
    const { message } = await failure(loadClass({ file: '/no/such/place/a.ts' }));
    expect(message).toBe('/no/such/place/a.ts does not exist, nor does its folder /no/such/place.');
  });
  test('a folder instead of a file', async () => {
    const { message } = await failure(loadClass({ file: userFolder({ 'threshold.ts': typed }) }));
    expect(message).toContain('is a folder, not a file. Name a file in it: threshold.ts.');
  });
  test('a Python file', async () => {
    const { code, message } = await failure(loadClass({ file: userFile('sample.py', 'class A: pass') }));
    expect(code).toBe('PVAFLOW_PROCESSOR_FILE');
    expect(message).toContain('is a Python file. A processor is a TypeScript or JavaScript file');
  });
  test('a syntax error: file, line and column', async () => {
    const file = userFile('s.ts', 'export default class S {\n  process( { return 1; }\n}\n');
    const { code, message } = await failure(loadClass({ file }));
    expect(code).toBe('PVAFLOW_PROCESSOR_SYNTAX');
    expect(message).toBe(`${file}:2:21: Expected "}" but found "1".`);
  });
  test('a package that is not installed', async () => {
    const file = userFile('i.ts', "import x from 'no-such-thing';\nexport default class S { x = x; }");
    const { code, message } = await failure(loadClass({ file }));
    expect(code).toBe('PVAFLOW_PROCESSOR_IMPORT');
    expect(message).toContain('imports no-such-thing, which cannot be found.');
    expect(message).toContain('npm install no-such-thing');
  });
  test.each(['i.ts', 'i.mts'])('a file that is not there, imported by %s', async (name) => {
    const file = userFile(name, "import { x } from './helpr.js';\nexport default class S { x = x; }");
    const { code, message } = await failure(loadClass({ file }));
    expect(code).toBe('PVAFLOW_PROCESSOR_IMPORT');
    expect(message).toContain('helpr.js, which cannot be found. Check the path in its import line.');
  });
  test.each(['i.ts', 'i.mts'])('a name that the package does not export, imported by %s', async (name) => {
    const file = userFile(
      name,
      "import { PvaflowEror } from 'pvaflow';\nexport default class S extends PvaflowEror {}",
    );
    const { code, message } = await failure(loadClass({ file }));
    expect(code).toBe('PVAFLOW_PROCESSOR_IMPORT');
    expect(message).toContain('check the import lines');
  });
  test('a file that throws when it is read', async () => {
    const file = userFile('t.mts', 'throw new RangeError(`no ${3}`);\nexport class A {}\n');
    const { code, message } = await failure(loadClass({ file }));
    expect(code).toBe('PVAFLOW_PROCESSOR_FILE');
    expect(message).toContain('failed while it was read');
    expect(message).toContain('RangeError: no 3');
  });
  test('top-level await where it does not work', async () => {
    const files = { 'w.ts': 'const x = await 3;\nexport class A { x = x; }', 'package.json': '{"type":"commonjs"}' };
    const { message } = await failure(loadClass({ file: join(userFolder(files), 'w.ts') }));
    expect(message).toContain('Rename the file to .mts');
  });
  test('no class', async () => {
    const { code, message } = await failure(
      loadClass({ file: userFile('n.ts', 'class A {}\nexport const a = 1; void A;') }),
    );
    expect(code).toBe('PVAFLOW_PROCESSOR_CLASS');
    expect(message).toContain('n.ts exports no class. Write `export default class');
  });
  test('another class than the one named', async () => {
    const file = userFile('n.ts', 'export class Threshold {}');
    const { code, message } = await failure(loadClass({ file, className: 'Treshold' }));
    expect(code).toBe('PVAFLOW_PROCESSOR_CLASS');
    expect(message).toContain('n.ts exports no class Treshold. Did you mean Threshold?');
  });
  test('several classes and no name', async () => {
    const { message } = await failure(loadClass({ file: userFile('n.ts', 'export class A {}\nexport class B {}') }));
    expect(message).toContain('n.ts exports several classes: A, B. Name the one to use');
  });
  test('a constructor that throws', async () => {
    const file = userFile(
      'k.ts',
      "export class K { constructor(a: { n: number }) { throw new RangeError('n is ' + a.n); } }",
    );
    const { code, message } = await failure(loadClass({ file, args: { n: 3 } }));
    expect(code).toBe('PVAFLOW_PROCESSOR_CONSTRUCTOR');
    expect(message).toContain('the constructor of K');
    expect(message).toContain('{"n":3}: n is 3');
    expect(message).toContain(`(${file}:1:`);
  });
  test('no built-in processor of that name', async () => {
    const own = userFolder({ 'spot-finder.ts': 'export class SpotFinder {}' });
    const { message } = await failure(loadClass({ className: 'SpotFindr', folders: [own] }));
    expect(message).toBe('there is no built-in processor SpotFindr. Did you mean SpotFinder?');
  });
  test('neither file nor class', async () => {
    expect((await failure(loadClass({}))).code).toBe('PVAFLOW_PROCESSOR_CLASS');
  });
});

describe('a TypeScript file whose folder does not say what it is', () => {
  test('is a module if it is written as one', async () => {
    const file = userFile('m.ts', 'const x = await Promise.resolve(3);\nexport class A { x = x; }');
    expect(await loadClass({ file })).toMatchObject({ x: 3 });
  });
  test('may be written for CommonJS, too', async () => {
    const file = userFile('c.ts', "const { join } = require('node:path');\nexport class A { x = join('a', 'b'); }");
    expect(await loadClass({ file })).toMatchObject({ x: 'a/b' });
  });
});

test('no place is named for an error that no file of a user had to do with', () => {
  const error = new Error('x');
  error.stack = `Error: x\n    at node:internal/a:1:2\n    at f (${join(packageRoot(), 'src', 'a.ts')}:1:2)`;
  expect([placeOf(error), placeOf('text')]).toEqual(['', '']);
});

describe('in a process of its own, run from source', () => {
  const loader = new URL('../../src/core/class-loader.ts', import.meta.url).href;
  const entry = new URL('../../src/index.ts', import.meta.url).href;

  function run(script: string): string {
    const text = `import { loadClass } from ${JSON.stringify(loader)};\n${script}`;
    return execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', text], {
      encoding: 'utf8',
    });
  }

  test('a class extends the one of the running package', () => {
    const file = JSON.stringify(userFile('a.ts', typed));
    const script = `import { PvaflowError } from ${JSON.stringify(entry)};
      console.log((await loadClass({ file: ${file} })) instanceof PvaflowError);`;
    expect(run(script)).toBe('true\n');
  });
  test('an error in the file is told with the line of the source', () => {
    const file = userFile(
      't.mts',
      'const limit: number = 3;\n\nthrow new RangeError(`no ${limit}`);\nexport class A {}\n',
    );
    const script = `await loadClass({ file: ${JSON.stringify(file)} }).catch((error) => console.log(error.message));`;
    expect(run(script)).toBe(`${file} failed while it was read (${file}:3:7): RangeError: no 3\n`);
  });
});
