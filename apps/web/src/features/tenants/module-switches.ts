import { MODULES, type ModuleKey, MODULE_KEYS } from '@preau/contracts/modules';

type Enabled = Readonly<Record<string, boolean>>;

const dependenciesOf = (key: ModuleKey): readonly string[] => MODULES[key].dependsOn;

/** Modules that are on and could not be without this one. */
export function dependentsOf(key: ModuleKey, enabled: Enabled): ModuleKey[] {
  return MODULE_KEYS.filter((other) => enabled[other] && dependenciesOf(other).includes(key));
}

/** The set with one module switched, and with all that it then needs: switching on never ends in a refusal. */
export function withModule(enabled: Enabled, key: ModuleKey, on: boolean): Record<string, boolean> {
  const next = { ...enabled, [key]: on };
  if (!on) return next;
  const waiting: string[] = [...dependenciesOf(key)];
  for (let needed = waiting.pop(); needed !== undefined; needed = waiting.pop()) {
    if (next[needed]) continue;
    next[needed] = true;
    waiting.push(...dependenciesOf(needed as ModuleKey));
  }
  return next;
}
