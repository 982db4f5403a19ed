import { allKinds } from '../../src/cli/config-kinds.js';
import { expectedText } from '../../src/core/schema/expected.js';
import { jsonSchemaOf, type JsonSchema } from '../../src/core/schema/json-schema.js';

/** The tables of docs/reference/configuration.md: each kind of configuration with all its keys. */
export async function referenceOf(): Promise<string> {
  const kinds = await allKinds();
  return kinds.map(({ name, schema }) => section(name, jsonSchemaOf(schema))).join('\n');
}

function section(name: string, schema: JsonSchema): string {
  const head = ['| key | what | value | default |', '| --- | --- | --- | --- |'];
  return [`## kind: ${name}`, '', capital(schema.description ?? ''), '', ...head, ...rows(schema, ''), ''].join('\n');
}

/** A row for each key, those of a mapping below it. */
function rows(schema: JsonSchema, prefix: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, member]) => {
    const path = prefix + key;
    const isRequired = schema.required?.includes(key) ?? false;
    const cells = [`\`${path}\``, member.description ?? '', valueText(member), defaultText(member, isRequired)];
    return [`| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`, ...innerRows(member, path)];
  });
}

function innerRows(schema: JsonSchema, path: string): string[] {
  if (schema.items !== undefined) return rows(schema.items, `${path}[].`);
  return (schema.anyOf ?? [schema]).flatMap((each) => rows(each, `${path}.`));
}

function valueText(schema: JsonSchema): string {
  const items = schema.items;
  if (items === undefined || items.properties !== undefined) return expectedText(schema);
  return `${expectedText(schema)} of: ${expectedText(items)}`;
}

function defaultText(schema: JsonSchema, isRequired: boolean): string {
  if (isRequired) return '(required)';
  const { default: value } = schema;
  const isNone = value === undefined || (typeof value === 'object' && value !== null && !Array.isArray(value));
  return isNone ? '' : `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
