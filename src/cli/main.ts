import { reportError } from './exit.js';
import { buildProgram } from './program.js';
import { expandShortOptions } from './short-options.js';

/** The reader of our output has gone (`pvaflow monitor X | head`): there is nobody left to write for. */
function endOnBrokenPipe(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(process.exitCode ?? 0);
  });
}

async function main(args: readonly string[]): Promise<void> {
  endOnBrokenPipe(process.stdout);
  endOnBrokenPipe(process.stderr);
  try {
    const program = await buildProgram(args);
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync(expandShortOptions(program, args), { from: 'user' });
  } catch (error) {
    reportError(error);
  }
}

await main(process.argv.slice(2));
