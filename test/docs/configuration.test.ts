import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { expect, test } from 'vitest';
import { configurationSchema } from '../../src/cli/config-kinds.js';
import { projectRoot } from '../peers/install.js';
import { referenceOf } from './configuration-reference.js';

/*
 * Both files are written by `npm test -- test/docs/configuration.test.ts -u` when the schema has changed.
 */
const folder = join(projectRoot, 'docs', 'reference');
const style = { printWidth: 120, singleQuote: true };

test('docs/reference/pvaflow.schema.json is the schema', async () => {
  const text = await format(JSON.stringify(await configurationSchema()), { ...style, parser: 'json' });
  await expect(text).toMatchFileSnapshot(join(folder, 'pvaflow.schema.json'));
});

test('docs/reference/configuration.md names every key', async () => {
  const file = join(folder, 'configuration.md');
  const [prose] = readFileSync(file, 'utf8').split(/^(?=<!-- keys -->)/m);
  const text = `${prose}<!-- keys -->\n\n${await referenceOf()}`;
  await expect(await format(text, { ...style, parser: 'markdown' })).toMatchFileSnapshot(file);
});
