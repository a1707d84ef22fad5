import type { PictureTeacher } from '#core/ports/picture-teacher.ts';
import type { Contract } from '#rpc/contract.ts';

export const trainContract: Contract<PictureTeacher> = { teach: 'stream' };
