/** Writes one flat JSON object per line; kafka-clients brings no JSON library. */
final class JsonLine {
    private final StringBuilder text = new StringBuilder("{");

    static JsonLine event(String name) {
        return new JsonLine().put("event", name);
    }

    JsonLine put(String key, String value) {
        return raw(key, value == null ? "null" : quoted(value));
    }

    JsonLine put(String key, long value) {
        return raw(key, Long.toString(value));
    }

    /** `json` is already JSON. */
    JsonLine raw(String key, String json) {
        if (text.length() > 1) text.append(',');
        text.append(quoted(key)).append(':').append(json);
        return this;
    }

    String closed() {
        return text + "}";
    }

    /** One write per line, so that lines of several threads do not mix. */
    void print() {
        System.out.println(closed());
    }

    private static String quoted(String value) {
        StringBuilder out = new StringBuilder("\"");
        for (char c : value.toCharArray()) {
            if (c == '"' || c == '\\') out.append('\\').append(c);
            else if (c < 0x20 || c > 0x7e) out.append(String.format("\\u%04x", (int) c));
            else out.append(c);
        }
        return out.append('"').toString();
    }
}
