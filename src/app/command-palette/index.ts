export { CommandPalette } from './command-palette.tsx';
export type { CommandPaletteProps } from './palette.tsx';
