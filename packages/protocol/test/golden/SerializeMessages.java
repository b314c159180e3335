import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.protocol.types.BoundField;
import org.apache.kafka.common.protocol.types.Field;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.Struct;
import org.apache.kafka.common.protocol.types.TaggedFields;
import org.apache.kafka.common.protocol.types.Type;

/**
 * Lets Kafka's own generated classes serialise every message of the given APIs, and prints one line per message: API,
 * direction, version, variant, bytes in hex, and Kafka's JSON form of the same message. The bytes come from the schema that
 * Kafka attaches to each version; the generated class then reads them and must write the same bytes.
 *
 * <p>{@code java -cp 'kafka-clients.jar:jackson-*.jar:…' SerializeMessages.java API_KEY:MIN-MAX…}, where the jars are those
 * that kafka-clients and jackson-databind need.
 *
 * <p>{@code kafka-serializer.txt} is the output on Kafka 4.3.0 for {@code 0:3-13 1:4-18 2:1-11 3:0-13 8:2-10 9:1-10 10:0-6
 * 11:0-9 12:0-4 13:0-5 14:0-5 15:0-6 16:0-5 17:0-1 18:0-4 19:2-7 20:1-6 21:0-2 22:0-5 23:2-4 32:1-4 36:0-2 37:0-3 42:0-2
 * 47:0-0 68:0-1}, then on Kafka 3.9.1 for versions that 4.0 removed, {@code 19:0-1 20:0-0 23:0-1 32:0-0}, then on 4.3.0 for
 * {@code 24:0-5 25:0-4 26:0-5 28:0-5 69:0-1}.
 */
public class SerializeMessages {
    /** Full: every field set, arrays of a full and a sparse element. Sparse: null or empty wherever allowed. */
    private enum Variant { full, sparse }

    private int counter = 0;

    public static void main(String[] args) throws Exception {
        for (String arg : args) {
            String[] parts = arg.split("[:-]");
            ApiMessageType api = ApiMessageType.fromApiKey(Short.parseShort(parts[0]));
            for (short version = Short.parseShort(parts[1]); version <= Short.parseShort(parts[2]); version++) {
                for (Variant variant : Variant.values()) {
                    print(api, "request", version, variant, api.requestSchemas()[version], api.newRequest());
                    print(api, "response", version, variant, api.responseSchemas()[version], api.newResponse());
                }
            }
        }
    }

    private static void print(
            ApiMessageType api, String direction, short version, Variant variant, Schema schema, ApiMessage message)
            throws Exception {
        Struct struct = new SerializeMessages().struct(schema, variant);
        ByteBuffer bytes = ByteBuffer.allocate(schema.sizeOf(struct));
        schema.write(bytes, struct);
        bytes.flip();
        message.read(new ByteBufferAccessor(bytes.duplicate()), version);
        ObjectSerializationCache sizes = new ObjectSerializationCache();
        ByteBuffer again = ByteBuffer.allocate(message.size(sizes, version));
        message.write(new ByteBufferAccessor(again), sizes, version);
        again.flip();
        if (!bytes.equals(again)) throw new IllegalStateException(api + " " + direction + " " + version + " differs");
        String line = String.join(" ", api.name, direction, Short.toString(version), variant.name(),
            HexFormat.of().formatHex(bytes.array()), json(message, version).toString());
        System.out.println(line);
    }

    private static JsonNode json(Message message, short version) throws Exception {
        Class<?> type = message.getClass();
        Class<?> converter = Class.forName(type.getName() + "JsonConverter");
        return (JsonNode) converter.getMethod("write", type, short.class, boolean.class)
            .invoke(null, message, version, true);
    }

    private Struct struct(Schema schema, Variant variant) throws ReflectiveOperationException {
        Struct struct = new Struct(schema);
        for (BoundField field : schema.fields()) {
            struct.set(field, value(field.def.type, variant, field.def.name));
        }
        return struct;
    }

    private Object value(Type type, Variant variant, String name) throws ReflectiveOperationException {
        if (variant == Variant.sparse && type.isNullable()) return null;
        if (type.isArray()) return array(type.arrayElementType().get(), variant, name);
        if (type instanceof Schema) return struct((Schema) type, variant);
        if (type instanceof TaggedFields) return tagged((TaggedFields) type, variant);
        counter++;
        boolean sparse = variant == Variant.sparse;
        switch (type.toString()) {
            case "BOOLEAN": return !sparse;
            case "INT8": return (byte) counter;
            case "INT16": return (short) (sparse ? 0 : 250 + counter);
            case "INT32": return sparse ? -1 : 70_000 + counter;
            case "INT64": return sparse ? -1L : 5_000_000_000L + counter;
            case "UUID": return sparse ? Uuid.ZERO_UUID : new Uuid(0x0102_0304_0506_0708L, 0x1000 + counter);
            case "STRING": case "COMPACT_STRING": case "NULLABLE_STRING": case "COMPACT_NULLABLE_STRING":
                return sparse ? "" : name + "-é" + counter;
            case "BYTES": case "COMPACT_BYTES": case "NULLABLE_BYTES": case "COMPACT_NULLABLE_BYTES":
                return ByteBuffer.wrap(blob(sparse));
            case "RECORDS": case "COMPACT_RECORDS": case "NULLABLE_RECORDS": case "COMPACT_NULLABLE_RECORDS":
                return records(blob(sparse));
            default: throw new IllegalArgumentException("no value for " + type);
        }
    }

    /** The class has moved between the releases that this runs on. */
    private static Object records(byte[] bytes) throws ReflectiveOperationException {
        Class<?> type;
        try {
            type = Class.forName("org.apache.kafka.common.record.internal.MemoryRecords");
        } catch (ClassNotFoundException e) {
            type = Class.forName("org.apache.kafka.common.record.MemoryRecords");
        }
        return type.getMethod("readableRecords", ByteBuffer.class).invoke(null, ByteBuffer.wrap(bytes));
    }

    private byte[] blob(boolean sparse) {
        return sparse ? new byte[0] : ("blob" + counter).getBytes(StandardCharsets.UTF_8);
    }

    private Object array(Type element, Variant variant, String name) throws ReflectiveOperationException {
        List<Object> elements = new ArrayList<>();
        if (variant == Variant.full) {
            elements.add(value(element, Variant.full, name));
            elements.add(value(element, element.isNullable() ? Variant.full : Variant.sparse, name));
        }
        return elements.toArray();
    }

    /** All known tagged fields, or none. */
    private NavigableMap<Integer, Object> tagged(TaggedFields type, Variant variant)
            throws ReflectiveOperationException {
        NavigableMap<Integer, Object> values = new TreeMap<>();
        if (variant == Variant.sparse) return values;
        // Without a public getter before Kafka 4.
        var known = TaggedFields.class.getDeclaredField("fields");
        known.setAccessible(true);
        for (var entry : ((Map<?, ?>) known.get(type)).entrySet()) {
            Field field = (Field) entry.getValue();
            values.put((Integer) entry.getKey(), value(field.type, Variant.full, field.name));
        }
        return values;
    }
}
