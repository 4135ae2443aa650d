import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../base/index.js';
import { awgn } from '../channel/index.js';
import { Rng } from '../math/index.js';
import { messageCodec } from './byte-chain.js';
import { transmit } from './transmit.js';

const scheme = { bitsPerSymbol: 2, codeRate: 0.37 } as const;
const codec = messageCodec({ name: 'messages', uses: 600, scheme });
const arrived = async (messages: Uint8Array[], snrDb: number) =>
  (await transmit(codec, awgn({ snrDb }), messages, Rng.of(7))).received;

describe('messageCodec', () => {
  it('carries messages of any length up to what the code rate leaves', async () => {
    // 600 x 2 x 0.37 bits are 55 whole bytes, three of which say the length.
    expect(codec.messageBytes).toBe(52);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: codec.messageBytes }), async (message) => {
        expect(await arrived([message], 10)).toEqual([message]);
      }),
      { numRuns: 20 },
    );
  });

  it('delivers nothing rather than something else above the capacity', async () => {
    // log2(1 + 10^(-0.8)) = 0.21 bits a use are far below the 0.74 sent.
    const messages = Array.from({ length: 20 }, (_, n) => new Uint8Array(40).fill(n + 1));
    expect(await arrived(messages, -8)).toEqual(messages.map(() => new Uint8Array(0)));
  });

  it('refuses a message that is too long', async () => {
    await expect(arrived([new Uint8Array(53)], 10)).rejects.toThrow(InputError);
  });
});
