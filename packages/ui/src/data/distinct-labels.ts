/** Labels of an axis in order, blank where one says what the one before it said: noon is not another day. */
export const distinctLabels = (labels: readonly string[]): string[] =>
  labels.map((label, index) => (label === labels[index - 1] ? '' : label));
