/** The suite catches wrong codecs, each by the law that it breaks, and its own bombs are what they should be. */
import type { CompressionCodec } from '@kohort/core/spi';
import { codecRegistry } from '@kohort/protocol';
import { describe, expect, it } from 'vitest';
import { BOMB_BYTES, bombs, CLAIMED_BYTES } from '../../src/codec/bombs.ts';
import { codecConformance } from '../../src/index.ts';
import { type Exhibit, museum } from '../museum/exhibit.ts';

type Type = CompressionCodec['type'];
type Decompress = (bytes: Uint8Array, maxBytes: number) => Uint8Array | Promise<Uint8Array>;

function sound(type: Type): Decompress {
  const codec = codecRegistry().get(type);
  if (codec === undefined) throw new Error(`no codec for ${type}`);
  return (bytes, maxBytes) => codec.decompress(bytes, { maxBytes });
}

/** Makes a codec out of a sound one. */
function but(type: Type, change: (sound: Decompress) => Decompress): () => CompressionCodec {
  return () => {
    const decompress = change(sound(type));
    return { type, decompress: (bytes, { maxBytes }) => decompress(bytes, maxBytes) };
  };
}

const UNBOUNDED = 2 ** 30;

const exhibits: readonly Exhibit<() => CompressionCodec>[] = [
  {
    law: 'type',
    fault: 'is named as Kafka does not name it',
    make: () => Object.assign(but('gzip', (read) => read)(), { type: 'deflate' }),
  },
  {
    law: 'java',
    fault: 'knows Snappy without the chunks of snappy-java',
    make: but('snappy', (read) => (bytes, maxBytes) => {
      if (bytes[0] === 0x82) throw new Error('unknown tag');
      return read(bytes, maxBytes);
    }),
  },
  {
    law: 'java',
    fault: 'knows Snappy with the chunks of snappy-java only',
    make: but('snappy', (read) => (bytes, maxBytes) => {
      if (bytes[0] !== 0x82) throw new Error('no chunks');
      return read(bytes, maxBytes);
    }),
  },
  {
    law: 'java',
    fault: 'answers as a string',
    make: but('gzip', (read) => async (bytes, maxBytes) => {
      const output = await read(bytes, maxBytes);
      return JSON.parse(JSON.stringify(Buffer.from(output).toString('latin1')));
    }),
  },
  {
    law: 'views',
    fault: 'reads the buffer from its beginning',
    make: but(
      'lz4',
      (read) => (bytes, maxBytes) =>
        read(Buffer.isBuffer(bytes) ? bytes : new Uint8Array(bytes.buffer), maxBytes),
    ),
  },
  {
    law: 'bound',
    fault: 'takes the bound for the first size that is too much',
    make: but('lz4', (read) => (bytes, maxBytes) => read(bytes, Math.max(0, maxBytes - 1))),
  },
  {
    law: 'bound',
    fault: 'has a bound of its own',
    make: but('snappy', (read) => (bytes) => read(bytes, UNBOUNDED)),
  },
  {
    law: 'bomb',
    fault: 'looks at the size when it has decompressed everything',
    make: but('lz4', (read) => async (bytes, maxBytes) => {
      const output = await read(bytes, UNBOUNDED);
      if (output.length > maxBytes) throw new Error(`${output.length} bytes`);
      return output;
    }),
  },
  {
    law: 'claim',
    fault: 'takes the memory that a block says it needs',
    make: but('snappy', (read) => (bytes, maxBytes) => {
      const claimed = bytes[4] === 2 ? CLAIMED_BYTES : 0;
      return Buffer.alloc(claimed).length > maxBytes ? new Uint8Array() : read(bytes, maxBytes);
    }),
  },
  {
    law: 'cut off',
    fault: 'answers with what there is when the input ends',
    make: but('lz4', (read) => (bytes, maxBytes) => {
      try {
        return read(bytes, maxBytes);
      } catch (error) {
        if (String(error).includes('remain')) return new Uint8Array();
        throw error;
      }
    }),
  },
  {
    law: 'garbage',
    fault: 'throws what is no Error',
    make: but('snappy', (read) => (bytes, maxBytes) => {
      try {
        return read(bytes, maxBytes);
      } catch (error) {
        if (bytes[0] === 0xff) throw String(error);
        throw error;
      }
    }),
  },
  {
    law: 'input',
    fault: 'decompresses in place',
    make: but('gzip', (read) => (bytes, maxBytes) => {
      const output = read(bytes, maxBytes);
      bytes.fill(0);
      return output;
    }),
  },
  {
    law: 'kept',
    fault: 'has one buffer for all answers',
    make: but('lz4', (read) => {
      const shared = Buffer.alloc(100_000);
      return async (bytes, maxBytes) => {
        const output = await read(bytes, maxBytes);
        shared.set(output);
        return shared.subarray(0, output.length);
      };
    }),
  },
  {
    law: 'overlapping',
    fault: 'keeps the call that is under way in one place',
    make: but('snappy', (read) => {
      let current: Uint8Array = new Uint8Array();
      return async (bytes, maxBytes) => {
        current = bytes;
        await Promise.resolve();
        return read(current, maxBytes);
      };
    }),
  },
  {
    law: 'again',
    fault: 'is out of order after an error',
    make: but('gzip', (read) => {
      let broken = false;
      return (bytes, maxBytes) => {
        if (broken) throw new Error('stream has ended');
        broken = true;
        const output = read(bytes, maxBytes);
        broken = false;
        return output;
      };
    }),
  },
];

museum(exhibits, codecConformance);

describe('the bombs', () => {
  it.each(['gzip', 'snappy', 'lz4'] as const)('of %s stand for what they should', async (type) => {
    const output = await sound(type)(bombs[type](), BOMB_BYTES);
    expect(output.length).toBe(BOMB_BYTES);
    expect(bombs[type]().length).toBeLessThan(BOMB_BYTES / 20);
  });
});
