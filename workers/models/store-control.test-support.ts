import type { ModelServer } from '#core/ports/model-server.test-support.ts';
import type { Contract } from '#rpc/contract.ts';

export const MIRROR = 'http://mirror.test/models/';

/** What a test of the store in another thread can do to its surroundings. */
export interface StoreControl extends ModelServer {
  limitDisk(input: { readonly bytes: number | undefined; readonly isKnown: boolean }): Promise<void>;
}

export const controlContract: Contract<StoreControl> = {
  serve: 'unary',
  requests: 'unary',
  limitDisk: 'unary',
};
