import type { Command } from 'commander';
import { PvaClient } from '../pva/client.js';
import { NtUri } from '../pva/normative/nt-uri.js';
import { writeJson } from './output.js';
import { addPrintOptions, printValue, type PrintOptions } from './print.js';
import { parseRpcArguments } from './rpc-arguments.js';
import { addTimeoutOption, type TimeoutOptions } from './request-options.js';

const examples = `
Examples:
  pvaflow rpc X:sum a=1 b=2                   arguments are texts, as pvcall sends them
  pvaflow rpc X:scan points:int=100 step:double=0.5
  pvaflow rpc --json X:table query=last | jq .value`;

export function addRpcCommand(program: Command): void {
  const command = program
    .command('rpc')
    .description('Call a remote procedure. The arguments travel as an NTURI, as most services expect.')
    .argument('<channel>', 'name of the channel')
    .argument('[arguments...]', 'name=value, or name:type=value with a pvAccess scalar type')
    .addHelpText('after', examples)
    .action(rpc);
  addTimeoutOption(addPrintOptions(command));
}

async function rpc(channel: string, words: readonly string[], options: PrintOptions & TimeoutOptions): Promise<void> {
  const { query, types } = parseRpcArguments(words);
  using client = new PvaClient();
  const answer = await client.rpc(channel, NtUri.from(channel, query, { types }), { timeout: options.timeout });
  if (answer) await printValue(channel, answer, options);
  else if (options.json) await writeJson({ channel, value: null });
}
