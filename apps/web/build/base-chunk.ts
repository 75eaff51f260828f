// Vue, the words, and the few components on every page: what each face loads whatever it shows.
const BASE = [
  /\/node_modules\/(?:@vue|vue|vue-i18n|@intlify)\//,
  /\/web\/src\/shared\/(?:boot|cookies|i18n|mode|start-app|start-failure)\.ts$/,
  /\/web\/src\/shared\/page\/(?:page-title|LanguageSwitch|ModeSwitch|PageFooter|PageHeading|PreauMark)\b/,
  /\/ui\/src\/(?:navigation\/(?:Link|SkipLink|link-component)|actions\/(?:Button|button-look)|feedback\/Spinner)\b/,
  /\/contracts\/src\/(?:vocabulary|boot)\.ts$/,
  /preload-helper/,
];

export function isBase(id: string): boolean {
  return BASE.some((pattern) => pattern.test(id));
}
