import { svgRasterizerContract } from '#contracts/svg-rasterizer.ts';
import type { PictureDecoder } from '#core/ports/picture-decoder.ts';
import { connect } from '#rpc/connect.ts';
import type { Server } from '#rpc/contract.ts';
import type { Port, ToClient, ToServer } from '#rpc/messages.ts';
import { serve } from '#rpc/serve.ts';
import { createPictureDecoder } from './index.ts';

/** The decoder as the product has it: in a worker, with the page's painter of drawings at the other end of a port. */
addEventListener(
  'message',
  ({ data }: MessageEvent<MessagePort>) => {
    const rasterizer = connect(svgRasterizerContract, data as unknown as Port<ToServer, ToClient>).client;
    data.start();
    const decoder = createPictureDecoder({ rasterizer });
    const server: Server<Pick<PictureDecoder, 'decode'>> = {
      decode: (input, { signal }) => decoder.decode(input, { signal }),
    };
    serve({ decode: 'unary' }, server, self as unknown as Port<ToClient, ToServer>);
  },
  { once: true },
);
