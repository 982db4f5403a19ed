import tseslint from 'typescript-eslint';

/** The layers of the design, lowest first: a layer imports itself and any layer below it, nothing else. */
const layers = [
  ['core'],
  ['pva'],
  ['image'],
  ['pipeline', 'supervisor'],
  ['processor'],
  ['service', 'jobs', 'channels', 'hpc', 'connectors'],
  ['cli'],
];
/** `pipeline` and `supervisor` know events, not PVA or images. */
const alsoForbidden = { pipeline: ['pva', 'image'], supervisor: ['pva', 'image'] };

const layerRules = layers.flatMap((rooms, level) =>
  rooms.map((room) => {
    const siblings = rooms.filter((other) => other !== room);
    const above = layers.slice(level + 1).flat();
    const forbidden = [...siblings, ...above, ...(alsoForbidden[room] ?? [])];
    const group = forbidden.flatMap((name) => [`**/${name}/**`]);
    const native = room === 'pva' ? [] : ['**/native.js', '**/*.node'];
    return {
      files: [`src/${room}/**/*.ts`],
      rules: {
        'no-restricted-imports': [
          'error',
          { patterns: [{ group: [...group, ...native], message: `${room} may import only the layers below it` }] },
        ],
      },
    };
  }),
);

export default tseslint.config(
  { ignores: ['build/', 'dist/', 'node_modules/', '.cache/', 'docs/api/'] },
  ...tseslint.configs.recommendedTypeChecked,
  { languageOptions: { parserOptions: { project: './tsconfig.json' } } },
  {
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      'max-lines': ['warn', { max: 400, skipComments: true }],
      eqeqeq: 'error',
    },
  },
  { files: ['**/*.js', '**/*.mjs'], ...tseslint.configs.disableTypeChecked },
  ...layerRules,
);
