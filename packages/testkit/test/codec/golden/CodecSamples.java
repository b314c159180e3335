// Writes src/codec/java-samples.ts: what Apache Kafka's own client library makes of a few contents, for codecConformance.
// Run with kafka-clients 4.3, lz4-java, snappy-java, zstd-jni and slf4j-api on the class path, from packages/testkit:
//   java -cp <jars> test/codec/golden/CodecSamples.java > src/codec/java-samples.ts
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.*;
import com.github.luben.zstd.ZstdCompressCtx;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.compress.Lz4BlockOutputStream;
import org.apache.kafka.common.utils.ByteBufferOutputStream;
import org.xerial.snappy.Snappy;

public class CodecSamples {
    /** Numbers that look random, as `content.ts` makes them. */
    static byte[] noise(int size) {
        byte[] bytes = new byte[size];
        int state = 1;
        for (int i = 0; i < size; i++) {
            state = state * 1103515245 + 12345;
            bytes[i] = (byte) (state >>> 16);
        }
        return bytes;
    }

    /** A block of noise again and again, a letter changed each time: long copies, several blocks. */
    static byte[] repeats(int size) {
        byte[] block = noise(499);
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) bytes[i] = i % 499 == 0 ? (byte) (i / 499) : block[i % 499];
        return bytes;
    }

    /** Skewed letters without long repeats: what entropy coders live on. */
    static byte[] letters(int size) {
        byte[] noise = noise(size);
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) bytes[i] = (byte) ('a' + Integer.numberOfTrailingZeros((noise[i] & 0xff) | 0x100));
        return bytes;
    }

    static void print(String type, String how, String content, int size, byte[] bytes) {
        System.out.println("  {\n    type: '" + type + "',\n    how: '" + how + "',\n    content: '" + content + "',\n    size: " + size
            + ",\n    base64: '" + Base64.getEncoder().encodeToString(bytes) + "',\n  },");
    }

    static byte[] stream(byte[] content, java.util.function.Function<ByteBufferOutputStream, OutputStream> open) throws Exception {
        ByteBufferOutputStream buffer = new ByteBufferOutputStream(1024);
        try (OutputStream out = open.apply(buffer)) {
            out.write(content);
        }
        ByteBuffer written = buffer.buffer().flip();
        byte[] bytes = new byte[written.remaining()];
        written.get(bytes);
        return bytes;
    }

    static byte[] lz4(byte[] content, boolean brokenHeader, boolean blockChecksum) throws Exception {
        return stream(content, buffer -> {
            try {
                return new Lz4BlockOutputStream(buffer, Lz4BlockOutputStream.BLOCKSIZE_64KB, 9, brokenHeader, blockChecksum);
            } catch (Exception error) {
                throw new RuntimeException(error);
            }
        });
    }

    static byte[] zstd(byte[] content, int level) {
        try (ZstdCompressCtx context = new ZstdCompressCtx()) {
            context.setLevel(level).setChecksum(true);
            return context.compress(content);
        }
    }

    static byte[] join(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    public static void main(String[] args) throws Exception {
        System.out.println("/** Written by `test/codec/golden/CodecSamples.java`: what Java's clients make of a few contents. */");
        System.out.println("import type { JavaSample } from './sample.ts';\n\nexport const javaSamples: readonly JavaSample[] = [");
        Map<String, Compression> compressions = new LinkedHashMap<>();
        compressions.put("gzip", Compression.gzip().build());
        compressions.put("snappy", Compression.snappy().build());
        compressions.put("lz4", Compression.lz4().build());
        compressions.put("zstd", Compression.zstd().build());
        Map<String, byte[]> contents = new LinkedHashMap<>();
        contents.put("noise", noise(200));
        contents.put("repeats", repeats(70_000));
        contents.put("letters", letters(2_000));
        for (Map.Entry<String, Compression> compression : compressions.entrySet())
            for (Map.Entry<String, byte[]> content : contents.entrySet()) {
                byte[] plain = content.getValue();
                byte[] bytes = stream(plain, buffer -> compression.getValue().wrapForOutput(buffer, (byte) 2));
                print(compression.getKey(), "as a Java producer writes it", content.getKey(), plain.length, bytes);
            }
        print("snappy", "raw, as clients without Java write it", "letters", 2_000, Snappy.compress(letters(2_000)));
        print("snappy", "raw, as clients without Java write it", "repeats", 70_000, Snappy.compress(repeats(70_000)));
        print("lz4", "with a checksum for each block", "repeats", 70_000, lz4(repeats(70_000), false, true));
        print("lz4", "with the header checksum of clients before 0.10 (KIP-57)", "letters", 2_000, lz4(letters(2_000), true, false));
        print("zstd", "at level 19, with content size and checksum", "letters", 4_000, zstd(letters(4_000), 19));
        print("zstd", "at level 1, with content size and checksum", "repeats", 300_000, zstd(repeats(300_000), 1));
        print("zstd", "one run", "zeros", 200_000, zstd(new byte[200_000], 3));
        byte[] first = Arrays.copyOf(letters(2_000), 1_000);
        byte[] rest = Arrays.copyOfRange(letters(2_000), 1_000, 2_000);
        print("zstd", "two frames", "letters", 2_000, join(zstd(first, 3), zstd(rest, 3)));
        System.out.println("];");
    }
}
