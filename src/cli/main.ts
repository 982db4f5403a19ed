import { exitCodes, reportError } from './exit.js';
import { buildProgram } from './program.js';
import { expandShortOptions } from './short-options.js';

/**
 * What cannot be printed ends no run: a disk may be full that only keeps what is printed. It shows in the exit code. When the reader
 * has gone (`pvaflow monitor X | head`), there is nobody left to write for.
 */
function outliveLostOutput(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? exitCodes.ok);
    process.exitCode ??= exitCodes.failed;
  });
}

async function main(args: readonly string[]): Promise<void> {
  outliveLostOutput(process.stdout);
  outliveLostOutput(process.stderr);
  try {
    const program = await buildProgram(args);
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync(expandShortOptions(program, args), { from: 'user' });
  } catch (error) {
    reportError(error);
  }
}

await main(process.argv.slice(2));
