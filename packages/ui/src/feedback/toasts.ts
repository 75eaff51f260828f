import { inject, shallowReadonly, shallowRef, type App, type InjectionKey, type Ref } from 'vue';
import type { Tone } from './tone.ts';

export interface ToastOptions {
  title: string;
  description?: string;
  tone?: Extract<Tone, 'success' | 'info' | 'warning' | 'danger'>;
  /** One thing to do about it, such as undo; the toast goes when it is done. */
  action?: { label: string; run: () => void };
  /** Milliseconds, at least 6,000; `null` stays until dismissed. Danger stays by default. */
  duration?: number | null;
}

export interface Toast extends ToastOptions {
  id: number;
}

export interface Toasts {
  readonly list: Readonly<Ref<readonly Toast[]>>;
  show(options: ToastOptions): number;
  dismiss(id: number): void;
  /** Holds every timer, while the pointer or the focus is on the toasts. */
  pause(): void;
  resume(): void;
}

const SHORTEST = 6000;
const MOST = 4;

/** A list of toasts with its timers. Bounded: the oldest leaves when a fifth comes. */
export function createToasts(): Toasts {
  const list = shallowRef<readonly Toast[]>([]);
  const clocks = new Map<number, { left: number; since: number; timer?: ReturnType<typeof setTimeout> }>();
  let isPaused = false;
  let lastId = 0;

  function run(id: number): void {
    const clock = clocks.get(id);
    if (!clock || isPaused) return;
    clock.since = Date.now();
    clock.timer = setTimeout(() => dismiss(id), clock.left);
  }

  function show(options: ToastOptions): number {
    lastId += 1;
    const id = lastId;
    const stays = options.duration === null || (options.duration === undefined && options.tone === 'danger');
    if (!stays) clocks.set(id, { left: Math.max(SHORTEST, options.duration ?? SHORTEST), since: 0 });
    for (const old of list.value.slice(0, -(MOST - 1))) dismiss(old.id);
    list.value = [...list.value, { ...options, id }];
    run(id);
    return id;
  }

  function dismiss(id: number): void {
    clearTimeout(clocks.get(id)?.timer);
    clocks.delete(id);
    list.value = list.value.filter((toast) => toast.id !== id);
    // The one under the pointer is gone and will never report that it left.
    if (list.value.length === 0) isPaused = false;
  }

  function pause(): void {
    if (isPaused) return;
    isPaused = true;
    for (const clock of clocks.values()) {
      clearTimeout(clock.timer);
      clock.left -= Date.now() - clock.since;
    }
  }

  function resume(): void {
    if (!isPaused) return;
    isPaused = false;
    for (const id of clocks.keys()) run(id);
  }

  return { list: shallowReadonly(list), show, dismiss, pause, resume };
}

const TOASTS: InjectionKey<Toasts> = Symbol('preau-toasts');

/** Once per application; `Toaster` shows them, `useToasts` adds to them. */
export function provideToasts(app: App, toasts: Toasts = createToasts()): Toasts {
  app.provide(TOASTS, toasts);
  return toasts;
}

/** @throws Error without `provideToasts` */
export function useToasts(): Toasts {
  const toasts = inject(TOASTS, undefined);
  if (!toasts) throw new Error('useToasts needs provideToasts(app)');
  return toasts;
}
