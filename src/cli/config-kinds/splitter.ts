import { processorProblems } from '../../hpc/schema/check-processors.js';
import { splitterConfig } from '../../hpc/schema/splitter-config.js';
import { splitterSchema } from '../../hpc/schema/splitter-schema.js';
import { completeSplitterConfig } from '../../hpc/splitter/splitter-config.js';
import type { ConfigKind } from '../config-kinds.js';
import { contradictions, counted } from './problems.js';

export const splitterKind: ConfigKind<typeof splitterSchema> = {
  name: 'splitter',
  schema: splitterSchema,
  check: async (settings, { document }) => [
    ...contradictions(() => completeSplitterConfig(splitterConfig(settings, undefined))),
    ...(await processorProblems(settings.processors, document?.file)),
  ],
  summary: (settings) => {
    const { input, processors } = settings;
    const { outputs } = splitterConfig(settings, undefined);
    return `a splitter of ${input.channel} onto ${counted(outputs.length, 'channel')}, with ${counted(processors.length, 'processor')}`;
  },
};
