import vue from 'eslint-plugin-vue';
import accessibility from 'eslint-plugin-vuejs-accessibility';
import tseslint from 'typescript-eslint';

// Single-file components only: oxlint has everything else.
export default [
  { ignores: ['**/dist/**', '**/node_modules/**', '**/.cache/**', '**/*.{js,mjs,cjs,ts}'] },
  ...vue.configs['flat/recommended'],
  ...accessibility.configs['flat/recommended'],
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    rules: {
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
      // Types say which props may be absent; primitives are called Button and Tabs.
      'vue/require-default-prop': 'off',
      'vue/multi-word-component-names': 'off',
      // A label may surround its control or name it by id; either is announced.
      'vuejs-accessibility/label-has-for': ['error', { required: { some: ['nesting', 'id'] } }],
      // Layout belongs to the formatter.
      'vue/html-closing-bracket-newline': 'off',
      'vue/html-indent': 'off',
      'vue/html-self-closing': 'off',
      'vue/max-attributes-per-line': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/singleline-html-element-content-newline': 'off',
    },
  },
  {
    files: ['apps/web/**/*.vue'],
    rules: {
      // Select, Textarea and Link are the components of packages/ui: Field labels the ones, the other is an anchor.
      'vuejs-accessibility/form-control-has-label': 'off',
      'vuejs-accessibility/aria-unsupported-elements': 'off',
    },
  },
  {
    files: ['packages/ui/**/*.vue'],
    rules: {
      // Field gives its control an id and the label that names it.
      'vuejs-accessibility/form-control-has-label': 'off',
      // A table laid out as cards on a phone loses its roles in the browser unless they are written.
      'vuejs-accessibility/no-redundant-roles': 'off',
    },
  },
];
