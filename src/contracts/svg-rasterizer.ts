import type { SvgRasterizer } from '#core/ports/svg-rasterizer.ts';
import type { Contract } from '#rpc/contract.ts';

/** Served by the page, called by a worker. */
export const svgRasterizerContract: Contract<SvgRasterizer> = { rasterize: 'unary' };
