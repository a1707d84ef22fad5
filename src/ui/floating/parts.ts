export { Dialog } from './dialog.tsx';
export { Menu } from './menu.tsx';
export { Popover } from './popover.tsx';
export { Sheet } from './sheet.tsx';
export { Tooltip } from './tooltip.tsx';
