export interface DialogProps {
  title: string;
  description?: string;
  closeLabel: string;
  size?: 'sm' | 'md' | 'lg';
}

export interface ConfirmProps {
  title: string;
  /** What will happen, and whether it can be undone. The default slot may say it instead. */
  description?: string;
  confirmLabel: string;
  cancelLabel: string;
  tone?: 'danger' | 'primary';
  /** Text to type exactly before the action is offered: the school's subdomain. */
  expected?: string;
  /** Label of that field; needed with `expected`. */
  expectedLabel?: string;
  /** The action is under way: stays open, cannot be confirmed twice. */
  loading?: boolean;
  loadingLabel?: string;
}
