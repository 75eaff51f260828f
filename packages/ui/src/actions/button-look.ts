export type ButtonVariant = 'primary' | 'secondary' | 'ghost' | 'danger' | 'link';
export type ButtonSize = 'sm' | 'md' | 'lg';

const BASE =
  'inline-flex items-center justify-center gap-2 rounded-md font-medium select-none transition-colors text-balance ' +
  'disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:cursor-default';

// The border in primary-border keeps a pale brand's button visible on a white page. `not-disabled`
// rather than `enabled`, which a link never is.
const VARIANTS: Record<ButtonVariant, string> = {
  primary: 'border border-primary-border bg-primary text-on-primary not-disabled:hover:bg-primary-hover',
  secondary: 'border border-control bg-surface-raised text-ink not-disabled:hover:bg-ink/6',
  ghost: 'border border-transparent text-ink not-disabled:hover:bg-ink/8',
  danger: 'border border-transparent bg-danger text-on-danger not-disabled:hover:bg-danger-hover',
  link: 'text-primary-text underline underline-offset-4 hover:decoration-2',
};

const SIZES: Record<ButtonSize, string> = {
  sm: 'min-h-9 px-3 py-1 text-sm',
  md: 'min-h-control px-4 py-1',
  lg: 'min-h-12 px-5 py-1 text-lg',
};

/** The classes of a button, for what must look like one: a link, a menu's trigger. */
export function buttonClasses(variant: ButtonVariant = 'secondary', size: ButtonSize = 'md'): string {
  const padding = variant === 'link' ? 'min-h-6' : SIZES[size];
  return `${BASE} ${padding} ${VARIANTS[variant]}`;
}
