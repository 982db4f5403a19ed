/** Where children find their modules, and how they read them. */
import { extname } from 'node:path';

/**
 * The URL of a module beside another one, to be run in a child: `childModule(import.meta.url, 'consumer-task')`. It is a
 * TypeScript file where this program runs from its sources, and a JavaScript file where it was compiled.
 */
export function childModule(beside: string, name: string): string {
  return new URL(`./${name}${extname(new URL(beside).pathname)}`, beside).href;
}

/** Whether a child that runs this module needs a loader of TypeScript. */
export function needsLoader(url: string): boolean {
  return url.endsWith('.ts');
}

/** The loader: it comes with the package, wherever that is installed. */
function loader(): string {
  return import.meta.resolve('tsx');
}

/** Options of Node for a child process: those of this one, but for its debugger, and a loader if it is needed. */
export function childExecArgv(url: string, execArgv: readonly string[] = process.execArgv): string[] {
  const inherited = execArgv.filter((arg) => !/^--inspect/.test(arg));
  const hasLoader = inherited.some((arg) => arg.includes('tsx'));
  return needsLoader(url) && !hasLoader ? [...inherited, '--import', loader()] : inherited;
}
