import { readFileSync } from 'node:fs';

/** A type as p4p describes it: a code ('d', 'aI', …) or [kind, type id, [[name, type], …]]. */
export type Described = string | [kind: string, id: string, fields: [name: string, type: Described][]];

/** The type that a captured channel had (test/truth/NAME.txt). */
export function truthType(name: string): Described {
  const text = readFileSync(new URL(`../truth/${name}.txt`, import.meta.url), 'utf8');
  const python = (/# aspy\(\):\n(.+)/.exec(text) ?? /^(\('S', .+)$/m.exec(text))?.[1];
  if (python === undefined) throw new Error(`test/truth/${name}.txt does not describe its type`);
  return JSON.parse(python.replaceAll('(', '[').replaceAll(')', ']').replaceAll("'", '"')) as Described;
}

/**
 * What a user of the captured channel would miss in ours: a field that is absent, elsewhere or of another type, or a
 * type id that differs. More fields are allowed at the end of a structure.
 */
export function differences(wanted: Described, found: Described, path = ''): string[] {
  if (typeof wanted === 'string' || typeof found === 'string') {
    return wanted === found ? [] : [`${path}: ${JSON.stringify(wanted)} wanted, ${JSON.stringify(found)} found`];
  }
  const [kind, id, fields] = wanted;
  const [foundKind, foundId, foundFields] = found;
  const own =
    kind === foundKind && id === foundId ? [] : [`${path}: ${kind} ${id} wanted, ${foundKind} ${foundId} found`];
  return [...own, ...fields.flatMap(([name, type], index) => fieldDifferences(name, type, foundFields[index], path))];
}

function fieldDifferences(
  name: string,
  type: Described,
  found: [string, Described] | undefined,
  path: string,
): string[] {
  if (found?.[0] !== name) return [`${path}.${name}: wanted here, ${found?.[0] ?? 'nothing'} found`];
  return differences(type, found[1], `${path}.${name}`);
}
