import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Uses every API that a consumer group needs once, so that a proxy in front of the broker sees each of them.
 * A step that this combination of versions does not support prints its reason, and the next step runs.
 */
public final class CaptureClient {
    private interface Step {
        void run() throws Exception;
    }

    private static final Duration POLL = Duration.ofMillis(100);

    private final Map<String, String> common;
    private final String topic;
    private final String group;
    private final boolean modern;
    private final boolean staticMember;

    private CaptureClient(Map<String, String> common, String name) {
        this.common = common;
        this.topic = name + "-topic";
        this.group = name + "-group";
        this.modern = "consumer".equals(common.get("capture.group.protocol"));
        this.staticMember = !modern && !"false".equals(common.get("capture.static"));
    }

    /** Arguments: bootstrap, a unique name, then client properties as key=value. */
    public static void main(String[] args) {
        Map<String, String> common = new TreeMap<>();
        common.put("bootstrap.servers", args[0]);
        common.put("request.timeout.ms", "6000");
        for (String pair : Arrays.asList(args).subList(2, args.length)) {
            int at = pair.indexOf('=');
            common.put(pair.substring(0, at), pair.substring(at + 1));
        }
        new CaptureClient(common, args[1]).run();
        // Client threads of a failed step must not keep the process alive.
        System.exit(0);
    }

    private void run() {
        step("createTopics", () -> withAdmin(admin -> {
            admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1))).all().get();
            admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(3))).all().get();
            admin.listTopics().names().get();
        }));
        step("produce", this::produce);
        if (!"false".equals(common.get("capture.transactions"))) step("transactions", this::transactions);
        step("consume", this::consume);
        step("delete", () -> withAdmin(admin -> {
            admin.deleteConsumerGroupOffsets(group, Set.of(new TopicPartition(topic, 0))).all().get();
            admin.deleteConsumerGroups(List.of(group)).all().get();
            admin.deleteTopics(List.of(topic)).all().get();
        }));
    }

    private void produce() throws Exception {
        Properties properties = properties();
        properties.put("acks", "all");
        properties.put("max.block.ms", "6000");
        properties.put("delivery.timeout.ms", "7000");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int n = 0; n < 3; n++) {
                producer.send(record(n % 2, n)).get();
            }
        }
    }

    private void transactions() throws Exception {
        Properties properties = properties();
        properties.put("transactional.id", group + "-transactional");
        properties.put("max.block.ms", "6000");
        properties.put("delivery.timeout.ms", "7000");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(record(2, 100)).get();
            producer.commitTransaction();
            producer.beginTransaction();
            producer.send(record(2, 101)).get();
            producer.abortTransaction();
        }
    }

    private ProducerRecord<byte[], byte[]> record(int partition, int n) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, partition, ("key-" + n).getBytes(), ("value-" + n).getBytes());
        if (!"true".equals(common.get("capture.no.headers"))) record.headers().add("n", new byte[] {(byte) n});
        return record;
    }

    private void consume() throws Exception {
        try (KafkaConsumer<byte[], byte[]> first = consumer(null);
                KafkaConsumer<byte[], byte[]> second = consumer(staticMember ? group + "-static" : null)) {
            first.subscribe(List.of(topic));
            pollUntil(List.of(first), 2);
            second.subscribe(List.of(topic));
            pollUntil(List.of(first, second), 1);
            step("offsets", () -> offsets(first));
            step("describe", () -> withAdmin(admin -> {
                admin.describeConsumerGroups(List.of(group)).all().get();
                admin.listConsumerGroups().all().get();
                admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
            }));
            second.close(Duration.ofSeconds(2));
            if (staticMember) step("removeStatic", () -> withAdmin(admin -> admin.removeMembersFromConsumerGroup(
                    group, new RemoveMembersFromConsumerGroupOptions(Set.of(new MemberToRemove(group + "-static"))))
                    .all().get()));
            pollUntil(List.of(first), 0);
        }
    }

    private void offsets(KafkaConsumer<byte[], byte[]> consumer) {
        Set<TopicPartition> owned = consumer.assignment();
        consumer.beginningOffsets(owned);
        consumer.endOffsets(owned);
        Map<TopicPartition, Long> times = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> commits = new HashMap<>();
        for (TopicPartition partition : owned) {
            times.put(partition, 1L);
            commits.put(partition, new OffsetAndMetadata(1L, Optional.of(0), "committed by capture"));
        }
        consumer.offsetsForTimes(times);
        consumer.commitSync(commits);
        consumer.committed(owned);
        // A position with a leader epoch is validated by OffsetForLeaderEpoch before the next fetch.
        for (TopicPartition partition : owned) consumer.seek(partition, commits.get(partition));
        pollUntil(List.of(consumer), 0);
    }

    private KafkaConsumer<byte[], byte[]> consumer(String instanceId) {
        Properties properties = properties();
        properties.put("group.id", group);
        properties.put("client.rack", "rack-1");
        properties.put("auto.offset.reset", "earliest");
        properties.put("enable.auto.commit", "false");
        properties.putIfAbsent("isolation.level", "read_committed");
        properties.put("default.api.timeout.ms", "7000");
        properties.put("fetch.max.wait.ms", "100");
        if (modern) {
            properties.put("group.protocol", "consumer");
        } else {
            properties.put("heartbeat.interval.ms", "200");
            properties.put("session.timeout.ms", "6000");
        }
        if (instanceId != null) properties.put("group.instance.id", instanceId);
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Polls the consumers in turn until all own partitions and `records` arrived, at most 8 seconds, then a little more. */
    private static void pollUntil(List<KafkaConsumer<byte[], byte[]>> consumers, int records) {
        long deadline = System.nanoTime() + Duration.ofSeconds(8).toNanos();
        long enough = System.nanoTime() + Duration.ofMillis(800).toNanos();
        int seen = 0;
        while (System.nanoTime() < deadline) {
            boolean owners = true;
            for (KafkaConsumer<byte[], byte[]> consumer : consumers) {
                ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
                seen += polled.count();
                owners &= !consumer.assignment().isEmpty();
            }
            if (owners && seen >= records && System.nanoTime() > enough) return;
        }
        throw new IllegalStateException("saw " + seen + " of " + records + " records");
    }

    private Properties properties() {
        Properties properties = new Properties();
        common.forEach((key, value) -> {
            if (!key.startsWith("capture.")) properties.put(key, value);
        });
        return properties;
    }

    private interface AdminStep {
        void run(Admin admin) throws Exception;
    }

    private void withAdmin(AdminStep step) throws Exception {
        Properties properties = properties();
        properties.put("default.api.timeout.ms", "7000");
        Admin admin = Admin.create(properties);
        try {
            step.run(admin);
        } finally {
            admin.close(Duration.ofSeconds(2));
        }
    }

    private static void step(String name, Step step) {
        List<String> causes = new ArrayList<>();
        try {
            step.run();
        } catch (Exception error) {
            for (Throwable cause = error; cause != null; cause = cause.getCause()) causes.add(cause.toString());
        }
        System.out.println(name + ": " + (causes.isEmpty() ? "ok" : String.join(" <- ", causes)));
    }
}
