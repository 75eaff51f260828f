import type { Component } from 'vue';

export interface MenuItem {
  key: string;
  label: string;
  icon?: Component;
  tone?: 'danger';
  disabled?: boolean;
  /** Makes the item a link. */
  to?: string;
  /** A line above the item: it begins a group. */
  separated?: boolean;
  /** Of the group that it begins. */
  heading?: string;
  /** Leads to the page that is shown. */
  current?: boolean;
}
