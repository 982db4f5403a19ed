import { messageOf, PvaflowError } from '../../core/errors.js';
import { nearestName } from '../../core/nearest-name.js';
import { omit } from '../../core/omit.js';
import { standardCommands, type Command } from '../control-channel.js';
import { CHECK_COMMAND, processorCommands, type CheckAnswer } from '../run/processor-commands.js';
import { runtimeKeyNames } from '../runtime-config.js';
import { refuseUnknown } from '../stages/processor-stages.js';
import type { Chain } from './chain.js';

/** What the control channel of a chain that was cut can do: each command goes to the parts that it is about. */
export function chainCommands(chain: Chain): Record<string, Command> {
  const forAll = (name: string) => async (config?: object) => {
    await chain.command(name, config === undefined ? '' : JSON.stringify(config));
    await chain.updateStatus();
  };
  const standard = standardCommands({
    configure: (config) => configure(chain, config),
    getStats: forAll('get_stats'),
    resetStats: forAll('reset_stats'),
    stop: () => chain.stop(),
  });
  const ofProcessors = processorCommands({
    configure: (config) => configure(chain, config),
    configureStage: (stage, config) => toStage(chain, 'configure', stage, { stage, config }),
    replace: (stage, { file, className, args }) =>
      toStage(chain, 'replace', stage, {
        stage,
        processorFile: file,
        processorClass: className,
        processorArgs: args,
      }),
    report: () => chain.report() ?? {},
  });
  return { ...standard, ...ofProcessors };
}

/** All parts or none; what is about the input is for the first. */
async function configure(chain: Chain, config: Record<string, unknown>): Promise<void> {
  const ofProcessors = omit(config, ...runtimeKeyNames);
  const args = chain.parts.map((_, at) => JSON.stringify(at === 0 ? config : ofProcessors));
  const answers = await Promise.all(args.map((each, at) => toPart(chain, CHECK_COMMAND, each, at)));
  const known = answers.map((answer) => (JSON.parse(answer) as CheckAnswer).known);
  refuseUnknown(config, known.includes(undefined) ? undefined : (known as string[][]).flat());
  for (const [at, each] of args.entries()) {
    await toPart(chain, 'configure', each, at).catch((error: unknown) => {
      const done = chain.parts.slice(0, at).flat();
      const others = done.length > 0 ? ` (${done.join(', ')} took it)` : '';
      throw new PvaflowError('PVAFLOW_PROCESSOR_CONFIGURE', `${messageOf(error)}${others}`, { cause: error });
    });
  }
  await chain.updateStatus();
}

/** @throws what the part says, with the name of its stage, which a part with several tells itself */
async function toPart(chain: Chain, command: string, args: string, at: number): Promise<string> {
  const [stage, ...others] = chain.parts[at] ?? [];
  return chain.command(command, args, at).catch((error: unknown) => {
    if (others.length > 0) throw error;
    throw new PvaflowError('PVAFLOW_PROCESSOR_CONFIGURE', `${stage}: ${messageOf(error)}`, { cause: error });
  });
}

/** @throws {PvaflowError} PVAFLOW_CONFIG naming the stages when there is none of this name */
async function toStage(chain: Chain, command: string, stage: string | undefined, args: object): Promise<void> {
  const part = stage === undefined ? undefined : chain.partOf(stage);
  if (part !== undefined) {
    await chain.command(command, JSON.stringify(args), part);
    return chain.updateStatus();
  }
  const { stages } = chain;
  if (stage === undefined) throw new PvaflowError('PVAFLOW_CONFIG', `name the stage: ${stages.join(', ')}`);
  const nearest = nearestName(stage, stages);
  const hint = nearest === undefined ? `There is ${stages.join(', ')}.` : `Did you mean ${nearest}?`;
  throw new PvaflowError('PVAFLOW_CONFIG', `there is no stage ${stage}. ${hint}`);
}
