import type { ModuleDefinition, ModulesEnabled } from './modules.ts';
import type { SchoolType } from './vocabulary.ts';

type Registry = Readonly<Record<string, ModuleDefinition>>;

/** What a new school of this type starts with. */
export function defaultModules(registry: Registry, schoolType: SchoolType): ModulesEnabled {
  return Object.fromEntries(
    Object.entries(registry).map(([key, module]) => [
      key,
      module.alwaysOn || module.defaultFor.includes(schoolType),
    ]),
  );
}

/** The keys of `changes` that no module has. */
export function unknownModules(registry: Registry, changes: ModulesEnabled): string[] {
  return Object.keys(changes).filter((key) => !Object.hasOwn(registry, key));
}

export interface ModuleConflict {
  module: string;
  /** `always_on`: it cannot be switched off. `needs`: the blockers must be on first. `needed_by`: they must be off first. */
  reason: 'always_on' | 'needs' | 'needed_by';
  blockers: string[];
}

/**
 * What stands in the way of a set of modules: an always-on module that is off, or a module that is on while one it
 * depends on is off. Reported from the side of the change, so that the message names what the reader touched.
 */
export function moduleConflicts(
  registry: Registry,
  current: ModulesEnabled,
  changes: ModulesEnabled,
): ModuleConflict[] {
  const next = { ...current, ...changes };
  const conflicts: ModuleConflict[] = [];
  for (const [key, module] of Object.entries(registry)) {
    if (module.alwaysOn && next[key] === false)
      conflicts.push({ module: key, reason: 'always_on', blockers: [key] });
    if (!next[key]) {
      const dependents = Object.entries(registry)
        .filter(
          ([other, definition]) =>
            next[other] && changes[other] !== true && definition.dependsOn.includes(key),
        )
        .map(([other]) => other);
      if (changes[key] === false && dependents.length > 0) {
        conflicts.push({ module: key, reason: 'needed_by', blockers: dependents });
      }
    } else if (changes[key] === true) {
      const missing = module.dependsOn.filter((dependency) => !next[dependency]);
      if (missing.length > 0) conflicts.push({ module: key, reason: 'needs', blockers: missing });
    }
  }
  return conflicts;
}
