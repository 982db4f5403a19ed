import type { Command } from 'commander';
import { PvaClient } from '../pva/client.js';
import { numberOption } from './option-values.js';
import { askEach, remark, writeJson, writeLine } from './output.js';
import { channelsOf, findServers } from './served-channels.js';

interface ListOptions {
  readonly timeout: number;
  readonly servers?: true;
  readonly json?: true;
}

const DEFAULT_WAIT_S = 2;

const examples = `
Examples:
  pvaflow list                                every server that answers, with its channels
  pvaflow list --servers                      the servers alone
  pvaflow list 10.0.3.7:5075 | grep Image     the channels of one server`;

export function addListCommand(program: Command): void {
  program
    .command('list')
    .description(
      'List servers and the channels that they serve. A line that begins with # is the address of a server, the lines ' +
        'below it are its channels. Without arguments, all servers that a search finds and those of EPICS_PVA_NAME_SERVERS.',
    )
    .argument('[servers...]', 'addresses of servers, host:port')
    .option('-w, --timeout <seconds>', 'how long to wait for answers', numberOption(0), DEFAULT_WAIT_S)
    .option('--servers', 'only the addresses of the servers, one a line')
    .option('--json', 'print one JSON document per server')
    .addHelpText('after', examples)
    .action(list);
}

async function list(named: readonly string[], options: ListOptions): Promise<void> {
  using client = new PvaClient();
  const servers = named.length > 0 ? named : await findServers(client, options.timeout);
  if (servers.length === 0) remark(`no server answered in ${options.timeout} s (${client.describeSearch()})`);
  if (options.servers) return printServers(servers, options);
  await askEach(
    servers,
    (server) => channelsOf(client, server, options.timeout),
    (server, channels) => printChannels(server, channels, options),
  );
}

async function printServers(servers: readonly string[], options: ListOptions): Promise<void> {
  for (const server of servers) await (options.json ? writeJson({ server }) : writeLine(server));
}

async function printChannels(server: string, channels: readonly string[], options: ListOptions): Promise<void> {
  if (options.json) return writeJson({ server, channels });
  for (const line of [`# ${server}`, ...channels]) await writeLine(line);
}
