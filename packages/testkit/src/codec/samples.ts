/** The samples of a codec: golden ones from Java, and small ones put together by hand. */
import type { CompressionCodec } from '@kohort/core/spi';
import { contentOf } from './content.ts';
import { javaSamples } from './java-samples.ts';
import type { Sample } from './sample.ts';

export function samplesOf(type: CompressionCodec['type']): readonly Sample[] {
  return javaSamples
    .filter((sample) => sample.type === type)
    .map(({ how, content, size, base64 }) => ({
      what: `${size} bytes of ${content}, ${how}`,
      bytes: Buffer.from(base64, 'base64'),
      plain: contentOf(content, size),
    }));
}

/** Whether the sample ends in order when it is cut off after `length` bytes: between two chunks of snappy-java, or two frames. */
export function mayEndAt({ bytes }: Sample, type: CompressionCodec['type'], length: number): boolean {
  if (type === 'zstd') return bytes[length] === 0x28 && bytes[length + 1] === 0xb5;
  if (type !== 'snappy' || bytes[0] !== 0x82) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = 16;
  while (end < length) end += 4 + view.getInt32(end);
  return end === length;
}
