import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Produces numbered records and tells where they went, as one JSON line per partition.
 *
 * <p>Arguments: bootstrap, topic, then key=value. `records.*` describe the records (count, first, size, headers,
 * partition, outcome = commit, abort or open for transactions, timestamp of record 0 in milliseconds, without =
 * key or value); everything else is a producer property.
 * Record n has the key `key-n`, a value that starts with `value-n` and is filled up with dots to the size asked
 * for, and headers `header-i` = `n`.
 */
public final class KohortProducer {
    private final Map<String, String> records = new LinkedHashMap<>();
    private final Properties properties = new Properties();
    private final String topic;

    private KohortProducer(String[] args) {
        properties.put("bootstrap.servers", args[0]);
        properties.put("acks", "all");
        // Long enough to fill batches, which is what compression works on; flush() ends the wait.
        properties.put("linger.ms", "1000");
        topic = args[1];
        for (String pair : Arrays.asList(args).subList(2, args.length)) {
            int at = pair.indexOf('=');
            String key = pair.substring(0, at);
            if (key.startsWith("records.")) records.put(key, pair.substring(at + 1));
            else properties.put(key, pair.substring(at + 1));
        }
    }

    public static void main(String[] args) throws Exception {
        new KohortProducer(args).run();
        System.exit(0);
    }

    private void run() throws Exception {
        boolean transactional = properties.containsKey("transactional.id");
        KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        if (transactional) {
            producer.initTransactions();
            producer.beginTransaction();
        }
        List<RecordMetadata> written = send(producer);
        String outcome = records.getOrDefault("records.outcome", "commit");
        if (transactional && outcome.equals("commit")) producer.commitTransaction();
        if (transactional && outcome.equals("abort")) producer.abortTransaction();
        report(written);
        // Closing a producer aborts its open transaction: an open one is left by ending the process instead.
        if (!outcome.equals("open")) producer.close();
    }

    private List<RecordMetadata> send(KafkaProducer<byte[], byte[]> producer) throws Exception {
        int first = number("records.first", 0);
        int count = number("records.count", 1);
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int n = first; n < first + count; n++) sent.add(producer.send(record(n)));
        producer.flush();
        List<RecordMetadata> written = new ArrayList<>();
        for (Future<RecordMetadata> future : sent) written.add(future.get());
        return written;
    }

    private ProducerRecord<byte[], byte[]> record(int n) {
        String partition = records.get("records.partition");
        String timestamp = records.get("records.timestamp");
        String without = records.getOrDefault("records.without", "nothing");
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topic,
                partition == null ? null : Integer.valueOf(partition),
                timestamp == null ? null : Long.parseLong(timestamp) + n,
                without.equals("key") ? null : bytes("key-" + n),
                without.equals("value") ? null : value(n));
        for (int i = 0; i < number("records.headers", 0); i++) record.headers().add("header-" + i, bytes("" + n));
        return record;
    }

    private byte[] value(int n) {
        StringBuilder value = new StringBuilder("value-" + n);
        while (value.length() < number("records.size", 0)) value.append('.');
        return bytes(value.toString());
    }

    private static void report(List<RecordMetadata> written) {
        Map<Integer, long[]> byPartition = new TreeMap<>();
        for (RecordMetadata record : written) {
            long[] span = byPartition.computeIfAbsent(
                    record.partition(), partition -> new long[] {0, Long.MAX_VALUE, Long.MIN_VALUE});
            span[0] += 1;
            span[1] = Math.min(span[1], record.offset());
            span[2] = Math.max(span[2], record.offset());
        }
        byPartition.forEach((partition, span) -> JsonLine.event("produced")
                .put("partition", partition)
                .put("count", span[0])
                .put("minOffset", span[1])
                .put("maxOffset", span[2])
                .print());
    }

    private int number(String key, int otherwise) {
        String text = records.get(key);
        return text == null ? otherwise : Integer.parseInt(text);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
