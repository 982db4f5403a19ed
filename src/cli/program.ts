import { Command } from 'commander';
import { packageVersion } from '../core/package-root.js';
import { commands, type CommandEntry } from './commands.js';

const overview = `
Where channels are looked for is set by the environment, as for every EPICS tool:
  EPICS_PVA_ADDR_LIST, EPICS_PVA_AUTO_ADDR_LIST, EPICS_PVA_NAME_SERVERS, EPICS_PVA_BROADCAST_PORT

Exit codes: 0 done, 1 failed, 2 wrong command line, 3 no answer in time, 4 frames were lost.
\`pvaflow help COMMAND\` shows the options of a command and examples.`;

/** A description as paragraphs, to be folded at the width of the terminal and not where the source ends its lines. */
function unfolded(command: Command): string {
  return command.description().replace(/(?<!\n)\n(?!\n)/g, ' ');
}

function newProgram(): Command {
  return new Command('pvaflow')
    .description('Streaming data processing on EPICS pvAccess: detector images through TypeScript processors.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .addHelpText('after', overview)
    .exitOverride()
    .configureHelp({ showGlobalOptions: false, minWidthToWrap: 30, commandDescription: unfolded })
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'error PVAFLOW_USAGE: ')) });
}

/** The command that these arguments name, `help NAME` included; undefined when they name none that exists. */
function namedCommand(args: readonly string[]): CommandEntry | undefined {
  const words = args.filter((word) => !word.startsWith('-'));
  const name = words[0] === 'help' ? words[1] : words[0];
  return commands.find((entry) => entry.name === name);
}

/**
 * The program for one command line. Only the file of the command that is named there is loaded: the others stand as a
 * name and a line in the help, so that the help comes at once and works where the addon does not.
 */
export async function buildProgram(args: readonly string[]): Promise<Command> {
  const program = newProgram();
  const named = namedCommand(args);
  for (const entry of commands) {
    if (entry === named) (await entry.load())(program);
    else program.command(entry.name).summary(entry.summary);
    program.commands
      .at(-1)
      ?.summary(entry.summary)
      .helpGroup(entry.group)
      .showHelpAfterError(`pvaflow help ${entry.name} shows its options.`);
  }
  return program;
}
