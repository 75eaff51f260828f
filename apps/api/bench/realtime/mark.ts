/** An id that a message carries in the bench: which school it is for, and its number. */
export const markOf = (school: number, number: number): string =>
  `00000000-0000-7000-8000-${school.toString(16).padStart(4, '0')}${number.toString(16).padStart(8, '0')}`;

export const schoolOfMark = (mark: string): number => Number.parseInt(mark.slice(24, 28), 16);
