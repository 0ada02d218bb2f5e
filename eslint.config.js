import security from 'eslint-plugin-security';
import jest from 'eslint-plugin-jest';
import tseslint from 'typescript-eslint';

const opened = 'Connections are opened in ringcentral/, platform/outbound and client/.';
/** Effects that have one home. The few exceptions disable the rule for a line and say why. */
const effects = {
  globals: [{ name: 'fetch', message: opened }],
  properties: [
    { object: 'globalThis', property: 'fetch', message: opened },
    { object: 'process', property: 'env', message: 'config.ts reads the environment.' },
    { object: 'Date', property: 'now', message: 'The time comes in as World.now.' },
    { object: 'Math', property: 'random', message: 'Random bytes come in as World.randomBytes.' },
    { object: 'crypto', property: 'randomUUID', message: 'Ids come in as World.newId.' },
    { object: 'crypto', property: 'getRandomValues', message: 'Random bytes come in as World.randomBytes.' },
  ],
  imports: [
    { name: 'node:process', message: 'config.ts reads the environment.' },
    { name: 'node:vm', message: 'No code is made from text.' },
    { name: 'node:child_process', message: 'The portal starts no other program.' },
    {
      name: 'node:crypto',
      importNames: ['randomUUID', 'randomBytes', 'randomInt', 'randomFill', 'randomFillSync', 'webcrypto', 'default'],
      message: 'Ids and random bytes come in as World.',
    },
    {
      name: 'node:net',
      allowImportNames: ['isIP', 'isIPv4', 'isIPv6', 'BlockList'],
      allowTypeImports: true,
      message: opened,
    },
    {
      name: 'node:http',
      allowImportNames: ['createServer'],
      allowTypeImports: true,
      message: opened,
    },
  ],
  syntax: [
    { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'The time comes in as World.now.' },
    { selector: "CallExpression[callee.name='setInterval']", message: 'platform/loop.ts repeats work.' },
    {
      selector:
        'AssignmentPattern:matches([left.typeAnnotation.typeAnnotation.typeName.name=Knex], [right.name=db], [right.property.name=db])',
      message: 'Code in a transaction uses its handle: a default would leave the transaction silently.',
    },
    {
      selector: 'CallExpression[callee.property.name=/^(redirect|location)$/]',
      message: 'A browser is redirected by seeOther of platform/http/answers.ts only, after its session is stored.',
    },
  ],
};
/** Portals of one process share its modules, in tests too. An entry of a WeakMap belongs to its key. */
const moduleState = [':matches(Program, ExportNamedDeclaration) > VariableDeclaration'].flatMap((top) =>
  [
    `${top}[kind='let']`,
    `${top} > VariableDeclarator > NewExpression[callee.name=/^(Map|Set)$/][arguments.length=0]`,
    `${top} > VariableDeclarator > ArrayExpression[elements.length=0]`,
  ].map((selector) => ({ selector, message: 'A module keeps no state.' })),
);

/** Words for which the field has a standard term; in backticks they are names. Page texts have tests of their own. */
const unclearWords =
  /\b(mend(s|ed|ing)?|anew|whoever|nobody|troubles?|knows of|lets go|would change our mind|colour|licence|behaviour|e-mail)\b/gi;
const plainWords = {
  create(context) {
    const { sourceCode } = context;
    const check = (node, text) => {
      for (const [word] of text.replace(/`[^`]*`/g, '').matchAll(unclearWords))
        context.report({
          node,
          message: `"${word}": write the standard term (fix, again, retry, no one, problem, email).`,
        });
    };
    return {
      Program: () => sourceCode.getAllComments().forEach((comment) => check(comment, comment.value)),
      CallExpression({ callee, arguments: [title] }) {
        const of = callee.type === 'CallExpression' ? callee.callee : callee; // it.each(table)(title)
        const name = of.name ?? of.object?.name;
        if (['it', 'test', 'describe'].includes(name) && ['Literal', 'TemplateLiteral'].includes(title?.type))
          check(title, sourceCode.getText(title).slice(1, -1));
      },
    };
  },
};

export default tseslint.config(
  { ignores: ['dist/', 'public/', 'data/', 'coverage/', 'node_modules/'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Express and node's test doubles hand out methods that are fine unbound; numbers in templates read well.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Express, express-session and the list of audit acts are extended by merging into their interfaces.
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      '@typescript-eslint/no-namespace': ['error', { allowDeclarations: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
    },
  },
  {
    files: ['src/**/*.ts'],
    plugins: { security },
    rules: {
      'security/detect-unsafe-regex': 'error',
      'security/detect-eval-with-expression': 'error',
      'no-eval': 'error',
      'no-restricted-syntax': ['error', ...moduleState],
    },
  },
  {
    // The emulator and the demo are programs of their own.
    files: ['src/**/*.ts'],
    ignores: ['src/emulator/**', 'src/demo/**', 'src/demo.ts'],
    rules: {
      'no-restricted-globals': ['error', ...effects.globals],
      'no-restricted-properties': ['error', ...effects.properties],
      'no-restricted-syntax': ['error', ...moduleState, ...effects.syntax],
      '@typescript-eslint/no-restricted-imports': ['error', { paths: effects.imports }],
    },
  },
  { files: ['src/config.ts'], rules: { 'no-restricted-properties': 'off' } },
  {
    files: ['src/platform/world.ts'],
    rules: { 'no-restricted-syntax': 'off', '@typescript-eslint/no-restricted-imports': 'off' },
  },
  {
    files: ['src/**/*.ts', 'test/**/*.ts', 'bench/**/*.ts'],
    ignores: ['src/texts/**'],
    plugins: { words: { rules: { plain: plainWords } } },
    rules: { 'words/plain': 'error' },
  },
  {
    files: ['test/**/*.ts'],
    plugins: { jest },
    rules: {
      'jest/no-focused-tests': 'error',
      'jest/no-disabled-tests': 'error',
      'jest/expect-expect': ['error', { assertFunctionNames: ['expect*', 'expect', 'fc.assert', 'request.**.expect'] }],
      'jest/no-identical-title': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
);
