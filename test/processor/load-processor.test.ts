import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AdImageProcessor, loadProcessor, PvaflowError, UserDataProcessor } from 'pvaflow';
import { afterAll, describe, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'pvaflow-processor-'));
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;
function userFile(body: string, base = 'UserDataProcessor'): string {
  const file = join(folder, `processor-${++count}.ts`);
  writeFileSync(
    file,
    `import { AdImageProcessor, UserDataProcessor, type NtNdArray } from 'pvaflow';
     export default class Mine extends ${base} { ${body} }`,
  );
  return file;
}

async function refusal(body: string, base?: string): Promise<PvaflowError> {
  const error: unknown = await loadProcessor({ file: userFile(body, base) }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(PvaflowError);
  return error as PvaflowError;
}

test('a processor of a user, with its arguments', async () => {
  const file = userFile(
    'constructor(readonly args: { n: number }) { super(args); } process(frame: NtNdArray) { return frame; }',
  );
  const processor = await loadProcessor({ file, args: { n: 3 } });
  expect(processor).toBeInstanceOf(UserDataProcessor);
  expect(processor).toMatchObject({ args: { n: 3 }, processorId: 0, objectIdField: 'uniqueId' });
});

test('process may be inherited from a class in between, or be a property', async () => {
  const file = join(folder, 'between.ts');
  writeFileSync(
    file,
    `import { AdImageProcessor, type NtNdArray } from 'pvaflow';
     class Between extends AdImageProcessor { process(frame: NtNdArray) { return frame; } }
     export class Inherits extends Between {}
     export class Property extends AdImageProcessor { process = (frame: NtNdArray) => frame; }`,
  );
  expect(await loadProcessor({ file, className: 'Inherits' })).toBeInstanceOf(AdImageProcessor);
  expect(await loadProcessor({ file, className: 'Property' })).toBeInstanceOf(AdImageProcessor);
});

test('the example', async () => {
  const file = fileURLToPath(new URL('../../examples/1-basics/3-threshold.ts', import.meta.url));
  expect(await loadProcessor({ file })).toBeInstanceOf(AdImageProcessor);
});

test.each(['PassThrough', 'AdImageThreshold'])('the built-in %s, by its name alone', async (className) => {
  expect(await loadProcessor({ className })).toBeInstanceOf(UserDataProcessor);
});

describe('an error says what to change', () => {
  test('a class that extends nothing', async () => {
    const file = join(folder, 'nothing.ts');
    writeFileSync(file, 'export class Mine { process() {} }');
    await expect(loadProcessor({ file })).rejects.toMatchObject({
      code: 'PVAFLOW_PROCESSOR_CLASS',
      message: expect.stringContaining('Write `class Mine extends AdImageProcessor`') as string,
    });
  });
  test.each(['UserDataProcessor', 'AdImageProcessor'])('no method process in a %s', async (base) => {
    const { code, message } = await refusal('start() {}', base);
    expect(code).toBe('PVAFLOW_PROCESSOR_METHOD');
    expect(message).toContain('has no method process. Add `process(frame)');
  });
  test.each([
    ['Process', 'process'],
    ['get_stats', 'getStats'],
    ['resetstats', 'resetStats'],
  ])('%s, which is never called', async (wrong, meant) => {
    const { code, message } = await refusal(
      `${wrong}() {} ${meant === 'process' ? '' : 'process(f: NtNdArray) { return f; }'}`,
    );
    expect(code).toBe('PVAFLOW_PROCESSOR_METHOD');
    expect(message).toContain(`has a method ${wrong}, which is never called. Did you mean ${meant}?`);
  });
  test('process with three arguments', async () => {
    const { message } = await refusal('process(frame: NtNdArray, context: object, id: number) { return frame; }');
    expect(message).toContain('process takes 3 arguments. It is called with the object and its context');
  });
  test('no built-in processor of that name', async () => {
    await expect(loadProcessor({ className: 'PassTrough' })).rejects.toMatchObject({
      code: 'PVAFLOW_PROCESSOR_CLASS',
      message: 'there is no built-in processor PassTrough. Did you mean PassThrough?',
    });
  });
});
