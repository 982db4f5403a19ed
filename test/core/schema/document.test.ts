import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig, readDocument } from '../../../src/core/schema/document.js';

const lineOf = (text: string, ...path: (string | number)[]) => parseConfig(text, 'p.yaml').place(path).line;

describe('a document', () => {
  it('is read as YAML and as JSON', () => {
    expect(parseConfig('a: { b: [1, yes] }', 'p.yaml').value).toEqual({ a: { b: [1, 'yes'] } });
    expect(parseConfig('{"a": {"b": [1, true]}}', 'p.json').value).toEqual({ a: { b: [1, true] } });
    expect(parseConfig('', 'p.yaml').value).toBeNull();
  });

  it('knows the line of each key', () => {
    const text = ['# first', 'a: 1', 'b:', '  - x', '  - c:', '      d: 3', '    e: 4'].join('\n');
    expect(lineOf(text)).toBe(2);
    expect(lineOf(text, 'a')).toBe(2);
    expect(lineOf(text, 'b')).toBe(3);
    expect(lineOf(text, 'b', 0)).toBe(4);
    expect(lineOf(text, 'b', 1, 'c')).toBe(5);
    expect(lineOf(text, 'b', 1, 'c', 'd')).toBe(6);
    expect(lineOf(text, 'b', 1, 'e')).toBe(7);
  });

  it('places what is not there at what is above it', () => {
    expect(lineOf('a: 1\nb:\n  c: 2', 'b', 'missing', 'deeper')).toBe(2);
    expect(lineOf('', 'missing')).toBe(1);
  });

  it('looks through aliases', () => {
    expect(lineOf('a: &x\n  b: 1\nc: *x', 'c', 'b')).toBe(2);
  });

  it.each([
    ['a: [1', /^p\.yaml:1: not valid YAML or JSON: /],
    ['a: 1\na: 2', /^p\.yaml:2: not valid YAML or JSON: Map keys must be unique/],
    ['a: 1\nb: !secret x', /^p\.yaml:2: not valid YAML or JSON: Unresolved tag: !secret/],
    ['a: *x', /^p\.yaml: not valid YAML or JSON: Unresolved alias .*x/],
    ['a: 1\n\tb: 2', /^p\.yaml:2: not valid YAML or JSON: /],
  ])('that is broken, %j, is refused with its line', (text, message) => {
    expect(() => parseConfig(text, 'p.yaml')).toThrow(expect.objectContaining({ code: 'PVAFLOW_CONFIG' }));
    expect(() => parseConfig(text, 'p.yaml')).toThrow(message);
  });

  it('does not unfold aliases without end', () => {
    const bomb = [
      'a: &a [x, x, x, x, x, x, x, x, x, x]',
      ...'bcdef'.split('').map((name, i) => {
        const before = 'abcde'[i] ?? '';
        return `${name}: &${name} [${Array.from({ length: 10 }, () => `*${before}`).join(', ')}]`;
      }),
    ].join('\n');
    expect(() => parseConfig(bomb, 'p.yaml')).toThrow(/Excessive alias count/);
  });

  it('that cannot be read says why', () => {
    const folder = mkdtempSync(join(tmpdir(), 'pvaflow-config-'));
    const missing = join(folder, 'p.yaml');
    expect(() => readDocument(missing)).toThrow(`${missing} does not exist`);
    expect(() => readDocument(folder)).toThrow(/^cannot read .*: EISDIR/);
    expect(() => readDocument(folder)).toThrow(expect.objectContaining({ code: 'PVAFLOW_CONFIG_FILE' }));
    rmSync(folder, { recursive: true });
  });
});
