{
  # For `node-gyp rebuild` and the tools built on it: the one build is native/CMakeLists.txt.
  'targets': [
    {
      'target_name': 'pvaflow',
      'type': 'none',
      'actions': [
        {
          'action_name': 'cmake',
          'inputs': ['native/CMakeLists.txt', '<!@(node -p "require(\'fs\').readdirSync(\'native\', { recursive: true }).filter((f) => /\\.(cpp|h)$/.test(f)).map((f) => \'native/\' + f).join(\' \')")'],
          'outputs': ['<(PRODUCT_DIR)/pvaflow.node'],
          'action': ['node', 'scripts/build-addon.mjs'],
        },
      ],
    },
  ],
}
