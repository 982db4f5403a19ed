import type { Command } from 'commander';
import { newProject } from './init/new-project.js';
import { pvaflowSpec } from './init/pvaflow-spec.js';

interface InitOptions {
  pvaflow?: string;
}

const description = `Makes a project: a processor, its test, and a configuration that runs it. Nothing is overwritten.`;

const examples = `
Examples:
  pvaflow init my-beamline
  pvaflow init my-beamline --pvaflow ^0.1.0`;

export function addInitCommand(program: Command): void {
  program
    .command('init')
    .description(description)
    .argument('<folder>', 'where; it is made if it does not exist')
    .option('--pvaflow <spec>', 'how npm is to install pvaflow; by default as this one was')
    .addHelpText('after', examples)
    .action((folder: string, { pvaflow = pvaflowSpec() }: InitOptions) => run(folder, pvaflow));
}

function run(folder: string, pvaflow: string): void {
  const { name, files } = newProject(folder, pvaflow);
  const lines = [
    `${name}: wrote ${files.join(', ')}`,
    '',
    'It runs at once, in two terminals:',
    `  pvaflow sim-server --channel-name ${name}:image`,
    `  pvaflow consumer --config ${folder}/pipeline.yaml`,
    `With its test: cd ${folder} && npm install && npm test`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
