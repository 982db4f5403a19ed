import type { Command } from 'commander';
import { messageOf, PvaflowError } from '../core/errors.js';
import { Configuration } from '../core/schema/configuration.js';
import { readDocument } from '../core/schema/document.js';
import { configurationSchema, kindNames, kindOf } from './config-kinds.js';
import { exitCodes, usageError } from './exit.js';

interface CheckOptions {
  show?: true;
  schema?: true;
}

const description = `Checks configuration files: every key, every value, and that the processors can be loaded.

Each problem is one line on stdout, as file:line: path: what is wrong. Nothing is started; the files of processors are
read, as \`import\` reads them.`;

const examples = `
Examples:
  pvaflow check pipeline.yaml
  pvaflow check --show pipeline.yaml > complete.yaml
  pvaflow check --schema > pvaflow.schema.json

Exit codes: 0 all is right, 1 something is wrong.`;

export function addCheckCommand(program: Command): void {
  program
    .command('check')
    .description(description)
    .argument('[files...]', 'configurations, YAML or JSON')
    .option('--show', 'print the complete configuration, with every default')
    .option('--schema', 'print the JSON Schema of configurations, for editors')
    .addHelpText('after', examples)
    .action((files: string[], options: CheckOptions) => run(files, options));
}

async function run(files: readonly string[], options: CheckOptions): Promise<void> {
  if (options.schema === true) return printSchema();
  if (files.length === 0) throw usageError('check needs a file, such as pipeline.yaml');
  for (const file of files) await checkFile(file, options);
}

async function printSchema(): Promise<void> {
  process.stdout.write(`${JSON.stringify(await configurationSchema(), null, 2)}\n`);
}

async function checkFile(file: string, options: CheckOptions): Promise<void> {
  try {
    const { settings, summary } = await checked(new Configuration(readDocument(file)));
    if (options.show === true) process.stdout.write(await asYaml(settings));
    else process.stdout.write(`${file}: no problem found: ${summary}\n`);
  } catch (error) {
    if (!(error instanceof PvaflowError)) throw error;
    process.stdout.write(`${messageOf(error)}\n`);
    process.exitCode = exitCodes.failed;
  }
}

async function checked(configuration: Configuration): Promise<{ settings: unknown; summary: string }> {
  const kind = await kindOf(configuration);
  if (kind === undefined) {
    const message = `unknown kind. It may be ${kindNames.join(', ')}.`;
    throw configuration.failure([{ path: ['kind'], message }]);
  }
  const settings = configuration.read(kind.schema);
  const problems = await kind.check(settings, configuration);
  if (problems.length > 0) throw configuration.failure(problems);
  return { settings, summary: kind.summary(settings) };
}

async function asYaml(settings: unknown): Promise<string> {
  const { stringify } = await import('yaml');
  return stringify(settings, { lineWidth: 0 });
}
