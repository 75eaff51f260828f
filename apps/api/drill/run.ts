import { runAsProcess, type MeasuringCommand } from '../bench/command.ts';
import { deployment } from './scenarios/deployment.ts';

/** The real chain as processes, from what is in infra/. What it finds wrong is wrong whatever the machine. */
export const DRILL: MeasuringCommand = { name: 'drill', scenarios: { deployment }, noisy: false };

if (import.meta.main) await runAsProcess(DRILL);
