import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.Base64;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.GroupSubscription;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.consumer.RoundRobinAssignor;
import org.apache.kafka.clients.consumer.StickyAssignor;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * Answers assignment problems with the plans of Kafka's own assignors: one JSON problem per input line, one JSON
 * answer per output line, until the input ends. An assignor that throws is answered with its error.
 */
public final class AssignorOracle {
    private static final ObjectMapper JSON = new ObjectMapper();

    public static void main(String[] args) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.println(JSON.writeValueAsString(answer(JSON.readTree(line))));
        }
    }

    private static ObjectNode answer(JsonNode problem) {
        ObjectNode answer = JSON.createObjectNode();
        answer.set("id", problem.get("id"));
        try {
            Map<String, Assignment> plan = assignor(problem.get("assignor").asText())
                    .assign(cluster(problem.get("topics")), new GroupSubscription(subscriptions(problem.get("members"))))
                    .groupAssignment();
            ArrayNode members = answer.putArray("members");
            new TreeMap<>(plan).forEach((memberId, assignment) -> {
                ObjectNode member = members.addObject().put("memberId", memberId);
                ArrayNode partitions = member.putArray("partitions");
                for (TopicPartition partition : assignment.partitions()) {
                    partitions.addObject().put("topic", partition.topic()).put("partition", partition.partition());
                }
            });
        } catch (RuntimeException error) {
            answer.put("error", error.toString());
        }
        return answer;
    }

    // A new assignor for each problem: they keep state from one assignment to the next.
    private static ConsumerPartitionAssignor assignor(String name) {
        switch (name) {
            case "range":
                return new RangeAssignor();
            case "roundrobin":
                return new RoundRobinAssignor();
            case "sticky":
                return new StickyAssignor();
            case "cooperative-sticky":
                return new CooperativeStickyAssignor();
            default:
                throw new IllegalArgumentException("unknown assignor: " + name);
        }
    }

    private static Map<String, Subscription> subscriptions(JsonNode members) {
        Map<String, Subscription> subscriptions = new HashMap<>();
        for (JsonNode member : members) {
            List<String> topics = new ArrayList<>();
            member.get("topics").forEach(topic -> topics.add(topic.asText()));
            List<TopicPartition> owned = new ArrayList<>();
            for (JsonNode partition : member.path("owned")) {
                owned.add(new TopicPartition(partition.get("topic").asText(), partition.get("partition").asInt()));
            }
            ByteBuffer userData = member.hasNonNull("userDataBase64")
                    ? ByteBuffer.wrap(Base64.getDecoder().decode(member.get("userDataBase64").asText()))
                    : null;
            Subscription subscription = new Subscription(
                    topics, userData, owned, member.path("generation").asInt(-1), text(member, "rack"));
            subscription.setGroupInstanceId(text(member, "groupInstanceId"));
            subscriptions.put(member.get("memberId").asText(), subscription);
        }
        return subscriptions;
    }

    /** Each rack is one node; a replica without a rack is on a node without one. */
    private static Cluster cluster(JsonNode topics) {
        Map<String, Node> nodes = new HashMap<>();
        List<PartitionInfo> partitions = new ArrayList<>();
        for (JsonNode topic : topics) {
            JsonNode replicaRacks = topic.path("replicaRacks");
            for (int partition = 0; partition < topic.get("partitions").asInt(); partition++) {
                Node[] replicas = replicas(replicaRacks.path(partition), nodes);
                partitions.add(new PartitionInfo(
                        topic.get("name").asText(), partition, replicas.length == 0 ? null : replicas[0], replicas, replicas));
            }
        }
        return new Cluster("oracle", nodes.values(), partitions, Set.of(), Set.of());
    }

    private static Node[] replicas(JsonNode racks, Map<String, Node> nodes) {
        List<Node> replicas = new ArrayList<>();
        for (JsonNode rack : racks) {
            String name = rack.isNull() ? null : rack.asText();
            replicas.add(nodes.computeIfAbsent(
                    String.valueOf(name), key -> new Node(nodes.size(), "localhost", 9092, name)));
        }
        return replicas.toArray(new Node[0]);
    }

    private static Optional<String> text(JsonNode node, String field) {
        return node.hasNonNull(field) ? Optional.of(node.get(field).asText()) : Optional.empty();
    }
}
