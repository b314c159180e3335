import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A member of a consumer group that is not Kohort's. Tells what happens to it as JSON lines on standard output,
 * takes commands (close, pause, resume, commit, stall MS) from standard input, and ends when its input ends,
 * that is when the test that started it is gone.
 *
 * <p>Arguments: bootstrap, group id, topics (comma-separated), assignor, then consumer properties as key=value.
 * `member.commit=none` turns off the commit after each batch; `member.handle.ms` is slept for each batch.
 */
public final class KohortForeignMember implements ConsumerRebalanceListener {
    private static final Map<String, String> ASSIGNORS = Map.of(
            "range", "org.apache.kafka.clients.consumer.RangeAssignor",
            "roundrobin", "org.apache.kafka.clients.consumer.RoundRobinAssignor",
            "sticky", "org.apache.kafka.clients.consumer.StickyAssignor",
            "cooperative-sticky", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Queue<String> commands = new ConcurrentLinkedQueue<>();
    private final boolean commitEachBatch;
    private final long handleMs;
    private boolean paused;

    private KohortForeignMember(Properties properties) {
        commitEachBatch = !"none".equals(properties.remove("member.commit"));
        Object handle = properties.remove("member.handle.ms");
        handleMs = handle == null ? 0 : Long.parseLong(handle.toString());
        consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    public static void main(String[] args) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", args[0]);
        properties.put("group.id", args[1]);
        properties.put("partition.assignment.strategy", ASSIGNORS.get(args[3]));
        properties.put("auto.offset.reset", "earliest");
        properties.put("enable.auto.commit", "false");
        for (String pair : Arrays.asList(args).subList(4, args.length)) {
            int at = pair.indexOf('=');
            properties.put(pair.substring(0, at), pair.substring(at + 1));
        }
        KohortForeignMember member = new KohortForeignMember(properties);
        member.listen();
        try {
            member.run(Arrays.asList(args[2].split(",")));
        } catch (Exception error) {
            JsonLine.event("failed").put("message", error.toString()).print();
            System.exit(1);
        }
        System.exit(0);
    }

    private void run(List<String> topics) throws InterruptedException {
        consumer.subscribe(topics, this);
        JsonLine.event("started").print();
        while (obey()) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(100));
            if (records.isEmpty()) continue;
            if (handleMs > 0) Thread.sleep(handleMs);
            report(records);
            if (commitEachBatch) commit();
        }
        consumer.close();
        JsonLine.event("closed").print();
    }

    /** Carries out the commands that have come in; false after `close`. */
    private boolean obey() throws InterruptedException {
        for (String command = commands.poll(); command != null; command = commands.poll()) {
            String[] words = command.trim().split(" ");
            switch (words[0]) {
                case "close":
                    return false;
                case "pause":
                    paused = true;
                    consumer.pause(consumer.assignment());
                    break;
                case "resume":
                    paused = false;
                    consumer.resume(consumer.assignment());
                    break;
                case "commit":
                    commit();
                    break;
                case "stall":
                    Thread.sleep(Long.parseLong(words[1]));
                    break;
                default:
                    throw new IllegalArgumentException("unknown command: " + command);
            }
            JsonLine.event("done").put("command", words[0]).print();
        }
        return true;
    }

    private void report(ConsumerRecords<byte[], byte[]> records) {
        for (TopicPartition partition : records.partitions()) {
            List<ConsumerRecord<byte[], byte[]>> batch = records.records(partition);
            JsonLine.event("records")
                    .put("topic", partition.topic())
                    .put("partition", partition.partition())
                    .put("count", batch.size())
                    .put("minOffset", batch.get(0).offset())
                    .put("maxOffset", batch.get(batch.size() - 1).offset())
                    .print();
        }
    }

    private void commit() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (TopicPartition partition : consumer.assignment()) {
            offsets.put(partition, new OffsetAndMetadata(consumer.position(partition)));
        }
        try {
            consumer.commitSync(offsets);
        } catch (RuntimeException error) {
            // A commit that comes too late (after a rebalance) is part of a member's life, not its end.
            JsonLine.event("commitFailed").put("message", error.toString()).print();
            return;
        }
        String list = offsets.entrySet().stream()
                .map(entry -> json(entry.getKey()).put("offset", entry.getValue().offset()).closed())
                .collect(Collectors.joining(",", "[", "]"));
        JsonLine.event("committed").raw("offsets", list).print();
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        if (paused) consumer.pause(consumer.assignment());
        rebalanced("assigned", partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        rebalanced("revoked", partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        rebalanced("lost", partitions);
    }

    /** `partitions` is what changed, `owned` everything this member holds afterwards. */
    private void rebalanced(String event, Collection<TopicPartition> partitions) {
        Collection<TopicPartition> owned = consumer.assignment().stream()
                .filter(partition -> event.equals("assigned") || !partitions.contains(partition))
                .collect(Collectors.toList());
        JsonLine line = JsonLine.event(event).raw("partitions", jsonList(partitions)).raw("owned", jsonList(owned));
        Membership membership = Membership.of(consumer);
        line.put("memberId", membership.memberId).put("generation", membership.generation).print();
    }

    private static String jsonList(Collection<TopicPartition> partitions) {
        return partitions.stream().map(p -> json(p).closed()).collect(Collectors.joining(",", "[", "]"));
    }

    private static JsonLine json(TopicPartition partition) {
        return new JsonLine().put("topic", partition.topic()).put("partition", partition.partition());
    }

    private void listen() {
        Thread listener = new Thread(() -> {
            try (BufferedReader input =
                    new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
                for (String line = input.readLine(); line != null; line = input.readLine()) commands.add(line);
            } catch (java.io.IOException error) {
                System.err.println("standard input: " + error);
            }
            // Nobody is left to command this member: it dies as in a crash, without leaving the group.
            Runtime.getRuntime().halt(1);
        });
        listener.setDaemon(true);
        listener.start();
    }
}
