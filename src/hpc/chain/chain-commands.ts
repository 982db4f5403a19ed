import { PvaflowError } from '../../core/errors.js';
import { nearestName } from '../../core/nearest-name.js';
import { standardCommands, type Command } from '../control-channel.js';
import { processorCommands } from '../run/processor-commands.js';
import type { Chain } from './chain.js';

/** What the control channel of a chain that was cut can do: each command goes to the parts that it is about. */
export function chainCommands(chain: Chain): Record<string, Command> {
  const forAll = (name: string) => async (config?: object) => {
    await chain.command(name, config === undefined ? '' : JSON.stringify(config));
    await chain.updateStatus();
  };
  const standard = standardCommands({
    configure: forAll('configure'),
    getStats: forAll('get_stats'),
    resetStats: forAll('reset_stats'),
    stop: () => chain.stop(),
  });
  const ofProcessors = processorCommands({
    configure: forAll('configure'),
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
