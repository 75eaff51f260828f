/** How bright the surroundings are. */
export type Mode = 'light' | 'dark';

/** Tones that no school changes: a page stays calm whatever its brand. */
export interface NeutralTones {
  surface: string;
  surface_raised: string;
  surface_sunken: string;
  text: string;
  text_muted: string;
  /** Separates, carries no meaning: may be faint. */
  border: string;
  /** Outline of a field or a checkbox: at least 3:1 on the three surfaces. */
  control_border: string;
}

/** Neutral tones of both modes, `#rrggbb`. */
export const NEUTRAL: Readonly<Record<Mode, Readonly<NeutralTones>>> = {
  light: {
    surface: '#ffffff',
    surface_raised: '#ffffff',
    surface_sunken: '#f5f6f8',
    text: '#1b1f26',
    text_muted: '#565e6b',
    border: '#dfe3e9',
    control_border: '#828a97',
  },
  dark: {
    surface: '#14171c',
    surface_raised: '#1c2027',
    surface_sunken: '#0e1014',
    text: '#e8ebf0',
    text_muted: '#a6aebb',
    border: '#2f353f',
    control_border: '#737c8b',
  },
};

/** The three grounds on which every text and boundary tone has to hold. */
export function surfacesOf(mode: Mode): readonly string[] {
  const { surface, surface_raised, surface_sunken } = NEUTRAL[mode];
  return [surface, surface_raised, surface_sunken];
}
