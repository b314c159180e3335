// Writes zstd.json: frames by zstd-jni, the library of Apache Kafka's clients, for zstd.test.ts.
// Run with zstd-jni on the class path: java -cp <jar> GoldenZstd.java > zstd.json
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.util.*;

public class GoldenZstd {
    /** The same formula as in GoldenBatches.java. */
    static byte[] filler(int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) bytes[i] = (byte) ('a' + ((long) i * i / 7 + i / 100) % 23);
        return bytes;
    }

    static byte[] streamed(byte[] content, int level) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZstdOutputStream stream = new ZstdOutputStream(out, level)) {
            stream.write(content);
        }
        return out.toByteArray();
    }

    public static void main(String[] args) throws Exception {
        List<String> lines = new ArrayList<>();
        for (int level : new int[] {-7, 1, 3, 9, 19, 22}) {
            for (int size : new int[] {0, 1, 300, 20_000, 140_000}) {
                byte[] packed = size == 300 ? Zstd.compress(filler(size), level) : streamed(filler(size), level);
                if (packed.length < 4_000) lines.add("  \"" + size + " at " + level + "\": \"" + Base64.getEncoder().encodeToString(packed) + "\"");
            }
        }
        System.out.println("{\n" + String.join(",\n", lines) + "\n}");
    }
}
