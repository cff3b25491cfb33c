/** Who may import whom (ARCHITECTURE.md). Every rule has a planted violation in tools/test/dependency-rules.test.ts. */
const PRODUCTION = '^(services|apps|packages/(contracts|service-kit|ui))/';
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(node_modules|dist|pb_migrations|pb_hooks)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'], extensions: ['.ts', '.tsx', '.mjs', '.js'] },
  },
};
