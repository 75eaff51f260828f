import type { Mode } from './neutral.ts';

/** One meaning's tones; contrasts as for a brand colour's tones of the same role. */
export interface SemanticFamily {
  solid: string;
  on_solid: string;
  solid_hover: string;
  soft: string;
  on_soft: string;
  text: string;
  border: string;
}

export type Semantic = 'success' | 'warning' | 'danger' | 'info';

/**
 * Fixed for every school: with the brand's red for "danger", a red school would make each of its
 * buttons look destructive.
 */
export const SEMANTIC: Readonly<Record<Mode, Readonly<Record<Semantic, SemanticFamily>>>> = {
  light: {
    success: {
      solid: '#18794e',
      on_solid: '#ffffff',
      solid_hover: '#11613e',
      soft: '#e3f5ea',
      on_soft: '#0f5c3a',
      text: '#147047',
      border: '#2b9a66',
    },
    warning: {
      solid: '#a35200',
      on_solid: '#ffffff',
      solid_hover: '#854300',
      soft: '#fdf0d8',
      on_soft: '#7a3e00',
      text: '#964b00',
      border: '#c07a1a',
    },
    danger: {
      solid: '#c4272f',
      on_solid: '#ffffff',
      solid_hover: '#a31c24',
      soft: '#fde8e8',
      on_soft: '#99161f',
      text: '#b8222b',
      border: '#d9535a',
    },
    info: {
      solid: '#1a63b8',
      on_solid: '#ffffff',
      solid_hover: '#144f95',
      soft: '#e5f0fc',
      on_soft: '#124a8a',
      text: '#185cab',
      border: '#4a87cf',
    },
  },
  dark: {
    success: {
      solid: '#4cc38a',
      on_solid: '#06170e',
      solid_hover: '#6ad3a0',
      soft: '#143225',
      on_soft: '#86dfb2',
      text: '#5fd09b',
      border: '#2f8a60',
    },
    warning: {
      solid: '#f0b04d',
      on_solid: '#1d1200',
      solid_hover: '#f6c272',
      soft: '#3a2a10',
      on_soft: '#f5c880',
      text: '#f0b95f',
      border: '#a8741f',
    },
    danger: {
      solid: '#ff8078',
      on_solid: '#240504',
      solid_hover: '#ff9c95',
      soft: '#43191b',
      on_soft: '#ffb0aa',
      text: '#ff918a',
      border: '#d04a48',
    },
    info: {
      solid: '#6cb1f5',
      on_solid: '#04121f',
      solid_hover: '#8dc3f8',
      soft: '#15304b',
      on_soft: '#a5d0fa',
      text: '#7fbbf6',
      border: '#3f7fc0',
    },
  },
};
