/** The rule that only the files of `room` import these modules; the emulator and the demo may, and types anywhere. */
const oneRoomFor = (/** @type {string} */ name, /** @type {string} */ modules, /** @type {string} */ room) => ({
  name: `${name}-in-its-room`,
  severity: 'error',
  from: { path: '^src/', pathNot: `^src/(${room}|emulator/|demo/)` },
  to: { path: modules, dependencyTypesNot: ['type-only'] },
});
const packages = (/** @type {string[]} */ ...names) => `(^|/)node_modules/(${names.join('|')})/`;

/**
 * What may import what. `npm run lint` runs these rules by scripts/check-structure.js.
 *
 * @type {import('dependency-cruiser').IConfiguration}
 */
export default {
  forbidden: [
    { name: 'no-file-circle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'platform-imports-no-capability',
      severity: 'error',
      from: { path: '^src/platform/' },
      to: { path: '^src/', pathNot: '^src/(platform|texts)/' },
    },
    {
      name: 'ringcentral-imports-only-platform',
      severity: 'error',
      from: { path: '^src/ringcentral/' },
      to: { path: '^src/', pathNot: '^src/(ringcentral|platform)/' },
    },
    {
      name: 'client-imports-nothing-else',
      comment: 'It is shipped without the portal, and runs wherever there is fetch.',
      severity: 'error',
      from: { path: '^src/client/' },
      to: { pathNot: '^src/client/' },
    },
    {
      name: 'faxes-is-a-client',
      comment: 'The pull runs on another machine than the portal: it knows the API, and no capability.',
      severity: 'error',
      from: { path: '^src/faxes/' },
      to: { path: '^src/', pathNot: '^src/(faxes|client|ringcentral|platform)/' },
    },
    {
      name: 'of-faxes-only-the-rules',
      comment: 'The portal and the pull judge a mailbox by the same rules; the portal fetches no fax.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(faxes|cli)/' },
      to: { path: '^src/faxes/', pathNot: '^src/faxes/rules/' },
    },
    {
      name: 'emulator-only-in-the-demo',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(emulator/|demo/|demo\\.ts$)' },
      to: { path: '^src/emulator/' },
    },
    {
      name: 'demo-in-nothing',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(demo/|demo\\.ts$)' },
      to: { path: '^src/demo(/|\\.ts$)' },
    },
    {
      name: 'no-test-code-in-src',
      comment: 'The demo runs the steps of the walk, which are test code.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(demo/|demo\\.ts$)' },
      to: { path: '^(test|bench)/' },
    },
    {
      name: 'demo-runs-only-the-walk',
      severity: 'error',
      from: { path: '^src/demo(/|\\.ts$)' },
      to: { path: '^(test|bench)/', pathNot: '^test/walk/' },
    },
    {
      name: 'a-store-only-in-its-own-capability',
      comment: 'Audit and events are written in the transaction of the capability that acts. Root files compose.',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: {
        path: '^src/[^/]+/.*-(store|queue)\\.ts$',
        pathNot: ['^src/$1/', '^src/audit/audit-store\\.ts$', '^src/notifications/event-store\\.ts$'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'no-other-program',
      comment: 'ESLint refuses the static imports; this rule sees `import()` and names without `node:` too.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(emulator/|demo/)' },
      to: { path: '^(node:)?(child_process|cluster|vm|worker_threads)$' },
    },
    oneRoomFor('http-clients', packages('undici'), 'ringcentral/|client/|platform/outbound'),
    oneRoomFor('openid-client', packages('openid-client'), 'ringcentral/|accounts/company/company-issuer\\.ts$'),
    oneRoomFor('sockets', '^(node:)?(https|http2|tls|dgram)$', 'ringcentral/|client/|platform/outbound'),
    oneRoomFor('pg', packages('pg'), 'platform/database/'),
    oneRoomFor('prom-client', packages('prom-client'), 'metrics/metrics\\.ts$'),
    oneRoomFor('nodemailer', packages('nodemailer'), 'notifications/mail-delivery\\.ts$'),
  ],
  options: {
    tsPreCompilationDeps: true, // an import of a type counts in a circle
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: ['node_modules', '^test/'] },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
