export { createPageSvgRasterizer } from './svg-rasterizer.ts';
