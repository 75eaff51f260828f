export { contrastRatio } from './contrast.ts';
export { cssVariables, themeStyleSheet } from './css.ts';
export { coloursOfPicture } from './from-picture.ts';
export { isHexColour } from './hex.ts';
export { NEUTRAL, type Mode, type NeutralTones } from './neutral.ts';
export { derivePalette, type Adjustment, type BrandColours, type Palette, type Tones } from './palette.ts';
export { SEMANTIC, type Semantic, type SemanticFamily } from './semantic.ts';
