import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.js';
import { buildProgram } from '../../src/cli/program.js';
import { projectRoot } from '../peers/install.js';

const text = readFileSync(join(projectRoot, 'docs', 'reference', 'cli.md'), 'utf8');
const sections = new Map(
  text.split(/^## pvaflow /m).map((section) => [section.slice(0, section.indexOf('\n')), section] as const),
);

describe('docs/reference/cli.md', () => {
  test.each(commands.map(({ name }) => name))('names every option of %s, as its help does', async (name) => {
    const program = await buildProgram([name]);
    const command = program.commands.find((each) => each.name() === name);
    const help = Object.assign(program.createHelp(), command?.configureHelp());
    const terms = command ? help.visibleOptions(command).map((option) => help.optionTerm(option)) : [];
    const section = (sections.get(name) ?? '').replace(/ +\|/g, ' |'); // tables are padded
    expect(terms).toContain('-h, --help');
    expect(terms.filter((term) => term !== '-h, --help' && !section.includes(`| \`${term}\` |`))).toEqual([]);
    const rows = section.match(/^\| `-/gm) ?? [];
    expect(rows).toHaveLength(terms.length - 1);
  });

  test('has no section for a command that is not there', () => {
    expect([...sections.keys()].slice(1)).toEqual(commands.map(({ name }) => name));
  });
});
