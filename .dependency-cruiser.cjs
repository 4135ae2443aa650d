// The storey rule: a module imports from lower storeys; neighbours only within storeys 1, 2 and 4.
const ground = ['base', 'math', 'engine', 'nn'];
const links = ['phy', 'channel', 'source', 'link'];
const families = ['jscc', 'v2x', 'isac', 'quantum', 'learning', 'network'];
const use = ['cli', 'pipeline', 'report'];
const at = (modules) => `^lib/(${modules.join('|')})/`;

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'ground-imports-ground',
      severity: 'error',
      from: { path: at(ground) },
      to: { path: at([...links, ...families, ...use]) },
    },
    {
      name: 'links-import-below',
      severity: 'error',
      from: { path: at(links) },
      to: { path: at([...families, ...use]) },
    },
    { name: 'families-import-below', severity: 'error', from: { path: at(families) }, to: { path: at(use) } },
    {
      name: 'families-do-not-meet',
      severity: 'error',
      from: { path: `^lib/(${families.join('|')})/` },
      to: { path: at(families), pathNot: '^lib/$1/' },
    },
    {
      name: 'modules-meet-at-their-index',
      comment: 'Another module is imported through its index.ts only; base/testing.ts serves all tests.',
      severity: 'error',
      from: { path: '^lib/([^/]+)/' },
      to: {
        path: '^lib/[^/]+/.+',
        pathNot: ['^lib/$1/', '^lib/[^/]+/index\\.ts$', '^lib/base/testing\\.ts$'],
      },
    },
    {
      name: 'what-serves-tests-stays-with-them',
      severity: 'error',
      from: { pathNot: '/testing\\.ts$|\\.test\\.ts$' },
      to: { path: '/testing\\.ts$' },
    },
    {
      name: 'only-engine-imports-a-backend',
      severity: 'error',
      from: { pathNot: '^lib/engine/' },
      to: { path: 'node_modules/@tensorflow/(?!tfjs-core)' },
    },
    {
      name: 'scripts-import-the-package',
      severity: 'error',
      from: { path: '^scripts/(?!bench/)' },
      to: { path: '^dist/' },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    exclude: { path: '/assembly/' },
    doNotFollow: { path: ['node_modules', '^dist'] },
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@semwave/source', 'import', 'node', 'default', 'types'],
    },
  },
};
