import { Circle, CircleAlert, CircleCheck, Clock, Info, TriangleAlert } from '@lucide/vue';
import type { Component } from 'vue';

export type Tone = 'neutral' | 'info' | 'success' | 'warning' | 'danger' | 'progress';

/** A shape for each tone: colour alone tells nothing to one reader in twelve. */
export const TONE_ICONS: Readonly<Record<Tone, Component>> = {
  neutral: Circle,
  info: Info,
  success: CircleCheck,
  warning: TriangleAlert,
  danger: CircleAlert,
  progress: Clock,
};

/** Ground, text and outline of a badge or a banner. */
export const TONE_LOOK: Readonly<Record<Tone, string>> = {
  neutral: 'border-line bg-surface-sunken text-ink',
  info: 'border-info-border/40 bg-info-soft text-on-info-soft',
  success: 'border-success-border/40 bg-success-soft text-on-success-soft',
  warning: 'border-warning-border/40 bg-warning-soft text-on-warning-soft',
  danger: 'border-danger-border/40 bg-danger-soft text-on-danger-soft',
  progress: 'border-info-border/40 bg-info-soft text-on-info-soft',
};
