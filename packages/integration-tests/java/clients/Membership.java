import java.lang.reflect.Method;
import org.apache.kafka.clients.consumer.Consumer;

/** Member id and generation of a consumer, where its version of kafka-clients tells them (2.5 and newer). */
final class Membership {
    final String memberId;
    final long generation;

    private Membership(String memberId, long generation) {
        this.memberId = memberId;
        this.generation = generation;
    }

    static Membership of(Consumer<?, ?> consumer) {
        try {
            Object metadata = Consumer.class.getMethod("groupMetadata").invoke(consumer);
            Method memberId = metadata.getClass().getMethod("memberId");
            Method generation = metadata.getClass().getMethod("generationId");
            return new Membership((String) memberId.invoke(metadata), (Integer) generation.invoke(metadata));
        } catch (NoSuchMethodException olderClient) {
            return new Membership(null, -1);
        } catch (ReflectiveOperationException error) {
            throw new IllegalStateException(error);
        }
    }
}
