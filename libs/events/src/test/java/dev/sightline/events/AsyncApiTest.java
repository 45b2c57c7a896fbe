package dev.sightline.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.yaml.snakeyaml.Yaml;

/** {@code docs/asyncapi.yaml} says what the code says. */
class AsyncApiTest {
    private static final ObjectNode DOCUMENT = read();
    private static final List<EventCodec<?>> CODECS = Arrays.stream(EventCodecs.class.getFields())
            .map(AsyncApiTest::codec)
            .<EventCodec<?>>map(codec -> codec)
            .toList();

    @Test
    void everyEventTypeIsThereAndNoOther() {
        Set<String> documented = messages().values().stream()
                .filter(message -> message.has("payload"))
                .map(message -> message.path("name").asText())
                .collect(Collectors.toSet());

        assertThat(documented)
                .isEqualTo(
                        CODECS.stream().flatMap(codec -> codec.types().stream()).collect(Collectors.toSet()));
    }

    @Test
    void everyTopicIsThereWithTheSettingsItIsMadeWith() {
        Map<String, Map<String, String>> documented = new TreeMap<>();
        DOCUMENT.path("channels").forEach(channel -> {
            JsonNode kafka = channel.path("bindings").path("kafka");
            Map<String, String> settings = new TreeMap<>();
            settings.put("partitions", kafka.path("partitions").asText());
            kafka.path("topicConfiguration")
                    .properties()
                    .forEach(setting -> settings.put(
                            setting.getKey(),
                            setting.getValue().isArray()
                                    ? setting.getValue().get(0).asText()
                                    : setting.getValue().asText()));
            documented.put(channel.path("address").asText(), settings);
        });
        Map<String, Map<String, String>> made = new TreeMap<>();
        for (NewTopic topic : Topics.DEFAULT.all()) {
            Map<String, String> settings = new TreeMap<>(topic.configs());
            settings.put("partitions", Integer.toString(topic.numPartitions()));
            made.put(topic.name(), settings);
        }

        assertThat(documented).isEqualTo(made);
    }

    @Test
    void aDeadLetterMayGiveAnyReason() {
        JsonNode reasons = messages().get("deadLetter").at("/headers/properties/sightline-reason/enum");

        assertThat(reasons.valueStream().map(JsonNode::asText))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(RefusedEventException.Reason.values())
                        .map(Enum::name)
                        .toList());
    }

    @Test
    void everyJsonMessageHasAnExample() {
        assertThat(messages().entrySet())
                .filteredOn(message -> message.getValue().path("payload").has("$ref"))
                .allSatisfy(message -> assertThat(message.getValue().path("examples"))
                        .as(message.getKey())
                        .isNotEmpty());
    }

    @TestFactory
    List<DynamicTest> eachExampleIsReadAndWrittenBackAsItsSchemaSays() {
        return messages().values().stream()
                .filter(message -> message.has("examples"))
                .flatMap(message -> message.path("examples")
                        .valueStream()
                        .map(example -> DynamicTest.dynamicTest(
                                message.path("name").asText(), () -> roundTrip(message, example.path("payload")))))
                .toList();
    }

    private static void roundTrip(JsonNode message, JsonNode payload) throws IOException {
        String type = message.path("name").asText();
        JsonSchema schema = schema(message.path("payload").path("$ref").asText());
        assertThat(schema.validate(payload)).as("the example").isEmpty();

        CloudEvent event = CloudEventBuilder.v1()
                .withId("1")
                .withSource(URI.create("/test"))
                .withType(type)
                .withData("application/json", EventCodecs.JSON.writeValueAsBytes(payload))
                .build();
        EventCodec<Object> codec = CODECS.stream()
                .filter(candidate -> candidate.types().contains(type))
                .map(AsyncApiTest::ofAnything)
                .findFirst()
                .orElseThrow();
        CloudEvent written = codec.encode(codec.decode(event));
        JsonNode data = EventCodecs.JSON.readTree(written.getData().toBytes());

        assertThat(written.getType()).isEqualTo(type);
        assertThat(data).isEqualTo(payload);
        assertThat(schema.validate(data)).as("what the codec writes").isEmpty();
    }

    /** The schema, closed: nothing may be written that is not in it. */
    private static JsonSchema schema(String reference) {
        String name = reference.replaceFirst(".*/", "");
        ObjectNode root = DOCUMENT.deepCopy();
        root.path("components").path("schemas").forEach(schema -> {
            if (schema instanceof ObjectNode object && schema.has("properties")) {
                object.put("additionalProperties", false);
            }
        });
        root.put("$ref", "#/components/schemas/" + name);
        return JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(root);
    }

    private static Map<String, JsonNode> messages() {
        Map<String, JsonNode> messages = new TreeMap<>();
        DOCUMENT.path("components")
                .path("messages")
                .properties()
                .forEach(message -> messages.put(message.getKey(), message.getValue()));
        return messages;
    }

    private static EventCodec<?> codec(java.lang.reflect.Field field) {
        try {
            return (EventCodec<?>) field.get(null);
        } catch (IllegalAccessException e) {
            throw new AssertionError("the codecs are public constants", e);
        }
    }

    @SuppressWarnings("unchecked") // decodes what it encodes
    private static EventCodec<Object> ofAnything(EventCodec<?> codec) {
        return (EventCodec<Object>) codec;
    }

    private static ObjectNode read() {
        try {
            // SnakeYAML itself, for Jackson's tree does not follow anchors.
            Object document = new Yaml().load(Files.readString(Path.of("../../docs/asyncapi.yaml")));
            return EventCodecs.JSON.valueToTree(document);
        } catch (IOException e) {
            throw new AssertionError("docs/asyncapi.yaml cannot be read", e);
        }
    }
}
