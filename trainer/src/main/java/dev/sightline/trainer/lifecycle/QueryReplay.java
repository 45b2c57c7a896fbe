package dev.sightline.trainer.lifecycle;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.sightline.domain.AttributeQuery;
import dev.sightline.domain.Embedding;
import dev.sightline.domain.UnknownAttributeException;
import dev.sightline.events.ModelStateChanged;
import dev.sightline.index.SearchHit;
import dev.sightline.index.SearchRequest;
import dev.sightline.index.VectorIndex;
import dev.sightline.towers.QueryEmbedder;
import dev.sightline.towers.TwoTowerModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The cutover guard: asks both versions what was asked lately, compares their answers, and keeps the evidence as JSON. */
final class QueryReplay implements CutoverGuard {
    private static final int TOP = 10;
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);
    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private final VectorIndex index;
    private final String collectionPrefix;
    private final GuardLimits limits;
    private final Supplier<List<AttributeQuery>> recentQueries;
    private final Path evidence;
    private final Clock clock;

    /** @param evidence the directory that keeps what was found */
    QueryReplay(
            VectorIndex index,
            String collectionPrefix,
            GuardLimits limits,
            Supplier<List<AttributeQuery>> recentQueries,
            Path evidence,
            Clock clock) {
        this.index = index;
        this.collectionPrefix = collectionPrefix;
        this.limits = limits;
        this.recentQueries = recentQueries;
        this.evidence = evidence;
        this.clock = clock;
    }

    @Override
    public Verdict judge(ModelStateChanged active, ModelStateChanged next) {
        GuardEvidence found = replay(active, next);
        Path file = keep(found);
        String figures = String.format(
                Locale.ROOT,
                "%d recent queries, overlap@10 %.2f, median score %.2f before and %.2f now, %d not answerable",
                found.asked(),
                found.meanOverlapAt10(),
                found.activeScores().getOrDefault("p50", 0.0),
                found.nextScores().getOrDefault("p50", 0.0),
                found.unanswerable());
        return found.breaches().isEmpty()
                ? new Verdict(true, figures)
                : new Verdict(
                        false,
                        "held by the cutover guard: " + String.join("; ", found.breaches()) + " (" + figures + "; "
                                + evidence.getFileName() + "/" + file.getFileName()
                                + "). Promote it with force, or reject it");
    }

    private GuardEvidence replay(ModelStateChanged active, ModelStateChanged next) {
        List<AttributeQuery> queries = recentQueries.get();
        List<GuardEvidence.Replayed> replayed = new ArrayList<>();
        List<Double> activeScores = new ArrayList<>();
        List<Double> nextScores = new ArrayList<>();
        int asked = 0;
        int unanswerable = 0;
        try (var before = new Searcher(active);
                var after = new Searcher(next)) {
            for (AttributeQuery query : queries) {
                Optional<List<SearchHit>> was = before.nearest(query);
                if (was.isPresent()) {
                    asked++;
                    Optional<List<SearchHit>> is = after.nearest(query);
                    if (is.isEmpty()) {
                        unanswerable++;
                    } else if (!was.get().isEmpty()) {
                        replayed.add(compare(query, was.get(), is.get()));
                        was.get().forEach(hit -> activeScores.add((double) hit.score()));
                        is.get().forEach(hit -> nextScores.add((double) hit.score()));
                    }
                }
            }
        }
        double overlap = replayed.stream()
                .mapToDouble(GuardEvidence.Replayed::overlapAt10)
                .average()
                .orElse(0);
        var withoutVerdict = new GuardEvidence(
                active.version(),
                next.version(),
                clock.instant(),
                asked,
                unanswerable,
                overlap,
                GuardEvidence.quantiles(activeScores),
                GuardEvidence.quantiles(nextScores),
                GuardEvidence.distance(activeScores, nextScores),
                limits,
                List.of(),
                replayed);
        return withoutVerdict.judged(breaches(withoutVerdict));
    }

    private static GuardEvidence.Replayed compare(AttributeQuery query, List<SearchHit> was, List<SearchHit> is) {
        List<String> before = was.stream().map(hit -> hit.id().value()).toList();
        List<String> after = is.stream().map(hit -> hit.id().value()).toList();
        Set<String> both = new HashSet<>(before);
        both.retainAll(after);
        return new GuardEvidence.Replayed(query.toString(), both.size() / (double) before.size(), before, after);
    }

    private List<String> breaches(GuardEvidence found) {
        List<String> breaches = new ArrayList<>();
        if (found.asked() >= limits.minQueries() && found.unanswerable() > limits.maxUnanswerable() * found.asked()) {
            breaches.add(String.format(
                    Locale.ROOT,
                    "%d of %d queries name an attribute it lacks, at most %.0f %% may",
                    found.unanswerable(),
                    found.asked(),
                    100 * limits.maxUnanswerable()));
        }
        if (found.queries().size() >= limits.minQueries()) {
            double drop = found.activeScores().getOrDefault("p50", 0.0)
                    - found.nextScores().getOrDefault("p50", -1.0);
            if (found.meanOverlapAt10() < limits.minOverlapAt10()) {
                breaches.add(String.format(
                        Locale.ROOT,
                        "overlap@10 is %.3f, at least %.3f is wanted",
                        found.meanOverlapAt10(),
                        limits.minOverlapAt10()));
            }
            if (drop > limits.maxMedianScoreDrop()) {
                breaches.add(String.format(
                        Locale.ROOT,
                        "the median score falls by %.2f, at most %.2f is allowed",
                        drop,
                        limits.maxMedianScoreDrop()));
            }
        }
        return breaches;
    }

    /** One version's query tower over its collection. */
    private final class Searcher implements AutoCloseable {
        private final TwoTowerModel model;
        private final QueryEmbedder queryTower;
        private final String collection;

        Searcher(ModelStateChanged version) {
            this.model = TwoTowerModel.load(Path.of(version.bundle()), TwoTowerModel.bestDevice())
                    .model();
            this.queryTower = model.queryEmbedder();
            this.collection = version.version().collection(collectionPrefix);
        }

        /** Best first, scored as people see it; empty if the version lacks an attribute asked for. */
        Optional<List<SearchHit>> nearest(AttributeQuery query) {
            try {
                Embedding point = queryTower.embed(query);
                List<SearchHit> hits = index.search(collection, new SearchRequest(point, TOP));
                return Optional.of(SearchHit.rescored(hits, queryTower.score(point)));
            } catch (UnknownAttributeException e) {
                return Optional.empty();
            }
        }

        @Override
        public void close() {
            model.close();
        }
    }

    private Path keep(GuardEvidence found) {
        Path file = evidence.resolve(found.next() + "-" + NAME.format(found.at()) + ".json");
        try {
            Files.createDirectories(evidence);
            Files.write(file, JSON.writeValueAsBytes(found));
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep the guard's evidence in " + evidence, e);
        }
    }
}
