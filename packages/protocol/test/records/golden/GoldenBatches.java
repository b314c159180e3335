// Writes batches.json: record batches made by Apache Kafka's own client library, for record-golden.test.ts.
// Run with kafka-clients 3.9, lz4-java, snappy-java, zstd-jni and slf4j-api on the class path:
//   java -cp <jars> GoldenBatches.java > batches.json
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.*;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.*;

public class GoldenBatches {
    static final long TIME = 1_700_000_000_000L;
    static final List<String> lines = new ArrayList<>();

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Compressible, but not by one long run: spans two blocks of LZ4 and several chunks of Snappy. */
    static byte[] filler(int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) bytes[i] = (byte) ('a' + ((long) i * i / 7 + i / 100) % 23);
        return bytes;
    }

    static void add(String name, ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        lines.add("  \"" + name + "\": \"" + Base64.getEncoder().encodeToString(bytes) + "\"");
    }

    static MemoryRecords records(byte magic, Compression compression, TimestampType type, long base) {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
        MemoryRecordsBuilder builder = MemoryRecords.builder(buffer, magic, compression, type, base, TIME + 999);
        Header[] none = {};
        long time = magic == 0 ? RecordBatch.NO_TIMESTAMP : TIME;
        builder.append(time, utf8("key"), utf8("value"), none);
        Header[] headers = {new RecordHeader("h", utf8("1")), new RecordHeader("h", null), new RecordHeader("ü", new byte[0])};
        builder.append(magic == 0 ? time : time + 5, null, utf8("no key"), magic == 2 ? headers : none);
        builder.append(magic == 0 ? time : time + 1_000_000, utf8("tombstone"), null, none);
        builder.append(magic == 0 ? time : time - 1, new byte[0], new byte[0], none);
        builder.append(time, utf8("filler"), filler(compression == Compression.NONE ? 300 : 70_000), none);
        return builder.build();
    }

    public static void main(String[] args) {
        Map<String, Compression> compressions = new LinkedHashMap<>();
        compressions.put("none", Compression.NONE);
        compressions.put("gzip", Compression.gzip().build());
        compressions.put("snappy", Compression.snappy().build());
        compressions.put("lz4", Compression.lz4().build());
        compressions.put("zstd", Compression.zstd().build());
        for (byte magic = 0; magic <= 2; magic++) {
            for (Map.Entry<String, Compression> entry : compressions.entrySet()) {
                if (entry.getKey().equals("zstd") && magic < 2) continue;
                TimestampType type = magic == 0 ? TimestampType.NO_TIMESTAMP_TYPE : TimestampType.CREATE_TIME;
                add("magic " + magic + " " + entry.getKey(), records(magic, entry.getValue(), type, 100).buffer());
            }
        }
        add("magic 1 gzip logAppend", records((byte) 1, Compression.gzip().build(), TimestampType.LOG_APPEND_TIME, 100).buffer());
        add("magic 2 gzip logAppend", records((byte) 2, Compression.gzip().build(), TimestampType.LOG_APPEND_TIME, 100).buffer());
        SimpleRecord record = new SimpleRecord(TIME, utf8("k"), utf8("in a transaction"));
        add("transactional", MemoryRecords.withTransactionalRecords(10L, Compression.NONE, 4242L, (short) 3, 7, 5, record).buffer());
        add("abort marker", MemoryRecords.withEndTransactionMarker(11L, TIME, 5, 4242L, (short) 3,
            new EndTransactionMarker(ControlRecordType.ABORT, 9)).buffer());
        add("commit marker", MemoryRecords.withEndTransactionMarker(12L, TIME, 5, 4242L, (short) 3,
            new EndTransactionMarker(ControlRecordType.COMMIT, 9)).buffer());
        System.out.println("{\n" + String.join(",\n", lines) + "\n}");
    }
}
