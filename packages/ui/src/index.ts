export { default as Button } from './actions/Button.vue';
export { default as IconButton } from './actions/IconButton.vue';
export { default as CopyField } from './actions/CopyField.vue';
export { default as Card } from './data/Card.vue';
export { default as DataTable } from './data/DataTable.vue';
export { default as DescriptionList } from './data/DescriptionList.vue';
export { TimeChart } from './data/time-chart.ts';
export { default as QuotaBar } from './data/QuotaBar.vue';
export { default as Alert } from './feedback/Alert.vue';
export { default as EmptyState } from './feedback/EmptyState.vue';
export { default as ProgressBar } from './feedback/ProgressBar.vue';
export { default as Skeleton } from './feedback/Skeleton.vue';
export { default as Spinner } from './feedback/Spinner.vue';
export { default as StatusBadge } from './feedback/StatusBadge.vue';
export { default as Toaster } from './feedback/Toaster.vue';
export { default as Checkbox } from './forms/Checkbox.vue';
export { default as ColourField } from './forms/ColourField.vue';
export { default as ErrorSummary } from './forms/ErrorSummary.vue';
export { default as Field } from './forms/Field.vue';
export { default as FileInput } from './forms/FileInput.vue';
export { default as RadioGroup } from './forms/RadioGroup.vue';
export { default as Select } from './forms/Select.vue';
export { default as Switch } from './forms/Switch.vue';
export { default as Textarea } from './forms/Textarea.vue';
export { default as TextInput } from './forms/TextInput.vue';
export { default as Monogram } from './identity/Monogram.vue';
export { default as Breadcrumbs } from './navigation/Breadcrumbs.vue';
export { default as Link } from './navigation/Link.vue';
export { default as Pagination } from './navigation/Pagination.vue';
export { default as SkipLink } from './navigation/SkipLink.vue';
export { default as Stepper } from './navigation/Stepper.vue';
export { default as Tabs } from './navigation/Tabs.vue';
export { CommandPalette } from './overlays/command-palette.ts';
export { default as ConfirmDialog } from './overlays/ConfirmDialog.vue';
export { default as Dialog } from './overlays/Dialog.vue';
export { default as DropdownMenu } from './overlays/DropdownMenu.vue';
export { buttonClasses, type ButtonSize, type ButtonVariant } from './actions/button-look.ts';
export { type Column } from './data/DataTable.vue';
export { type Ordering } from './data/ordering.ts';
export {
  createToasts,
  provideToasts,
  useToasts,
  type Toast,
  type ToastOptions,
  type Toasts,
} from './feedback/toasts.ts';
export { type Tone } from './feedback/tone.ts';
export { useField, type FieldAttributes } from './forms/field-context.ts';
export { initialsOf } from './identity/initials.ts';
export { type Step } from './navigation/Stepper.vue';
export { provideLinkComponent } from './navigation/link-component.ts';
export { type Command, type CommandGroup } from './overlays/CommandPalette.vue';
export { atFirstSign } from './overlays/at-first-sign.ts';
export { keepFocus } from './overlays/keep-focus.ts';
export { type MenuItem } from './overlays/menu-item.ts';
