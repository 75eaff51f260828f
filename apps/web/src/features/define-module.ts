import type { ModuleKey } from '@preau/contracts/modules';
import type { Permission } from '@preau/contracts/permissions';
import type { Component } from 'vue';
import type { RouteRecordRaw } from 'vue-router';

/** What a module of a school adds to the portal. Off, its entries vanish and its pages say why. */
export interface ModuleDescriptor {
  key: ModuleKey;
  nav: readonly NavItem[];
  routes: readonly RouteRecordRaw[];
  /** Its part of the home page. */
  home?: Component;
}

export interface NavItem {
  to: string;
  /** Key of the messages. */
  label: string;
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
): NavItem[] {
  return modules
    .filter(({ key }) => enabled[key])
    .flatMap(({ nav }) => nav)
    .filter(({ permission }) => permission === undefined || may(permission));
}
