import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * Times CooperativeStickyAssignor for a group in a file, warmed up in this JVM, and prints one line of JSON.
 * Arguments: file, rounds, milliseconds for warming up, milliseconds for measuring.
 */
public final class AssignorBench {
    private record Member(String id, List<String> topics, List<TopicPartition> owned) {}

    public static void main(String[] args) throws IOException {
        Map<String, List<PartitionInfo>> topics = new HashMap<>();
        List<Member> members = new ArrayList<>();
        read(Path.of(args[0]), topics, members);
        int rounds = Integer.parseInt(args[1]);
        run(topics, members, 1, Integer.MAX_VALUE, Long.parseLong(args[2]), new StringJoiner(","), new StringJoiner(","));
        StringJoiner wall = new StringJoiner(",");
        StringJoiner cpu = new StringJoiner(",");
        Map<String, List<TopicPartition>> plan = run(topics, members, 1, rounds, Long.parseLong(args[3]), wall, cpu);
        long squares = 0;
        for (List<TopicPartition> own : plan.values()) squares += (long) own.size() * own.size();
        System.out.println("{\"wallMs\":[" + wall + "],\"cpuMs\":[" + cpu + "],\"squares\":" + squares + "}");
    }

    /** At least `least` rounds, at most `most`, and none after the time is up. */
    private static Map<String, List<TopicPartition>> run(
            Map<String, List<PartitionInfo>> topics, List<Member> members, int least, int most, long millis,
            StringJoiner wall, StringJoiner cpu) {
        com.sun.management.OperatingSystemMXBean process =
                (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long end = System.nanoTime() + millis * 1_000_000;
        Map<String, List<TopicPartition>> plan = Map.of();
        for (int round = 0; round < least || (round < most && System.nanoTime() < end); round++) {
            Map<String, Subscription> subscriptions = subscriptions(members);
            CooperativeStickyAssignor assignor = new CooperativeStickyAssignor();
            long cpuBefore = process.getProcessCpuTime();
            long before = System.nanoTime();
            plan = assignor.assignPartitions(topics, subscriptions);
            wall.add(String.valueOf((System.nanoTime() - before) / 1e6));
            cpu.add(String.valueOf((process.getProcessCpuTime() - cpuBefore) / 1e6));
        }
        return plan;
    }

    private static Map<String, Subscription> subscriptions(List<Member> members) {
        Map<String, Subscription> subscriptions = new HashMap<>();
        for (Member member : members) {
            int generation = member.owned.isEmpty() ? -1 : 1;
            subscriptions.put(member.id, new Subscription(
                    new ArrayList<>(member.topics), null, new ArrayList<>(member.owned), generation, Optional.empty()));
        }
        return subscriptions;
    }

    private static void read(Path file, Map<String, List<PartitionInfo>> topics, List<Member> members)
            throws IOException {
        Node node = new Node(0, "localhost", 9092);
        Node[] replicas = {node};
        List<TopicPartition> flat = new ArrayList<>();
        try (BufferedReader in = Files.newBufferedReader(file)) {
            int topic = 0;
            for (String count : in.readLine().split(" ")) {
                String name = name(topic++);
                List<PartitionInfo> partitions = new ArrayList<>();
                for (int p = 0; p < Integer.parseInt(count); p++) {
                    partitions.add(new PartitionInfo(name, p, node, replicas, replicas));
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
