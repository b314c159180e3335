import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.GroupSubscription;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * Times CooperativeStickyAssignor for a group in a file, warmed up in this JVM, and prints one line of JSON: the assignor
 * alone, and all that a leader does, from the bytes of JoinGroup to those of SyncGroup.
 * Arguments: file, rounds, milliseconds for warming up, milliseconds for measuring.
 */
public final class AssignorBench {
    /** What is shorter than this is done several times in a round: a clock that is read costs time as well. */
    private static final long ROUND_MILLIS = 2;

    private record Member(String id, List<String> topics, List<TopicPartition> owned) {}

    private final Map<String, List<PartitionInfo>> topics = new HashMap<>();
    private final List<Member> members = new ArrayList<>();

    public static void main(String[] args) throws IOException {
        AssignorBench bench = new AssignorBench();
        bench.read(Path.of(args[0]));
        bench.measure(Integer.parseInt(args[1]), Long.parseLong(args[2]), Long.parseLong(args[3]));
    }

    private void measure(int rounds, long warmUpMillis, long millis) {
        Map<String, Subscription> subscriptions = subscriptions();
        Supplier<Map<String, List<TopicPartition>>> assign =
                () -> new CooperativeStickyAssignor().assignPartitions(topics, subscriptions);
        Timing alone = time(assign, rounds, warmUpMillis, millis);
        long squares = 0;
        for (List<TopicPartition> own : assign.get().values()) squares += (long) own.size() * own.size();
        Map<String, byte[]> joined = new HashMap<>();
        subscriptions.forEach((id, own) -> joined.put(id, ConsumerProtocol.serializeSubscription(own).array()));
        Cluster cluster = cluster();
        // What takes that long is warm by now.
        boolean isSlow = alone.slowest > warmUpMillis;
        Timing leader = time(() -> lead(cluster, joined), isSlow ? 1 : rounds, isSlow ? 0 : warmUpMillis, millis);
        System.out.println("{\"wallMs\":[" + alone.wall + "],\"cpuMs\":[" + alone.cpu
                + "],\"leaderMs\":[" + leader.wall + "],\"squares\":" + squares + "}");
    }

    /** As ConsumerCoordinator.onLeaderElected does it, from what JoinGroup brings to what SyncGroup sends. */
    private static Map<String, ByteBuffer> lead(Cluster cluster, Map<String, byte[]> joined) {
        Map<String, Subscription> subscriptions = new HashMap<>();
        joined.forEach((id, metadata) ->
                subscriptions.put(id, ConsumerProtocol.deserializeSubscription(ByteBuffer.wrap(metadata))));
        Map<String, Assignment> plan =
                new CooperativeStickyAssignor().assign(cluster, new GroupSubscription(subscriptions)).groupAssignment();
        Map<String, ByteBuffer> encoded = new HashMap<>();
        plan.forEach((id, own) -> encoded.put(id, ConsumerProtocol.serializeAssignment(own)));
        return encoded;
    }

    private record Timing(StringJoiner wall, StringJoiner cpu, double slowest) {}

    private static Timing time(Supplier<?> work, int rounds, long warmUpMillis, long millis) {
        long warm = System.nanoTime() + warmUpMillis * 1_000_000;
        int warmedUp = 0;
        while (warmUpMillis > 0 && (warmedUp == 0 || System.nanoTime() < warm)) {
            work.get();
            warmedUp++;
        }
        int times = warmedUp == 0 ? 1 : (int) Math.max(1, ROUND_MILLIS * warmedUp / warmUpMillis);
        com.sun.management.OperatingSystemMXBean process =
                (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        StringJoiner wall = new StringJoiner(",");
        StringJoiner cpu = new StringJoiner(",");
        double slowest = 0;
        long end = System.nanoTime() + millis * 1_000_000;
        for (int round = 0; round == 0 || (round < rounds && System.nanoTime() < end); round++) {
            long cpuBefore = process.getProcessCpuTime();
            long began = System.nanoTime();
            for (int i = 0; i < times; i++) work.get();
            double took = (System.nanoTime() - began) / 1e6 / times;
            slowest = Math.max(slowest, took);
            wall.add(String.valueOf(took));
            cpu.add(String.valueOf((process.getProcessCpuTime() - cpuBefore) / 1e6 / times));
        }
        return new Timing(wall, cpu, slowest);
    }

    private Map<String, Subscription> subscriptions() {
        Map<String, Subscription> subscriptions = new HashMap<>();
        for (Member member : members) {
            int generation = member.owned.isEmpty() ? -1 : 1;
            subscriptions.put(member.id, new Subscription(
                    member.topics, null, member.owned, generation, Optional.empty()));
        }
        return subscriptions;
    }

    private Cluster cluster() {
        List<PartitionInfo> all = new ArrayList<>();
        topics.values().forEach(all::addAll);
        return new Cluster("bench", List.of(NODE), all, Set.of(), Set.of());
    }

    private static final Node NODE = new Node(0, "localhost", 9092);

    private void read(Path file) throws IOException {
        Node[] replicas = {NODE};
        List<TopicPartition> flat = new ArrayList<>();
        try (BufferedReader in = Files.newBufferedReader(file)) {
            int topic = 0;
            for (String count : in.readLine().split(" ")) {
                String name = name(topic++);
                List<PartitionInfo> partitions = new ArrayList<>();
                for (int p = 0; p < Integer.parseInt(count); p++) {
                    partitions.add(new PartitionInfo(name, p, NODE, replicas, replicas));
                    flat.add(new TopicPartition(name, p));
                }
                if (!partitions.isEmpty()) topics.put(name, partitions);
            }
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] fields = line.split("\\|", -1);
                Member member = new Member(fields[0], new ArrayList<>(), new ArrayList<>());
                for (String t : fields[1].isEmpty() ? new String[0] : fields[1].split(" ")) {
                    member.topics.add(name(Integer.parseInt(t)));
                }
                for (String p : fields[2].isEmpty() ? new String[0] : fields[2].split(" ")) {
                    member.owned.add(flat.get(Integer.parseInt(p)));
                }
                members.add(member);
            }
        }
    }

    private static String name(int topic) {
        return String.format("topic-%04d", topic);
    }
}
