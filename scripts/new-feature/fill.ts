/**
 * Fills `{{name}}` in a template, and keeps or drops `{{#flag}}…{{/flag}}` blocks.
 * @throws Error for a name that nothing fills: a template with a slip must not reach a repository.
 */
export function fill(
  template: string,
  values: Readonly<Record<string, string>>,
  flags: Readonly<Record<string, boolean>>,
): string {
  const kept = template.replace(
    /\{\{#(\w+)\}\}\n([^]*?)\{\{\/\1\}\}\n/g,
    (_, flag: string, block: string) => {
      if (!Object.hasOwn(flags, flag)) throw new Error(`No flag ${flag}`);
      return flags[flag] ? block : '';
    },
  );
  return kept.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`Nothing fills {{${name}}}`);
    return value;
  });
}
