/** A Markdown table. Cells may hold Markdown; pipes and line breaks in them are made safe. */
export function table(
  columns: readonly string[],
  rows: readonly (readonly (string | number | boolean | null | undefined)[])[],
): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const cell = (value: string | number | boolean | null | undefined): string =>
    String(value ?? '')
      .replaceAll('|', '\\|')
      .replaceAll('\n', ' ');
  return [line(columns), line(columns.map(() => '---')), ...rows.map((row) => line(row.map(cell)))].join(
    '\n',
  );
}

/** Text for a cell that a site generator may take for HTML or for a template: `<name>`, `{name}`. */
export const code = (text: string): string => (text === '' ? '' : `\`${text}\``);

/** Sentences with `{placeholders}` and `<words>`, as plain text of a page. */
export const plain = (text: string): string => text.replace(/[<>{}]/g, (char) => `&#${char.charCodeAt(0)};`);

/** A generated page: a title, what it is, and its parts. */
export function page(title: string, source: string, ...parts: string[]): string {
  const note = `<!-- Written by \`pnpm reference\` from ${source}. Do not edit. -->`;
  return `${[`# ${title}`, note, ...parts].join('\n\n')}\n`;
}

/** The first letter of a sentence, as a capital. */
export const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
