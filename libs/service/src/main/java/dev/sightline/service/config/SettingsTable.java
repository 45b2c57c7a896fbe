package dev.sightline.service.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Every setting there is, as text for people. */
public final class SettingsTable {
    private SettingsTable() {}

    /** A Markdown table of the settings of all services, in order of their keys. */
    public static String markdown() {
        Map<String, Map<String, Setting>> byKey = new TreeMap<>();
        for (ServiceConfig defaults : ServiceConfig.defaults()) {
            for (Setting setting : Schema.of(defaults, ConfigReader.VALIDATOR).settings()) {
                byKey.computeIfAbsent(setting.key(), any -> new LinkedHashMap<>())
                        .put(defaults.service(), setting);
            }
        }
        return byKey.values().stream()
                .map(SettingsTable::row)
                .collect(Collectors.joining(
                        "\n",
                        "| key | variable | default | allowed | read by | meaning |\n| --- | --- | --- | --- | --- | --- |\n",
                        "\n"));
    }

    private static String row(Map<String, Setting> byService) {
        Setting setting = byService.values().iterator().next();
        String any = setting.isMap() ? ".*" : "";
        String anyVariable = setting.isMap() ? "_*" : "";
        return "| `" + setting.key() + any + "` | `" + setting.variable() + anyVariable + "` | " + standards(byService)
                + " | " + setting.allowed() + " | " + String.join(", ", byService.keySet()) + " | "
                + setting.meaning() + " |";
    }

    private static String standards(Map<String, Setting> byService) {
        Map<String, List<String>> services = byService.entrySet().stream()
                .collect(Collectors.groupingBy(
                        entry -> entry.getValue().standard(),
                        LinkedHashMap::new,
                        Collectors.mapping(Map.Entry::getKey, Collectors.toList())));
        return services.entrySet().stream()
                .map(entry -> (entry.getKey().isEmpty() ? "none" : "`" + entry.getKey() + "`")
                        + (services.size() == 1 ? "" : " (" + String.join(", ", entry.getValue()) + ")"))
                .collect(Collectors.joining(", "));
    }

    /** The settings of one service in columns, for its {@code --help}. */
    public static List<String> lines(ServiceConfig defaults) {
        return Schema.of(defaults, ConfigReader.VALIDATOR).settings().stream()
                .map(setting -> "%-52s %s"
                        .formatted(
                                setting.variable() + (setting.isMap() ? "_*" : ""),
                                setting.standard().isEmpty() ? "-" : setting.standard()))
                .toList();
    }
}
