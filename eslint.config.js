import tseslint from 'typescript-eslint';

/** The layers of the design, lowest first: a layer imports itself and any layer below it, nothing else. */
const layers = [
  ['core'],
  ['pva'],
  ['image', 'ca'],
  ['pipeline', 'supervisor'],
  ['processor'],
  ['service', 'jobs', 'channels', 'hpc', 'connectors'],
  ['cli', 'testing'],
];
/** `pipeline` and `supervisor` know events, not PVA, Channel Access or images. */
const alsoForbidden = { pipeline: ['pva', 'image', 'ca'], supervisor: ['pva', 'image', 'ca'] };
/** Folders beside src/ that stand on a layer of their own: what they may not import. */
const aboveProcessors = layers.slice(5).flat();

/** Refuses static and dynamic imports of some rooms, and of the addon's entry anywhere but in `pva`. */
function mayNotImport(room, rooms, { addon = true, entry = true } = {}) {
  const message = `${room} may import only the layers below it`;
  const group = [...rooms.map((name) => `**/${name}/**`), ...(addon ? ['**/native.js', '**/*.node'] : [])];
  const paths = entry
    ? [{ name: 'pvaflow', message }, ...['./', '../', '../../'].map((up) => ({ name: `${up}index.js`, message }))]
    : [];
  const dynamic = [...rooms.map((name) => `[/]${name}[/]`), ...(addon ? ['[/]native[.]js$', '[.]node$'] : [])].join(
    '|',
  );
  return {
    'no-restricted-imports': ['error', { paths, patterns: [{ group, message }] }],
    'no-restricted-syntax': ['error', { selector: `ImportExpression[source.value=/${dynamic}/]`, message }],
  };
}

const layerRules = layers.flatMap((rooms, level) =>
  rooms.map((room) => {
    const siblings = rooms.filter((other) => other !== room);
    const above = layers.slice(level + 1).flat();
    return {
      files: [`src/${room}/**/*.ts`],
      rules: mayNotImport(room, [...siblings, ...above, ...(alsoForbidden[room] ?? [])], { addon: room !== 'pva' }),
    };
  }),
);

export default tseslint.config(
  { ignores: ['build/', 'dist/', 'dist.*/', 'node_modules/', '.cache/', 'docs/api/'] },
  ...tseslint.configs.recommendedTypeChecked,
  { languageOptions: { parserOptions: { project: './tsconfig.json' } } },
  {
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      // `_x`: what a method offers to those that override it; `using`: there for its end
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreUsingDeclarations: true }],
      '@typescript-eslint/no-floating-promises': [
        'error',
        { allowForKnownSafeCalls: [{ from: 'package', name: 'test', package: 'node:test' }] }, // the runner waits for them
      ],
      'max-lines': ['warn', { max: 400, skipComments: true }],
      eqeqeq: 'error',
    },
  },
  { files: ['**/*.js', '**/*.mjs', '**/*.cjs'], ...tseslint.configs.disableTypeChecked },
  ...layerRules,
  {
    files: ['processors/**/*.ts', 'examples/**/*.ts'],
    rules: mayNotImport('a processor', aboveProcessors, { entry: false }),
  },
);
