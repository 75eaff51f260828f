import type { ModuleKey } from '@preau/contracts/modules';
import type { Permission } from '@preau/contracts/permissions';
import type { Role } from '@preau/contracts/vocabulary';
import type { Component } from 'vue';
import type { RouteRecordRaw } from 'vue-router';
import { withWords } from '../shared/i18n.ts';
import type * as cards from './home-cards.ts';

/** What a module of a school adds to the portal. Off, its entries vanish and its pages say why. */
export interface ModuleDescriptor {
  key: ModuleKey;
  nav: readonly NavItem[];
  routes: readonly RouteRecordRaw[];
  /** Its parts of the home page. */
  home?: readonly HomeCard[];
}

/**
 * A part of the home page. Its frame is drawn before it comes, and what it holds never moves what is below: it has so many rows,
 * full or empty, and scrolls inside them where there is more.
 */
export interface HomeCard {
  /** Unique among all. */
  key: string;
  /** Key of the messages, of those that the shell has from the start: `<part>.nav`. */
  title: string;
  /** Where the rest of it is. */
  to?: string;
  /** Of 4 rem each. */
  rows: number;
  /** In the wide column. */
  wide?: boolean;
  /** Cards of a lower rank come first; 10 when absent. */
  rank?: number;
  /** Who sees it; every member when absent. */
  sees?: (reader: HomeReader) => boolean;
  /** What fills it, with its words. */
  load: () => Promise<Component>;
}

const card = withWords({
  fr: async () => ({ default: (await import('./card-words.fr.ts')).cardWords }),
  en: async () => ({ default: (await import('./card-words.en.ts')).cardWords }),
});

/** Loads one of the cards of `home-cards.ts`, with the words that its component names. */
export const homeCard = (name: keyof typeof cards) =>
  card(async (): Promise<Component> => (await import('./home-cards.ts'))[name]);

export interface HomeReader {
  role: Role;
  may: (permission: Permission) => boolean;
}

export interface NavItem {
  to: string;
  /** Key of the messages. */
  label: string;
  /** For roles to whom it is something else: to a parent the list of students is that of their children. */
  labelOf?: Partial<Record<Role, string>>;
  /** Who sees the entry; everyone when absent. */
  permission?: Permission;
  /** In the menu of what is set up now and then, not beside what is read every day. */
  isAdministration?: boolean;
}

declare module 'vue-router' {
  interface RouteMeta {
    /** The module that must be on for this page. */
    module?: ModuleKey;
  }
}

/** Marks a module's pages as its own, so that the shell can tell when they are off. */
export function routesOf({ key, routes }: ModuleDescriptor): RouteRecordRaw[] {
  return routes.map((route) => ({ ...route, meta: { ...route.meta, module: key } }));
}

/** Entries of the navigation, in the order of the modules, for what is on and what the reader may see. */
export function navigationOf(
  modules: readonly ModuleDescriptor[],
  enabled: Readonly<Record<string, boolean>>,
  may: (permission: Permission) => boolean,
  role?: Role,
): NavItem[] {
  return modules
    .filter(({ key }) => enabled[key])
    .flatMap(({ nav }) => nav)
    .filter(({ permission }) => permission === undefined || may(permission))
    .map((item) => ({ ...item, label: (role && item.labelOf?.[role]) ?? item.label }));
}

/** Cards of the home page for one reader: of what is on, those that are theirs, in their order. */
export function homeOf(
  modules: readonly ModuleDescriptor[],
  enabled: Readonly<Record<string, boolean>>,
  reader: HomeReader,
): HomeCard[] {
  return modules
    .filter(({ key }) => enabled[key])
    .flatMap(({ home = [] }) => home)
    .filter(({ sees }) => sees === undefined || sees(reader))
    .toSorted(({ rank: one = 10 }, { rank: other = 10 }) => one - other);
}
