import type { Command, Option } from 'commander';

/**
 * Short options of several letters, as pvaPy's commands have them (`-ic`, `-rqs`), which commander does not know: they are
 * put into their long spelling before the command line is parsed, and shown beside it in the help.
 */
const shortOptions = new WeakMap<Command, ReadonlyMap<string, string>>();

/** Gives a command its short options: `{ ic: 'input-channel' }` makes `-ic` mean `--input-channel`. */
export function addShortOptions(command: Command, short: Readonly<Record<string, string>>): void {
  shortOptions.set(command, new Map(Object.entries(short).map(([key, long]) => [`-${key}`, `--${long}`])));
  const shortOf = new Map(Object.entries(short).map(([key, long]) => [`--${long}`, `-${key}`]));
  command.configureHelp({
    ...command.configureHelp(),
    optionTerm: (option: Option) => [shortOf.get(option.long ?? ''), option.flags].filter(Boolean).join(', '),
  });
}

/**
 * Puts the arguments of a program into the spelling that commander parses. Besides the short options, a long option may be
 * cut short as long as one option alone begins so, as Python's argparse allows.
 */
export function expandShortOptions(program: Command, args: readonly string[]): string[] {
  const command = program.commands.find((each) => each.name() === args[0]);
  const short = command && shortOptions.get(command);
  if (command === undefined || short === undefined) return [...args];
  const expanded = args.slice(0, 1);
  for (let at = 1; at < args.length; at++) {
    if (args[at] === '--') return [...expanded, ...args.slice(at)];
    const word = spelt(command, short, args[at] as string);
    expanded.push(word);
    if (takesValue(command, word) && at + 1 < args.length) expanded.push(args[++at] as string);
  }
  return expanded;
}

/** One argument, spelt out if it is an option: the value after `=` stays. */
function spelt(command: Command, short: ReadonlyMap<string, string>, word: string): string {
  const [flag, ...value] = word.split('=') as [string, ...string[]];
  const rest = value.length > 0 ? `=${value.join('=')}` : '';
  const long = short.get(flag);
  if (long !== undefined) return long + rest;
  if (!flag.startsWith('--') || flag.length < 4) return word;
  const known = command.options.map((option) => option.long ?? '');
  const begin = known.filter((name) => name.startsWith(flag));
  return begin.length === 1 && !known.includes(flag) ? (begin[0] as string) + rest : word;
}

/** Whether the next argument is the value of this one, and no option even if it looks like one. */
function takesValue(command: Command, word: string): boolean {
  return command.options.some((option) => option.required && (option.long === word || option.short === word));
}
