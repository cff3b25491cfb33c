/** Who may import whom (ARCHITECTURE.md). Each rule has a planted violation in tools/test/dependency-rules.test.ts. */
const npm = (names) => `(^|node_modules/)(${names.join('|')})(/|$)`;
const SDKS = npm(['openai', '@anthropic-ai/sdk', '@google/generative-ai']);
const WORKSPACE = '^(services|apps|packages|tools)/';

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'contracts-need-only-zod',
      severity: 'error',
      from: { path: '^packages/contracts/src/' },
      to: { pathNot: ['^packages/contracts/src/', npm(['zod'])] },
    },
    {
      name: 'tenant-bundle-runs-in-browsers',
      severity: 'error',
      from: { path: '^packages/tenant-bundle/src/' },
      to: { pathNot: ['^packages/(tenant-bundle|contracts)/src/', npm(['zod'])] },
    },
    {
      name: 'service-kit-below-services',
      severity: 'error',
      from: { path: '^packages/service-kit/src/' },
      to: { path: WORKSPACE, pathNot: '^packages/(service-kit|contracts)/' },
    },
    {
      name: 'apps-see-only-contracts-and-ui',
      severity: 'error',
      from: { path: '^(apps/[^/]+|packages/ui)/src/' },
      to: { path: ['^(services|tools)/', '^packages/(service-kit|testkit)/', '^node:'] },
    },
    {
      name: 'apps-never-each-other',
      severity: 'error',
      from: { path: '^apps/([^/]+)/src/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'ui-below-apps',
      severity: 'error',
      from: { path: '^packages/ui/src/' },
      to: { path: '^apps/' },
    },
    {
      name: 'services-never-each-other',
      severity: 'error',
      from: { path: '^services/([^/]+)/src/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'services-without-tools-and-tests',
      severity: 'error',
      from: { path: '^services/[^/]+/src/' },
      to: { path: ['^(tools|apps)/', '^packages/(testkit|ui)/', '/test/'] },
    },
    {
      name: 'routes-call-use-cases-not-stores',
      severity: 'error',
      from: { path: '^services/[^/]+/src/routes/' },
      to: { path: ['\\.store\\.ts$', '/database/', npm(['pg'])] },
    },
    {
      name: 'pg-only-in-stores',
      severity: 'error',
      from: { path: '^(services|packages/service-kit)/', pathNot: ['\\.store\\.ts$', '/database/', '/test/'] },
      to: { path: npm(['pg']) },
    },
    {
      name: 'inference-without-fastify',
      severity: 'error',
      from: { path: '^services/proxy/src/inference/' },
      to: { path: [npm(['fastify', '@fastify']), '^services/proxy/src/routes/'] },
    },
    {
      name: 'adapters-are-pure',
      severity: 'error',
      from: { path: '^services/proxy/src/providers/([^/]+)/' },
      to: {
        pathNot: [
          // Its own folder, and what lies beside the provider folders, but for the registry that knows them all.
          '^services/proxy/src/providers/($1/|(?!registry)[^/]+\\.ts$)',
          '^packages/contracts/',
          npm(['zod']),
          SDKS,
        ],
      },
    },
    {
      name: 'surfaces-are-pure',
      severity: 'error',
      from: { path: '^services/proxy/src/surfaces/([^/]+)/' },
      to: {
        pathNot: [
          // Its own folder, what lies beside the surface folders, the chat form that others are put into, and the
          // adapters' translation, which is pure as well.
          '^services/proxy/src/surfaces/($1/|chat/|[^/]+\\.ts$)',
          '^services/proxy/src/providers/(?!registry)',
          '^services/proxy/src/(models/deployment|errors)\\.ts$',
          '^packages/(contracts|service-kit)/',
          npm(['zod']),
          SDKS,
        ],
      },
    },
    {
      name: 'sdks-outside-the-hot-path',
      severity: 'error',
      from: { path: '^services/proxy/src/(inference|providers|surfaces|upstream)/' },
      to: { path: SDKS, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'environment-only-in-config',
      severity: 'error',
      from: { path: '^services/[^/]+/src/', pathNot: '/(config|server)\\.ts$' },
      to: { path: '^(node:)?process$' },
    },
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|pb_migrations|pb_hooks)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js'],
    },
  },
};
