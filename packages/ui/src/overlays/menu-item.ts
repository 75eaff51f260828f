import type { Component } from 'vue';

export interface MenuItem {
  key: string;
  label: string;
  icon?: Component;
  tone?: 'danger';
  disabled?: boolean;
  /** Makes the item a link. */
  to?: string;
  /** A line above the item. */
  separated?: boolean;
  /** Leads to the page that is shown. */
  current?: boolean;
}
