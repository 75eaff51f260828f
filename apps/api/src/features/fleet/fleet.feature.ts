import { defineFeature } from '../define-feature.ts';
import { fleetCommands } from './fleet.commands.ts';

/** All schools' schemas together: migrations. */
export const fleetFeature = defineFeature({ name: 'fleet', commands: fleetCommands });
