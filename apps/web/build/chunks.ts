/** Vue, the words, and the few components on every page: what each face loads whatever it shows. */
const BASE = [
  /\/node_modules\/(?:@vue|vue|vue-i18n|@intlify)\//,
  /\/web\/src\/shared\/(?:address|boot|cookies|i18n|mode|start-app|start-failure|tasks|transport|warm-up)\.ts$/,
  /\/web\/src\/features\/accessibility\/(?:index|words)\.ts$/,
  /\/web\/src\/shared\/page\/(?:first-work|page-title|ChoiceForm|LanguageSwitch|ModeSwitch|PageFooter|PageHeading|PreauMark)\b/,
  /\/ui\/src\/(?:navigation\/(?:Link|SkipLink|link-component)|actions\/(?:Button|button-look)|feedback\/Spinner)\b/,
  /\/contracts\/src\/(?:vocabulary|boot)\.ts$/,
  /preload-helper/,
  // What icons are made of, and the one that the public site has in common with the others.
  /\/node_modules\/@lucide\/vue\/dist\/esm\/(?!icons\/(?!shield-check))/,
];

/** What a page of the portal and one of the console both begin with: in one file each, for the reason below. */
const COMMON = [
  /\/node_modules\/(?:pinia|@pinia|vue-router|@vue\/devtools-api|@vueuse)\//,
  // Of menus their buttons: the lists come when they are wanted.
  /\/reka-ui\/dist\/(?:Dialog\/Dialog(?:Root|Trigger)|DropdownMenu\/DropdownMenu(?:Root|Trigger)|Menu\/Menu(?:Root|Anchor)|Popper\/Popper(?:Root|Anchor)|ConfigProvider\/ConfigProvider|Primitive\/\w+|shared\/(?:createContext|useDirection|useForwardExpose|useId|useIsUsingKeyboard|renderSlotFragments))\b/,
  /\/web\/src\/shared\/(?:shell\/\w+\.vue|http|problem|format|routed-app|upload)/,
  /\/web\/src\/shared\/page\/(?:Later|ProblemAlert|actor-words|problem-words)/,
  /\/web\/src\/features\/(?:api-keys|audit|bundles|current-tenant|identity|members|second-factor|support-access|tenants)\/words\.ts$/,
  /\/web\/src\/features\/(?:api-keys|audit|bundles|current-tenant|identity|members|second-factor|support-access)\/(?:index|[\w-]+\.(?:api|queries|store))\.ts$/,
  /\/web\/src\/features\/audit\/use-change-words\.ts$/,
  /\/node_modules\/@simplewebauthn\//,
  /\/contracts\/src\/(?:modules|units)\.ts$/,
  // What a school's mark and its branding editor reckon with.
  /\/theme\/src\/(?:contrast|hex)\.ts$/,
  /\/ui\/src\/(?:overlays\/(?:ConfirmDialog|Dialog|DropdownMenu|keep-focus|overlay-look)|feedback\/(?:Alert|Skeleton|Toaster|toasts|tone|EmptyState)|data\/(?:Card|QuotaBar)|identity)\b/,
];

/** What pages with a list are made of. */
const LISTS = [
  /\/ui\/src\/data\/(?:DataTable|SortHeading|ordering|use-overflow)\b/,
  /\/ui\/src\/(?:navigation\/(?:pages|Pagination)|feedback\/StatusBadge)\b/,
  /\/web\/src\/shared\/(?:page\/List(?:Pagination|Table)|kept|url-state)\b/,
];

/** What forms are made of. */
const FORMS = [
  /\/ui\/src\/forms\/(?:Checkbox|Field|Fieldset|Select|Textarea|TextInput)\b/,
  /\/web\/src\/shared\/forms\/(?:use-form\.ts$|FormDialog\b)/,
];

/** What menus, dialogs and lists that open share: none of it is on a page before one of them is opened. */
const OVERLAY = [
  /\/node_modules\/(?:@floating-ui|aria-hidden)\//,
  /\/reka-ui\/dist\/(?:AlertDialog|Collection|Dialog|DismissableLayer|DropdownMenu|FocusScope|Menu|Popper|Presence|RovingFocus|Teleport|VisuallyHidden|composables|shared)\//,
  /\/ui\/src\/overlays\/(?:Dialog|Confirm)Panel\b/,
];

/** What the home page of the portal and its cards need, and the pages behind them too. */
const HOME = [
  /\/web\/src\/shared\/home\//,
  /\/web\/src\/features\/(?:agenda|announcements|home|messaging|student-records)\/(?:home|[\w-]+\.(?:api|queries))\.ts$/,
  /\/web\/src\/features\/(?:agenda\/(?:days|shown)|messaging\/conversation-name)\.ts$/,
];

/** What is said on every page of the portal and of the console, in one language. */
const wordsOf = (language: string) => [
  new RegExp(`/web/src/shared/(?:shell/)?locales/${language}\\.json`),
  new RegExp(`/web/src/features/[\\w-]+/locales/${language}\\.json\\?nav`),
];

const within = (patterns: readonly RegExp[]) => (id: string) => patterns.some((pattern) => pattern.test(id));

/**
 * What travels together: thirty small files compress worse than one, and cost a request each. What several would take goes to
 * the first of them, with all that it needs; what none takes is a file of its own.
 */
export const CHUNKS = [
  { name: 'base', test: within(BASE) },
  { name: 'common', test: within(COMMON) },
  { name: 'lists', test: within(LISTS) },
  { name: 'forms', test: within(FORMS) },
  { name: 'overlay', test: within(OVERLAY) },
  // A file for each would be a request for every two hundred bytes.
  { name: 'icons', test: /\/@lucide\/vue\/dist\/esm\/icons\//, minShareCount: 2 },
  // And what each begins with on its own.
  { name: 'portal', test: /\/shells\/portal\/start\.ts$/ },
  // With what its list of schools and a school's own page have in common.
  {
    name: 'console',
    test: /\/shells\/console\/start\.ts$|\/features\/tenants\/(?:bulk\.api|components\/(?:SchoolMark|StatusOfTenant))\b/,
  },
  { name: 'home', test: within(HOME), includeDependenciesRecursively: false },
  { name: 'words.fr', test: within(wordsOf('fr')) },
  { name: 'words.en', test: within(wordsOf('en')) },
];
