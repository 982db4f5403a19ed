import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';

const eslint = new ESLint({ overrideConfig: [tseslint.configs.disableTypeChecked] });

/** True if the linter refuses a file of the project that holds this line. */
async function isRefused(filePath: string, line: string): Promise<boolean> {
  const [result] = await eslint.lintText(`${line}\n`, { filePath });
  return (result?.messages ?? []).some(({ ruleId }) => /^no-restricted-/.test(ruleId ?? ''));
}

const importOf = (path: string) => `import '${path}';`;

describe('the layer rule', () => {
  it.each([
    ['core', 'pva'],
    ['core', 'cli'],
    ['pva', 'image'],
    ['pva', 'ca'],
    ['image', 'ca'],
    ['ca', 'hpc'],
    ['pipeline', 'ca'],
    ['image', 'processor'],
    ['pipeline', 'pva'],
    ['pipeline', 'image'],
    ['supervisor', 'pipeline'],
    ['processor', 'hpc'],
    ['hpc', 'connectors'],
    ['connectors', 'cli'],
    ['hpc', 'testing'],
    ['cli', 'testing'],
    ['testing', 'cli'],
  ])('refuses that %s imports %s', async (room, other) => {
    expect(await isRefused(`src/${room}/x.ts`, importOf(`../${other}/x.js`))).toBe(true);
    expect(await isRefused(`src/${room}/deeper/x.ts`, importOf(`../../${other}/deeper/x.js`))).toBe(true);
    expect(await isRefused(`src/${room}/x.ts`, `export * from '../${other}/x.js';`)).toBe(true);
    expect(await isRefused(`src/${room}/x.ts`, `await import('../${other}/x.js');`)).toBe(true);
  });

  it.each([
    ['pva', 'core'],
    ['image', 'pva'],
    ['ca', 'pva'],
    ['hpc', 'ca'],
    ['pipeline', 'core'],
    ['processor', 'image'],
    ['hpc', 'pipeline'],
    ['hpc', 'pva'],
    ['cli', 'hpc'],
    ['testing', 'hpc'],
  ])('allows that %s imports %s', async (room, other) => {
    expect(await isRefused(`src/${room}/x.ts`, importOf(`../${other}/x.js`))).toBe(false);
    expect(await isRefused(`src/${room}/x.ts`, `await import('../${other}/x.js');`)).toBe(false);
  });

  it('keeps the addon to pva', async () => {
    expect(await isRefused('src/pva/x.ts', importOf('./native.js'))).toBe(false);
    expect(await isRefused('src/image/x.ts', importOf('../pva/native.js'))).toBe(true);
    expect(await isRefused('src/cli/x.ts', `await import('../pva/native.js');`)).toBe(true);
  });

  it('keeps the public entry to users', async () => {
    expect(await isRefused('src/hpc/x.ts', importOf('../index.js'))).toBe(true);
    expect(await isRefused('src/hpc/x.ts', importOf('pvaflow'))).toBe(true);
    expect(await isRefused('examples/x.ts', importOf('pvaflow'))).toBe(false);
    expect(await isRefused('processors/x.ts', importOf('../src/cli/main.js'))).toBe(true);
  });
});
