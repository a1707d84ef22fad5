export const CHROMIUM_FLAGS: string[];
export const SOFTWARE_GPU_FLAGS: string[];
export function chromiumHere(): string | undefined;
export function findChromium(options?: { readonly log?: (line: string) => void }): Promise<string>;
