import { createJaxTrainer } from '#adapters/trainer-jax/index.ts';
import { trainContract } from '#contracts/train.ts';
import { createPictureTeacher } from '#core/images/index.ts';
import type { PictureTeacher } from '#core/ports/picture-teacher.ts';
import type { Server } from '#rpc/contract.ts';
import type { Port, ToClient, ToServer } from '#rpc/messages.ts';
import { serve } from '#rpc/serve.ts';

const teacher = createPictureTeacher({ trainer: createJaxTrainer() });

const server: Server<PictureTeacher> = {
  teach: (input, { signal }) => teacher.teach(input, { signal }),
};

serve(trainContract, server, self as unknown as Port<ToClient, ToServer>);
